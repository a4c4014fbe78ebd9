"""Tests of the blind endpoint review."""
