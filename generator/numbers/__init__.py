"""Exact numbers: integers, fractions, roots and logarithms as sympy numbers, their arithmetic, TeX, and how they are read."""
