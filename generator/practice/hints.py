"""Hints for a part: first what to compute and by which formulas, then the worked steps, with blanks where answers stand.

A blank stands wherever the value of the part's own answer would be, or of another part's that is still open; so not even the
last hint is the answer.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import sympy

from generator.document import prose
from generator.document.slots import SLOT
from generator.grading.blanks import with_blanks
from generator.grading.nesting import Index, flatten
from generator.grading.worked_steps import (
    BLANK,
    RELATION,
    Blocks,
    first_difference,
    formulas_computing,
    map_formulas,
    single_changes,
    with_values,
    worked_steps,
)
from generator.numbers import notation
from generator.problem.answers import Answer
from generator.problem.choices import Choice, Subsets
from generator.problem.parts import Part
from generator.problem.problem import Variant
from generator.problem.word_answers import Words
from generator.problem.words import Claims, Essay

_FORMULA = re.compile(r"(\$\$?)([^$]+)\1")
_LABEL_BEFORE = re.compile(r"[_^]\{?[^{}\s]*$")
_SENTENCE = re.compile(r"(?<=[.;])\s+(?=[A-Z$])")


@dataclass(frozen=True)
class Step:
    """A worked step as a hint, and the entries of the answer that it computes (none where it computes something before)."""

    blocks: Blocks
    entries: frozenset[Index] = frozenset()


def hints_for(
    variant: Variant, part: Part, part_ids: Sequence[str], open_steps: Collection[str] = ()
) -> tuple[Step, ...]:
    """Return the hints for a part, the first one without numbers.

    ``part_ids`` are the parts of the sheet: where a part has no worked steps of its own, later ones show how its quantity is
    computed.  ``open_steps`` are the steps that other parts ask for and that must not be shown.  However many are open, the
    number of hints is the same.
    """
    answer = part.answer
    if answer is None or isinstance(answer, Essay | Claims):
        return ()
    known = variant.values.known
    sources = [step for step in part.steps if isinstance(step, str | prose.Say)]
    if isinstance(answer, Choice | Subsets | Words) and sources:
        sources = [*sources[:-1], *_without_last_sentence(sources[-1])]
    first = prose.nodes(part.hint, known) if part.hint is not None else _nudge(sources, known)
    hints = [Step(first)] if first else []
    if isinstance(answer, Choice | Subsets | Words):  # its worked steps say what is right
        return tuple(hints)
    if sources:
        return (*hints, *_steps_with_blanks(variant, part, answer, {answer.step or "", *open_steps}))
    formulas = formulas_computing(variant, answer.step, part_ids) if answer.step else ()
    return (*hints, *(Step(map_formulas(blocks, _without_result)) for blocks in formulas))


def next_hint(hints: Sequence[Step], shown: Collection[int], entries: Any) -> int | None:
    """Return which hint comes next: the first that was not ``shown`` and is not about entries that are right already.

    ``entries`` says of each entry of the last answer whether it is right, as in a mark; None if nothing is known.
    """
    for number, hint in enumerate(hints):
        if number not in shown and not (hint.entries and all(_is_right(entries, index) for index in hint.entries)):
            return number
    return None


def _is_right(entries: Any, index: Index) -> bool:
    """Return whether an entry, or that which it belongs to (a size of a shape), is known to be right."""
    for place in index:
        if not isinstance(entries, list | tuple) or place >= len(entries):
            return entries is True
        entries = entries[place]
    return entries is True


# ------------------------------------------------------------------------------------------- the first hint


def _nudge(sources: Sequence[str | prose.Say], known: Mapping[str, Any]) -> Blocks:
    """Return the worked steps without their numbers; of steps that differ only in their numbers, the first."""
    texts: dict[str, str | prose.Say] = {}
    for source in sources:
        text = source if isinstance(source, str) else source.text
        texts.setdefault(text, symbolic(source))
    return tuple(block for one in texts.values() for block in prose.nodes(one, known))


def symbolic(source: str | prose.Say) -> prose.Say:
    r"""Return a text without the numbers of its formulas: of ``$\mu = \frac{1}{n} \sum_i x_i = <mean>$`` all but the last.

    A slot in an index is kept, and so is a whole number among words; what else is filled in becomes dots.
    """
    text, slots = (source, {}) if isinstance(source, str) else (source.text, source.slots)
    text, end, pieces = inspect.cleandoc(text), 0, []
    for match in _FORMULA.finditer(text):
        pieces += [_words(text[end : match.start()], slots), match[1] + _without_numbers(match[2]) + match[1]]
        end = match.end()
    return prose.Say("".join([*pieces, _words(text[end:], slots)]), slots)


def _words(text: str, slots: Mapping[str, Any]) -> str:
    return SLOT.sub(lambda slot: slot[0] if isinstance(slots.get(slot[1]), int | str) else "…", text)


def _without_numbers(formula: str) -> str:
    sides = RELATION.split(formula)
    kept = [sides[0]] if not _has_numbers(sides[0]) else []
    for relation, side in zip(sides[1::2], sides[2::2], strict=True):
        if not _has_numbers(side):
            kept += [relation, side] if kept else [side]
    if len(kept) == len(sides):
        return formula
    return "".join(kept).strip() if kept and r"\begin" not in formula else r"\dots"


def _has_numbers(tex: str) -> bool:
    return any(not _LABEL_BEFORE.search(tex[: slot.start()]) for slot in SLOT.finditer(tex))


def _without_last_sentence(source: str | prose.Say) -> list[prose.Say]:
    """Return a text but its last sentence, which says which option is right; none if there is no other."""
    text, slots = (source, {}) if isinstance(source, str) else (source.text, source.slots)
    sentences = _SENTENCE.split(inspect.cleandoc(text))
    return [prose.Say(" ".join(sentences[:-1]), slots)] if len(sentences) > 1 else []


def _without_result(formula: str) -> str:
    """Return a formula without its last side."""
    sides = RELATION.split(formula)
    return "".join(sides[:-1]) + BLANK if len(sides) > 1 else formula


# ------------------------------------------------------------------------------------------- the steps


def _steps_with_blanks(variant: Variant, part: Part, answer: Answer, hidden: Collection[str]) -> Iterator[Step]:
    lines = worked_steps(variant, part.id, variant.values)
    blanked = with_blanks(variant, part.id, variant.values, hidden)
    entries = _entries_by_line(variant, part.id, answer.step, lines)
    if answer.step is not None and not entries:  # the answer is written by way of other values
        blanked = tuple(
            map_formulas(line, partial(_without, _written(variant.values[answer.step]))) for line in blanked
        )
    for number, (source, line) in enumerate(zip(part.steps, lines, strict=True)):
        if not isinstance(source, str | prose.Say):
            continue
        text = symbolic(source)
        if text.text == inspect.cleandoc(source if isinstance(source, str) else source.text):
            continue  # without numbers, and so part of the first hint
        blocks = blanked[number] if blanked else prose.nodes(text, variant.values.known)
        yield Step(blocks or line, frozenset(entries.get(number, ())))


def _entries_by_line(
    variant: Variant, part_id: str, step: str | None, lines: Sequence[Blocks]
) -> dict[int, set[Index]]:
    """Return, for each worked step, the entries of the answer that show in it."""
    found: dict[int, set[Index]] = {}
    if step is None:
        return found
    for index, changed in single_changes(variant.values[step]):
        others = worked_steps(variant, part_id, with_values(variant.values, {step: changed}))
        for number, (line, other) in enumerate(zip(lines, others, strict=False)):
            if first_difference(line, other) is not None:
                found.setdefault(number, set()).add(index)
    return found


def _written(value: Any) -> frozenset[str]:
    """Return the numbers of a value as they are printed."""
    return frozenset(notation.tex(entry) for entry in flatten(value) if isinstance(entry, sympy.Expr))


def _without(written: Collection[str], formula: str) -> str:
    """Return a formula with a blank for each of its sides that is one of the numbers."""
    return "".join(BLANK if side.strip() in written else side for side in RELATION.split(formula))
