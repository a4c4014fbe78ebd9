"""The generated part of the documentation: `python -m docs.generate`."""
