"""Marking: what a student typed is read here, compared with the key, and explained."""
