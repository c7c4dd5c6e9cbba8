"""The key's notes on mistakes: "if you got …, you …", each where the mistake first shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from generator.document.placement import placement
from generator.errors.language import phrase
from generator.numbers.exact import same
from generator.problem.answers import Answer
from generator.problem.mistake import Mistake
from generator.problem.parts import Part, computed_among
from generator.problem.problem import Variant
from generator.problem.solution import Values

LARGEST_ROOT = 30
"""A wrong answer with the root of a larger number is not noted: nobody would recognize her own in it."""

_ROOT = re.compile(r"\\sqrt\{(\d+)\}")


class Notes:
    """The notes of one variant, given out part by part: a mistake is explained once, where it gives something recognizable."""

    def __init__(self, variant: Variant, parts: Iterable[Part]) -> None:
        """The ``parts`` are those that the paper asks."""
        self._values = variant.values
        self._parts = computed_among(parts)
        self._unexplained: list[tuple[Mistake, Values]] = list(variant.wrong)

    def of(self, answer: Answer) -> Iterator[tuple[str, tuple[Mistake, ...]]]:
        """The mistakes that change this answer and no earlier one's, each after what tells it from the others, as TeX.

        Of two that make the same of this answer, one that changes a later one, too, is noted there if the other does not.
        Those that nothing on the paper tells apart come together.
        """
        step = answer.step
        if step is None or not self._unexplained:
            return
        right = answer.value(self._values)
        here: list[tuple[Mistake, Values]] = []
        later: list[tuple[Mistake, Values]] = []
        for one in self._unexplained:
            changes = step in one[1] and not same(answer.value(one[1]), right)
            (here if changes else later).append(one)
        self._unexplained = later
        first = [next(self._excerpts(answer, wrong), None) for _, wrong in here]
        shown = [
            excerpt for excerpt in first if excerpt is not None
        ]  # the others lead to no option, or to unwieldy roots
        marks = [self._marks(answer, wrong) for _, wrong in here] if len({*shown}) < len(shown) else []
        only_here = [own for own, elsewhere in marks if not elsewhere]
        noted = [place for place, (own, elsewhere) in enumerate(marks) if not (elsewhere and own and own in only_here)]
        if marks:
            self._unexplained += [one for place, one in enumerate(here) if place not in noted]
            here, first = [here[place] for place in noted], [first[place] for place in noted]
            marks = [marks[place] for place in noted]
        found: dict[str, tuple[Mistake, ...]] = {}
        for place, ((mistake, _), excerpt) in enumerate(zip(here, first, strict=True)):
            if excerpt is None:
                continue
            if first.count(excerpt) > 1:
                excerpt = _distinguishing(marks[place], marks[:place] + marks[place + 1 :])
            found[excerpt] = (*found.get(excerpt, ()), mistake)
        yield from found.items()

    def _excerpts(self, answer: Answer, wrong: Values) -> Iterator[str]:
        """The excerpts of a wrong answer that a reader would recognize, without roots first and those of large numbers left out."""
        fitting = [
            excerpt
            for excerpt in answer.excerpts(self._values, wrong)
            if all(int(number) <= LARGEST_ROOT for number in _ROOT.findall(excerpt))
        ]
        yield from sorted(fitting, key=lambda excerpt: bool(_ROOT.search(excerpt)))

    def _marks(self, answer: Answer, wrong: Values) -> tuple[list[str], list[str]]:
        """By what a mistake can be told from others: all excerpts of this answer, and those of later ones with their parts."""
        elsewhere: list[str] = []
        steps = [part.answer.step if part.answer is not None else None for part in self._parts]
        for part in self._parts[steps.index(answer.step) + 1 :]:
            other = part.answer
            if other is None or other.step not in wrong:
                continue
            if not same(other.value(wrong), other.value(self._values)):
                elsewhere += [_in_part(part, excerpt) for excerpt in self._excerpts(other, wrong)]
        return list(self._excerpts(answer, wrong)), elsewhere


def _in_part(part: Part, excerpt: str) -> str:
    """An excerpt of the answer to another part, after the label of that part."""
    label = placement().labels.get(part.id)
    return excerpt if label is None else rf"\text{{{phrase('worksheet.in_part', part=label)}}}\; {excerpt}"


def _distinguishing(marks: tuple[list[str], list[str]], others: Iterable[tuple[list[str], list[str]]]) -> str:
    """The shortest choice of a mistake's marks that no other mistake has: one, two, or all of them.

    Where another mistake has all of them and more, it is said that nothing else is wrong.
    """
    here, elsewhere = marks
    taken = [{*there, *beside} for there, beside in others]
    pairs = [(here[0], mark) for mark in (*here[1:], *elsewhere)]
    for chosen in (*((mark,) for mark in here), *pairs):
        if not any(known.issuperset(chosen) for known in taken):
            return r",\; ".join(chosen)
    found = (*here, *elsewhere)
    contained = not elsewhere and any(known > {*found} for known in taken)
    return r",\; ".join((*found, rf"\text{{{phrase('worksheet.rest_right')}}}") if contained else found)
