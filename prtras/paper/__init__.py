"""The casebook on paper: blank, annotated, filled."""
