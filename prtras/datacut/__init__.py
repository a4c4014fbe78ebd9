"""Data cuts: one unmoving picture of all study data."""
