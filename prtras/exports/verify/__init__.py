"""Is a bundle whole, unchanged and consistent? From its bytes alone: no database, no settings, nothing of its writer.

`python -m prtras.exports.verify BUNDLE.zip` needs Python 3.11 with Django (for texts in two languages) and
cryptography; the programs of the bundle need numpy, and R with its package survival.
"""
