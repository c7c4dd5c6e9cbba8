"""The manifest: what was generated, exactly enough to make and mark it again."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from hashlib import blake2b, sha256
from typing import Any

from generator import __version__
from generator.document.nodes import Exercise
from generator.numbers.encoding import encode
from generator.paper.asked import asked_parts
from generator.paper.hand_work import hand_work
from generator.paper.letters import right_letters
from generator.paper.paper import Paper
from generator.paper.questions import every_question
from generator.paper.sheet import Entry
from generator.paper.students import NOBODY, Student
from generator.problem.parts import Part
from generator.problem.problem import Variant


def paper_record(
    paper: Paper,
    sheet: str,
    seed: int | str,
    files: Mapping[str, bytes],
    student: Student = NOBODY,
    sources: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """One paper: whose it is, what it was made from, its exact answers, and the SHA-256 of the files written.

    ``files`` are the contents by the path that the record gives them; ``sources`` are those of
    :class:`generator.paper.sheet.Sheet`.
    """
    again = dict(paper.redraws)
    record: dict[str, Any] = {"sheet": sheet, "seed": seed, "id": paper.document.variant, "version": __version__}
    if sources:
        record["sources"] = dict(sources)
    if student is not NOBODY:
        whose = {name: getattr(student, name) for name in ("id", "name", "section", "email")}
        record |= {"student": whose, "form": student.form, "again": sum(again.values())}
    record["files"] = hashes(files)
    record["problems"] = [
        class_record(variant, entry, exercise) | ({"again": again[exercise.number]} if exercise.number in again else {})
        for variant, entry, exercise in zip(paper.variants, paper.entries, paper.document.exercises, strict=True)
    ]
    return record


def hashes(files: Mapping[str, bytes]) -> dict[str, str]:
    """The SHA-256 of each file's content, in the order of their names."""
    return {name: sha256(content).hexdigest() for name, content in sorted(files.items())}


def class_record(variant: Variant, entry: Entry, exercise: Exercise) -> dict[str, Any]:
    """One problem of a paper: the variant, how the sheet asks for it, and what the report on fairness counts."""
    record = problem_record(variant, asked_parts(variant, entry))
    return {**record, **_asked(entry), **_traits(variant, record["answers"], exercise)}


def problem_record(variant: Variant, parts: Iterable[Part] | None = None) -> dict[str, Any]:
    """One variant: what it was made from, what was computed, and the answers to the ``parts`` asked."""
    return {
        "id": variant.problem.id,
        "params": encode(variant.params),
        "values": encode(variant.values.computed),
        "answers": encode(variant.answers(parts)),
    }


def variant_digest(variant: Variant) -> str:
    """Equal for two variants that are the same exercise: sixteen hexadecimal digits."""
    return blake2b(variant.canonical.encode(), digest_size=8).hexdigest()


def _asked(entry: Entry) -> dict[str, Any]:
    """How the sheet asks for the problem: with the parameters it is enough to print the same paper."""
    asked = {"guided": entry.guided, "points": dict(entry.points), "choices": list(entry.choices)}
    asked["without"] = list(entry.without)
    return {"level": entry.level, **{key: value for key, value in asked.items() if value}}


def _traits(variant: Variant, answers: Container[str], exercise: Exercise) -> dict[str, Any]:
    """What the report on a class's fairness counts."""
    questions = [*every_question(exercise)]
    few = variant.problem.levels[variant.level].possible
    possible = {part: count for part, count in few.items() if part in answers}
    return {
        "canonical": variant_digest(variant),
        "cost": hand_work(questions),
        "letters": right_letters(questions),
        **({"possible": possible} if possible else {}),
    }
