"""File formats of a bundle."""
