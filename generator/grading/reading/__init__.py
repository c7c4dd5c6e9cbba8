"""Reading what a student typed: numbers, vectors, matrices, shapes, letters, truth values, text."""
