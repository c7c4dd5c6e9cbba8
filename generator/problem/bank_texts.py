r"""The texts of a bank: what parts ask and how they are solved, the feedback on mistakes, and any other text.

``[parts]`` has the texts of the parts by their ids, ``[mistakes]`` the feedback on each mistake by its name, and ``[texts]`` any
other text, or table of texts, by a name.  The code gives a part its answer, and a mistake what is computed instead::

    [parts.y_drop]                                     BANK.part("y_drop", v, Number("y_drop", r"y_{\mathrm{drop}}"))
    points = 1
    room = 2
    text = '''Compute the output $y_{\mathrm{drop}}$ of this pass.'''
    steps = ['''Those of the survivors add up: $<surviving|sum> = <y_drop>$.''']

    [mistakes]                                         BANK.mistake("inverted mask", mask=lambda x, dropped: …)
    "inverted mask" = '''kept the units that are dropped and dropped the others'''

    [texts]                                            BANK.text("preamble", v, count=len(v.x))
    preamble = '''A network computes $y$ from the <count> units of a hidden layer.'''

``points``, ``guided_points``, ``rubric``, ``room``, ``guided``, ``extended``, ``hint``, ``needs``, ``needed``, ``tells`` and ``asks`` mean what they do for a
:class:`Part`, and may be left out; with ``rubric_each = "row"`` the points of the rubric are for each row of the answer.  Slots are filled with values of the
problem, with those that the code names, and by functions of the bank.  A step ``for_each`` is written once for each of the rows of
slots that the code gives::

    [parts.output]                                     BANK.part("output", v, …, for_each=[{"row": 1, "mu": 3}, …])
    for_each = '''Row <row> has the mean $<mu>$.'''

Where a part is not always worded alike, its wordings are tables of it, and the code names one: ``[parts.change.flipped]`` is asked
by ``BANK.part("change", v, …, case="flipped")``; what stands in ``[parts.change]`` holds for all of them.  ``[symbols]`` has the TeX of
steps that no part asks for under a symbol: ``Problem(symbols=BANK.symbols)``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from generator.document.nodes import Figure
from generator.document.prose import Content, Say
from generator.document.slots import SLOT
from generator.errors import AuthoringError, shown
from generator.errors.language import ENGLISH, current, phrase
from generator.numbers.arrays import Array
from generator.problem.answers import Answer
from generator.problem.author_code import bank_lines
from generator.problem.bank_file import BankFile, PartText, read_bank
from generator.problem.mistake import Mistake
from generator.problem.parts import Part, Rubric
from generator.problem.solution import Step, call_by_name, can_call_by_name
from generator.problem.values import Values

T = TypeVar("T")


class BankTexts:
    """The texts of a bank file, and the functions that their slots name."""

    def __init__(self, path: Path | str, *functions: Callable[..., Any], **named: Callable[..., Any]) -> None:
        self.path = path = Path(path)
        self.functions = {function.__name__: function for function in functions} | named
        with bank_lines(path):
            self._contents = {ENGLISH: read_bank(path)}
        self.names: frozenset[str] | None = None  # of the problem's parameters and steps, once they are known
        self._used: set[str] = set()

    @property
    def contents(self) -> BankFile:
        """What the file says, in the current language where there is a translation."""
        code = current().code
        if code not in self._contents:
            self._contents[code] = read_bank(self.path, code)
        return self._contents[code]

    @property
    def symbols(self) -> Mapping[str, str]:
        """The TeX of steps in ``[symbols]``, for ``Problem(symbols=…)``."""
        return self.contents.symbols

    def part(
        self,
        name: str,
        v: Values,
        answer: Answer | None = None,
        /,
        *,
        case: str = "",
        parts: Sequence[Part] = (),
        for_each: Sequence[Mapping[str, Any]] | None = None,
        steps: Sequence[Content] = (),
        figures: Sequence[Figure] = (),
        needed: bool = False,
        points: int | None = None,
        figure: Figure | None = None,
        **slots: Any,
    ) -> Part:
        """The part whose texts are ``[parts.name]`` (or ``[parts.name.case]``).

        Further ``steps`` follow those of the file, and ``figures`` the question.
        """
        entry = f"{name}.{case}" if case else name
        key = f"parts.{entry}"
        found = self._find(key, self.contents.parts, entry)
        if found.for_each and for_each is None:
            raise AuthoringError(f"{self.path.name}, {key}, for_each: the code gives no rows for it")
        if for_each is not None and not found.for_each:
            raise AuthoringError(f"{self.path.name}, {key}, for_each: missing; the code gives rows for it")
        worked = [self._said(key, step, v, slots) for step in found.steps]
        worked += [self._said(key, found.for_each, v, {**slots, **row}) for row in for_each or ()]
        rubric = _multiplied(f"{self.path.name}, {key}", found, v, answer) if found.rubric_each else found.rubric
        question = self._said(key, found.text, v, slots)
        return Part(
            name,
            [question, *figures] if figures else question,
            answer,
            points=points if points is not None else found.points or sum(line[0] for line in rubric),
            room=found.room,
            guided=found.guided,
            extended=found.extended,
            steps=(*worked, *steps),
            parts=parts,
            needed=needed or found.needed,
            needs=found.needs,
            tells=found.tells,
            asks=found.asks,
            guided_points=found.guided_points,
            rubric=rubric,
            hint=self._said(key, found.hint, v, slots) if found.hint else None,
        )

    def text(self, name: str, v: Values, /, **slots: Any) -> Say:
        """The text of this name in ``[texts]``; ``"options.first"`` is the text ``first`` of the table ``[texts.options]``."""
        key = f"texts.{name}"
        said = self._said(key, self._find(key, self.contents.texts, name), v, slots)
        told = self.contents.told.get(name)
        return replace(said, tells=(*told, *said.tells)) if told else said

    def texts(self, name: str, v: Values, /, **slots: Any) -> dict[str, Say]:
        """All texts of the table ``[texts.name]``: the options of a choice, say."""
        keys = [key for key in self.contents.texts if key.startswith(f"{name}.")]
        if not keys:
            raise AuthoringError(f"{self.path.name}, texts.{name}: there is no such table of texts")
        return {key.removeprefix(f"{name}."): self.text(key, v, **slots) for key in keys}

    def joined(self, texts: Iterable[Say]) -> Say:
        """The texts as one paragraph."""
        texts = tuple(texts)
        slots = {name: value for one in texts for name, value in one.slots.items()}
        return Say(" ".join(one.text for one in texts), slots, tuple(name for one in texts for name in one.tells))

    def mistake(self, name: str, *, applies: Callable[..., bool] | None = None, **replaced: Step) -> Mistake:
        """The :class:`Mistake` whose feedback is in ``[mistakes]``."""
        feedback = self._find(f"mistakes.{name}", self.contents.mistakes, name)
        mistake = Mistake(name, feedback, applies=applies, **replaced)
        return mistake.with_texts(lambda: self.contents.mistakes[name])

    def _find(self, key: str, texts: Mapping[str, T], name: str) -> T:
        self._used.add(key)
        if name not in texts:
            near = get_close_matches(name, texts, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise AuthoringError(f"{self.path.name}, {key}: missing{hint}")
        return texts[name]

    def _said(self, key: str, text: str, v: Values, slots: Mapping[str, Any]) -> Say:
        """The text with those of its slots filled that are not values of the problem; a slot may be a text itself."""
        own: dict[str, Any] = {}
        tells: tuple[str, ...] = ()
        for name in slots_of(text) & slots.keys():
            if isinstance(slots[name], Say):
                text = text.replace(f"<{name}>", slots[name].text)
                own |= slots[name].slots
                tells += slots[name].tells
            else:
                own[name] = slots[name]
        missing = set() if self.names is None else slots_of(text) - self.names - own.keys() - self.functions.keys()
        if missing:
            with bank_lines(self.path):
                slot = f"<{min(missing)}"
                raise AuthoringError(f"{self.path.name}, {key}: no value fills the slot {slot}>", text=slot)
        said = self.filled(text, v, own)
        return replace(said, tells=tells) if tells else said

    def filled(self, text: str, values: Values, slots: Mapping[str, Any] | None = None) -> Say:
        """The text, with its own slots and those that functions of the bank fill."""
        named = {name: self.functions[name] for name in slots_of(text) & self.functions.keys()}
        known = values.known
        found = {name: call_by_name(one, known) for name, one in named.items() if can_call_by_name(one, known)}
        return Say(text, {**found, **(slots or {})})

    def unused(self, *tables: str) -> list[str]:
        """What stands in these tables and has not been asked for so far, in any wording."""
        used = {tuple(key.split(".")[:2]) for key in self._used}
        kept = {(table, name.partition(".")[0]) for table in tables for name in getattr(self.contents, table)}
        return [f"{self.path.name}, {table}.{name}" for table, name in sorted(kept - used)]


_LINES = {"row": "rubric.row", "column": "rubric.column"}
"""What these are called in other languages; any other word is the author's own."""


def _multiplied(key: str, found: PartText, v: Values, answer: Answer | None) -> Rubric:
    """Return the rubric of a part whose points are for each row, column or entry of its answer."""
    value = v.get(answer.step) if answer is not None and answer.step is not None else None
    if value is not None and not isinstance(value, tuple | Array):
        raise AuthoringError(f"{key}, rubric_each: its answer has no {found.rubric_each}s, it is {shown(value)}")
    count = 1 if value is None else len(value[0]) if found.rubric_each == "column" else len(value)
    what = phrase(_LINES[found.rubric_each]) if found.rubric_each in _LINES else found.rubric_each
    return tuple(
        (count * points, phrase("rubric.each", text=text, points=phrase("count.pt", count=points), what=what), *steps)
        for points, text, *steps in found.rubric
    )


@cache
def slots_of(text: str) -> frozenset[str]:
    """The names in the slots of a text."""
    return frozenset(match[1] for match in SLOT.finditer(text))
