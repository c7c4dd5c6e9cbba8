"""What an address names: an attempt or an exam, or no page."""

from __future__ import annotations

from flask import abort

from generator.practice.attempts import Attempt
from generator.practice.engine import Practice
from generator.practice.exam import Exam, Exams
from generator.practice.records import MissingError


def load_attempt(practice: Practice, attempt_id: str) -> Attempt:
    """The attempt; no page (404) if there is none."""
    try:
        return practice.load(attempt_id)
    except MissingError:
        abort(404, "There is no such attempt; it may have been deleted.")


def load_exam(exams: Exams, exam_id: str) -> Exam:
    """The exam; no page (404) if there is none."""
    try:
        return exams.load(exam_id)
    except MissingError:
        abort(404, "There is no such exam; it may have been deleted.")
