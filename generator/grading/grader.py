"""The grader, one for the web page, the terminal and a class: a typed answer to one part gets points and a message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from generator.document.placement import Placement, placed
from generator.errors import InputError, expected
from generator.grading import messages
from generator.grading.answered_parts import AnsweredParts
from generator.grading.compare import Comparison, compare
from generator.grading.diagnose import Diagnoser, Diagnosis
from generator.grading.follow import Followed, FollowMarker, follow
from generator.grading.marks import Marked, Status, points_for_entries
from generator.grading.nesting import TypedValue, depth_of, indices_text, reshaped_like, shape_of
from generator.grading.reading.answers import entry_depth
from generator.grading.reading.choices import read_truths
from generator.grading.step_names import StepNames
from generator.numbers.encoding import encode
from generator.numbers.tokens import UnreadableError
from generator.paper.labels import PrintedProblem, find_part, part_labels
from generator.paper.sheet import Entry
from generator.paper.solve import arithmetic_limit, parsed
from generator.problem.answers import LEAST_DIGITS, Answer
from generator.problem.choices import Choice, Offered
from generator.problem.parts import Part
from generator.problem.problem import Problem, Variant
from generator.problem.words import Claims, Essay


def mark(
    variant: Variant,
    part_id: str,
    text: str,
    working: Mapping[str, str] | None = None,
    earlier: Mapping[str, str] | None = None,
    *,
    decimals: bool = True,
) -> Marked:
    """Mark one typed answer: see :meth:`Grader.mark`."""
    return Grader(variant, decimals=decimals).mark(part_id, text, working, earlier)


def mark_json(
    problem: Problem,
    params: str | bytes,
    part: str,
    answer: str,
    working: Iterable[str] = (),
    *,
    decimals: bool = True,
    guided: bool = False,
    name: str = "the parameters",
) -> Marked:
    """Mark ``answer`` to a part of the problem with the parameters in the JSON ``params``.

    The part is named by its id, or by its label on the paper, which may be the ``guided`` one.  ``working`` are texts
    ``NAME=VALUE``.  Raise :class:`InputError` naming the wrong parameter, part or value.
    """
    with arithmetic_limit():
        variant = problem.variant(problem.read(parsed(params, name)))
        grader = Grader(variant, Entry(problem, guided=True) if guided else None, decimals=decimals)
        return grader.mark(_part_id(grader, part, guided=guided), answer, _by_name(working))


def _part_id(grader: Grader, part: str, *, guided: bool) -> str:
    """Return the id of a part that is named by its id, or by its label on the paper."""
    if part in grader.parts:
        return part
    variant = grader.variant
    labels = part_labels(variant.all_parts if guided else variant.parts)
    answered = tuple(name for name in grader.parts if name in labels)
    problem = PrintedProblem(variant.problem.id, variant.problem.heading, labels, answered)
    try:
        return find_part("", part, [problem])[1]
    except InputError:
        others = ", ".join(name for name in grader.parts if name not in labels)
        raise InputError(
            f"{problem.id} has no part {part!r} to answer here; it has {problem.part_names()}"
            + (f", and guided {others}" if others else ""),
            field="PART",
        ) from None


def _by_name(working: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in working:
        name, separator, value = text.partition("=")
        name = name.strip()
        if not separator or not name:
            raise InputError(expected("NAME=VALUE, such as mean='6 3 2'", f"{text[:60]!r}"), field="--working")
        if name in found:
            raise InputError(f"{name!r} is given twice", field="--working")
        found[name] = value
    return found


class Grader:
    """Mark the answers to one variant.

    ``entry`` says how a sheet asks for it; without one, every part can be marked, guided ones too.  Where ``decimals``
    are not accepted, an answer that is right but rounded earns nothing, and the message says why.  With ``key_only`` answers
    are compared with the variant's values alone: nothing is computed again, from her own values or with mistakes.  ``verdicts``
    are those that were right on the paper, by the parts with claims, where they may be others today.
    """

    def __init__(
        self,
        variant: Variant,
        entry: Entry | None = None,
        *,
        decimals: bool = True,
        key_only: bool = False,
        verdicts: Mapping[str, Sequence[bool]] | None = None,
    ) -> None:
        self.variant = variant
        self.entry = entry or Entry(variant.problem, guided=True)
        self.key_only = key_only
        self._verdicts = verdicts or {}
        self._answered = AnsweredParts(variant, entry)
        self._decimals = decimals
        self.names = StepNames(variant, entry)
        self._diagnoser = Diagnoser(variant, self.names)
        self._follow_marker = FollowMarker(variant, self._diagnoser, self.names)
        messages.warm_up()

    @property
    def parts(self) -> Mapping[str, Part]:
        """The parts that are answered, by id."""
        return self._answered.parts

    @property
    def placement(self) -> Placement:
        """Where the texts of the parts stand."""
        return self._answered.placement

    def max_points(self, part_id: str) -> int:
        """Return the points of a part; of claims those for the verdicts alone, since a person marks the reasons."""
        return self._answered.max_points(part_id)

    def automatic_points(self, part_id: str) -> int:
        """Return the points of a part that are given automatically."""
        return self._answered.automatic_points(part_id)

    def manual_points(self, part_id: str) -> int:
        """Return the points of a part that a person gives: those of an essay, and those for the reasons of claims."""
        return self._answered.manual_points(part_id)

    def reading_tex(self, part_id: str, text: str) -> str:
        """Return how the answer ``text`` to a part is read, as TeX; empty for words.

        Raise :class:`UnreadableError`, which points at the place, and :class:`InputError` for an unknown part.
        """
        return self._answered.reading_tex(part_id, text)

    def given(self, part_id: str, working: Mapping[str, str], earlier: Mapping[str, str]) -> dict[str, TypedValue]:
        """Return the student's own values of the steps before a part, by name: from its working, else from earlier parts."""
        return self._answered.given(part_id, working, earlier)

    def answer(self, part_id: str) -> Answer:
        """Return the answer that a part asks for: of a part offered as multiple choice, the options."""
        return self._answered.answer(part_id)

    def read(self, part_id: str, text: str) -> TypedValue:
        """Read the answer to a part that a step computes; raise :class:`UnreadableError`."""
        return self._answered.read(part_id, text)

    def mark(
        self,
        part_id: str,
        text: str,
        working: Mapping[str, str] | None = None,
        earlier: Mapping[str, str] | None = None,
    ) -> Marked:
        """Mark the answer ``text`` to a part.

        ``working`` are typed values of steps by their names; ``earlier`` are typed answers to earlier parts by their ids.
        Raise :class:`InputError` for an unknown part or step, and for a value of the working that cannot be read.
        """
        with placed(self.placement):
            return self._mark(part_id, text, working, earlier)

    def _mark(
        self, part_id: str, text: str, working: Mapping[str, str] | None, earlier: Mapping[str, str] | None
    ) -> Marked:
        answer = self._answered.answer(part_id)
        worth = self.max_points(part_id)
        given = self._answered.working(working or {})
        if self.key_only:
            given, earlier = {}, {}
        if isinstance(answer, Essay):
            return Marked("human", None, worth, message=messages.marked_by_a_person(worth))
        try:
            if isinstance(answer, Claims):
                return _verdicts(answer, worth, text, self._verdicts.get(part_id))
            typed = self._answered.read(part_id, text)
        except UnreadableError as error:
            return Marked("invalid", 0, worth, message=messages.invalid(text, error.position, str(error)))
        return self._marked(part_id, answer, worth, typed, given, earlier or {})

    # -------------------------------------------------------------------------------------------- marking

    def _marked(
        self,
        part_id: str,
        answer: Answer,
        worth: int,
        typed: TypedValue,
        given: dict[str, TypedValue],
        earlier: Mapping[str, str],
    ) -> Marked:
        assert answer.step is not None
        values = self.variant.values
        right, depth = answer.value(values), entry_depth(answer, values)
        typed = reshaped_like(typed, right) if depth == depth_of(right) else typed
        digits = getattr(answer, "digits", LEAST_DIGITS)
        compared = compare(typed, right, depth, decimals=self._decimals, digits=digits)
        if compared is None or not compared.all_right:  # else it does not matter what follows from earlier parts
            given = {**self._answered.earlier(answer, earlier), **given}
        followed = follow(self.variant, answer.step, given, self.names) if given else Followed()
        expected = None if followed.values is None else encode(answer.value(followed.values))
        blank = Marked("wrong", 0, worth, tex=typed.tex, expected_from_working=expected)
        if compared is not None:
            blank = replace(
                blank, rounded=compared.rounded, entries=_by_entry(compared, right, depth), unread=_listed(typed)
            )
            if compared.all_right:
                return replace(blank, status="correct", points=worth, message=messages.right(compared.rounded))
            if compared.only_rounding:
                message = messages.rounding(self._decimals)
                return _with_points(blank, _entry_points(worth, compared), (), message)
        return self._not_right(part_id, answer, typed, compared, followed, given, blank)

    def _not_right(
        self,
        part_id: str,
        answer: Answer,
        typed: TypedValue,
        compared: Comparison | None,
        followed: Followed,
        given: Mapping[str, TypedValue],
        blank: Marked,
    ) -> Marked:
        assert answer.step is not None
        worth, depth = blank.max_points, entry_depth(answer, self.variant.values)
        right = answer.value(self.variant.values)
        earned = _entry_points(worth, compared)
        sentences: list[str] = []
        diagnosis = Diagnosis() if self.key_only else self._diagnoser.diagnose(answer.step, typed, depth)
        if diagnosis.causes and not diagnosis.doubtful and not isinstance(answer, Choice | Offered):
            earned = max(earned, *(self._answered.points_left(part_id, cause) for cause in diagnosis.causes))
        names, first = [mistake.name for mistake in diagnosis.mistakes], ""
        follows = self._follow_marker.mark(answer, typed, followed, given, worth)
        if follows is not None:
            earned = max(earned, follows.points)
            names = [mistake.name for mistake in follows.diagnosis.mistakes] or names
            sentences += follows.sentences
            first = followed.wrong[0]
        else:
            if followed.wrong and all(len(cause) > 1 for cause in diagnosis.causes):
                # the student's own earlier values are better evidence than a guess at two mistakes
                first = followed.wrong[0]
                cause = self._follow_marker.cause(first, given)
                names = [mistake.name for mistake in cause.mistakes]
                sentences.append(messages.first_wrong(self.names.of(first), cause, self.variant.values))
            else:
                sentences += messages.causes(diagnosis, self.variant.values)
            sentences += [followed.refusal] if followed.refusal else []
        if compared is None:
            given_depth = depth_of(typed.value) if depth == depth_of(right) else depth
            sentences = [messages.wrong_shape(shape_of(typed.value, given_depth), shape_of(right, depth)), *sentences]
        elif not diagnosis.where and 0 < compared.right < compared.total:
            sentences += _about_entries(compared, shape_of(right, depth) or ())
        if compared is not None:
            sentences += messages.unread(typed.unread, shape_of(right, depth) or ())
        sentences += followed.notes
        marked = _with_points(blank, earned, tuple(dict.fromkeys(names)), messages.joined(sentences))
        return replace(marked, wrong_earlier=first)


