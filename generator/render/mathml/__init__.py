"""Formulas for the browser: TeX read by a library, and what it makes mended element by element and row by row."""
