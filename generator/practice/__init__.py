"""Practising: fresh variants, answers marked at once, worked solutions, exams; in a web page or the terminal."""
