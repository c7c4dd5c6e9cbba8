"""The worked solution of a part, with the first line marked where a student's answer went wrong.

What the student did is known from earlier values that were given, or from the mistake that leads to the answer; otherwise only
the answer is known.  Which of these it is, the grader has decided, so that the mark's message and the marked line agree.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from generator.document.nodes import BoxedAnswer, Display, Math
from generator.document.placement import placed
from generator.errors.language import phrase
from generator.grading import messages
from generator.grading.blanks import is_shown, with_blanks
from generator.grading.compare import compare
from generator.grading.diagnose import Diagnoser
from generator.grading.follow import follow, with_right_decimals_exact
from generator.grading.grader import Grader
from generator.grading.nesting import (
    Index,
    TypedValue,
    Unread,
    depth_of,
    entries_of,
    indices_of,
    reshaped_like,
    shape_of,
)
from generator.grading.reading.answers import entry_depth
from generator.grading.solve_again import STEP_ERRORS
from generator.grading.worked_steps import (
    BLANK,
    RELATION,
    Blocks,
    after_leaf,
    first_changed_step,
    first_difference,
    highlight,
    leaves,
    with_entry,
    with_values,
    worked_steps,
)
from generator.numbers import exact as ex
from generator.numbers import notation
from generator.problem.answers import Answer
from generator.problem.solution import Values
from generator.problem.word_answers import words_tex

Status = Literal["right", "here", "after"]


@dataclass(frozen=True)
class SolutionLine:
    """A line of the worked solution.

    At most one line has the status ``here``: the first that is wrong, with its first wrong formula strong.  A line ``after``
    depends on it.  ``yours`` is what follows from the student's values instead: of the line ``here``, what comes after that
    formula; empty where nothing does, or where it is not known.
    """

    blocks: Blocks
    status: Status
    yours: Blocks = ()


@dataclass(frozen=True)
class WrongStep:
    """Where an answer went wrong.

    ``step`` is the first quantity that is wrong and ``name`` what messages call it.  ``certain`` says whether that step is
    known to be the one, and is not just the first where a difference shows; ``elsewhere``, whether it is what the student typed
    for another part.
    ``message`` says what is known, ``lead`` what the student had there and introduces what follows from it; both are Markdown.
    ``follows`` is the answer that follows from the student's value, as TeX, empty where it is not known.
    """

    step: str
    name: str
    certain: bool
    elsewhere: bool
    message: str
    lead: str
    follows: str
    lines: tuple[SolutionLine, ...]


@dataclass(frozen=True)
class _Cause:
    """What is known about the error: the wrong step, the student's values from there on, and what to say about it.

    ``typed`` is the value of that step as it was typed, None if only a mistake that leads to it is known; ``in_part`` says
    that the mistake was made in some entries only.
    """

    step: str
    values: Values
    certain: bool
    message: str
    typed: TypedValue | None = None
    follows: str = ""
    in_part: bool = False


def find_wrong_step(
    grader: Grader,
    part_id: str,
    text: str,
    working: Mapping[str, str] | None = None,
    earlier: Mapping[str, str] | None = None,
    hidden: Collection[str] = (),
) -> WrongStep | None:
    """Return where the answer ``text`` to a part went wrong; None if it is right or only rounded, or no step computes it.

    ``working`` and ``earlier`` are as for :meth:`Grader.mark`.  ``hidden`` are steps whose right values must not be
    shown, since other parts ask for them.
    """
    with placed(grader.placement):
        return _find_wrong_step(grader, part_id, text, working, earlier, hidden)


def _find_wrong_step(
    grader: Grader,
    part_id: str,
    text: str,
    working: Mapping[str, str] | None,
    earlier: Mapping[str, str] | None,
    hidden: Collection[str],
) -> WrongStep | None:
    answer = grader.answer(part_id)
    marked = grader.mark(part_id, text, working, earlier)
    if answer.step is None or marked.status not in ("wrong", "partial"):
        return None
    variant, key = grader.variant, grader.variant.values
    typed = reshaped_like(grader.read(part_id, text), key[answer.step])
    depth = entry_depth(answer, key)
    compared = compare(typed, answer.value(key), depth, decimals=True)
    if compared is not None and (compared.all_right or compared.only_rounding):
        return None
    cause = _cause(grader, answer, typed, marked.wrong_earlier, grader.given(part_id, working or {}, earlier or {}))
    in_answer = _wrong_entries(typed, answer.value(key), depth)
    wrong_lines = {line for line, _ in _lines_of(grader, part_id, answer.step, in_answer)}
    entry, place = _place(grader, part_id, cause, wrong_lines)
    elsewhere = cause.typed is not None and cause.step != answer.step and bool(grader.names.label(cause.step))
    shown = with_blanks(variant, part_id, key, hidden)
    right = [name for name in hidden if name in cause.values and ex.same(cause.values[name], key[name])]
    yours = with_blanks(variant, part_id, cause.values, right) if cause.certain else shown
    if len(yours) != len(shown):
        yours = shown
    lines, lead = [], ""
    for number, (blocks, theirs) in enumerate(zip(shown, yours, strict=True)):
        changed = cause.certain and first_difference(blocks, theirs) is not None
        if place is not None and number == place[0]:
            pair = [next(islice(leaves(line), place[1], None), None) for line in (blocks, theirs)] if changed else []
            rest = after_leaf(theirs, place[1]) if changed else ()
            rest = () if rest == after_leaf(blocks, place[1]) else rest
            lead = _lead(grader, part_id, cause, entry, hidden, *pair, follows=bool(rest))
            lines.append(SolutionLine(highlight(blocks, frozenset({place[1]})), "here", rest if lead else ()))
        elif changed and place is not None and number > place[0] and (not cause.in_part or number in wrong_lines):
            lines.append(SolutionLine(blocks, "after", theirs))
        else:
            lines.append(SolutionLine(blocks, "right"))
    name = grader.names.of(cause.step)
    return WrongStep(
        step=cause.step,
        name=name,
        certain=cause.certain,
        elsewhere=elsewhere,
        message=cause.message,
        lead=lead or _lead(grader, part_id, cause, entry, hidden),
        follows=cause.follows,
        lines=tuple(line for line in lines if line.blocks),
    )


def _lead(
    grader: Grader,
    part_id: str,
    cause: _Cause,
    entry: Index | None,
    hidden: Collection[str],
    formula: Any = None,
    marked: Any = None,
    *,
    follows: bool = False,
) -> str:
    """Return the sentence on the student's value at the marked line, which introduces what follows from it.

    ``marked`` is the marked ``formula`` as the mistake makes it.  What a mistake gives is said only of that, and not if it is
    not known which mistake was made, or if it gives the answer to an open part.
    """
    if cause.typed is not None:
        if entry is None or isinstance(cause.values[cause.step], str):
            return ""
        value = f"${entry_tex(cause.typed, entry, depth_of(grader.variant.values[cause.step]))}$"
        return phrase("feedback.from_your_value" if follows else "feedback.your_value_was", value=value)
    value = _given_by(cause, formula, marked)
    if not value or is_shown(value, grader.variant, part_id, hidden):
        return ""
    return phrase("feedback.mistake_leads_to" if follows else "feedback.mistake_gives", value=f"${value}$")


def _given_by(cause: _Cause, formula: Any, marked: Any) -> str:
    """Return the TeX of what a mistake makes of a formula: its last side; empty where that is as in the solution, or a blank."""
    if not cause.certain or not isinstance(formula, Math | Display) or not isinstance(marked, Math | Display):
        return ""
    right, wrong = (RELATION.split(one.tex.split(r"\approx")[0])[-1].strip(" .,;") for one in (formula, marked))
    return "" if BLANK in wrong or wrong == right else wrong


def entry_tex(typed: TypedValue, entry: Index, depth: int) -> str:
    """Return an entry of a typed value as it was typed, as TeX."""
    body = typed.tex.removeprefix(r"\begin{bmatrix} ").removesuffix(r" \end{bmatrix}")
    written = [one for row in body.split(r" \\ ") for one in row.split(" & ")]
    order = indices_of(shape_of(typed.value, depth) or ())
    if len(written) == len(order) and entry in order:
        return written[order.index(entry)]
    found = entries_of(typed.value, len(entry))[entry]
    if isinstance(found, Unread):
        return r"\text{?}" if found.typed else r"\square"
    return words_tex(found) if isinstance(found, str) else notation.tex(found)


# ------------------------------------------------------------------------------------------- the cause


def _cause(
    grader: Grader, answer: Answer, typed: TypedValue, wrong_earlier: str, given: Mapping[str, TypedValue]
) -> _Cause:
    step, key = answer.step, grader.variant.values
    assert step is not None
    diagnoser, depth = Diagnoser(grader.variant, grader.names), entry_depth(answer, key)
    if wrong_earlier:
        return _from_earlier(grader, answer, wrong_earlier, given, diagnoser)
    diagnosis = diagnoser.diagnose(step, typed, depth)
    message = " ".join(messages.causes(diagnosis, key))
    if diagnosis.causes:
        step, values = _mistaken(grader, diagnosis.causes[0][0].replaced, diagnosis.causes[0][1:])
        step, values = _after_right_ones(grader, answer, step, values, given)
        certain = len(diagnosis.causes) == 1 == len(diagnosis.causes[0])
        return _Cause(step, values, certain, message, in_part=bool(diagnosis.where))
    exact = typed.value
    if depth == depth_of(key[step]):
        exact = with_right_decimals_exact(typed, key[step], depth, coarse=True)
    return _Cause(step, with_values(key, {step: exact}), False, message, typed)


def _from_earlier(
    grader: Grader, answer: Answer, step: str, given: Mapping[str, TypedValue], diagnoser: Diagnoser
) -> _Cause:
    """Return the cause where an earlier value of the student's is wrong: what follows from it is known."""
    key = grader.variant.values
    assert answer.step is not None
    followed = follow(grader.variant, answer.step, given, grader.names)
    typed, depth = reshaped_like(given[step], key[step]), depth_of(key[step])
    message = messages.first_wrong(grader.names.of(step), diagnoser.diagnose(step, typed, depth), key)
    if followed.values is None:
        exact = with_right_decimals_exact(typed, key[step], depth)
        return _Cause(step, with_values(key, {step: exact}), True, f"{message} {followed.refusal}", typed)
    return _Cause(step, followed.values, True, message, typed, _answer_tex(answer, followed.values))


