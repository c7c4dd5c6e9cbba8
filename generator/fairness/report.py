"""The fairness of a class, shown: as tables in a terminal, as one HTML page of plots, as JSON.

Whatever comes from a manifest is hostile: it is put on one line, stripped of what cannot be seen, and escaped.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2 import TemplateError as JinjaError
from markupsafe import Markup
from rich.console import Console
from rich.table import Table
from rich.text import Text

from generator.errors import TemplateError
from generator.escaping import one_line
from generator.fairness.charts import Chart, answer_chart, cost_chart, letter_chart, shortened
from generator.fairness.counts import (
    ANSWER_AIM,
    COST_AIM,
    FEWEST,
    LETTER_FACTOR,
    Answers,
    Fairness,
    Finding,
    Letters,
    ProblemFairness,
    percent,
)
from generator.paths import templates_folder
from generator.render import count_of

# -------------------------------------------------------------------------------------------- terminal


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
    names = ("problem", "part", "answers", "commonest", "%", "at most", "aim")
    table = new_table("Commonest answers, % of the papers", *names)
    for problem in fairness.problems:
        for one in problem.answers:
            _row(
                table,
                one.missed,
                problem.name,
                one.part,
                str(one.distinct),
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


# ------------------------------------------------------------------------------------------------ JSON


def to_dict(fairness: Fairness) -> dict[str, Any]:
    """The statistics for machines: plain dictionaries, lists, texts and numbers."""
    return {
        "sheet": fairness.sheet,
        "papers": fairness.papers,
        "aims": {"judged": fairness.aims, "missed": len(fairness.findings)},
        "problems": [_problem_dict(problem) for problem in fairness.problems],
        "findings": [
            {"problem": one.problem, "part": one.part, "measure": one.measure, "text": one.text}
            for one in fairness.findings
        ],
    }


def _problem_dict(problem: ProblemFairness) -> dict[str, Any]:
    cost = problem.cost
    return {
        "problem": problem.name,
        "number": problem.number,
        "id": problem.id,
        "papers": problem.papers,
        "variants": {"distinct": problem.distinct, "most_sharing": problem.most_sharing, "missed": problem.shared},
        "cost": {
            "smallest": cost.smallest,
            "largest": cost.largest,
            "mean": round(cost.mean, 6),
            "ratio": round(cost.ratio, 6),
            "aim": COST_AIM,
            "missed": cost.missed,
            "histogram": [list(pair) for pair in cost.histogram],
        },
        "letters": [
            {
                "part": one.part,
                "papers": one.papers,
                "shares": {name: round(share, 6) for name, share in zip(one.names, one.shares, strict=True)},
                "aim": round(one.aim, 6),
                "judged": one.judged,
                "missed": one.missed,
            }
            for one in problem.letters
        ],
        "answers": [
            {
                "part": one.part,
                "papers": one.papers,
                "distinct": one.distinct,
                "commonest": one.commonest,
                "share": round(one.share, 6),
                "aim": round(one.aim, 6),
                "judged": one.judged,
                "missed": one.missed,
            }
            for one in problem.answers
        ],
    }


# ------------------------------------------------------------------------------------------------ HTML


@dataclass(frozen=True, slots=True)
class _Section:
    """One problem on the page: its figures and its plots."""

    problem: ProblemFairness
    findings: tuple[Finding, ...]
    cost: Chart
    letters: tuple[tuple[Letters, Chart], ...]
    answers: Chart | None


def fairness_page(fairness: Fairness, title: str) -> str:
    """One HTML page that needs nothing else: styles and plots are in it, scripts are not."""
    sections = tuple(
        _Section(
            problem=one,
            findings=tuple(one.findings()),
            cost=cost_chart(one.cost, one.name, width=416 if one.letters else 860),
            letters=tuple((letters, letter_chart(letters, one.name)) for letters in one.letters),
            answers=answer_chart(one.answers, one.name) if one.answers else None,
        )
        for one in fairness.problems
    )
    return render_report(
        "page.html.j2",
        title=title,
        fairness=fairness,
        sections=sections,
        missed=len(fairness.findings),
        cost_aim=COST_AIM,
        answer_aim=ANSWER_AIM,
        letter_aim=LETTER_FACTOR / 4,
        fewest=FEWEST,
    )


def render_report(template: str, **context: object) -> str:
    """What a template of the reports makes of ``context``."""
    try:
        return _environment().get_template(template).render(context)
    except JinjaError as error:
        raise TemplateError(f"the template report/{template}: {error}") from error


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(templates_folder() / "report"),
        autoescape=True,
        finalize=_seen,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters.update({"percent": percent, "place": _place, "worst": _worst, "count_of": count_of})
    return environment


def _seen(value: Any) -> Any:
    """What a template puts out: of plain text, only what can be seen."""
    return one_line(value) if type(value) is str else value


def _place(value: float) -> Markup:
    """A place on a drawing, to a hundredth."""
    return Markup(f"{value:.2f}".rstrip("0").rstrip("."))  # noqa: S704 - digits


def _worst(several: Iterable[Letters] | Iterable[Answers]) -> Letters | Answers | None:
    """The part furthest past its aim, or nearest to it."""
    return max(several, key=_excess, default=None)


def _excess(one: Letters | Answers) -> float:
    share = one.share if isinstance(one, Answers) else one.commonest[1]
    return share / one.aim if one.aim else 0.0
