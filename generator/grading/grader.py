"""One grader for page, terminal and class: a typed answer to one part, its points, and what to tell the student."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Literal

from generator.answers import Answer, Choice, Offered
from generator.asked import asked_parts
from generator.encoding import encode
from generator.errors import InputError
from generator.grading import points, telling
from generator.grading.comparing import Comparison, compare, nearly, same_value
from generator.grading.diagnosing import Diagnoser, Diagnosis
from generator.grading.following import Followed, follow
from generator.grading.kinds import entry_depth, read_answer, read_like
from generator.grading.nesting import Typed, depth_of, in_line, shape
from generator.grading.reading import Unreadable, read_text, read_truths
from generator.grading.remarks import where_text
from generator.grading.values import together
from generator.problem import Part, Variant, walk
from generator.sheet import Entry
from generator.words import Claims, Essay
from generator.worksheet import offered

Status = Literal["correct", "partial", "wrong", "invalid", "human"]
"""``invalid`` could not be read and costs nothing; ``human`` is an answer in words, which a person marks."""


@dataclass(frozen=True)
class Marked:
    """A marked answer.

    ``points`` is None where a person marks it.  ``diagnosis`` names the mistakes that lead to it; ``message`` is Markdown
    for the student.  ``entries`` has the form of the answer and says of each entry whether it is right, None where the
    answer has none or another shape.  ``expected_from_working`` is what follows from the values given, encoded.
    """

    status: Status
    points: int | None
    max_points: int
    diagnosis: tuple[str, ...] = ()
    message: str = ""
    rounded: bool = False
    entries: Any = None
    expected_from_working: Any = None
    tex: str = ""

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "status": self.status,
            "points": self.points,
            "max_points": self.max_points,
            "diagnosis": list(self.diagnosis),
            "message": self.message,
            "expected_from_working": self.expected_from_working,
            "rounded": self.rounded,
            "entries": self.entries,
        }


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
        self._entry = entry or Entry(variant.problem, guided=True)
        asked = asked_parts(variant, self._entry) if entry else variant.all_parts
        self.parts: dict[str, Part] = {part.id: part for part in walk(asked) if part.answer is not None}
        self._decimals = decimals
        self._diagnoser = Diagnoser(variant)
        telling.make_ready()
        self._answers: dict[str, Answer] = {}
        self._reads: dict[tuple[str, str], Typed] = {}

    def max_points(self, part_id: str) -> int:
        """What the part is worth: of claims, the verdicts alone, for the reasons are a person's to mark."""
        part = self._part(part_id)
        answer = part.answer
        if isinstance(answer, Claims):
            return len(answer.claims) * answer.verdict_points
        return self._entry.points.get(part_id, part.worth - sum(child.worth for child in part.parts))

    def by_machine(self, part_id: str) -> int:
        """The points of a part that are given here."""
        return 0 if isinstance(self._part(part_id).answer, Essay) else self.max_points(part_id)

    def by_hand(self, part_id: str) -> int:
        """The points of a part that a person gives: an essay's, and those for the reasons of claims."""
        answer = self._part(part_id).answer
        if isinstance(answer, Claims):
            return len(answer.claims) * answer.reason_points
        return self.max_points(part_id) if isinstance(answer, Essay) else 0

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
        answer = self._answer(part_id)
        worth = self.max_points(part_id)
        given = self._working(working or {})
        if isinstance(answer, Essay):
            return Marked("human", None, worth, message=telling.for_a_person(worth))
        try:
            if isinstance(answer, Claims):
                return _verdicts(answer, worth, text)
            typed = self._read(part_id, text)
        except Unreadable as error:
            return Marked("invalid", 0, worth, message=telling.invalid(text, error.position, str(error)))
        return self._marked(answer, worth, typed, given, earlier or {})

    def reading(self, part_id: str, text: str) -> str:
        """How the answer ``text`` to a part is read, as TeX; empty where it is words.

        Raises :class:`Unreadable`, which points at the place, and :class:`InputError` for an unknown part.
        """
        answer = self._answer(part_id)
        if isinstance(answer, Essay):
            return read_text(text).tex
        if isinstance(answer, Claims):
            return read_truths(text, len(answer.claims)).tex
        return self._read(part_id, text).tex

    def given(self, part_id: str, working: Mapping[str, str], earlier: Mapping[str, str]) -> dict[str, Typed]:
        """The student's own values of the steps before a part, by name: its working, then the earlier parts' answers."""
        return {**self._earlier(self._answer(part_id), earlier), **self._working(working)}

    def typed(self, part_id: str, text: str) -> Typed:
        """The answer to a part that a step computes, as it is read.  Raises :class:`Unreadable`."""
        return self._read(part_id, text)

    # ------------------------------------------------------------------------------------- what was given

    def _part(self, part_id: str) -> Part:
        if part_id not in self.parts:
            raise InputError(
                f"{self.variant.problem.id} has no part {part_id!r} to answer here; it has {', '.join(self.parts)}",
                field="PART",
            )
        return self.parts[part_id]

    def _answer(self, part_id: str) -> Answer:
        known = self._answers.get(part_id)
        if known is None:
            part = self._part(part_id)
            assert part.answer is not None
            known = offered(self.variant, part) if part_id in self._entry.choices else part.answer
            self._answers[part_id] = known
        return known

    def _read(self, part_id: str, text: str) -> Typed:
        """The answer to a part, read once: of earlier parts it is asked for again and again."""
        key = (part_id, text)
        if key not in self._reads:
            self._reads[key] = read_answer(self._answer(part_id), self.variant.values, text)
        return self._reads[key]

    def _earlier(self, answer: Answer, earlier: Mapping[str, str]) -> dict[str, Typed]:
        """The values of the steps that earlier parts ask for, where their answers can be read."""
        given: dict[str, Typed] = {}
        for part_id, text in earlier.items():
            before = self._answer(part_id)
            if before.step is None or before.step == answer.step:
                continue
            with suppress(Unreadable):
                given[before.step] = self._read(part_id, text)
        return given

    def _working(self, working: Mapping[str, str]) -> dict[str, Typed]:
        """The typed values of steps by their names; raises :class:`InputError` for one that there is not."""
        values = self.variant.values
        given: dict[str, Typed] = {}
        with together():
            for name, text in working.items():
                if name not in values.computed:
                    known = ", ".join(values.computed)
                    raise InputError(
                        f"{self.variant.problem.id} computes no {name!r} here; it computes {known}", field="--working"
                    )
                try:
                    given[name] = read_like(text, values[name])
                except Unreadable as error:
                    raise InputError(f"the value cannot be read: {error}", field=f"--working {name}") from error
        return given

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
            given = {**self._earlier(answer, earlier), **given}
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
        if diagnosis.causes and not diagnosis.where and not isinstance(answer, Choice | Offered):
            earned = max(earned, points.for_mistakes(worth, min(map(len, diagnosis.causes))))
        names = [mistake.name for mistake in diagnosis.mistakes]
        follows = self._following(answer, typed, followed, given, worth)
        if follows is not None:
            earned = max(earned, follows.points)
            names = [mistake.name for mistake in follows.diagnosis.mistakes] or names
            sentences += follows.sentences
        else:
            if followed.wrong and all(
                len(cause) > 1 for cause in diagnosis.causes
            ):  # her own words tell more than a guess
                cause = self._cause(followed.wrong[0], given)
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

    def _following(
        self, answer: Answer, typed: Typed, followed: Followed, given: Mapping[str, Typed], worth: int
    ) -> _Follows | None:
        """The marks for what follows from the student's own values, and which of those first went wrong."""
        if not followed.earns or followed.values is None:
            return None
        assert answer.step is not None
        depth = entry_depth(answer, self.variant.values)
        theirs = answer.value(followed.values)
        compared = compare(typed, theirs, depth, decimals=True)
        if compared is None or same_value(theirs, answer.value(self.variant.values)):
            return None
        near = compared.all_right or (any(one.places for one in given.values()) and nearly(typed, theirs, depth))
        first = followed.wrong[0]
        cause = self._cause(first, given)
        begin = telling.first_wrong(first, cause, self.variant.values)
        if near:
            return _Follows(points.for_following(worth, 1, 1), cause, [telling.follows(followed.wrong), begin])
        again = Diagnoser(self.variant, followed.values).diagnose(answer.step, typed, depth)
        if again.causes:
            both = Diagnosis((*cause.causes, *again.causes))
            earned = points.for_mistakes(points.for_following(worth, 1, 1), 1)
            told = [begin, telling.on_top(), *telling.causes(again, self.variant.values)]
            return _Follows(0 if isinstance(answer, Choice | Offered) else earned, both, told)
        if depth and compared.right > compared.total - compared.right:
            where = where_text(compared.wrong, shape(theirs, depth) or ())
            earned = points.for_following(worth, compared.right, compared.total)
            return _Follows(earned, cause, [telling.follows_but(followed.wrong, where), begin])
        return None

    def _cause(self, name: str, given: Mapping[str, Typed]) -> Diagnosis:
        """Which mistake led to a wrong earlier value."""
        if name not in given:
            return Diagnosis()
        right = self.variant.values[name]
        return self._diagnoser.diagnose(name, in_line(given[name], right), depth_of(right))


@dataclass(frozen=True)
class _Follows:
    points: int
    diagnosis: Diagnosis
    sentences: list[str]


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
