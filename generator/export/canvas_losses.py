"""What Canvas cannot say: each loss of one question, and of several."""

from __future__ import annotations

ESSAYS = ("essay is to be marked by hand in Canvas", "essays are to be marked by hand in Canvas")
REASONS = (
    "question asks for the reasons of claims, to be marked by hand; the claims are drawn on their own",
    "questions ask for the reasons of claims, to be marked by hand; the claims are drawn on their own",
)
POOLED = (
    "question of a pool has claims: it is an essay, to be marked by hand",
    "questions of pools have claims: they are essays, to be marked by hand",
)
LARGE = (
    "matrix is too large for blanks, and has too few known mistakes for a choice: it is an essay, to be marked by hand",
    "matrices are too large for blanks, and have too few known mistakes for a choice: they are essays, to be marked by hand",
)
CHOSEN = (
    "vector or matrix is chosen among what mistakes make of it",
    "vectors or matrices are chosen among what mistakes make of them",
)
SMALL = (
    "number is too small for Canvas's numbers: it is typed into a blank, to as many places as the question says",
    "numbers are too small for Canvas's numbers: they are typed into blanks, to as many places as the questions say",
)
BLANKS = (
    "question has blanks, whose texts are compared: a decimal must have exactly the places that it asks for",
    "questions have blanks, whose texts are compared: a decimal must have exactly the places that they ask for",
)
MISTAKES = (
    "question has known mistakes: Canvas gives no points for them, and says nothing without --hints",
    "questions have known mistakes: Canvas gives no points for them, and says nothing without --hints",
)
LISTED = (
    "question has known mistakes: Canvas gives no points for them, and lists them all beside a wrong answer",
    "questions have known mistakes: Canvas gives no points for them, and lists them all beside a wrong answer",
)
