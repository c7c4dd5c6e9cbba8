"""The record of a paper: what was generated, exactly enough to make, mark and check it again.

One paper's record is its ``manifest.json``; a class's ``manifest.jsonl`` has one a line.  :func:`read_record` is the only
reader of either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from hashlib import blake2b, sha256
from typing import Annotated, Any, Literal, TypeAlias

import msgspec

from generator import __version__
from generator.document.nodes import ChoiceSpace, Exercise, Question, every_question
from generator.errors import InputError, expected
from generator.errors.language import ENGLISH
from generator.numbers.encoding import encode
from generator.paper.asked import asked_parts
from generator.paper.hand_work import hand_work
from generator.paper.ids import read_id
from generator.paper.origin import Origin, Redraws, Seed
from generator.paper.paper import Paper
from generator.paper.sheet import Entry
from generator.paper.students import NOBODY, Student
from generator.problem.draw import hash_letters
from generator.problem.problem import Variant

Count: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=10**9)]


class Recipient(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """The student that a paper is for."""

    id: str
    name: str
    section: str
    email: str
    needs: list[str] = []


class Letters(msgspec.Struct):
    """The right options among ``of``, by their places from 0."""

    right: list[Count]
    of: Annotated[int, msgspec.Meta(ge=1, le=100)]

    def __post_init__(self) -> None:
        if len(set(self.right)) != len(self.right) or any(place >= self.of for place in self.right):
            raise ValueError(expected(f"different places below {self.of}", self.right))


class ProblemRecord(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One problem of a paper: the variant, how the sheet asks for it, and what the report on fairness counts.

    ``params``, ``values`` and ``answers`` are written as :func:`generator.numbers.encoding.encode` writes them.
    ``canonical`` is equal for two variants that are the same exercise, ``cost`` is the work by hand, ``possible`` how
    many answers a part can have, and ``again`` how often the problem was drawn again since another student had it.
    ``among`` are the problems that this one was drawn from, if the sheet draws it.
    """

    id: str
    params: dict[str, Any]
    values: dict[str, Any]
    answers: dict[str, Any]
    level: str = ""
    guided: bool = False
    extended: bool = True  # as all were that do not say
    points: dict[str, Count] = {}
    choices: list[str] = []
    without: list[str] = []
    canonical: str = ""
    cost: Count | None = None
    letters: dict[str, Letters] | None = None
    possible: dict[str, Annotated[int, msgspec.Meta(ge=1, le=10**9)]] = {}
    again: Count = 0
    among: list[str] = []

    def __post_init__(self) -> None:
        self.level = self.level or "standard"  # which records of version 0.1 do not say


