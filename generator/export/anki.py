"""A deck of cards for Anki, made by genanki: the question in front; answer, solution and mistakes on the back."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from html import escape
from typing import Any

from generator.errors import InputError
from generator.errors.language import phrase, using
from generator.export.archive import zipped
from generator.export.html import Html
from generator.export.identities import number_of
from generator.export.rules.anki import check
from generator.export.target import Options, Target, Written
from generator.export.tree import Blocks, Choice, Claims, Computed, Essay, Export, Part, Variant

MODEL = 1_586_302_571
"""The id of the kind of notes: the same for ever, so that an import finds it."""

FIRST = 1_767_225_600
"""The time of the first revision; a note is replaced by one that is newer. It is above 0, which Anki takes for no note at all."""

FIELDS = ("Id", "Question", "Answer", "Mistakes")
_FRONT = "{{Question}}"
_BACK = """{{FrontSide}}
<hr id="answer">
{{Answer}}
{{#Mistakes}}<hr>{{Mistakes}}{{/Mistakes}}"""
_STYLE = """.card { font-family: sans-serif; font-size: 18px; max-width: 40em; margin: auto; }
table { border-collapse: collapse; }
td, th { border: 1px solid; padding: 0.2em 0.5em; }
img { max-width: 100%; }
"""


class AnkiHtml(Html):
    """HTML for Anki, which takes square brackets for sounds and for formulas of its own."""

    def words(self, text: str) -> str:
        return _SIGNS.sub(lambda match: f"&#{ord(match[0])};", super().words(text))


_SIGNS = re.compile(r"[\[\\]|\{(?=\{)|\}(?=\})")


def write(export: Export, options: Options) -> Written:
    """Write a sheet as a deck."""
    with using(export.language):
        return _Deck(export, options).written()


class _Deck:
    def __init__(self, export: Export, options: Options) -> None:
        self._export = export
        self._options = options
        self._html = AnkiHtml(export.figures, self._file)

    def _file(self, name: str) -> str:
        return f"{name}.{self._export.figures[name].ending}"

    def written(self) -> Written:
        """Return the deck."""
        genanki = _genanki()
        model = genanki.Model(
            MODEL,
            "Problemwright",
            fields=[{"name": name} for name in FIELDS],
            templates=[{"name": "Card", "qfmt": _FRONT, "afmt": _BACK}],
            css=_STYLE,
        )
        title = re.sub(r":{2,}", ":", self._export.title)
        deck = genanki.Deck(number_of("anki", self._export.sheet), title)
        used: dict[str, None] = {}
        for part in self._export.parts:
            for variant in part.variants:
                used |= dict.fromkeys(variant.figures)
                deck.add_note(
                    genanki.Note(
                        model=model,
                        fields=list(self._fields(part, variant)),
                        guid=genanki.guid_for("problemwright", part.id, variant.id),
                        tags=[re.sub(r"\s+", "-", tag) for tag in part.tags],
                    )
                )
        packed = io.BytesIO()
        genanki.Package(deck).write_to_file(packed, timestamp=FIRST + self._options.revision)
        with zipfile.ZipFile(packed) as archive:
            files = {"collection.anki2": archive.read("collection.anki2")}
        # The media are written here, since genanki wants them as files, and the zip anew, since it has the clock in it.
        files["media"] = json.dumps({str(place): self._file(name) for place, name in enumerate(used)}).encode()
        files |= {str(place): self._export.figures[name].content for place, name in enumerate(used)}
        return Written(
            {"": zipped(files)},
            (),
            "In Anki choose File, Import and this file; importing it again changes nothing, and a deck with a higher --revision replaces "
            "what has changed.",
        )

    def _fields(self, part: Part, variant: Variant) -> Iterator[str]:
        """Yield the fields of a note."""
        html = self._html
        yield f"{escape(part.id)}-{variant.id}"
        yield html.blocks([*variant.prompt, *self._offered(variant)])
        solution = variant.solution if self._options.solutions is not False else ()
        yield html.blocks([*self._answer(part, variant), *solution])
        yield html.blocks(list(self._mistakes(part, variant))) if self._options.hints is not False else ""

    def _offered(self, variant: Variant) -> Blocks:
        match variant.answer:
            case Choice() as choice:
                return [{"list": [list(one.text) for one in choice.options]}]
            case Claims() as claims:
                return [{"ordered": [list(one.text) for one in claims.statements]}]
        return []

    def _answer(self, part: Part, variant: Variant) -> Blocks:
        match variant.answer:
            case Computed() as answer:
                return [{"p": [phrase("export.answer"), *shown(part, answer)]}]
            case Choice() as choice:
                return [{"list": [list(one.text) for one in choice.options if one.right]}]
            case Claims() as claims:
                verdicts = [phrase("export.true" if one.verdict else "export.false") for one in claims.statements]
                items = [
                    [{"p": [{"strong": [verdict]}]}, *one.reason]
                    for verdict, one in zip(verdicts, claims.statements, strict=True)
                ]
                return [{"ordered": items}]
            case Essay() as essay:
                rubric = [[{"p": [f"{one.points}: ", *one.text]}] for one in essay.rubric]
                return [*essay.sample, *([{"list": rubric}] if rubric else [])]

    def _mistakes(self, part: Part, variant: Variant) -> Iterator[Any]:
        """Yield the wrong answers that are known, each with what leads to it."""
        items: list[Blocks] = []
        match variant.answer:
            case Computed() as answer:
                items += [
                    [{"p": list(shown(part, answer, [number.tex for number in one.numbers]))}, *one.feedback]
                    for one in variant.mistakes
                ]
            case Choice() as choice:
                items += [[*one.text, *one.feedback] for one in choice.options if one.feedback]
        if items:
            yield {"list": items}


def shown(part: Part, answer: Computed, numbers: list[str] | None = None) -> Iterator[Any]:
    """Yield the numbers of an answer as it is printed, or others in their places."""
    tex = numbers or [entry.number.tex for entry in answer.entries]
    if part.kind in ("vector", "matrix"):
        rows = [" & ".join(tex[start : start + answer.columns]) for start in range(0, len(tex), answer.columns)]
        symbol = f"{answer.symbol} = " if answer.symbol else ""
        yield {"tex": rf"{symbol}\begin{{pmatrix}}" + r" \\ ".join(rows) + r"\end{pmatrix}"}
        return
    named: dict[str, list[str]] = {}
    for one, entry in zip(tex, answer.entries, strict=True):
        named.setdefault(entry.label or answer.symbol, []).append(one)
    for place, (label, found) in enumerate(named.items()):
        value = rf"({', '.join(found)})" if part.kind in ("shape", "shapes") else ", ".join(found)
        yield from ([", "] if place else [])
        yield {"tex": f"{label} = {value}" if label else value}


def _genanki() -> Any:
    try:
        import genanki
    except ImportError as error:
        raise InputError(
            "decks are made by the package genanki, which is not installed: pip install 'problemwright[export]'",
            field="TARGET",
        ) from error
    return genanki


TARGET = Target(
    "anki", "Anki", "apkg", write, check, takes=frozenset({"hints", "solutions", "revision"}), shows_answers=True
)
