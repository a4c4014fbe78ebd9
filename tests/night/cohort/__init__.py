"""What needs the cohort of 332 in the database: written once for this folder."""
