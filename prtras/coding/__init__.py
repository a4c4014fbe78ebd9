"""Medical coding: the site's own MedDRA files, and what a person accepted for the terms of the casebook."""
