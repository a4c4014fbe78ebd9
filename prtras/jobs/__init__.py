"""What the worker does for people: one way to carry out a job."""
