"""Serious adverse events: the clock, the reports, the line listing, what does not agree with other forms."""
