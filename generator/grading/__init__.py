"""Grading: reading what a student typed, comparing it with the key, and explaining the difference."""