def _mistaken(grader: Grader, replaced: Mapping[str, Any], others: tuple[Any, ...]) -> tuple[str, Values]:
    """Return the first step that the mistakes change, and the values that they lead to."""
    key, graph = grader.variant.values, grader.variant.problem.graph
    replaced = {**replaced, **{name: step for mistake in others for name, step in mistake.replaced.items()}}
    values = graph.with_steps(key, replaced)
    changed = (
        name for name in graph.names if name in replaced and name in values and not ex.same(values[name], key[name])
    )
    return next(changed, next(iter(replaced))), values


def _after_right_ones(
    grader: Grader, answer: Answer, step: str, values: Values, given: Mapping[str, TypedValue]
) -> tuple[str, Values]:
    """Return the first wrong step and the values where the student's own ones before the answer are right: those stay as they are."""
    key, graph = grader.variant.values, grader.variant.problem.graph
    right = {
        name: key[name]
        for name, typed in given.items()
        if name in values
        and ex.same(
            with_right_decimals_exact(reshaped_like(typed, key[name]), key[name], depth_of(key[name])), key[name]
        )
    }
    passed = {name for name in right if name == step or step in graph.upstream(name)}
    if not passed:
        return step, values
    assert answer.step is not None
    later = (name for name in graph.names if name in graph.upstream(answer.step) and name in values)
    wrong = (name for name in later if name not in right and passed & graph.upstream(name))
    first = next((name for name in wrong if not ex.same(values[name], key[name])), answer.step)
    return first, with_values(values, right)


