"""Survival estimators. Pure: frames and columns in, frozen results out; no Django."""
