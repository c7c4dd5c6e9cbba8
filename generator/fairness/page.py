"""The fairness of a class as one HTML page of plots.

Whatever comes from a manifest is hostile: it is put on one line, stripped of what cannot be seen, and escaped.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2 import TemplateError as JinjaError
from markupsafe import Markup

from generator.errors import TemplateError
from generator.fairness.charts import answer_chart, cost_chart, letter_chart
from generator.fairness.findings import Fairness, Finding, ProblemFairness
from generator.fairness.measures import ANSWER_AIM, COST_AIM, FEWEST, LETTER_FACTOR, Answers, Letters, percent
from generator.fairness.plots import Chart
from generator.render.escaping import one_line
from generator.render.paths import templates_folder
from generator.render.renderer import count_of


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
        letter_factor=LETTER_FACTOR,
        fewest=FEWEST,
    )


def render_report(template: str, **context: object) -> str:
    """Render a template of the reports with ``context``."""
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
    """Return a value for a template: of plain text, only what can be seen."""
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