def _with_points(blank: Marked, earned: int, names: tuple[str, ...], message: str) -> Marked:
    status: Status = "partial" if earned else "wrong"
    return replace(blank, status=status, points=earned, diagnosis=names, message=message)


def _entry_points(worth: int, compared: Comparison | None) -> int:
    if compared is None:
        return 0
    return points_for_entries(worth, compared.right, compared.total)


def _about_entries(compared: Comparison, shape: tuple[int, ...]) -> list[str]:
    """Return sentences on the entries that are not right: those that are wrong, and those with too few digits."""
    coarse = [index for index in compared.wrong if compared.is_near(index)]
    wrong = [index for index in compared.wrong if not compared.is_near(index)]
    sentences = [messages.right_entries(compared.right, compared.total, indices_text(wrong, shape))] if wrong else []
    if coarse:
        sentences.append(messages.coarse_entries(indices_text(coarse, shape), len(coarse), decimals=compared.decimals))
    return sentences


def _by_entry(compared: Comparison, right: Any, depth: int) -> Any:
    """Return whether each entry is right, as lists in the shape of the answer; None for a number."""
    if depth == 0:
        return None
    if depth == 1:
        return [compared.is_right((place,)) for place in range(len(right))]
    return [[compared.is_right((i, j)) for j in range(len(row))] for i, row in enumerate(right)]


def _listed(typed: TypedValue) -> list[dict[str, Any]] | None:
    """Return the entries that are empty or cannot be read, for JSON."""
    unread = [
        {"entry": [place + 1 for place in index], "typed": entry.typed, "reason": entry.reason}
        for index, entry in typed.unread.items()
    ]
    return unread or None


def _verdicts(answer: Claims, worth: int, text: str, printed: Sequence[bool] | None) -> Marked:
    verdicts = printed if printed is not None else [claim.verdict for claim in answer.claims]
    if len(verdicts) != len(answer.claims):  # which of them the printed ones are, nobody knows
        return Marked("human", None, worth, message=messages.marked_by_a_person(worth))
    read = read_truths(text, len(verdicts))
    right = [ours == verdict for ours, verdict in zip(read.value, verdicts, strict=True)]
    earned = answer.verdict_points * sum(right)
    status: Status = "correct" if all(right) else "partial" if earned else "wrong"
    message = messages.verdicts(right, len(answer.claims) * answer.reason_points)
    message = messages.joined([message, *messages.unread(read.unread, (len(answer.claims),))])
    return Marked(status, earned, worth, message=message, entries=right, tex=read.tex, unread=_listed(read))
