"""What the draw cannot keep off a sheet's papers: parts that tell what others ask, and entries that are never drawn because of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from generator.paper.asked import asked_parts
from generator.paper.sheet import Entry, Sheet
from generator.problem import drawing
from generator.problem.draw import stream
from generator.problem.giveaways import drawn_insights, fixed_insights, without_giveaways
from generator.problem.insights import Insights
from generator.problem.parts import walk
from generator.problem.problem import Variant

PAPERS = 12
"""So many papers are looked at: what a preamble tells may hang on the variant."""


@dataclass(frozen=True)
class _Paper:
    """A paper's problems as they are asked, their variants, and what the parts and preambles of each tell and ask."""

    entries: Sequence[Entry]
    variants: Sequence[Variant]
    fixed: Sequence[tuple[str, Insights]]


def giveaway_faults(sheet: Sheet, seeds: Sequence[int]) -> dict[str, list[str]]:
    """Return what is wrong with the papers of a sheet, by the ids of its problems.

    Where papers have only some of the problems, more of them are looked at, for most pairs to be on one together.
    """
    found: dict[str, list[str]] = {entry.problem.id: [] for entry in sheet.entries}
    papers = [_paper(sheet, seed) for seed in seeds[: PAPERS * (1 + len(sheet.entries) - sheet.length)]]
    for problem, fault in (*_told_and_asked(papers), *_left(papers), *_never_drawn(sheet.entries, papers)):
        if fault not in found[problem]:
            found[problem].append(fault)
    return found


def _paper(sheet: Sheet, seed: int) -> _Paper:
    source = stream(seed)
    entries = sheet.for_paper(source).entries
    drawn = [drawing.draw_from(entry.problem, source, level=entry.level) for entry in entries]
    variants = without_giveaways(drawn, lambda place, variant: asked_parts(variant, entries[place]))
    fixed = [
        (variant.problem.id, one)
        for variant, entry in zip(variants, entries, strict=True)
        for one in fixed_insights(variant, asked_parts(variant, entry))
    ]
    return _Paper(entries, variants, fixed)


def _told_and_asked(papers: Sequence[_Paper]) -> Iterator[tuple[str, str]]:
    """What is asked and told whichever entries are drawn: only other words help."""
    for paper in papers:
        for (problem, one), (other_problem, other) in combinations(paper.fixed, 2):
            for first, second, home, away in (
                (one, other, problem, other_problem),
                (other, one, other_problem, problem),
            ):
                if names := first.asks & second.tells:
                    yield home, f"{first.where} asks what {_of(second, away, home)} tells: {', '.join(sorted(names))}"


def _left(papers: Sequence[_Paper]) -> Iterator[tuple[str, str]]:
    """What the draw had to leave, since the bank has no other entry."""
    for paper in papers:
        drawn = [
            (variant.problem.id, one)
            for variant, entry in zip(paper.variants, paper.entries, strict=True)
            for one in drawn_insights(asked_parts(variant, entry))
        ]
        asked = {
            variant.problem.id: {part.id for part in walk(asked_parts(variant, entry))}
            for variant, entry in zip(paper.variants, paper.entries, strict=True)
        }
        for place, (problem, one) in enumerate(drawn):
            if gone := one.needs - asked[problem]:
                yield (
                    problem,
                    f"{one.where} refers to {', '.join(sorted(gone))}, not asked here: too few other entries fit",
                )
            for other_problem, other in (*paper.fixed, *drawn[:place]):
                if names := one.clashes(other):
                    where = f"{one.where} and {_of(other, other_problem, problem)}"
                    yield problem, f"{where} are on one paper ({', '.join(sorted(names))}): too few other entries fit"


def _never_drawn(entries: Sequence[Entry], papers: Sequence[_Paper]) -> Iterator[tuple[str, str]]:
    """The entries of groups that the sheet asks, for this level, with which every paper would give something away."""
    for entry in entries:
        bank = entry.problem.bank
        theirs = [
            (paper, variant) for paper in papers for variant in paper.variants if variant.problem.id == entry.problem.id
        ]
        if bank is None:
            continue
        asked = {
            one.where.partition(".")[0] for _, variant in theirs for one in drawn_insights(asked_parts(variant, entry))
        }
        for group in asked & bank.contents.groups.keys():
            for one in bank[group].values():
                spoilt = [
                    next(((home, other) for home, other in paper.fixed if one.insights.clashes(other)), None)
                    for paper, _ in theirs
                ]
                if one.is_drawn_at(entry.level) and spoilt and None not in spoilt:
                    home, other = spoilt[0] or ("", one.insights)
                    names = ", ".join(sorted(one.insights.clashes(other)))
                    does = "tells or asks" if one.insights.asks & other.asks else "tells" if other.tells else "asks"
                    yield (
                        entry.problem.id,
                        f"{one.key} is never drawn here: {_of(other, home, entry.problem.id)} {does} {names}",
                    )


def _of(one: Insights, home: str, problem: str) -> str:
    return one.where if home == problem else f"{one.where} of {home}"
