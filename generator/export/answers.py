"""Answers and mistakes of a part in the terms of an export."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from generator.document import nodes, prose
from generator.errors import AuthoringError
from generator.errors.language import phrase
from generator.export import text, tree
from generator.export.exact_numbers import apart_from, number
from generator.export.made_options import chosen_options, option_text
from generator.grading.answered_parts import AnsweredParts
from generator.grading.marks import points_for_entries
from generator.numbers.exact import same
from generator.problem.answers import LEAST_DIGITS, Answer, Fields, Matrix, Number, Vector
from generator.problem.choices import Choice, Offered, Subsets
from generator.problem.draw import hash_letters
from generator.problem.mistake import Mistake
from generator.problem.problem import Variant
from generator.problem.solution import Values
from generator.problem.word_answers import Words
from generator.problem.words import Claims, Essay

ID_LETTERS = 6


def kind_of(answer: Answer, values: Values) -> tree.Kind:
    """Return the kind of an answer in an export."""
    match answer:
        case Number():
            return "number"
        case Vector():
            return "vector"
        case Matrix():
            return "matrix"
        case Fields():
            found = answer.value(values)
            if all(isinstance(one, tuple) for one in found):
                return "shape" if len(found) == 1 else "shapes"
            return "fields"
        case Choice() | Offered() | Subsets() | Words():
            return "choice"
        case Claims():
            return "claims"
        case Essay():
            return "essay"
    raise AuthoringError(f"{type(answer).__name__} is no kind of answer that platforms know")


def answer_of(answer: Answer, variant: Variant, question: nodes.Question, name: text.Name) -> tree.Answer:
    """Return the answer to a question; ``name`` gives the ids of pictures in options and claims."""
    values = variant.values
    if isinstance(answer, Subsets | Words):
        right = answer.value(values)
        return tree.Choice(
            tuple(
                tree.Option(_identity(said), said, chosen == right)
                for chosen in chosen_options(answer, variant)
                for said in (option_text(answer, chosen),)
            )
        )
    if isinstance(answer, Number | Vector | Matrix | Fields):
        return _computed(answer, answer.value(values))
    for space in question.spaces:
        if isinstance(space, nodes.ChoiceSpace):
            several = isinstance(answer, Choice) and answer.several
            options = [text.blocks(one, name) for one in space.options]
            return tree.Choice(
                tuple(
                    tree.Option(_identity(option), option, place in space.correct)
                    for place, option in enumerate(options)
                ),
                several,
                isinstance(answer, Choice) and answer.in_order and not answer.was_shuffled,
            )
    if isinstance(answer, Claims):
        claims = [space for space in question.spaces if isinstance(space, nodes.ClaimSpace)]
        return tree.Claims(tuple(_statement(one, name) for one in claims), answer.verdict_points, answer.reason_points)
    assert isinstance(answer, Essay)
    assert question.key is not None
    assert isinstance(question.key.answer, nodes.ModelAnswer)
    rubric = tuple(
        tree.Criterion(f"line-{place}", line.points, text.line(line.text))
        for place, line in enumerate(question.key.rubric, start=1)
    )
    return tree.Essay(text.blocks(question.key.answer.blocks, name, filled=True), rubric, answer.lines)


def _statement(claim: nodes.ClaimSpace, name: text.Name) -> tree.Statement:
    said = text.blocks(claim.text, name)
    return tree.Statement(_identity(said), said, bool(claim.verdict), text.blocks(claim.reason, name, filled=True))


def _identity(content: tree.Blocks) -> str:
    """Return an id that follows from the content alone."""
    return f"x{hash_letters(repr(content), ID_LETTERS)}"


# ------------------------------------------------------------------------------------------------ numbers


def _computed(answer: Answer, value: Any) -> tree.Computed:
    symbol = getattr(answer, "symbol", "")
    digits = getattr(answer, "digits", LEAST_DIGITS)
    numbers = [number(one, digits) for one in flat(value)]
    match answer:
        case Fields():
            entries = tuple(
                tree.Entry(one, text.portable(label), place)
                for one, (label, place) in zip(numbers, _labels(answer, value), strict=True)
            )
            return tree.Computed(entries, 1, len(entries))
        case Matrix():
            return tree.Computed(tuple(map(tree.Entry, numbers)), len(value), len(value[0]), text.portable(symbol))
    return tree.Computed(tuple(map(tree.Entry, numbers)), 1, len(numbers), text.portable(symbol))


def _labels(answer: Fields, value: Sequence[Any]) -> list[tuple[str, int]]:
    """Return the label of each number, and its place where it is one of several sizes."""
    found: list[tuple[str, int]] = []
    for label, one in zip(answer.labels, value, strict=True):
        found += [(label, place) for place in range(1, len(one) + 1)] if isinstance(one, tuple) else [(label, 0)]
    return found


def flat(value: Any) -> list[Any]:
    """Return the numbers of an answer, by row."""
    return [number for one in value for number in flat(one)] if isinstance(value, tuple) else [value]


# ----------------------------------------------------------------------------------------------- mistakes


@dataclass
class _Wrong:
    """A wrong answer and the mistakes that lead to it."""

    value: Any
    mistakes: list[Mistake]


def known_mistakes(
    made: tree.Variant, answer: Answer, variant: Variant, answered: AnsweredParts, part: str
) -> tree.Variant:
    """Return the variant of a part with the mistakes that change its answer: of numbers their values, of options their feedback.

    A mistake whose answer has another shape than the key cannot be typed on a platform, and is left out.
    """
    if answer.step is None:
        return made
    wrong = _wrong_answers(answer, variant)
    if isinstance(made.answer, tree.Choice):
        return replace(made, answer=_with_feedback(made.answer, answer, wrong, variant))
    assert isinstance(made.answer, tree.Computed)
    right = answer.value(variant.values)
    found: list[tree.Mistake] = []
    for one in wrong:
        if _shape(one.value) != _shape(right) or not all(map(_is_real, flat(one.value))):
            continue
        share = Fraction(_points(one, right, answered, part), answered.max_points(part) or 1)
        numbers = tuple(number(entry) for entry in flat(one.value))
        found.append(tree.Mistake(_slug(one.mistakes[0].name), share, _said(one.mistakes, variant), numbers))
    return replace(made, answer=_told_apart(made.answer, found), mistakes=tuple(found))


def _wrong_answers(answer: Answer, variant: Variant) -> list[_Wrong]:
    """Return the wrong answers that mistakes lead to, those with one value together."""
    assert answer.step is not None
    right = answer.value(variant.values)
    found: list[_Wrong] = []
    for mistake, values in variant.wrong:
        if answer.step not in values:
            continue
        value = answer.value(values)
        if values.failed or same(value, right):
            continue
        known = next((one for one in found if same(one.value, value)), None)
        if known is None:
            found.append(_Wrong(value, [mistake]))
        else:
            known.mistakes.append(mistake)
    return found


def _told_apart(answer: tree.Computed, mistakes: Iterable[tree.Mistake]) -> tree.Computed:
    """Return an answer whose tolerances let no mistake's number in that differs from the key's."""
    columns = zip(*(one.numbers for one in mistakes), strict=True)
    others = list(columns) or [()] * len(answer.entries)
    entries = tuple(
        replace(entry, number=apart_from(entry.number, column))
        for entry, column in zip(answer.entries, others, strict=True)
    )
    return replace(answer, entries=entries)


def _points(wrong: _Wrong, right: Any, answered: AnsweredParts, part: str) -> int:
    """Return what marking gives for a wrong answer: the share of its right entries, or what a mistake leaves."""
    worth = answered.max_points(part)
    ours, theirs = (one if isinstance(one, tuple) else (one,) for one in (right, wrong.value))
    if isinstance(right, tuple) and right and isinstance(right[0], tuple) and _is_grid(right):
        ours, theirs = tuple(flat(right)), tuple(flat(wrong.value))
    count = sum(map(same, ours, theirs))
    left = max(answered.points_left(part, (mistake,)) for mistake in wrong.mistakes)
    return max(points_for_entries(worth, count, len(ours)), left)


def _is_grid(value: Sequence[Any]) -> bool:
    return len({len(row) if isinstance(row, tuple) else 0 for row in value}) == 1


def _shape(value: Any) -> Any:
    return tuple(map(_shape, value)) if isinstance(value, tuple) else ()


def _is_real(value: Any) -> bool:
    return bool(value.is_real) and bool(value.is_finite)


def _with_feedback(choice: tree.Choice, answer: Answer, wrong: Iterable[_Wrong], variant: Variant) -> tree.Choice:
    """Return a choice whose wrong options say what leads to them."""
    said: dict[int, tree.Blocks] = {}
    for one in wrong:
        place = _place(answer, one.value, variant)
        if place is not None:
            said[place] = _said(one.mistakes, variant)
    options = tuple(
        replace(option, feedback=said.get(place, ())) if not option.right else option
        for place, option in enumerate(choice.options)
    )
    return replace(choice, options=options)


def _place(answer: Answer, value: Any, variant: Variant) -> int | None:
    """Return the place of the option that has a value; None where it is not offered."""
    offered: list[Any] = []
    if isinstance(answer, Offered):
        offered = [answer.value(solution) for solution in answer.solutions]
    elif isinstance(answer, Choice) and not answer.several:
        offered = list(answer.options)
    elif isinstance(answer, Subsets | Words):
        offered = list(chosen_options(answer, variant))
    return next((place for place, one in enumerate(offered) if same(one, value)), None)


def _said(mistakes: Sequence[Mistake], variant: Variant) -> tree.Blocks:
    """Return the sentence about one mistake, or about several that lead to the same answer."""
    clauses = [text.line(prose.inline(mistake.said, variant.values.known)) for mistake in mistakes]
    content = list(clauses[0])
    for clause in clauses[1:]:
        content += [phrase("export.or"), *clause]
    before, after = phrase("export.you", mistake="\0").split("\0")
    return [{"p": [before, *content, after]}]


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or f"x{hash_letters(name, ID_LETTERS)}"
