"""What an address names: an attempt or an exam, or no page."""

from __future__ import annotations

from flask import abort

from generator.errors import InputError
from generator.practice.attempts import Attempt
from generator.practice.engine import Practice
from generator.practice.exam import Exam, Exams


def load_attempt(practice: Practice, attempt_id: str) -> Attempt:
    """The attempt; no page (404) if there is none."""
    try:
        return practice.load(attempt_id)
    except InputError as error:
        if _is_missing(error):
            abort(404, "There is no such attempt; it may have been deleted.")
        raise


def load_exam(exams: Exams, exam_id: str) -> Exam:
    """The exam; no page (404) if there is none."""
    try:
        return exams.load(exam_id)
    except InputError as error:
        if _is_missing(error):
            abort(404, "There is no such exam; it may have been deleted.")
        raise


def _is_missing(error: InputError) -> bool:
    return "there is no such" in str(error)
