"""The fairness of a class as tables in a terminal.

Whatever comes from a manifest is hostile: it is put on one line and stripped of what cannot be seen.
"""

from __future__ import annotations

from typing import Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from generator.fairness.findings import Fairness, Finding
from generator.fairness.measures import FEWEST, Answers, Letters
from generator.render.escaping import one_line, shortened


def print_fairness(fairness: Fairness, console: Console) -> None:
    """Print the tables, and the aims that are missed in sentences."""
    console.print(plain(headline(fairness), style="bold"))
    for table in (_problems_table(fairness), _letters_table(fairness), _answers_table(fairness)):
        if table.row_count:
            console.print()
            console.print(table)
    console.print()
    if fairness.papers < FEWEST:
        console.print(plain(f"Shares of fewer than {FEWEST} papers are not judged: chance alone moves them."))
    for finding in fairness.findings:
        console.print(plain(f"{_subject(finding)}: {finding.text}"))


def headline(fairness: Fairness) -> str:
    """``discussion04, 1000 papers: 31 of 52 aims met``."""
    missed = len(fairness.findings)
    papers = "1 paper" if fairness.papers == 1 else f"{fairness.papers} papers"
    return f"{one_line(fairness.sheet)}, {papers}: {fairness.aims - missed} of {fairness.aims} aims met"


def _problems_table(fairness: Fairness) -> Table:
    table = new_table("Problems", "problem", "variants", "share one", "cost", "mean", "ratio", "aim")
    for one in fairness.problems:
        cost = one.cost
        _row(
            table,
            one.shared or cost.missed,
            one.name,
            str(one.distinct),
            str(one.most_sharing),
            f"{cost.smallest}–{cost.largest}",
            f"{cost.mean:.1f}",
            f"{cost.ratio:.3f}",
            ", ".join(name for name, missed in (("variants", one.shared), ("cost", cost.missed)) if missed),
        )
    if (whole := fairness.whole) is not None:
        sizes = (f"{whole.smallest}–{whole.largest}", f"{whole.mean:.1f}", f"{whole.ratio:.3f}")
        _row(table, whole.missed, "whole papers", "", "", *sizes, "cost" if whole.missed else "")
    return table


def _letters_table(fairness: Fairness) -> Table:
    most = max((len(one.counts) for problem in fairness.problems for one in problem.letters), default=0)
    names = max((one.names for problem in fairness.problems for one in problem.letters), key=len, default=())
    table = new_table("Right letters, % of the papers", "problem", "part", *names, "at most", "aim")
    for problem in fairness.problems:
        for one in problem.letters:
            shares = [f"{100 * share:.1f}" for share in one.shares]
            shares += [""] * (most - len(shares))
            _row(table, one.missed, problem.name, one.part, *shares, f"{100 * one.aim:.1f}", _verdict(one))
    return table


def _answers_table(fairness: Fairness) -> Table:
    names = ("problem", "part", "answers", "possible", "commonest", "%", "at most", "aim")
    table = new_table("Commonest answers, % of the papers", *names)
    for problem in fairness.problems:
        for one in problem.answers:
            _row(
                table,
                one.missed,
                problem.name,
                one.part,
                str(one.distinct),
                str(one.space or ""),
                shortened(one.commonest, 28),
                f"{100 * one.share:.1f}",
                f"{100 * one.aim:.1f}",
                _verdict(one),
            )
    return table


_WORDS = {"problem", "part", "commonest", "aim", "mistake", "commonest mistake"}
"""Columns of words; the others are numbers and stand to the right."""


def new_table(title: str, *columns: str) -> Table:
    """A table of these columns, words to the left and numbers to the right."""
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for name in columns:
        justify: Literal["left", "right"] = "left" if name in _WORDS else "right"
        table.add_column(name, justify=justify, overflow="fold", no_wrap=name == "problem")
    return table


def _row(table: Table, missed: bool, *cells: str) -> None:
    """A row; its last cell says ``missed`` what, or that the aim is met."""
    *others, last = cells
    verdict = plain(f"missed: {last}" if missed and last != "missed" else last or "met", "red" if missed else "green")
    if last == "not judged":
        verdict = plain(last, "dim")
    table.add_row(*map(plain, others), verdict)


def plain(text: str, style: str = "") -> Text:
    """Text that the terminal shows as it is: no markup, no control characters."""
    return Text(one_line(text), style=style)


def _verdict(one: Letters | Answers) -> str:
    return "missed" if one.missed else "met" if one.judged else "not judged"


def _subject(finding: Finding) -> str:
    return f"{finding.problem}, {finding.part}" if finding.part else finding.problem
