"""Broken problem files: a sound one with some text replaced, and what ``worksheet check`` says of it.

The message stands whole, but for ``problem tiny`` and the file's name, which each begins with; ``@12`` is line 12 of the file.
"""

from __future__ import annotations

SOUND = """\
import numpy as np
from sympy import Rational
from generator import (
    Bank, Choice, Fields, Figure, InputError, Level, Matrix, Mistake, Number, Part, Problem, Vector, array, optional,
    read_number, required, say, sqrt, whole,
)

def sample(draw):
    a = draw.integer(2, 9)
    b = draw.integer(2, 9)
    return {"a": a, "b": b}

def product(a, b):
    return a * b

def square(product):
    return product**2

MISTAKES = [
    Mistake("added", "added instead of multiplying", product=lambda a, b: a + b),
    Mistake("not squared", "forgot the square", square=lambda product: product),
]

def check(a, b):
    return {"square": np.exp(2 * np.log(a * b))}

def parts(v):
    yield Part(
        "square",
        r"Compute $(<a> \\cdot <b>)^2$.",
        Number("square", "x"),
        points=2,
        steps=[r"The product is $<product>$.", r"Its square is $<square>$."],
    )

def preamble(v):
    return "Two numbers."

def canonical(params):
    return sorted([params["a"], params["b"]])

def signature(v):
    return {"positive": bool(v.a > 0)}

PROBLEM = Problem(
    id="tiny",
    title="Tiny",
    topic="t",
    parameters={"a": required(whole(1, 99)), "b": required(read_number)},
    sample=sample,
    solution=[product, square],
    mistakes=MISTAKES,
    check=check,
    parts=parts,
    preamble=preamble,
    canonical=canonical,
    signature=signature,
    standard={"positive": True},
    original={"a": 2, "b": 3},
)
"""

ANSWER = '        Number("square", "x"),\n'
CHECKED = 'return {"square": np.exp(2 * np.log(a * b))}'
STEPS = r"""steps=[r"The product is $<product>$.", r"Its square is $<square>$."]"""

