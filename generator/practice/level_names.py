"""What difficulties are called."""

from __future__ import annotations

from generator.errors.language import begin_sentence, phrase

_NAMES = {"easy": "level.easy", "standard": "level.standard", "hard": "level.hard"}


def level_name(level: str) -> str:
    """Return the name of a level at the beginning of a line: ``Hard``."""
    return begin_sentence(level_word(level))


def level_word(level: str) -> str:
    """Return the name of a level within a line; of one that only an author's problem has, her own."""
    return phrase(_NAMES[level]) if level in _NAMES else level
