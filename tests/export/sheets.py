"""Sheets of plain questions with everything in their texts that platforms read as something else."""

from __future__ import annotations

from pathlib import Path

from generator.paper.sheet import Sheet
from generator.paper.sheet_file import find_sheet

HOSTILE = r"a & b < c </b> <br/> ]]> {@x@} [[input:a]] [x] }#~=%50% $IMS-CC-FILEBASE$ C:\new\temp {{ y }} %} 😀 שלום"
"""A text that must come out as itself."""

CODE = "x[0] & y[:, 1] < z <b>bold</b> ]]> {@ [[ }#~"


def markdown(text: str) -> str:
    """Return a text as Markdown that prints it."""
    return "".join(
        f"&#{ord(sign)};" if sign in "<>" else f"\\{sign}" if sign in r"\`*_{}[]()#+-.!|$&~=%@^:/" else sign
        for sign in text
    )


QUESTION = """
[[question]]
id = "{kind}"
title = '''{title}'''
text = '''{text} and `{code}`'''
"""
"""What all kinds have."""

KINDS = {
    "number": 'kind = "number"\nanswer = "28/3"\npoints = 2',
    "vector": 'kind = "vector"\nanswer = [1, "1/2", "sqrt(5)"]\npoints = 3',
    "matrix": 'kind = "matrix"\nanswer = [[1, 0], ["-1/2", 3]]\npoints = 4',
    "shape": 'kind = "shape"\nanswer = [128, 4]\npoints = 1',
    "fields": "kind = \"fields\"\nlabels = ['\\mu', '\\sigma']\nanswer = [2, \"1/3\"]\npoints = 2",
    "choice": "kind = \"choice\"\noptions = [{{ text = '''{text}''', right = true }}, '''No, {text}''']\npoints = 1",
    "several": "kind = \"choice\"\noptions = [{{ text = '''{text}''', right = true }}, '''No, {text}''', {{ text = '''Yes''', right = true }}]\npoints = 1",
    "claims": "kind = \"claims\"\nclaims = [{{ claim = '''{text}''', true = true, reason = '''{text}''' }}]",
    "essay": "kind = \"essay\"\nanswer = '''{text}'''\nrubric = [[2, '''{text}''']]",
}


def hostile_sheet(folder: Path, text: str = HOSTILE, title: str = "") -> Sheet:
    """Return a sheet with a plain question of every kind, in whose texts this stands."""
    said = markdown(text)
    questions = [
        QUESTION.format(kind=kind, title=title or f"{text} {kind}", text=said, code=CODE) + rest.format(text=said) if "{text}" in rest
        else QUESTION.format(kind=kind, title=title or f"{text} {kind}", text=said, code=CODE) + rest
        for kind, rest in KINDS.items()
    ]  # fmt: skip
    path = folder / "hostile.toml"
    path.write_text(f"title = '''{text}'''\n" + "\n".join(questions), "utf-8")
    return find_sheet(str(path))