BROKEN: dict[str, tuple[str, str, str]] = {
    # ------------------------------------------------------------------------------------------- the file
    "syntax": ("def sample(draw):", "def sample(draw)", ""),
    "no such module": ("import numpy as np", "import numpi as np", ""),
    "no such name of ours": ("array, optional", "arrray, optional", ""),
    "no PROBLEM": ("PROBLEM = Problem(", "PROBLEMS = Problem(", ""),
    "PROBLEM is something else": ("PROBLEM = Problem(", "PROBLEM = dict(", ""),
    "an exception on the way": ("MISTAKES = [", "[][0]\nMISTAKES = [", ""),
    "endless on the way": ("MISTAKES = [", "while True: pass\nMISTAKES = [", ""),
    # -------------------------------------------------------------------------------------- the definition
    "no such argument": ("mistakes=MISTAKES", "mistake=MISTAKES", ""),
    "an argument is missing": ("    check=check,\n", "", ""),
    "no title": ('title="Tiny"', 'title=""', ""),
    "an improper id": ('id="tiny"', 'id="tiny_problem"', ""),
    "a reader not wrapped": ("required(read_number)", "read_number", ""),
    "a reader called": ("required(whole(1, 99))", "required(5)", ""),
    "a misspelt step's need": (
        "def square(product):\n    return product**2",
        "def square(prodct):\n    return prodct**2",
        "",
    ),
    "steps in a circle": ("def product(a, b):\n    return a * b", "def product(a, square):\n    return a * square", ""),
    "a step twice": ("[product, square]", "[product, square, square]", ""),
    "a step that is a parameter": (
        '"b": required(read_number)',
        '"b": required(read_number), "square": optional(read_number)',
        "",
    ),
    "a step without a name": ("[product, square]", "[product, lambda product: product**2]", ""),
    "a step that is called": ("[product, square]", "[product, square(3)]", ""),
    "a mistake in a step that is none": ("product=lambda a, b: a + b", "prodct=lambda a, b: a + b", ""),
    "a mistake that needs what there is not": ("product=lambda a, b: a + b", "product=lambda a, c: a + c", ""),
    "a mistake that replaces nothing": (", product=lambda a, b: a + b", "", ""),
    "a mistake without a function": ("product=lambda a, b: a + b", "product=5", ""),
    "a mistake without a feedback": ('"added instead of multiplying"', '""', ""),
    "two mistakes with one name": ('"not squared"', '"added"', ""),
    "mistakes that are none": ("mistakes=MISTAKES", "mistakes=MISTAKES[0]", ""),
    "check takes a step": ("def check(a, b):", "def check(a, b, product):", ""),
    "check takes what there is not": ("def check(a, b):", "def check(a, bb):\n    b = bb", ""),
    "sample takes nothing": ("def sample(draw):", "def sample():", ""),
    "parts takes two": ("def parts(v):", "def parts(v, w):", ""),
    "no function": ("canonical=canonical", 'canonical="a"', ""),
    "original names what there is not": ('"b": 3}', '"bb": 3}', ""),
    "original lacks a parameter": ('{"a": 2, "b": 3}', '{"a": 2}', ""),
    "original is refused by a reader": ('{"a": 2, "b": 3}', '{"a": 200, "b": 3}', ""),
    "variants is no number": ("original={", "variants=0, original={", ""),
    "a level without a signature": ("    signature=signature,\n", "    easy=Level(sample, {}, 9),\n", ""),
    "a level that is none": ("    signature=signature,\n", "    signature=signature, hard=sample,\n", ""),
    # ---------------------------------------------------------------------------------------- the sampler
    "sample returns nothing": ('return {"a": a, "b": b}', 'sampled = {"a": a, "b": b}', ""),
    "sample returns a list": ('return {"a": a, "b": b}', "return [a, b]", ""),
    "sample gives a float": ('return {"a": a, "b": b}', 'return {"a": a, "b": b / 2}', ""),
    "sample gives too large a number": ("a = draw.integer(2, 9)", "a = draw.integer(200, 900)", ""),
    "sample misspells a parameter": ('return {"a": a, "b": b}', 'return {"a": a, "bb": b}', ""),
    "sample raises": ("b = draw.integer(2, 9)", "b = [1, 2][a]", ""),
    "sample draws from a word": ("b = draw.integer(2, 9)", 'b = draw.integer("2", 9)', ""),
    "sample draws from nothing": ("b = draw.integer(2, 9)", "b = draw.choice([])", ""),
    "sample misspells a draw": ("b = draw.integer(2, 9)", "b = draw.interger(2, 9)", ""),
    "sample never succeeds": ("b = draw.integer(2, 9)", 'b = 3; draw.require(a > 9, "a is too small")', ""),
    "sample never ends": ("b = draw.integer(2, 9)", "b = 3\n    while True: pass", ""),
    "sample is not seeded": ("b = draw.integer(2, 9)", "b = __import__('random').randint(2, 9000)", ""),
    "no draw is accepted": ("    check=check,\n", "    check=check, accept=lambda square: square < 0,\n", ""),
    "accept returns nothing": ("    check=check,\n", "    check=check, accept=lambda square: None,\n", ""),
    "another difficulty than said": ('standard={"positive": True}', 'standard={"positive": False}', ""),
    "signature misspells a step": ("bool(v.a > 0)", "bool(v.aa > 0)", ""),
    "signature returns nothing": ("def signature(v):\n    return", "def signature(v):\n    found =", ""),
    "canonical raises": ('return sorted([params["a"], params["b"]])', 'return sorted([params["a"], params["c"]])', ""),
    # --------------------------------------------------------------------------------------- the solution
    "a step raises": ("return product**2", "return product.squared()", ""),
    "a step returns nothing": ("return a * b", "a * b", ""),
    "a step divides by zero": ("return product**2", "return product**2 / (product - product)", ""),
    "a step gives a float": ("return product**2", "return float(product) ** 2", ""),
    "a step gives an array of numpy's": ("return product**2", "return np.array([3.0])", ""),
    "a step never ends": ("return product**2", "while True: pass", ""),
    "arrays that do not fit": ("return product**2", "return array([1, 2]) + array([1, 2, 3])", ""),
    "a mistake raises": ("product=lambda a, b: a + b", "product=lambda a, b: a.plus(b)", ""),
    "a mistake returns nothing": ("product=lambda a, b: a + b", "product=lambda a, b: None", ""),
    "a mistake that never shows": ("product=lambda a, b: a + b", "product=lambda a, b: b * a", ""),
    "two mistakes alike": ("square=lambda product: product)", "square=lambda a, b: (a + b) ** 2)", ""),
    "a mistake of another kind": ("square=lambda product: product)", "square=lambda product: array([product, 1]))", ""),
    "applies raises": ("product=lambda a, b: a + b", "product=lambda a, b: a + b, applies=lambda a: a.no", ""),
    # ----------------------------------------------------------------------------------- the second opinion
    "check returns nothing": (CHECKED, CHECKED.replace("return", "found ="), ""),
    "check returns a number": (CHECKED, "return np.exp(2 * np.log(a * b))", ""),
    "check disagrees": (CHECKED, 'return {"square": a * b}', ""),
    "check is not a number": (CHECKED, 'return {"square": float("nan")}', ""),
    "check gives another shape": (CHECKED, 'return {"square": [a * b, a * b]}', ""),
    "check misspells a step": (CHECKED, CHECKED.replace("square", "sqare"), ""),
    "check raises": (CHECKED, CHECKED.replace("np.log", "np.lgo"), ""),
    # ------------------------------------------------------------------------------------------- the parts
    "parts returns nothing": ("    yield Part(", "    Part(", ""),
    "no part": ("    yield Part(", "    return\n    yield Part(", ""),
    "parts gives texts": ("    yield Part(", '    yield "square"\n    yield Part(', ""),
    "parts misspells a value": ("    yield Part(", "    v.prodct\n    yield Part(", ""),
    "parts raises": ("    yield Part(", "    1 / 0\n    yield Part(", ""),
    "parts never ends": ("    yield Part(", "    while True: pass\n    yield Part(", ""),
    "an endless number of parts": (
        "    yield Part(",
        '    while True: yield Part("x", "?", Number("square"), 1)\n    yield Part(',
        "",
    ),
    "two parts with one id": (
        "    yield Part(",
        '    yield Part("square", "Again?", Number("square"), 1)\n    yield Part(',
        "",
    ),
    "a strange id of a part": ('        "square",\n', '        "the square",\n', ""),
    "no answer": (ANSWER, "", ""),
    "an answer that is a text": (ANSWER, '        "square",\n', ""),
    "an answer not made": (ANSWER, "        Number,\n", ""),
    "a misspelt step": (ANSWER, '        Number("sqare"),\n', ""),
    "a vector for a number": (ANSWER, '        Vector("square"),\n', ""),
    "a matrix for a number": (ANSWER, '        Matrix("square"),\n', ""),
    "fields for a number": (ANSWER, '        Fields("square", ("x", "y")),\n', ""),
    "labels that are a text": (ANSWER, '        Fields("square", "xy"),\n', ""),
    "a choice without the right option": (ANSWER, '        Choice("square", {"one": "1", "two": "2"}),\n', ""),
    "a choice without options": (ANSWER, '        Choice("square", {}),\n', ""),
    "a choice from a list": (ANSWER, '        Choice("square", ["one", "two"]),\n', ""),
    "half a point": ("points=2", "points=0.5", ""),
    "fewer points than none": ("points=2", "points=-2", ""),
    "no points": ("points=2", "points=0", ""),
    "points in words": ("points=2", 'points="2"', ""),
    "steps that are a text": (STEPS, 'steps="Its square is $<square>$."', ""),
    "a step of numbers": (STEPS, "steps=[3]", ""),
    "no such argument of a part": ("points=2", "point=2", ""),
    # ------------------------------------------------------------------------------------------- the texts
    "a misspelt slot": ("is $<product>$", "is $<prodct>$", ""),
    "a slot beyond the end": ("is $<product>$", "is $<product[2]>$", ""),
    "a misspelt format": ("is $<product>$", "is $<product|factr>$", ""),
    "a format for something else": ("is $<product>$", "is $<product|matrix>$", ""),
    "a dollar alone": ("is $<product>$", "is $<product>", ""),
    "a brace alone": ("is $<product>$", "is ${<product>$", ""),
    "a text that is not raw": ('r"The product is $<product>$."', '"The $\\theta$ is $<product>$."', ""),
    "a symbol that is not raw": ('Number("square", "x")', 'Number("square", "\\beta")', ""),
    "a heading": ('r"The product is $<product>$."', '"# The product"', ""),
    "HTML's image": ('r"The product is $<product>$."', '"![plot](plot.png)"', ""),
    "a command TeX does not know": ('r"The product is $<product>$."', 'r"The product is $\\produkt$."', ""),
    "a sign that no font has": ('r"The product is $<product>$."', '"The product is ♞."', ""),
    "another script": ('"Two numbers."', '"Два числа."', ""),
    "a slot in the feedback": ('"forgot the square"', '"forgot $<sqare>$"', ""),
    "preamble returns nothing": ('return "Two numbers."', '"Two numbers."', ""),
    "preamble raises": ('return "Two numbers."', "return v.text", ""),
    "a figure that is none": ('return "Two numbers."', 'return Figure("plot.png")', ""),
}
