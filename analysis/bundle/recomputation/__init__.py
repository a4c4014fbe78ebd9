"""The parts of recompute.py (files in .py) and of recompute.R (files in .R), each a twin of the other."""
