"""Answers in words: claims to judge, and essays with a rubric; no step of the solution computes them."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias

from generator.document import prose
from generator.document.nodes import ClaimSpace, Criterion, LinesSpace, ModelAnswer, Space
from generator.document.placement import in_key
from generator.errors import AuthoringError, expected, shown
from generator.errors.language import phrase
from generator.problem.draw import Draw
from generator.problem.insights import Insights
from generator.problem.solution import Values


@dataclass(frozen=True)
class Claim:
    """A sentence that is true or false of this variant, and why."""

    text: prose.Content
    verdict: bool
    reason: prose.Content

    def __post_init__(self) -> None:
        prose.check_content(self.text, "Claim: the claim")
        prose.check_content(self.reason, "Claim: the reason")
        if not isinstance(self.verdict, bool):
            raise AuthoringError(f"Claim: {expected('a verdict, True or False', shown(self.verdict))}")


def draw_claims(draw: Draw, claims: Mapping[str, Claim], without: Container[str] = ()) -> tuple[str, ...]:
    """The names of two claims; every pattern of true and false is as likely, so that one verdict tells nothing.

    ``without`` are those that the rest of the problem's text would give away.
    """
    free: dict[bool, list[str]] = {True: [], False: []}
    for name, claim in claims.items():
        if name not in without:
            free[claim.verdict].append(name)
    names: list[str] = []
    for _ in range(2):
        verdict = draw.choice((True, False))
        names.append(draw.choice([name for name in free[verdict] if name not in names]))
    return tuple(names)


@dataclass(frozen=True)
class Claims:
    """Claims to judge, each with a reason: the verdict and the reason earn their points separately.

    ``insights`` are those of the bank's entries that the claims are.
    """

    claims: tuple[Claim, ...]
    verdict_points: int = 1
    reason_points: int = 1
    insights: tuple[Insights, ...] = ()

    step: None = field(default=None, init=False)

    def __post_init__(self) -> None:
        if not isinstance(self.claims, list | tuple) or not all(isinstance(one, Claim) for one in self.claims):
            raise AuthoringError(f"Claims: {expected('a list of Claim(...)', shown(self.claims))}")
        if not self.claims:
            raise AuthoringError(f"Claims: {expected('at least one Claim(...)', 'none')}")
        for name in ("verdict_points", "reason_points"):
            if type(getattr(self, name)) is not int or getattr(self, name) < 0:
                raise AuthoringError(f"Claims: {name}: {expected('a whole number', shown(getattr(self, name)))}")

    @property
    def points(self) -> int | None:
        return len(self.claims) * (self.verdict_points + self.reason_points)

    def value(self, values: Values) -> Any:
        return tuple(claim.verdict for claim in self.claims)

    def spaces(self, values: Values) -> tuple[Space, ...]:
        return tuple([_claim_space(claim, values) for claim in self.claims])

    def shown(self, values: Values) -> None:
        return None  # each claim carries its own verdict and reason

    def rubric(self, values: Values) -> tuple[Criterion, ...]:
        count = len(self.claims)
        if count == 1:
            criteria = (
                (self.verdict_points, phrase("rubric.verdict")),
                (self.reason_points, phrase("rubric.reason")),
            )
        else:
            criteria = (
                (self.verdict_points * count, phrase("rubric.verdicts", points=_points(self.verdict_points))),
                (self.reason_points * count, phrase("rubric.reasons", points=_points(self.reason_points))),
            )
        return _rubric(criteria, values)

    def excerpts(self, right: Values, wrong: Values) -> Iterator[str]:
        raise AuthoringError("no step computes a claim")


def _points(count: int) -> str:
    return phrase("count.pt", count=count)


def _space(claim: Claim, values: Mapping[str, Any]) -> ClaimSpace:
    with in_key():
        reason = prose.nodes(claim.reason, values)
    return ClaimSpace(prose.nodes(claim.text, values), claim.verdict, reason)


def _claim_space(claim: Claim, values: Mapping[str, Any]) -> ClaimSpace:
    if any(not isinstance(text, str) or prose.has_slots(text) for text in (claim.text, claim.reason)):
        return _space(claim, values)
    return _shared_space(claim)


@lru_cache(maxsize=1 << 10)
def _shared_space(claim: Claim) -> ClaimSpace:
    """The space of a claim that is the same in all variants."""
    return _space(claim, {})


Criteria: TypeAlias = tuple[tuple[int, str | prose.Say], ...]
"""Points, and what earns them."""


def _rubric(criteria: Criteria, values: Mapping[str, Any]) -> tuple[Criterion, ...]:
    if any(isinstance(text, prose.Say) for _, text in criteria):
        return _filled_rubric(criteria, values)
    return _shared_rubric(criteria) or _filled_rubric(criteria, values)


def _filled_rubric(criteria: Criteria, values: Mapping[str, Any]) -> tuple[Criterion, ...]:
    return tuple([Criterion(points, prose.inline(text, values)) for points, text in criteria])


@lru_cache(maxsize=1 << 10)
def _shared_rubric(criteria: Criteria) -> tuple[Criterion, ...] | None:
    """A rubric that is the same in all variants; None if it has slots."""
    if any(isinstance(text, str) and prose.has_slots(text) for _, text in criteria):
        return None
    return _filled_rubric(criteria, {})


@dataclass(frozen=True)
class Essay:
    """An answer in words: a model answer, and a rubric whose points are the part's points.

    ``insights`` are those of the bank's entry that the question is.
    """

    model: prose.Content
    criteria: Criteria
    lines: int = 3
    insights: tuple[Insights, ...] = ()

    step: None = field(default=None, init=False)

    def __post_init__(self) -> None:
        prose.check_content(self.model, "Essay: the model answer")
        wanted = "Essay: criteria: " + expected('a list of (points, "what earns them")', shown(self.criteria))
        if not isinstance(self.criteria, list | tuple) or not self.criteria:
            raise AuthoringError(wanted)
        for one in self.criteria:
            if not (
                isinstance(one, list | tuple)
                and len(one) == 2
                and type(one[0]) is int
                and isinstance(one[1], str | prose.Say)
            ):
                raise AuthoringError(wanted)
        if type(self.lines) is not int or self.lines < 1:
            raise AuthoringError(f"Essay: lines: {expected('a positive whole number', shown(self.lines))}")

    @property
    def points(self) -> int | None:
        return sum(points for points, _ in self.criteria)

    def value(self, values: Values) -> Any:
        return prose.source(self.model, values)

    def spaces(self, values: Values) -> tuple[Space, ...]:
        return (LinesSpace(self.lines),)

    def shown(self, values: Values) -> ModelAnswer:
        return ModelAnswer(prose.nodes(self.model, values))

    def rubric(self, values: Values) -> tuple[Criterion, ...]:
        return _rubric(tuple((points, text) for points, text in self.criteria), values)

    def excerpts(self, right: Values, wrong: Values) -> Iterator[str]:
        raise AuthoringError("no step computes an essay")
