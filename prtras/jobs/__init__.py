"""What the worker does for people and by the timetable: each thing once, under a lease."""
