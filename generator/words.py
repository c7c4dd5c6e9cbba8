"""Answers in words: claims to judge, and essays with a rubric; no step of the solution computes them."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from generator import prose
from generator.document import (
    ClaimSpace,
    Criterion,
    LinesSpace,
    ModelAnswer,
    Space,
)
from generator.draw import Draw
from generator.errors import AuthoringError
from generator.solution import Values


@dataclass(frozen=True)
class Claim:
    """A sentence that is true or false of this variant, and why."""

    text: str
    verdict: bool
    reason: str


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
    """Claims to judge, each with a reason: the verdict and the reason earn their points separately."""

    claims: tuple[Claim, ...]
    verdict_points: int = 1
    reason_points: int = 1

    step: None = field(default=None, init=False)

    @property
    def points(self) -> int | None:
        return len(self.claims) * (self.verdict_points + self.reason_points)

    def value(self, values: Values) -> Any:
        return tuple(claim.verdict for claim in self.claims)

    def spaces(self, values: Values) -> tuple[Space, ...]:
        return tuple(
            ClaimSpace(prose.nodes(claim.text, values), claim.verdict, prose.nodes(claim.reason, values))
            for claim in self.claims
        )

    def shown(self, values: Values) -> None:
        return None  # each claim carries its own verdict and reason

    def rubric(self, values: Values) -> tuple[Criterion, ...]:
        each = "for each claim" if len(self.claims) > 1 else ""
        return (
            Criterion(self.verdict_points * len(self.claims), _words(f"the verdict {each}".strip())),
            Criterion(self.reason_points * len(self.claims), _words(f"a reason that decides it {each}".strip())),
        )

    def excerpts(self, right: Values, wrong: Values) -> Iterator[str]:
        raise AuthoringError("no step computes a claim")


def _words(text: str) -> Any:
    return prose.inline(text, {})


@dataclass(frozen=True)
class Essay:
    """An answer in words: a model answer, and a rubric whose points are the part's points."""

    model: prose.Content
    criteria: tuple[tuple[int, str], ...]
    lines: int = 3

    step: None = field(default=None, init=False)

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
        return tuple(Criterion(points, prose.inline(text, values)) for points, text in self.criteria)

    def excerpts(self, right: Values, wrong: Values) -> Iterator[str]:
        raise AuthoringError("no step computes an essay")
