"""Answers as learning platforms and forms export them, read as rows of typed answers."""
