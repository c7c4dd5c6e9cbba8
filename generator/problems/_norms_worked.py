"""How a norm's output is worked out, line by line: a line is what has statistics of its own, a row or a column."""

from __future__ import annotations

from generator import Values, say
from generator.document.prose import Content
from generator.numbers import exact as ex


def by_line(matrix: ex.Matrix, line: str) -> ex.Matrix:
    """The lines of a matrix, each a ``row`` or a ``column`` of it."""
    return ex.transpose(matrix) if line == "column" else matrix


def worked_lines(v: Values, line: str, text: str) -> list[Content]:
    """For each line of X the ``text``, with slots for its ``place`` and ``size``, its statistics and what becomes of it."""
    matrices = (by_line(matrix, line) for matrix in (v.X, v.centred, v.normalized, v.output))
    # Not strict: a wrong key, with the statistics of the other lines say, is left to the audit.
    lines = zip(*matrices, v.mean, v.variance, v.std, strict=False)
    return [
        say(
            text,
            place=place,
            size=len(entries),
            line=entries,
            centred=centred,
            normalized=normalized,
            output=output,
            mu=mu,
            variance=variance,
            std=std,
        )
        for place, (entries, centred, normalized, output, mu, variance, std) in enumerate(lines, start=1)
    ]