def _answer_tex(answer: Answer, values: Values) -> str:
    """Return the answer as the key would print it; empty where the values give none, such as an option not offered."""
    with suppress(*STEP_ERRORS):
        shown = answer.shown(values)
        return shown.tex if isinstance(shown, BoxedAnswer) else ""
    return ""


# ------------------------------------------------------------------------------------------- the place


def _place(grader: Grader, part_id: str, cause: _Cause, where: set[int]) -> tuple[Index | None, tuple[int, int] | None]:
    """Return the first wrong entry of the step, and the line and the leaf in it where that first shows.

    ``where`` are the lines in which the answer itself is wrong: a mistake made in some rows only is not made before them.
    """
    key = grader.variant.values
    right, wrong = key[cause.step], cause.values[cause.step]
    shape = shape_of(right, depth_of(right))
    if shape != shape_of(wrong, depth_of(right)):
        return None, _last(grader, part_id)
    whole = first_changed_step(
        worked_steps(grader.variant, part_id, key), worked_steps(grader.variant, part_id, cause.values)
    )
    if shape is None:  # vectors of several lengths: what is wrong has no place among them
        return None, whole or _last(grader, part_id)
    entries = {
        index: entry
        for index, entry in entries_of(wrong, depth_of(right)).items()
        if not ex.same(entry, entries_of(right, depth_of(right))[index])
    }
    found = [
        (place, index) for index in entries for place in _lines_of(grader, part_id, cause.step, {index: entries[index]})
    ]
    inside = [one for one in found if one[0][0] in where] or found
    first = min(inside, default=None)
    if first is None:
        return next(iter(entries), None), whole or _last(grader, part_id)
    if whole is not None and whole < first[0] and found == inside:
        return first[1], whole  # a value that depends on the step is shown before the step itself
    return first[1], first[0]


def _last(grader: Grader, part_id: str) -> tuple[int, int] | None:
    """Return the last line of the worked solution and its last formula, where a number stands; None if there is none."""
    lines = worked_steps(grader.variant, part_id, grader.variant.values)
    step = grader.answer(part_id).step
    if not lines or step is None or isinstance(grader.variant.values[step], str):
        return None
    formulas = [place for place, leaf in enumerate(leaves(lines[-1])) if isinstance(leaf, Math | Display)]
    return len(lines) - 1, (formulas or [0])[-1]


def _lines_of(grader: Grader, part_id: str, step: str, entries: Mapping[Index, Any]) -> Iterator[tuple[int, int]]:
    """Yield the first line, and the leaf in it, where each of these wrong entries of a step shows by itself."""
    variant, key = grader.variant, grader.variant.values
    lines = worked_steps(variant, part_id, key)
    for index, entry in entries.items():
        changed = worked_steps(variant, part_id, with_values(key, {step: with_entry(key[step], index, entry)}))
        place = first_changed_step(lines, changed)
        if place is not None:
            yield place


def _wrong_entries(typed: TypedValue, right: Any, depth: int) -> dict[Index, Any]:
    """Return the entries of a typed value that are wrong, and not only too coarsely rounded; none if its shape is."""
    compared = compare(typed, right, depth, decimals=True)
    if compared is None:
        return {}
    entries = entries_of(typed.value, depth)
    return {index: entry for index, entry in entries.items() if not compared.is_near(index)}
