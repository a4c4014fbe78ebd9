"""A laboratory sheet that was photographed or scanned: from text at places to lines, to values or the reason for none.

The reader itself is optional (`prtras-edc[ocr]`); what follows from what it reads is plain and needs nothing.
"""
