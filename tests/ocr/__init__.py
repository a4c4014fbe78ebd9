"""The optional reader of laboratory sheets, on sheets that are drawn: `make test-ocr`. No part of the suite."""
