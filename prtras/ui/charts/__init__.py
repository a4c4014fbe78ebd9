"""Server-side SVG charts: one picture for the screen, the print-out and the PDF.

No Django, no dependency. Every function returns a finished ``<svg>`` as ``Markup``
(a ``str`` that templates do not escape a second time). Every text arrives as an argument.
"""
