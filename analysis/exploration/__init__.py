"""The estimators of `analysis.survival` over a table of one's own: `manage.py analyse`."""
