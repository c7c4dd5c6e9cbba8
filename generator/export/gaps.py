"""How an answer in numbers is laid out on platforms: a gap for every entry, under the names that the sheet gives them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from generator.export.html import Html
from generator.export.tree import Computed, Entry, Kind, Number

SIZES: tuple[Kind, ...] = ("shape", "shapes")
"""The kinds whose numbers are whole."""


def laid_out(html: Html, kind: Kind, answer: Computed, gap: Callable[[int], str]) -> str:
    """Return the gaps as HTML; ``gap`` writes that of an entry, counted from 0."""
    places = iter(range(len(answer.entries)))
    if kind in SIZES:
        return "".join(
            f"<p>{_named(html, shape[0].label)}({', '.join(gap(next(places)) for _ in shape)})</p>"
            for shape in _shapes(answer.entries)
        )
    if kind == "fields":
        return "".join(f"<p>{_named(html, entry.label)}{gap(next(places))}</p>" for entry in answer.entries)
    before = _named(html, answer.symbol)
    if kind == "matrix":
        rows = [[gap(next(places)) for _ in range(answer.columns)] for _ in range(answer.rows)]
        cells = "".join("<tr>" + "".join(f"<td>{one}</td>" for one in row) + "</tr>" for row in rows)
        return (f"<p>{before.rstrip()}</p>" if before else "") + f"<table><tbody>{cells}</tbody></table>"
    if len(answer.entries) == 1:
        return f"<p>{before}{gap(next(places))}</p>"
    return f"<p>{before}({', '.join(gap(next(places)) for _ in answer.entries)})</p>"


def _shapes(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Return the sizes of each shape; one begins where the places do."""
    found: list[list[Entry]] = []
    for entry in entries:
        if entry.place == 1:
            found.append([])
        found[-1].append(entry)
    return found


def _named(html: Html, label: str) -> str:
    return f"{html.line([{'tex': label}])} = " if label else ""


def tex_of(kind: Kind, answer: Computed, numbers: list[Number]) -> str:
    """Return numbers as one formula, a matrix or a vector as the answer is."""
    texts = [one.tex for one in numbers]
    if kind == "matrix":
        rows = [texts[start : start + answer.columns] for start in range(0, len(texts), answer.columns)]
        return r"\begin{bmatrix} " + r" \\ ".join(" & ".join(row) for row in rows) + r" \end{bmatrix}"
    return texts[0] if len(texts) == 1 else rf"\left({', '.join(texts)}\right)"
