"""The platform's endpoints."""
