"""Texts of the current language within a template: the words are escaped for the format, and so are values that are plain text."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from markupsafe import Markup

from generator.errors.language import Language, current
from generator.render.escaping import safe


def phrases_for(
    escape: Callable[[str], str], within_words: Callable[[str], str] | None = None
) -> Callable[..., Markup]:
    """Return the function ``phrase`` of a format's templates.

    ``escape`` is for values, but for those that are :class:`Markup`, ``within_words`` for the words around them.
    """
    escape_words = within_words or escape

    @lru_cache(maxsize=1 << 10)
    def pieces(language: Language, key: str, form: str) -> tuple[tuple[str, str], ...]:
        return tuple((escape_words(words), name) for words, name in language.pieces(key, form))

    def written(value: object) -> str:
        return value if type(value) is Markup else escape(value if isinstance(value, str) else str(value))

    def phrase(key: str, /, **values: object) -> Markup:
        language = current()
        form = language.form(key, values.get("count"))
        return safe(
            "".join(words + (written(values[name]) if name else "") for words, name in pieces(language, key, form))
        )

    return phrase