class Record(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One paper: whose it is, what it was made from, its exact answers, and the SHA-256 of the files written.

    ``stream`` is what its numbers were drawn from, and ``secret`` the fingerprint of the course secret, if that is where the
    stream came from; records from before there were secrets have neither.  ``engine`` is the one that was asked for to make
    the PDFs of a class's paper.  The record of such a paper has a ``student``;
    ``again`` is the number of problems' redraws, or in records of version 0.1 how often the whole paper was drawn again.
    ``options`` are those of the command that said how the paper looks, ``places`` the heights that its fixed layout reserves.
    ``exported`` are the parts that an export asks, such as ``dropout.y_corr``, where the record is of its variants.
    ``replaced`` are the records of the papers that the student was given before this one.  A paper that could not be made
    has ``failed``, the reason; such a record stays among the files of an unfinished run.
    """

    sheet: str
    seed: Count | Literal["original"]
    id: str
    version: str
    stream: str = ""
    secret: str = ""
    sources: dict[str, str] = {}
    language: str = ENGLISH
    engine: str = ""
    options: dict[str, str | int | bool] = {}
    places: dict[str, Count] = {}
    student: Recipient | None = None
    form: str | None = None
    again: Count | None = None
    failed: str = ""
    exported: list[str] = []
    files: dict[str, str]
    problems: list[ProblemRecord]
    replaced: list[Record] = []

    @property
    def is_as_made_now(self) -> bool:
        """Whether this version would make the paper as it was made."""
        return self.version == __version__ and bool(self.stream)

    @property
    def sheet_file(self) -> str:
        """The name of the sheet's file, as far as it is on record."""
        return next((name for name in self.sources if name.endswith((".toml", ".py"))), f"{self.sheet}.toml")

    @property
    def origin(self) -> Origin:
        """What the paper was drawn from, as far as it is on record."""
        return Origin(read_id(self.id), self.stream, self.redraws, self.secret)

    @property
    def redraws(self) -> Redraws:
        """The problems that were drawn again, by their places from 1, with how often."""
        numbered = enumerate(self.problems, start=1)
        return tuple((place, problem.again) for place, problem in numbered if problem.again)

    @property
    def recipient(self) -> Student:
        """The student or form that the paper is for."""
        if self.student is None:
            return NOBODY
        one = self.student
        return Student(one.id, one.name, one.section, one.email, self.form or "", tuple(one.needs))


# ------------------------------------------------------------------------------------------- making one


def paper_record(
    paper: Paper,
    sheet: str,
    seed: Seed,
    files: Mapping[str, bytes],
    student: Student = NOBODY,
    sources: Mapping[str, str] | None = None,
) -> Record:
    """Return the record of a paper.

    ``files`` are the contents by the path that the record gives them; ``sources`` are those of
    :class:`generator.paper.sheet.Sheet`.
    """
    origin = paper.origin
    again = dict(origin.redraws)
    record = Record(
        sheet=sheet,
        seed=seed,
        id=paper.document.variant,
        version=__version__,
        stream=origin.stream,
        secret=origin.secret,
        sources=dict(sources or {}),
        places=dict(paper.document.style.places),
        language=paper.document.language,
        files=hashes(files),
        problems=[
            problem_record(variant, entry, exercise, again.get(exercise.number, 0))
            for variant, entry, exercise in zip(paper.variants, paper.entries, paper.document.exercises, strict=True)
        ],
    )
    if student is not NOBODY:
        record.student = recipient(student)
        record.form, record.again = student.form, sum(again.values())
    return record


def recipient(student: Student) -> Recipient:
    """Return what a record says of the student."""
    return Recipient(student.id, student.name, student.section, student.email, [*student.needs])


def problem_record(variant: Variant, entry: Entry, exercise: Exercise, again: int = 0) -> ProblemRecord:
    """Return the record of one problem of a paper."""
    answers = encode(variant.answers(asked_parts(variant, entry)))
    questions = list(every_question(exercise))
    possible = variant.problem.levels[variant.level].possible
    return ProblemRecord(
        id=variant.problem.id,
        params=encode(variant.params),
        values=encode(variant.values.computed),
        answers=answers,
        level=entry.level,
        guided=entry.guided,
        extended=entry.extended,
        points=dict(entry.points),
        choices=list(entry.choices),
        without=list(entry.without),
        canonical=variant_digest(variant),
        cost=hand_work(questions),
        letters=right_letters(questions),
        possible={part: count for part, count in possible.items() if part in answers},
        again=again,
        among=list(entry.among),
    )


def right_letters(questions: Iterable[Question]) -> dict[str, Letters]:
    """Return which options are right, by the part's id, of questions that still have their keys."""
    return {
        question.id: Letters(list(space.correct), len(space.options))
        for question in questions
        for space in question.spaces
        if isinstance(space, ChoiceSpace)
    }


def hashes(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the SHA-256 of each file's content, in the order of their names."""
    return {name: sha256(content).hexdigest() for name, content in sorted(files.items())}


def variant_digest(variant: Variant) -> str:
    """Return sixteen hexadecimal digits, equal for two variants that are the same exercise."""
    return blake2b(variant.canonical.encode(), digest_size=8).hexdigest()


VARIANT_LETTERS = 5


def variant_letters(variant: Variant) -> str:
    """Return the letters that name the exercise of a variant on platforms, the same in every export."""
    return hash_letters(f"{variant.problem.id} {variant.canonical}", VARIANT_LETTERS)


# ---------------------------------------------------------------------------------- as text and back


def record_line(record: Record) -> bytes:
    """Return the record as a line of ``manifest.jsonl``."""
    text = msgspec.json.encode(record)
    if record.student is not None and _FORMULA.search(msgspec.json.encode(record.student).decode()):
        text = _TEXT.sub(lambda found: _FORMULA.sub(_escaped, found[0]), text.decode()).encode()
    return text + b"\n"


_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
_FORMULA = re.compile(r"(?<=[,;])( *)([=+\-@＝＋－＠])")
"""The beginning of what a spreadsheet that takes the file for CSV would compute as a formula."""


def _escaped(found: re.Match[str]) -> str:
    return f"{found[1]}\\u{ord(found[2]):04x}"


_decoder = msgspec.json.Decoder(Record)


def read_record(text: bytes) -> Record:
    """Return the record on a line of ``manifest.jsonl``, or in the file of a single paper.

    Raises :class:`InputError` that says what was expected where, and what came.
    """
    try:
        record = _decoder.decode(text)
    except msgspec.DecodeError as error:
        raise InputError(f"is no record: {_fault(str(error))}") from error
    except RecursionError as error:
        raise InputError("is no record: nested too deeply") from error
    except UnicodeDecodeError as error:
        raise InputError(f"is no record: byte {error.start + 1} is not UTF-8; expected JSON") from error
    if not record.problems:
        raise InputError("is no record: problems: expected a list of problems; got none")
    return record


_KINDS = {"str": "a text", "int": "an integer", "bool": "true or false", "object": "an object", "array": "a list"}


def _fault(message: str) -> str:
    """Return msgspec's message in this program's words: where, what was expected, what came."""
    what, _, path = message.partition(" - at `$")
    place = re.sub(
        r"problems\[(\d+)\]",
        lambda found: f"problem {int(found[1]) + 1}",
        path.replace("[...]", "").rstrip("`").strip("."),
    )
    missing = re.search(r"missing required field `(\w+)`", what)
    if missing is not None:
        place, what = f"{place}.{missing[1]}".strip("."), "missing"
    what = re.sub(r"`(\w+)(?: \| null)?`", lambda found: _KINDS.get(found[1], found[0]), what)
    what = what.replace("Expected", "expected", 1).replace(", got", "; got", 1)
    return f"{place.replace('.', ', ')}: {what}" if place else what


def read_class_record(line: bytes) -> Record:
    """Return the record on a line of a class's manifest, where every record says whose paper it is."""
    record = read_record(line)
    if record.student is None:
        raise InputError("is no record: student: missing")
    return record
