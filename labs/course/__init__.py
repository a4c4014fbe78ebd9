"""A participant's hepatitis B and treatment over time: one page, one axis."""
