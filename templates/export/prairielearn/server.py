"""Draws one of the variants in variants.json, and names a usual mistake in what was submitted."""

import json
from pathlib import Path

import prairielearn as pl
from prairielearn.sympy_utils import json_to_sympy
from sympy import Rational, sympify

DIGITS = 60
SAME = Rational(1, 10**40)


def pool():
    """Return all variants; students never see this file."""
    return json.loads(Path("variants.json").read_text(encoding="utf-8"))


def generate(data):
    """Take the variant of this seed."""
    variants = pool()
    variant = variants[data["variant_seed"] % len(variants)]
    data["params"].update(variant["params"], variant=variant["id"])
    data["correct_answers"].update(variant["correct"])


def number(given):
    """Return what was submitted with many digits; None where it is no number."""
    try:
        exact = json_to_sympy(given) if isinstance(given, dict) else Rational(given)
        found = exact.evalf(DIGITS)
    except (ArithmeticError, AttributeError, TypeError, ValueError):
        return None
    return found if found.is_Float or found.is_Rational else None


def same(given, exact, near):
    """Tell whether what was submitted is this number; where decimals are allowed, nearly so."""
    return given is not None and bool(abs(given - sympify(exact).evalf(DIGITS)) <= Rational(near) + SAME)


def grade(data):
    """Give full points for any exact form, and name a usual mistake: it earns its share where its right entries earn less."""
    variant = next(one for one in pool() if one["id"] == data["params"]["variant"])
    given = {name: number(data["submitted_answers"].get(name)) for name in variant["answers"]}
    near = variant.get("near", {})
    scores = data["partial_scores"]
    for name, exact in variant["answers"].items():
        if name in scores and same(given[name], exact, 0):
            scores[name]["score"] = 1
    named = set()
    for mistake in variant["mistakes"]:
        answers = mistake["answers"]
        if mistake["part"] in named or not all(same(given[name], answers[name], near.get(name, 0)) for name in answers):
            continue
        named.add(mistake["part"])
        data["feedback"]["mistake"] = data["feedback"].get("mistake", "") + mistake["feedback"]
        fields = [name for name in mistake["fields"] if name in scores]
        if sum(scores[name]["score"] for name in fields) < mistake["share"] * len(fields):
            for name in fields:
                scores[name]["score"] = mistake["share"]
    pl.set_weighted_score_data(data)
