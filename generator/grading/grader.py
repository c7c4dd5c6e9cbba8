"""One grader for page, terminal and class: a typed answer to one part, its points, and what to tell the student."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from generator.grading import points, telling
from generator.grading.asked_answers import AskedAnswers
from generator.grading.comparing import Comparison, compare
from generator.grading.diagnosing import Diagnoser
from generator.grading.following import Followed, follow
from generator.grading.kinds import entry_depth
from generator.grading.marked import Marked, Status
from generator.grading.method_marks import MethodMarks
from generator.grading.nesting import Typed, depth_of, in_line, shape
from generator.grading.reading import Unreadable, read_truths
from generator.grading.remarks import where_text
from generator.numbers.encoding import encode
from generator.paper.sheet import Entry
from generator.problem.answers import Answer
from generator.problem.choices import Choice, Offered
from generator.problem.parts import Part
from generator.problem.problem import Variant
from generator.problem.words import Claims, Essay

__all__ = ["Grader", "Marked", "Status", "mark"]


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


class Grader:
    """Marks the answers to one variant.

    ``entry`` says how a sheet asks for it; without one, every part can be marked, guided ones too.  Where ``decimals``
    are not accepted, an answer that is right but rounded is told so and earns nothing: roots are to be left.
    """

    def __init__(self, variant: Variant, entry: Entry | None = None, *, decimals: bool = True) -> None:
        self.variant = variant
        self._asked = AskedAnswers(variant, entry)
        self._decimals = decimals
        self._diagnoser = Diagnoser(variant)
        self._method = MethodMarks(variant, self._diagnoser)
        telling.make_ready()

    @property
    def parts(self) -> Mapping[str, Part]:
        """The parts that are answered, by id."""
        return self._asked.parts

    def max_points(self, part_id: str) -> int:
        """What the part is worth: of claims, the verdicts alone, for the reasons are a person's to mark."""
        return self._asked.max_points(part_id)

    def by_machine(self, part_id: str) -> int:
        """The points of a part that are given here."""
        return self._asked.by_machine(part_id)

    def by_hand(self, part_id: str) -> int:
        """The points of a part that a person gives: an essay's, and those for the reasons of claims."""
        return self._asked.by_hand(part_id)

    def reading(self, part_id: str, text: str) -> str:
        """How the answer ``text`` to a part is read, as TeX; empty where it is words.

        Raises :class:`Unreadable`, which points at the place, and :class:`InputError` for an unknown part.
        """
        return self._asked.reading(part_id, text)

    def given(self, part_id: str, working: Mapping[str, str], earlier: Mapping[str, str]) -> dict[str, Typed]:
        """The student's own values of the steps before a part, by name: its working, then the earlier parts' answers."""
        return self._asked.given(part_id, working, earlier)

    def typed(self, part_id: str, text: str) -> Typed:
        """The answer to a part that a step computes, as it is read.  Raises :class:`Unreadable`."""
        return self._asked.read(part_id, text)

    def mark(
        self,
        part_id: str,
        text: str,
        working: Mapping[str, str] | None = None,
        earlier: Mapping[str, str] | None = None,
    ) -> Marked:
        """Mark the answer ``text`` to a part.

        ``working`` are typed values of steps by their names; ``earlier`` are typed answers to earlier parts by their ids.
        Raises :class:`InputError` for an unknown part or step, and for a value of the working that cannot be read.
        """
        answer = self._asked.answer(part_id)
        worth = self.max_points(part_id)
        given = self._asked.working(working or {})
        if isinstance(answer, Essay):
            return Marked("human", None, worth, message=telling.for_a_person(worth))
        try:
            if isinstance(answer, Claims):
                return _verdicts(answer, worth, text)
            typed = self._asked.read(part_id, text)
        except Unreadable as error:
            return Marked("invalid", 0, worth, message=telling.invalid(text, error.position, str(error)))
        return self._marked(answer, worth, typed, given, earlier or {})

    # -------------------------------------------------------------------------------------------- marking

    def _marked(
        self, answer: Answer, worth: int, typed: Typed, given: dict[str, Typed], earlier: Mapping[str, str]
    ) -> Marked:
        assert answer.step is not None
        values = self.variant.values
        right, depth = answer.value(values), entry_depth(answer, values)
        typed = in_line(typed, right) if depth == depth_of(right) else typed
        compared = compare(typed, right, depth, decimals=self._decimals)
        if compared is None or not compared.all_right:  # else nobody asks what follows from earlier parts
            given = {**self._asked.earlier(answer, earlier), **given}
        followed = follow(self.variant, answer.step, given) if given else Followed()
        expected = None if followed.values is None else encode(answer.value(followed.values))
        blank = Marked("wrong", 0, worth, tex=typed.tex, expected_from_working=expected)
        if compared is not None:
            blank = replace(blank, rounded=compared.rounded, entries=_by_entry(compared, right, depth))
            if compared.all_right:
                return replace(blank, status="correct", points=worth, message=telling.right(compared.rounded))
            if compared.only_rounding:
                message = telling.rounding(self._decimals)
                return _with_points(blank, _entry_points(worth, compared), (), message)
        return self._not_right(answer, typed, compared, followed, given, blank)

    def _not_right(
        self,
        answer: Answer,
        typed: Typed,
        compared: Comparison | None,
        followed: Followed,
        given: Mapping[str, Typed],
        blank: Marked,
    ) -> Marked:
        assert answer.step is not None
        worth, depth = blank.max_points, entry_depth(answer, self.variant.values)
        right = answer.value(self.variant.values)
        earned = _entry_points(worth, compared)
        sentences: list[str] = []
        diagnosis = self._diagnoser.diagnose(answer.step, typed, depth)
        if diagnosis.causes and not isinstance(answer, Choice | Offered):
            earned = max(earned, points.for_mistakes(worth, min(map(len, diagnosis.causes))))
        names = [mistake.name for mistake in diagnosis.mistakes]
        follows = self._method.following(answer, typed, followed, given, worth)
        if follows is not None:
            earned = max(earned, follows.points)
            names = [mistake.name for mistake in follows.diagnosis.mistakes] or names
            sentences += follows.sentences
        else:
            if followed.wrong and all(
                len(cause) > 1 for cause in diagnosis.causes
            ):  # her own words tell more than a guess
                cause = self._method.cause(followed.wrong[0], given)
                names = [mistake.name for mistake in cause.mistakes]
                sentences.append(telling.first_wrong(followed.wrong[0], cause, self.variant.values))
            else:
                sentences += telling.causes(diagnosis, self.variant.values)
            sentences += [followed.refusal] if followed.refusal else []
        if compared is None:
            given_depth = depth_of(typed.value) if depth == depth_of(right) else depth
            sentences = [telling.wrong_shape(shape(typed.value, given_depth), shape(right, depth)), *sentences]
        elif not diagnosis.where and 0 < compared.right < compared.total:
            where = where_text(compared.wrong, shape(right, depth) or ())
            sentences.append(telling.entries(compared.right, compared.total, where))
        sentences += followed.notes
        return _with_points(blank, earned, tuple(dict.fromkeys(names)), telling.joined(sentences))


def _with_points(blank: Marked, earned: int, names: tuple[str, ...], message: str) -> Marked:
    status: Status = "partial" if earned else "wrong"
    return replace(blank, status=status, points=earned, diagnosis=names, message=message)


def _entry_points(worth: int, compared: Comparison | None) -> int:
    if compared is None:
        return 0
    return points.for_entries(worth, compared.right, compared.total)


def _by_entry(compared: Comparison, right: Any, depth: int) -> Any:
    """Whether each entry is right, as lists in the form of the answer; None for a number."""
    if depth == 0:
        return None
    if depth == 1:
        return [compared.is_right((place,)) for place in range(len(right))]
    return [[compared.is_right((i, j)) for j in range(len(row))] for i, row in enumerate(right)]


def _verdicts(answer: Claims, worth: int, text: str) -> Marked:
    read = read_truths(text, len(answer.claims))
    right = [ours == claim.verdict for ours, claim in zip(read.value, answer.claims, strict=True)]
    earned = answer.verdict_points * sum(right)
    status: Status = "correct" if all(right) else "partial" if earned else "wrong"
    message = telling.verdicts(right, len(answer.claims) * answer.reason_points)
    return Marked(status, earned, worth, message=message, entries=right, tex=read.tex)
