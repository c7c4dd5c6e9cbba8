"""Broken problem files: a sound one with some text replaced, and what ``worksheet check`` says of it.

The message stands whole, but for ``problem tiny`` and the file's name, which each begins with; ``@12`` is line 12 of the file.
"""

from __future__ import annotations

SOUND = """\
import numpy as np
from sympy import Rational
from generator import (
    Bank, Choice, Fields, Figure, InputError, Level, Matrix, Mistake, Number, Part, Problem, Vector, array, optional,
    read_number, required, say, sqrt, whole, Claim, Claims, Essay, list_of, one_of, permutation, table_of,
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
    "syntax": ("def sample(draw):", "def sample(draw)", "tiny.py cannot be loaded: @8: SyntaxError: expected ':'"),
    "no such module": (
        "import numpy as np",
        "import numpi as np",
        "tiny.py cannot be loaded: @1: ModuleNotFoundError: No module named 'numpi'",
    ),
    "no such name of ours": (
        "array, optional",
        "arrray, optional",
        "tiny.py cannot be loaded: @3: generator has no name 'arrray'; did you mean array?",
    ),
    "no PROBLEM": (
        "PROBLEM = Problem(",
        "PROBLEMS = Problem(",
        "tiny.py defines no PROBLEM = Problem(...); PROBLEMS is one: call it PROBLEM",
    ),
    "PROBLEM is something else": (
        "PROBLEM = Problem(",
        "PROBLEM = dict(",
        "@45: PROBLEM: expected a Problem(...); got {'id': 'tiny', 'title': 'Tiny', 'topic': 't', 'parameters': {'a': Parameter(rea…",
    ),
    "an exception on the way": (
        "MISTAKES = [",
        "[][0]\nMISTAKES = [",
        "tiny.py cannot be loaded: @19: IndexError: list index out of range",
    ),
    "endless on the way": (
        "MISTAKES = [",
        "while True: pass\nMISTAKES = [",
        "tiny.py cannot be loaded: @19: TimeoutError: this has taken longer than 1 seconds",
    ),
    # -------------------------------------------------------------------------------------- the definition
    "no such argument": (
        "mistakes=MISTAKES",
        "mistake=MISTAKES",
        "tiny.py cannot be loaded: @45: Problem(...) has no argument 'mistake'; did you mean mistakes?",
    ),
    "an argument is missing": (
        "    check=check,\n",
        "",
        "tiny.py cannot be loaded: @45: Problem(...) missing 1 required positional argument: 'check'",
    ),
    "no title": ('title="Tiny"', 'title=""', "tiny: @47: title=: expected a text; got ''"),
    "an improper id": (
        'id="tiny"',
        'id="tiny_problem"',
        "tiny_problem: @46: 'tiny_problem' cannot be a problem's id: use lower-case words joined by hyphens",
    ),
    "a reader not wrapped": (
        "required(read_number)",
        "read_number",
        "tiny: @45: parameter b: expected required(reader) or optional(reader, default); got the function read_number",
    ),
    "a reader called": (
        "required(whole(1, 99))",
        "required(5)",
        "tiny: @45: parameter a: expected a reader, such as read_number; got 5",
    ),
    "a misspelt step's need": (
        "def square(product):\n    return product**2",
        "def square(prodct):\n    return prodct**2",
        "tiny: @16: the solution needs prodct in square(), which is neither a step nor a parameter; did you mean product?",
    ),
    "steps in a circle": (
        "def product(a, b):\n    return a * b",
        "def product(a, square):\n    return a * square",
        "tiny: @45: the steps need each other in a circle: product → square → product",
    ),
    "a step twice": (
        "[product, square]",
        "[product, square, square]",
        "tiny: @45: two steps compute square; give each quantity one step",
    ),
    "a step that is a parameter": (
        '"b": required(read_number)',
        '"b": required(read_number), "square": optional(read_number, 1)',
        "tiny: @45: square is both a parameter and a step: that can be only a parameter that may be left out, without a default",
    ),
    "a step without a name": (
        "[product, square]",
        "[product, lambda product: product**2]",
        "tiny: @51: a step is a function with a name, which names what it computes; got a lambda: write def name(…)",
    ),
    "a step that is called": (
        "[product, square]",
        "[product, square(3)]",
        "tiny: @51: solution=: expected a list of functions; got 9",
    ),
    "a mistake in a step that is none": (
        "product=lambda a, b: a + b",
        "prodct=lambda a, b: a + b",
        "tiny: @20: the mistake 'added' names prodct, which is neither a step nor a parameter; did you mean product?",
    ),
    "a mistake that needs what there is not": (
        "product=lambda a, b: a + b",
        "product=lambda a, c: a + c",
        "tiny: @20: the mistake 'added' names c, which is neither a step nor a parameter; there are product, square, a, b",
    ),
    "a mistake that replaces nothing": (
        ", product=lambda a, b: a + b",
        "",
        "tiny: @20: the mistake 'added' replaces no step",
    ),
    "a mistake without a function": (
        "product=lambda a, b: a + b",
        "product=5",
        "tiny, mistake 'added': @20: product=: expected a function; got 5",
    ),
    "a mistake without a feedback": (
        '"added instead of multiplying"',
        '""',
        "tiny, mistake 'added': @20: expected the feedback, a text that continues \"If you got …, you …\"; got ''",
    ),
    "two mistakes with one name": ('"not squared"', '"added"', "tiny: @20: two mistakes are called 'added'"),
    "mistakes that are none": (
        "mistakes=MISTAKES",
        "mistakes=MISTAKES[0]",
        "tiny: @52: mistakes=: expected a list of Mistake(...); got Mistake(name='added', feedback='added instead of multiplying', replaced={'produ…",
    ),
    "check takes a step": (
        "def check(a, b):",
        "def check(a, b, product):",
        "tiny: @24: check() takes product, which is a step; it gets the parameters alone",
    ),
    "check takes what there is not": (
        "def check(a, b):",
        "def check(a, bb):\n    b = bb",
        "tiny: @24: check() takes bb, which is no parameter; did you mean b?",
    ),
    "sample takes nothing": ("def sample(draw):", "def sample():", "tiny: @8: sample() must take one argument, draw"),
    "parts takes two": ("def parts(v):", "def parts(v, w):", "tiny: @27: parts() must take one argument, the values"),
    "no function": ("canonical=canonical", 'canonical="a"', "tiny: @56: canonical=: expected a function; got 'a'"),
    "original names what there is not": (
        '"b": 3}',
        '"bb": 3}',
        "tiny: @59: original names 'bb', which is no parameter; did you mean b?",
    ),
    "original lacks a parameter": ('{"a": 2, "b": 3}', '{"a": 2}', "tiny: @59: original lacks b"),
    "original is refused by a reader": (
        '{"a": 2, "b": 3}',
        '{"a": 200, "b": 3}',
        "tiny, original: @59: a: expected an integer from 1 to 99; got 200",
    ),
    "variants is no number": (
        "original={",
        "variants=0, original={",
        "tiny: @59: variants=: expected a positive whole number; got 0",
    ),
    "a level without a signature": (
        '    signature=signature,\n    standard={"positive": True},\n',
        "    easy=Level(sample, {}, 9),\n",
        "tiny: @57: easy= needs signature= to be compared with",
    ),
    "a level that is none": (
        "    signature=signature,\n",
        "    signature=signature, hard=sample,\n",
        "tiny: @45: hard=: expected a Level(...); got the function sample",
    ),
    # ---------------------------------------------------------------------------------------- the sampler
    "sample returns nothing": (
        'return {"a": a, "b": b}',
        'sampled = {"a": a, "b": b}',
        "tiny, sample(): @8: returned nothing: is a `return` missing?",
    ),
    "sample returns a list": (
        'return {"a": a, "b": b}',
        "return [a, b]",
        "tiny, sample(): @8: expected a dictionary of the parameters; got [7, 3]",
    ),
    "sample gives a float": (
        'return {"a": a, "b": b}',
        'return {"a": a, "b": b / 2}',
        'tiny, seed 1, sample(): @8: b: 1.5 is not exact; write it as a text, such as "1/2" or "0.5"',
    ),
    "sample gives too large a number": (
        "a = draw.integer(2, 9)",
        "a = draw.integer(200, 900)",
        "tiny, seed 1, sample(): @8: a: expected an integer from 1 to 99; got 338",
    ),
    "sample misspells a parameter": (
        'return {"a": a, "b": b}',
        'return {"a": a, "bb": b}',
        "tiny, seed 1, sample(): @8: bb: tiny has no such parameter; it has a, b",
    ),
    "sample raises": (
        "b = draw.integer(2, 9)",
        "b = [1, 2][a]",
        "tiny, sample(): @10: IndexError: list index out of range",
    ),
    "sample draws from a word": (
        "b = draw.integer(2, 9)",
        'b = draw.integer("2", 9)',
        "tiny, sample(): @10: draw.integer: expected two whole numbers; got '2' and 9",
    ),
    "sample draws from nothing": (
        "b = draw.integer(2, 9)",
        "b = draw.choice([])",
        "tiny, sample(): @10: ValueError: cannot choose from nothing",
    ),
    "sample misspells a draw": (
        "b = draw.integer(2, 9)",
        "b = draw.interger(2, 9)",
        "tiny, sample(): @10: AttributeError: 'Draw' object has no attribute 'interger'; did you mean integer?",
    ),
    "sample never succeeds": (
        "b = draw.integer(2, 9)",
        'b = 3; draw.require(a > 9, "a is too small")',
        "tiny, seed 1, sample(): @10: no good draw in 200 attempts: a is too small (200×)",
    ),
    "sample never ends": (
        "b = draw.integer(2, 9)",
        "b = 3\n    while True: pass",
        "tiny, sample(): @11: TimeoutError: this has taken longer than 1 seconds",
    ),
    "sample is not seeded": (
        "b = draw.integer(2, 9)",
        "sample.calls = getattr(sample, 'calls', 0) + 1\n    b = sample.calls",
        "tiny: @8: sample() gives other numbers for the same draw (b: 1, then 2): take all that is random from draw",
    ),
    "no draw is accepted": (
        "    check=check,\n",
        "    check=check, accept=lambda square: square < 0,\n",
        "tiny, seed 1, sample(): @53: no good draw in 200 attempts: accept() says no (200×)",
    ),
    "accept returns nothing": (
        "    check=check,\n",
        "    check=check, accept=lambda square: None,\n",
        "tiny, seed 1, accept(): @53: returned nothing: is a `return` missing?",
    ),
    "another difficulty than said": (
        'standard={"positive": True}',
        'standard={"positive": False}',
        "tiny, seed 1: @42: no good draw in 200 attempts: positive is True, not False (195×), the mistake 'added' gives the same as the right answer (5×)",
    ),
    "signature misspells a step": (
        "bool(v.a > 0)",
        "bool(v.aa > 0)",
        "tiny, seed 1, signature(): @43: AttributeError: no value 'aa'; did you mean a?",
    ),
    "signature returns nothing": (
        "def signature(v):\n    return",
        "def signature(v):\n    found =",
        "tiny, seed 1, signature(): @42: expected a dictionary, as standard= is; got None",
    ),
    "canonical raises": (
        'return sorted([params["a"], params["b"]])',
        'return sorted([params["a"], params["c"]])',
        "tiny, seed 1, canonical(): @40: KeyError: 'c'",
    ),
    # --------------------------------------------------------------------------------------- the solution
    "a step raises": (
        "return product**2",
        "return product.squared()",
        "tiny, seed 1, step square: @17: AttributeError: 'Integer' object has no attribute 'squared'",
    ),
    "a step returns nothing": (
        "return a * b",
        "a * b",
        "tiny, seed 1, step product: @13: returned nothing: is a `return` missing?",
    ),
    "a step divides by zero": (
        "return product**2",
        "return product**2 / (product - product)",
        "tiny, seed 1, step square: @16: ZeroDivisionError: a step gives zoo: something was divided by 0",
    ),
    "a step gives a float": (
        "return product**2",
        "return float(product) ** 2",
        "tiny, seed 1, step square: @16: gives 36.0, which is not exact: floats, and what numpy computes, are not",
    ),
    "a step gives an array of numpy's": (
        "return product**2",
        "return np.array([3.0])",
        "tiny, seed 1, step square: @16: gives array([3.]), which is not exact: floats, and what numpy computes, are not",
    ),
    "a step never ends": (
        "return product**2",
        "while True: pass",
        "tiny, seed 1, step square: @17: TimeoutError: this has taken longer than 1 seconds",
    ),
    "arrays that do not fit": (
        "return product**2",
        "return array([1, 2]) + array([1, 2, 3])",
        "tiny, seed 1, step square: @17: arrays of shapes (2,) and (3,) do not fit each other",
    ),
    "a mistake raises": (
        "product=lambda a, b: a + b",
        "product=lambda a, b: a.plus(b)",
        "tiny, seed 1, mistake 'added': @20: AttributeError: 'Integer' object has no attribute 'plus'",
    ),
    "a mistake returns nothing": (
        "product=lambda a, b: a + b",
        "product=lambda a, b: None",
        "tiny, seed 1, mistake 'added': @20: returned nothing: is a `return` missing?",
    ),
    "a mistake that never shows": (
        "product=lambda a, b: a + b",
        "product=lambda a, b: b * a",
        "tiny, seed 1: @20: no good draw in 200 attempts: the mistake 'added' gives the same as the right answer (200×)",
    ),
    "two mistakes alike": (
        "square=lambda product: product)",
        "square=lambda a, b: (a + b) ** 2)",
        "tiny, seed 1: @20: no good draw in 200 attempts: the mistake 'not squared' gives the same as the mistake 'added' (195×), the mistake 'added' gives the same as the right answer (5×)",
    ),
    "a mistake of another kind": (
        "square=lambda product: product)",
        "square=lambda product: array([product, 1]))",
        "tiny, mistake 'not squared': @21: part square: a number is asked for; the step gives a vector of 2 entries",
    ),
    "applies raises": (
        "product=lambda a, b: a + b",
        "product=lambda a, b: a + b, applies=lambda a: a.no",
        "tiny, seed 1, mistake 'added': @20: AttributeError: 'Integer' object has no attribute 'no'",
    ),
    # ----------------------------------------------------------------------------------- the second opinion
    "check returns nothing": (
        'return {"square": np.exp(2 * np.log(a * b))}',
        'found = {"square": np.exp(2 * np.log(a * b))}',
        "tiny, seed 1, check(): @24: returned nothing: is a `return` missing?",
    ),
    "check returns a number": (
        'return {"square": np.exp(2 * np.log(a * b))}',
        "return float(a * b) ** 2",
        "tiny, seed 1, check(): @24: expected a dictionary of steps and their values; got 36.0",
    ),
    "check disagrees": (
        'return {"square": np.exp(2 * np.log(a * b))}',
        'return {"square": a * b}',
        "tiny, seed 1: @24: square: the key says 36, the second opinion 6.0",
    ),
    "check is not a number": (
        'return {"square": np.exp(2 * np.log(a * b))}',
        'return {"square": float("nan")}',
        "tiny, seed 1: @24: square: the key says 36, the second opinion nan",
    ),
    "check gives another shape": (
        'return {"square": np.exp(2 * np.log(a * b))}',
        'return {"square": [a * b, a * b]}',
        "tiny, seed 1: @24: square: the key says 36, the second opinion [6.0, 6.0]",
    ),
    "check misspells a step": (
        'return {"square": np.exp(2 * np.log(a * b))}',
        'return {"sqare": np.exp(2 * np.log(a * b))}',
        "tiny, seed 1: @24: part square: check() has no opinion on square; check() has an opinion on sqare, which no step computed; did you mean square?",
    ),
    "check raises": (
        'return {"square": np.exp(2 * np.log(a * b))}',
        'return {"square": np.exp(2 * np.lgo(a * b))}',
        "tiny, seed 1, check(): @25: AttributeError: module 'numpy' has no attribute 'lgo'; did you mean log?",
    ),
    # ------------------------------------------------------------------------------------------- the parts
    "parts returns nothing": (
        "    yield Part(",
        "    Part(",
        "tiny, seed 1: @27: parts() returned nothing: yield each Part, or return a list of them",
    ),
    "no part": (
        "    yield Part(",
        "    return\n    yield Part(",
        "tiny, seed 1: @27: parts() gives no part: a problem asks something",
    ),
    "parts gives texts": (
        "    yield Part(",
        '    yield "square"\n    yield Part(',
        "tiny, seed 1: @27: parts(): expected Part(...); got 'square'",
    ),
    "parts misspells a value": (
        "    yield Part(",
        "    v.prodct\n    yield Part(",
        "tiny, seed 1: @28: AttributeError: no value 'prodct'; did you mean product?",
    ),
    "parts raises": (
        "    yield Part(",
        "    1 / 0\n    yield Part(",
        "tiny, seed 1: @28: ZeroDivisionError: division by zero",
    ),
    "parts never ends": (
        "    yield Part(",
        "    while True: pass\n    yield Part(",
        "tiny, seed 1: @28: TimeoutError: this has taken longer than 1 seconds",
    ),
    "an endless number of parts": (
        "    yield Part(",
        '    while True: yield Part("x", "?", Number("square"), 1)\n    yield Part(',
        "tiny, seed 1: @28: TimeoutError: this has taken longer than 1 seconds",
    ),
    "two parts with one id": (
        "    yield Part(",
        '    yield Part("square", "Again?", Number("square"), 1)\n    yield Part(',
        "tiny, seed 1, part square: @28: two parts have the id 'square'",
    ),
    "a strange id of a part": (
        '        "square",\n',
        '        "the square",\n',
        "tiny, seed 1, part the square: @28: expected a part's id of letters, digits, hyphens and underscores; got 'the square'",
    ),
    "no answer": (
        '        Number("square", "x"),\n',
        "",
        "tiny, seed 1, part square: @28: it has no answer, such as Number(step), and no parts of its own",
    ),
    "an answer that is a text": (
        '        Number("square", "x"),\n',
        '        "square",\n',
        "tiny, seed 1, part square: @28: expected an answer, such as Number(step, symbol); got 'square'",
    ),
    "an answer not made": (
        '        Number("square", "x"),\n',
        "        Number,\n",
        "tiny, seed 1, part square: @28: expected an answer, such as Number(step, symbol); got the class Number",
    ),
    "a misspelt step": (
        '        Number("square", "x"),\n',
        '        Number("sqare"),\n',
        "tiny, seed 1, part square: @28: its answer names 'sqare', which is no step; did you mean square?",
    ),
    "a vector for a number": (
        '        Number("square", "x"),\n',
        '        Vector("square"),\n',
        "tiny, seed 1, part square: @28: a vector is asked for; the step gives the number 36 (step square)",
    ),
    "a matrix for a number": (
        '        Number("square", "x"),\n',
        '        Matrix("square"),\n',
        "tiny, seed 1, part square: @28: a matrix is asked for; the step gives the number 36 (step square)",
    ),
    "fields for a number": (
        '        Number("square", "x"),\n',
        '        Fields("square", ("x", "y")),\n',
        "tiny, seed 1, part square: @28: a list of values is asked for, one a label; the step gives the number 36 (step square)",
    ),
    "labels that are a text": (
        '        Number("square", "x"),\n',
        '        Fields("square", "xy"),\n',
        "tiny, seed 1, part square: @31: Fields: expected labels, a list of texts; got 'xy'",
    ),
    "a choice without the right option": (
        '        Number("square", "x"),\n',
        '        Choice("square", {"one": "1", "two": "2"}),\n',
        "tiny, seed 1, part square: @28: the step gives 36, which is none of the options one, two (step square)",
    ),
    "a choice without options": (
        '        Number("square", "x"),\n',
        '        Choice("square", {}),\n',
        "tiny, seed 1, part square: @31: Choice: expected options, a dictionary of 2 to 8 keys and their texts; got {}",
    ),
    "a choice from a list": (
        '        Number("square", "x"),\n',
        '        Choice("square", ["one", "two"]),\n',
        "tiny, seed 1, part square: @31: Choice: expected options, a dictionary of 2 to 8 keys and their texts; got ['one', 'two']",
    ),
    "half a point": (
        "points=2",
        "points=0.5",
        "tiny, seed 1, part square: @28: points: expected a whole number, not negative; got 0.5",
    ),
    "fewer points than none": (
        "points=2",
        "points=-2",
        "tiny, seed 1, part square: @28: points: expected a whole number, not negative; got -2",
    ),
    "no points": ("points=2", "points=0", "tiny, part square: @28: points: expected a positive whole number; got 0"),
    "points in words": (
        "points=2",
        'points="2"',
        "tiny, seed 1, part square: @28: points: expected a whole number, not negative; got '2'",
    ),
    "steps that are a text": (
        'steps=[r"The product is $<product>$.", r"Its square is $<square>$."]',
        'steps="Its square is $<square>$."',
        "tiny, seed 1, part square: @28: steps: expected a list of texts; got 'Its square is $<square>$.'",
    ),
    "a step of numbers": (
        'steps=[r"The product is $<product>$.", r"Its square is $<square>$."]',
        "steps=[3]",
        "tiny, seed 1, part square: @28: steps: expected a text, say(...), Fill(...), a Figure or a list of them; got 3",
    ),
    "no such argument of a part": (
        "points=2",
        "point=2",
        "tiny, seed 1, part square: @28: Part(...) has no argument 'point'; did you mean points?",
    ),
    # ------------------------------------------------------------------------------------------- the texts
    "a misspelt slot": (
        "is $<product>$",
        "is $<prodct>$",
        "tiny, part square: @33: the slot <prodct> has no value; did you mean product?",
    ),
    "a slot beyond the end": (
        "is $<product>$",
        "is $<product[2]>$",
        "tiny, part square: @33: the slot <product[2]> has no value: product is 6, and places count from 0",
    ),
    "a misspelt format": (
        "is $<product>$",
        "is $<product|factr>$",
        "tiny, part square: @33: the slot <product|factr> asks for 'factr'; the formats are sum, squares, row, column, matrix, shape, tuple, factor, bracketed, signed, coefficient, number, raw",
    ),
    "a format for something else": (
        "is $<product>$",
        "is $<product|matrix>$",
        "tiny, part square: @33: the slot <product|matrix> cannot print 6 in this way",
    ),
    "a dollar alone": (
        "is $<product>$",
        "is $<product>",
        "tiny, part square: @33: a dollar sign opens no formula in 'The product is $<product>.'; leave space around, or write \\$",
    ),
    "a brace alone": (
        "is $<product>$",
        "is ${<product>$",
        "tiny, part square: @33: an opening brace has no partner in the formula '{<product>'",
    ),
    "a text that is not raw": (
        'r"The product is $<product>$."',
        '"The $\\theta$ is $<product>$."',
        "tiny, part square: @28: Python read a control character in '\\theta', the beginning of \\theta: make the text raw, r'…'",
    ),
    "a symbol that is not raw": (
        'Number("square", "x")',
        'Number("square", "\\beta")',
        "tiny, seed 1, part square: @31: Python read a control character in '\\x08eta', the beginning of \\beta: make the text raw, r'…'",
    ),
    "a heading": (
        'r"The product is $<product>$."',
        '"# The product"',
        "tiny, part square: @28: prose has no node for 'heading'; write paragraphs, lists, tables, formulas, code and pictures",
    ),
    "a picture that is not there": (
        'r"The product is $<product>$."',
        '"![plot](plot.png)"',
        "tiny, part square: @33: the picture plot.png cannot be read: No such file or directory; looked for in <folder>",
    ),
    "a command TeX does not know": (
        'r"The product is $<product>$."',
        'r"The product is $\\produkt$."',
        "tiny, seed 1, part square: @33: the formula '\\\\produkt' cannot be shown in HTML: 0: Unknown command \"\\produkt\".",
    ),
    "a sign that no font has": (
        'r"The product is $<product>$."',
        '"The product is ♞."',
        "tiny, seed 1, part square: @33: the sign '♞' (black chess knight) is not in the PDF's fonts: write it in words or as a formula, say --engine lualatex, or leave tex and pdf out of --formats: Markdown and HTML print it",
    ),
    "another script": (
        '"Two numbers."',
        '"Два числа."',
        "tiny, seed 1, preamble(): @37: 'Два числа' is not in the PDF's fonts: write it in words or as a formula, say --engine lualatex, or leave tex and pdf out of --formats: Markdown and HTML print it",
    ),
    "a slot in the feedback": (
        '"forgot the square"',
        '"forgot $<sqare>$"',
        "tiny, mistake 'not squared': @21: the slot <sqare> has no value; did you mean square?",
    ),
    "preamble returns nothing": (
        'return "Two numbers."',
        '"Two numbers."',
        "tiny, preamble(): @36: its text: expected a text, say(...), Fill(...), a Figure or a list of them; got None",
    ),
    "preamble raises": (
        'return "Two numbers."',
        "return v.text",
        "tiny, preamble(): @37: AttributeError: no value 'text'; there are a, b, product, square",
    ),
    "a figure that is none": (
        'return "Two numbers."',
        'return Figure("plot.png")',
        "tiny, preamble(): @37: Figure(...) missing 1 required positional argument: 'scene'",
    ),
    # ----------------------------------------------------------------------------------------- and more of the same
    "a reader that gives nothing": (
        "required(read_number)",
        "required(lambda raw, field: None)",
        "tiny, seed 1, sample(): @8: the reader of b returned nothing: is a `return` missing?",
    ),
    "a reader without field=": (
        "required(read_number)",
        "required(lambda raw: raw)",
        "tiny: @49: parameter b: a reader is called as reader(raw, field='b')",
    ),
    "a reader that raises": (
        "required(read_number)",
        "required(lambda raw, field: raw.upper())",
        "tiny, seed 1, sample(): @49: AttributeError: 'int' object has no attribute 'upper'",
    ),
    "require returns False": (
        "    check=check,\n",
        "    check=check, require=lambda a: a > 100,\n",
        "tiny, seed 1, sample(): @8: require() returned False: raise InputError where parameters do not fit",
    ),
    "require refuses the original": (
        "    check=check,\n",
        "    check=check, require=lambda a: whole(3, 9)(a, field='a'),\n",
        "tiny, seed 1, sample(): @53: a: expected an integer from 3 to 9; got 2",
    ),
    "require refuses what is sampled": (
        "    check=check,\n",
        "    check=check, require=lambda a: whole(1, 2)(a, field='a'),\n",
        "tiny, seed 2, sample(): @53: a: expected an integer from 1 to 2; got 5",
    ),
    "require takes a step": (
        "    check=check,\n",
        "    check=check, require=lambda product: None,\n",
        "tiny: @53: require() takes product, which is a step; it gets the parameters alone",
    ),
    "accept takes what there is not": (
        "    check=check,\n",
        "    check=check, accept=lambda squared: True,\n",
        "tiny: @53: accept() takes squared, which is neither a step nor a parameter; did you mean square?",
    ),
    "accept raises": (
        "    check=check,\n",
        "    check=check, accept=lambda square: square.no(),\n",
        "tiny, seed 1, accept(): @53: AttributeError: 'Integer' object has no attribute 'no'",
    ),
    "a difficulty that signature does not give": (
        'standard={"positive": True}',
        'standard={"positve": True}',
        "tiny, seed 1, signature(): @42: gives no 'positve', which the level states; did you mean positive?",
    ),
    "symbols of what is no step": (
        "    check=check,\n",
        "    check=check,\n    symbols={'sqare': 's'},\n",
        "tiny: @54: symbols= names 'sqare', which is no step; did you mean square?",
    ),
    "parameters in a list": (
        'parameters={"a": required(whole(1, 99)), "b": required(read_number)}',
        'parameters=["a", "b"]',
        "tiny: @49: parameters=: expected a dictionary; got ['a', 'b']",
    ),
    "one step that is no list": (
        "solution=[product, square]",
        "solution=square",
        "tiny: @51: solution=: expected a list of functions; got the function square",
    ),
    "an id that is a number": ('id="tiny"', "id=5", "problem 5: @46: id=: expected a text; got 5"),
    "two options alike": (
        '        Number("square", "x"),\n',
        '        Choice("square", {"one": "1", "two": "1"}),\n',
        "tiny, seed 1, part square: @31: Choice: two options have the text '1'",
    ),
    "options that are numbers": (
        '        Number("square", "x"),\n',
        '        Choice("square", {36: "1", 37: "2"}),\n',
        "tiny, seed 1, part square: @31: Choice: expected options whose keys are texts; got 36",
    ),
    "a text for a number": (
        "return product**2",
        "return 'large'",
        "tiny, seed 1, part square: @28: a number is asked for; the step gives 'large' (step square)",
    ),
    "a set for a number": (
        "return product**2",
        "return {product}",
        "tiny, seed 1, part square: @28: a number is asked for; the step gives {6} (step square)",
    ),
    "a symbol of sympy": (
        "return product**2",
        "return product * __import__('sympy').Symbol('x')",
        "tiny, seed 1, step square: @16: gives 6*x, which is not an exact number",
    ),
    "a complex number": (
        "return product**2",
        "return complex(product, 1)",
        "tiny, seed 1, step square: @16: gives (6+1j), which is not exact: floats, and what numpy computes, are not",
    ),
    "not a number": (
        "return product**2",
        "return float('nan')",
        "tiny, seed 1, step square: @16: gives nan, which is not exact: floats, and what numpy computes, are not",
    ),
    "infinite": (
        "return product**2",
        "return __import__('sympy').oo",
        "tiny, seed 1, step square: @16: ZeroDivisionError: a step gives oo: something was divided by 0",
    ),
    "a recursion without end": (
        "return product**2",
        "return square(product)",
        "tiny, seed 1, step square: @17: RecursionError: maximum recursion depth exceeded",
    ),
    "an exit": ("return product**2", "raise SystemExit(3)", "tiny, seed 1, step square: @17: SystemExit: 3"),
    "a step that takes all": (
        "def square(product):",
        "def square(*product):",
        "tiny, seed 1, step square: @17: unsupported operand type(s) for ** or pow(): 'tuple' and 'int'",
    ),
    "a mistake that gives a float": (
        "product=lambda a, b: a + b",
        "product=lambda a, b: (a + b) / 2.0",
        "tiny, seed 1, mistake 'added': @20: gives 2.50000000000000, which is not exact: floats, and what numpy computes, are not",
    ),
    "one of two mistakes with two steps misspelt": (
        "square=lambda product: product)",
        "square=lambda product: product, prodct=lambda a: a)",
        "tiny: @21: the mistake 'not squared' names prodct, which is neither a step nor a parameter; did you mean product?",
    ),
    "a mistake's feedback with a brace": (
        '"forgot the square"',
        'r"forgot ${x$"',
        "tiny, mistake 'not squared': @21: an opening brace has no partner in the formula '{x'",
    ),
    "canonical that cannot be compared": (
        'return sorted([params["a"], params["b"]])',
        "return [0.5]",
        "tiny, seed 1, canonical(): @39: 0.5 has no exact text",
    ),
    "check gives infinity": (
        'return {"square": np.exp(2 * np.log(a * b))}',
        'return {"square": float("inf")}',
        "tiny, seed 1: @24: square: the key says 36, the second opinion inf",
    ),
    "check gives words": (
        'return {"square": np.exp(2 * np.log(a * b))}',
        'return {"square": "36"}',
        "tiny, seed 1: @24: square: the key says 36, the second opinion 36, a text",
    ),
    "a figure without a scene": (
        'return "Two numbers."',
        'return Figure("plot", None)',
        "tiny, preamble(): @36: Figure 'plot': expected a Scene, such as plot_scene(Plot(...)); got None",
    ),
    "a figure with a path for a name": (
        'return "Two numbers."',
        'return Figure("../plot", None)',
        "tiny, preamble(): @36: Figure: expected a name of letters, digits and hyphens; got '../plot'",
    ),
    "a step's text in a set": (
        'steps=[r"The product is $<product>$.", r"Its square is $<square>$."]',
        'steps={"a"}',
        "tiny, seed 1, part square: @28: steps: expected a list of texts; got {'a'}",
    ),
    "a room in words": (
        "points=2",
        'points=2, room="4"',
        "tiny, seed 1, part square: @28: room: expected a whole number, not negative; got '4'",
    ),
    "a symbol that is a number": (
        '        Number("square", "x"),\n',
        '        Number("square", 5),\n',
        "tiny, seed 1, part square: @31: Number: expected symbol, a text; got 5",
    ),
    "a symbol with a brace": (
        '        Number("square", "x"),\n',
        '        Number("square", "x_{1"),\n',
        "tiny, seed 1, part square: @31: an opening brace has no partner in the formula 'x_{1'",
    ),
    "a part within a part that is none": (
        '        Number("square", "x"),\n',
        '        parts=["square"],\n',
        "tiny, seed 1, part square: @28: parts: expected a list of Part(...); got 'square'",
    ),
    "a format with two bars": (
        "is $<product>$",
        "is $<product|sum|row>$",
        "tiny, part square: @33: <product|sum|row> is no slot; write <name>, <name[0]> or <name|format>, and \\lt or &lt; for the sign",
    ),
    "a slot from the end": (
        "is $<product>$",
        "is $<product[-1]>$",
        "tiny, part square: @33: <product[-1]> is no slot; write <name>, <name[0]> or <name|format>, and \\lt or &lt; for the sign",
    ),
    "a slot with a dot": (
        "is $<product>$",
        "is $<v.product>$",
        "tiny, part square: @33: <v.product> is no slot; write <name>, <name[0]> or <name|format>, and \\lt or &lt; for the sign",
    ),
    "an emoji in the title": (
        'title="Tiny"',
        'title="Tiny 🙂"',
        "tiny, seed 1: @47: the sign '🙂' (slightly smiling face) is not in the PDF's fonts: write it in words or as a formula, say --engine lualatex, or leave tex and pdf out of --formats: Markdown and HTML print it",
    ),
    "an unknown environment of TeX": (
        'r"The product is $<product>$."',
        'r"$\\begin{bmatrixx} 1 \\end{bmatrixx}$"',
        "tiny, seed 1, part square: @33: the formula '\\\\begin{bmatrixx} 1 \\\\end{bmatrixx}' cannot be shown in HTML: 6: Unknown environment \"bmatrixx\".",
    ),
    "a parameter that is a keyword": (
        '"b": required(read_number)',
        '"b": required(read_number), "lambda": optional(read_number)',
        "tiny: @49: parameters=: expected names that Python can have; got 'lambda'",
    ),
    "a title in two lines": (
        'title="Tiny"',
        'title="Ti\\ny"',
        "tiny: @47: title=: expected a text in one line, without control characters; got 'Ti\\ny'",
    ),
    "a reader of Python's": (
        "required(whole(1, 99))",
        "required(int)",
        "tiny: @45: parameter a: a reader is called as reader(raw, field='a')",
    ),
    "bounds the wrong way round": (
        "whole(1, 99)",
        "whole(99, 1)",
        "tiny: @49: whole(): expected two whole numbers, the smaller one first; got 99 and 1",
    ),
    "bounds in words": (
        "whole(1, 99)",
        'whole("1", 99)',
        "tiny: @49: whole(): expected two whole numbers, the smaller one first; got '1' and 99",
    ),
    "a default that its reader refuses": (
        '"b": required(read_number)',
        '"b": required(read_number), "c": optional(whole(1, 3), 9)',
        "tiny, parameter c: @49: its default is refused: c: expected an integer from 1 to 3; got 9",
    ),
    "a mistake that needs its own step": (
        "product=lambda a, b: a + b",
        "product=lambda square: square",
        "tiny, seed 1, mistake 'added': @20: the steps need each other in a circle: product → square → product",
    ),
    "a symbol of TeX with a brace": (
        "    check=check,\n",
        '    check=check,\n    symbols={"square": "s_{1"},\n',
        "tiny: @54: symbols=: an opening brace has no partner in the formula 's_{1'",
    ),
    "an empty question": (
        'r"Compute $(<a> \\cdot <b>)^2$."',
        '""',
        "tiny, seed 1, part square: @28: its question is empty",
    ),
    "a hint that is the answer": (
        "points=2",
        'points=2, hint="It is $<square>$."',
        "tiny, seed 1, part square: @28: its hint shows its answer, <square>: say what to compute and by which formula",
    ),
    "a place of a number": (
        "(<a> ",
        "(<a[0]> ",
        "tiny, part square: @30: the slot <a[0]> has no value: a is 2, and places count from 0",
    ),
    "a number of thousands of digits": (
        "return product**2",
        "return 10**5000 * product",
        "tiny, seed 1, step square: @16: a number is too large to be checked in floating point",
    ),
    "another script in a formula": (
        "(<a> ",
        "(<a> \\\\text{слой} ",
        "tiny, seed 1, part square: @28: 'слой' is not in the PDF's fonts: write it as a command of LaTeX, or leave tex and pdf out of --formats: Markdown and HTML print it",
    ),
    "a null byte": (
        "Tiny",
        "\0",
        "tiny.py cannot be loaded: SyntaxError: source code string cannot contain null bytes",
    ),
    "an id that is taken": (
        'id="tiny"',
        'id="dropout"',
        "problem dropout: @46: a problem of the catalogue has the id 'dropout' (`worksheet list`): choose another",
    ),
    # ------------------------------------------------------------------------------ arguments of the wrong kind
    "digits that are none": ('Number("square", "x")', 'Number("square", "x", digits=0)', "tiny, seed 1, part square: @31: Number: expected digits, a positive whole number; got 0"),
    "digits in words": ('Number("square", "x")', 'Number("square", "x", digits="3")', "tiny, seed 1, part square: @31: Number: expected digits, a positive whole number; got '3'"),
    "a symbol between dollar signs": ('Number("square", "x")', 'Number("square", "$x$")', "tiny, seed 1, part square: @31: Number: expected a formula without the dollar signs around it; got '$x$'"),
    "in_order in words": (ANSWER, '        Choice("square", {"a": "one", "b": "two"}, in_order="no"),\n', "tiny, seed 1, part square: @31: Choice: expected in_order, True or False; got 'no'"),
    "a number for a key": (ANSWER, '        Choice("square", {"36": "one", "37": "two"}),\n', "tiny, seed 1, part square: @28: the step gives 36, not a text, which is none of the options 36, 37 (step square)"),
    "no labels": (ANSWER, '        Fields("square", []),\n', "tiny, seed 1, part square: @31: Fields: expected labels, a list of texts; got []"),
    "guided in words": ("points=2", 'points=2, guided="yes"', "tiny, seed 1, part square: @28: guided: expected True or False; got 'yes'"),
    "extended in words": ("points=2", 'points=2, extended="no"', "tiny, seed 1, part square: @28: extended: expected True or False; got 'no'"),
    "more guided points than points": ("points=2", "points=2, guided_points=3", "tiny, seed 1, part square: @28: guided_points=3, more than its points=2"),
    "a rubric about no step": ("points=2", 'points=2, rubric=[(2, "all", "prodct")]', "tiny, seed 1, part square: @28: its rubric names 'prodct', which is no step; did you mean product?"),
    "an empty step": (STEPS, 'steps=["Multiply.", " "]', "tiny, seed 1, part square: @28: steps: step 2 is empty"),
    "an insight that is a number": ("points=2", "points=2, asks=[5]", "tiny, seed 1, part square: @28: asks: expected a list of texts; got 5"),
    "a hint with a slot of no value": ("points=2", 'points=2, hint=r"Square $<prodct>$."', "tiny, part square: @32: the slot <prodct> has no value; did you mean product?"),
    "a hint that is not raw": ("points=2", 'points=2, hint="Use $\\theta$."', "tiny, part square: @28: Python read a control character in '\\theta', the beginning of \\theta: make the text raw, r'…'"),
    "a hint TeX does not know": ("points=2", 'points=2, hint=r"Use $\\thetaa$."', "tiny, part square: @32: the formula '\\\\thetaa' cannot be shown in HTML: 0: Unknown command \"\\thetaa\"."),
    "only words": (ANSWER, '        Essay("Because.", [(2, "why")]),\n', "tiny, seed 1: @20: no good draw in 200 attempts: no part asks for what the mistake 'added' changes (200×)"),
    "no claims": (ANSWER, "        Claims([]),\n", "tiny, seed 1, part square: @31: Claims: expected at least one Claim(...); got none"),
    "a verdict in words": (ANSWER, '        Claims([Claim("It is.", "true", "It is.")]),\n', "tiny, seed 1, part square: @31: Claim: expected a verdict, True or False; got 'true'"),
    "a claim without a reason": (ANSWER, '        Claims([Claim("It is.", True, None)]),\n', "tiny, seed 1, part square: @31: Claim: the reason: expected a text, say(...), Fill(...), a Figure or a list of them; got None"),
    "a bank that is a name": ("    check=check,\n", '    check=check,\n    bank="tiny.toml",\n', "tiny: @54: bank=: expected a Bank, such as Bank.beside(__file__); got 'tiny.toml'"),
    "a possible number in words": ("    check=check,\n", '    check=check,\n    possible={"square": "3"},\n', "tiny: @54: possible=: expected a positive whole number for square; got '3'"),
    "a step that yields": ("    return product**2", "    yield product**2", "tiny: @16: the step square is a generator: write a plain function that returns its value"),
    "a step that waits": ("def square(product):", "async def square(product):", "tiny: @16: the step square is a coroutine: write a plain function that returns its value"),
    "a step that gives a generator": ("return product**2", "return (one for one in [product])", "tiny, seed 1, part square: @28: a number is asked for; the step gives <generator object square.<locals>.<genexpr>> (step square)"),
    "a name that a library lacks": ("import numpy as np", "from numpy import arrray", "tiny.py cannot be loaded: @1: ImportError: cannot import name 'arrray' from 'numpy'"),
    "control characters in a message": ("return product**2", 'raise ValueError("\\x1b[31mred")', "tiny, seed 1, step square: @17: ValueError: \\x1b[31mred"),
    # -------------------------------------------------------------------------------------- draws and readers
    "a draw up to a decimal": ("draw.integer(2, 9)", "draw.integer(2, 9.5)", "tiny, sample(): @9: draw.integer: expected two whole numbers; got 2 and 9.5"),
    "a draw from a number": ("draw.integer(2, 9)", "draw.choice(5)", "tiny, sample(): @9: draw.choice: expected a list; got 5"),
    "a number shuffled": ("draw.integer(2, 9)", "draw.shuffled(5)[0]", "tiny, sample(): @9: draw.shuffled: expected a list; got 5"),
    "a sample of a number": ("draw.integer(2, 9)", "draw.sample(5, 2)[0]", "tiny, sample(): @9: draw.sample: expected a list and a whole number; got 5 and 2"),
    "weights that are decimals": ("draw.integer(2, 9)", "draw.weighted({2: 0.5, 3: 0.5})", "tiny, sample(): @9: draw.weighted: expected a table of whole numbers by item; got {2: 0.5, 3: 0.5}"),
    "a rejection without a reason": ("    b = draw", '    draw.require(a > 99, "")\n    b = draw', "tiny, sample(): @10: draw.require: expected a reason, a text; got ''"),
    "names that are a text": ("whole(1, 99)", 'one_of("abc")', "tiny: @49: one_of(), some_of(): expected a list of names; got 'abc'"),
    "a list of what is no reader": ("whole(1, 99)", "list_of(5)", "tiny: @49: list_of(): expected a reader, such as read_number; got 5"),
    "a table of what is no parameter": ("whole(1, 99)", "table_of(x=read_number)", "tiny: @49: table_of(): x: expected required(reader) or optional(reader, default); got the function read_number"),
    "an order of no things": ("whole(1, 99)", "permutation(0)", "tiny: @49: permutation(): expected a positive whole number; got 0"),
    "a rubric of other points": (
        ANSWER,
        '        Essay("Because.", [(1, "why")]),\n',
        "tiny, seed 1, part square: @28: points=2, but its rubric adds up to 1",
    ),
    "a picture that is a text": (
        "    check=check,\n",
        '    check=check,\n    pictures="plot.png",\n',
        "tiny: @54: pictures=: expected a list of names of files; got 'plot.png'",
    ),
    "an exception that cannot be shown": (
        "return product**2",
        'raise type("Oops", (Exception,), {"__str__": lambda self: 1 / 0})()',
        "tiny, seed 1, step square: @17: Oops",
    ),
    "require raises": (
        "    check=check,\n",
        '    check=check, require=lambda a: {}["x"],\n',
        "tiny, seed 1, require(): @53: KeyError: 'x'",
    ),
    "an exception of another kind": (
        "return product**2",
        'raise BaseException("stop")',
        "tiny, seed 1: @17: BaseException: stop",
    ),
}  # fmt: skip
