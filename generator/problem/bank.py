r"""Banks: all that a problem says in words, written in a TOML file beside its code.

``[parts]`` has the texts of the parts by their ids, ``[mistakes]`` the feedback on each mistake by its name, and ``[texts]`` any
other text, or table of texts, by a name.  The code gives each its answer, or what is computed wrongly::

    [parts.y_drop]                                     BANK.part("y_drop", v, Number("y_drop", r"y_{\mathrm{drop}}"))
    points = 1
    room = 2
    text = '''Compute the output of this pass.'''
    steps = ['''Those of the survivors add up: $<surviving|sum> = <y_drop>$.''']

    [mistakes]                                         BANK.mistake("inverted mask", mask=lambda x, dropped: …)
    "inverted mask" = "kept the units that are dropped"

    [texts]                                            BANK.text("preamble", v, count=len(v.x))
    preamble = '''A network computes $y$ from <count> units.'''

``points``, ``room`` and ``guided`` mean what they do for a :class:`Part`.  A step ``for_each`` is written once for each of the rows
of slots that the code gives: ``BANK.part("output", v, …, for_each=[{"row": 1, "mu": 3}, …])``.

All other tables are groups of entries to choose from, each group named after the parameter that says which of them are asked::

    [question.single_example]
    kind = "explain"
    question = '''Does layer normalization still work when the batch holds a single example? Why, or why not?'''
    answer = '''Yes. Row 1 alone would come out as $<output[0]>$, just as it does within the batch.'''
    rubric = [[1, "it works"], [1, "mean and variance are taken over the features of each example"]]

    [claims.zero_sum]
    claim = '''The entries of every normalized row $\hat x$ add up to 0.'''
    true = true
    reason = '''$\sum_j (x_j - \mu) = 0$, and all of them are divided by the same number.'''

Texts are Markdown with mathematics and slots, as everywhere; their lines may be broken anywhere.  An entry may also have
``lines`` (the space for an essay), ``level`` (the levels that draw it), ``requires`` (optional parameters that must be given,
and conditions, functions of the problem's parameters) and ``not_with`` (other entries, or optional parameters, that give it
away or that it gives away).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from generator.document.prose import Content, Say, say
from generator.document.slots import SLOT
from generator.errors import AuthoringError, InputError
from generator.numbers.arrays import array
from generator.numbers.reals import exact
from generator.problem.answers import Answer
from generator.problem.bank_file import Entry, read_bank
from generator.problem.draw import Draw
from generator.problem.mistake import Mistake
from generator.problem.parts import Part
from generator.problem.solution import Step, arguments_of, call_by_name, can_call_by_name
from generator.problem.values import Values
from generator.problem.words import Claim, Claims, Essay

T = TypeVar("T")


class Bank:
    """The entries of a bank file by group and id, and the functions that its ``requires`` and slots name.

    A function's name is what the file calls it, its arguments are values of the problem; conditions take parameters only.
    """

    def __init__(self, path: Path, *functions: Callable[..., Any]) -> None:
        self.path = path
        self.functions = {function.__name__: function for function in functions}
        self.file = read_bank(path)
        self.groups = self.file.groups
        self._names: frozenset[str] | None = None  # of the problem's parameters and steps, once they are known
        self._used: set[str] = set()

    @classmethod
    def beside(cls, file: str, *functions: Callable[..., Any]) -> Bank:
        """The bank of the problem in ``file`` (its ``__file__``): ``layer_norm.toml`` beside ``layer_norm.py``."""
        path = Path(file)
        if path.stem == "__init__":
            path = path.parent / path.parent.name
        return cls(path.with_suffix(".toml"), *functions)

    def __getitem__(self, group: str) -> Mapping[str, Entry]:
        """The entries of a group by their ids, in the order of the file."""
        return self.groups[group]

    def all_claims(self, group: str) -> Mapping[str, Claim]:
        """The claims of a group by their ids."""
        return {name: entry.claim for name, entry in self.groups[group].items() if entry.claim is not None}

    # ------------------------------------------------------------------------------------------- asking

    def essay(self, group: str, values: Values, name: str | None = None) -> tuple[Content, Essay]:
        """The question ``name``, or the one that a variant's parameter names, and its answer: ``Part(id, *BANK.essay("question", v))``."""
        entry = self.groups[group][name or values[group]]
        assert entry.essay is not None
        model = entry.essay.model
        assert isinstance(model, str)
        return self._filled(entry.question, values), replace(entry.essay, model=self._filled(model, values))

    def claims(self, group: str, values: Values) -> Claims:
        """The claims that a variant's parameter names."""
        entries = [self.groups[group][name] for name in values[group]]
        return Claims(tuple(entry.claim for entry in entries if entry.claim is not None))

    def part(
        self,
        name: str,
        v: Values,
        answer: Answer | None = None,
        *,
        case: str = "",
        parts: Sequence[Part] = (),
        for_each: Sequence[Mapping[str, Any]] = (),
        steps: Sequence[Content] = (),
        needed: bool = False,
        points: int | None = None,
        **slots: Any,
    ) -> Part:
        """The part whose texts are ``[parts.name]`` (or ``[parts.name.case]``); its further ``steps`` follow those of the file."""
        entry = f"{name}.{case}" if case else name
        key = f"parts.{entry}"
        found = self._text(key, self.file.parts, entry)
        worked = [self._said(key, step, v, slots) for step in found.steps]
        worked += [self._said(key, found.for_each, v, {**slots, **row}) for row in for_each]
        return Part(
            name,
            self._said(key, found.text, v, slots),
            answer,
            points=found.points if points is None else points,
            room=found.room,
            guided=found.guided,
            steps=(*worked, *steps),
            parts=parts,
            needed=needed,
        )

    def text(self, name: str, v: Values, **slots: Any) -> Say:
        """The text of this name in ``[texts]``."""
        text = self._text(f"texts.{name}", self.file.texts, name)
        if not isinstance(text, str):
            raise AuthoringError(f"{self.path.name}, texts.{name}: expected a text; got a table")
        return self._said(f"texts.{name}", text, v, slots)

    def texts(self, name: str, v: Values, **slots: Any) -> dict[str, Say]:
        """The texts of the table ``[texts.name]``, the options of a choice, say."""
        table = self._text(f"texts.{name}", self.file.texts, name)
        if isinstance(table, str):
            raise AuthoringError(f"{self.path.name}, texts.{name}: expected a table; got a text")
        return {key: self._said(f"texts.{name}.{key}", text, v, slots) for key, text in table.items()}

    def mistake(self, name: str, *, applies: Callable[..., bool] | None = None, **replaced: Step) -> Mistake:
        """The :class:`Mistake` whose feedback is in ``[mistakes]``."""
        feedback = self._text(f'mistakes."{name}"', self.file.mistakes, name)
        return Mistake(name, feedback, applies=applies, **replaced)

    def _text(self, key: str, texts: Mapping[str, T], name: str) -> T:
        self._used.add(key)
        if name not in texts:
            near = get_close_matches(name, texts, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise AuthoringError(f"{self.path.name}, {key}: missing{hint}")
        return texts[name]

    def _said(self, key: str, text: str, v: Values, slots: Mapping[str, Any]) -> Say:
        """The text with those of its slots filled that are not values of the problem; a slot may be a text itself."""
        own: dict[str, Any] = {}
        for name in _slots(text) & slots.keys():
            if isinstance(slots[name], Say):
                text = text.replace(f"<{name}>", slots[name].text)
                own |= slots[name].slots
            else:
                own[name] = slots[name]
        missing = set() if self._names is None else _slots(text) - self._names - own.keys() - self.functions.keys()
        if missing:
            raise AuthoringError(f"{self.path.name}, {key}: no value fills the slot <{min(missing)}>")
        return self._filled(text, v, own)

    def _filled(self, text: str, values: Values, slots: Mapping[str, Any] | None = None) -> Say:
        """The text, with its own slots and those that functions of the bank fill."""
        named = _slots(text) & self.functions.keys()
        callable_ = [name for name in named if can_call_by_name(self.functions[name], values.known)]
        own = {name: call_by_name(self.functions[name], values.known) for name in callable_}
        return say(text, **own, **(slots or {}))

    # ------------------------------------------------------------------------------------------ drawing

    def draw(
        self, draw: Draw, known: Mapping[str, Any] | None = None, *, claims: int = 2, level: str = "standard"
    ) -> dict[str, Any]:
        """An id of each group of essays, and so many of each group of claims, under the names of their parameters.

        ``known`` is what has been drawn so far.  Of claims every pattern of true and false is as likely as any other.
        """
        given = {name: _as_exact(value) for name, value in (known or {}).items()}
        found: dict[str, Any] = {}
        taken: list[Entry] = []

        def pick(entries: Mapping[str, Entry], what: str) -> str:
            fitting = [one for one in entries.values() if one.is_drawn_at(level) and self.fits(one, given, taken)]
            draw.require(fitting, f"no {what} fits")
            taken.append(draw.choice(fitting))
            return taken[-1].name

        for group, entries in self.groups.items():
            if all(entry.claim is None for entry in entries.values()):
                found[group] = pick(entries, group)
                continue
            names: list[str] = []
            for _ in range(claims):
                verdict = draw.choice((True, False))
                of_verdict = {name: one for name, one in entries.items() if one.claim and one.claim.verdict == verdict}
                names.append(pick({name: one for name, one in of_verdict.items() if name not in names}, group))
            found[group] = tuple(names)
        return found

    def fits(self, entry: Entry, params: Mapping[str, Any], taken: list[Entry] | None = None) -> bool:
        """Return whether an entry may be drawn with these parameters and beside the entries ``taken``."""
        return (
            all(self._holds(name, params) for name in entry.requires)
            and not any(_is_given(params.get(name)) for name in entry.not_with)
            and not any(one.key in entry.not_with or entry.key in one.not_with for one in taken or ())
        )

    def _holds(self, condition: str, params: Mapping[str, Any]) -> bool:
        function = self.functions.get(condition)
        if function is None:
            return _is_given(params.get(condition))
        return can_call_by_name(function, params) and bool(call_by_name(function, params))

    # ----------------------------------------------------------------------------------------- checking

    def require(self, params: Mapping[str, Any]) -> None:
        """Raise :class:`InputError` for an entry that a user asks for although a condition of it does not hold."""
        for group, entries in self.groups.items():
            chosen = params.get(group, ())
            for name in (chosen,) if isinstance(chosen, str) else chosen:
                for condition in entries[name].requires:
                    if self._holds(condition, params):
                        continue
                    if condition not in self.functions:
                        raise InputError(f"missing; {name!r} requires it", field=condition)
                    said = (self.functions[condition].__doc__ or "").strip().partition("\n")[0]
                    raise InputError(f"{name!r} requires {condition}" + (f": {said}" if said else ""), field=group)

    def check_names(self, parameters: Mapping[str, Any], steps: Sequence[str], mistakes: Sequence[str]) -> None:
        """Raise :class:`AuthoringError` for a group, a slot, an argument or a mistake that names nothing in the problem."""
        values = self._names = frozenset({*parameters, *steps})
        for name in self.file.mistakes:
            if name not in mistakes:
                raise AuthoringError(f"{self.path.name}, mistakes: the problem has no mistake {name!r}")
        for name, function in self.functions.items():
            strange = sorted({*arguments_of(function)} - values)
            if strange:
                raise AuthoringError(
                    f"{self.path.name}: {name} takes {', '.join(strange)}, neither a parameter nor a step"
                )
        for group, entries in self.groups.items():
            if group not in parameters:
                raise AuthoringError(f"{self.path.name}: expected a parameter {group!r} to choose among [{group}.…]")
            for entry in entries.values():
                entry.check_names(self.path.name, values, self.functions, parameters)

    def unused(self) -> list[str]:
        """What no part, preamble or mistake has asked for so far."""
        kept = {f"parts.{name}" for name in self.file.parts} | {f"texts.{name}" for name in self.file.texts}
        return [f"{self.path.name}, {key}" for key in sorted(kept - self._used)]

    def trials(self, params: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        """For each entry that fits the parameters what it is called in messages, and the parameters that ask for it."""
        for group, entries in self.groups.items():
            for name, entry in entries.items():
                if self.fits(entry, params):
                    yield f"{self.path.name}, {entry.key}", {**params, group: name if entry.claim is None else (name,)}


@cache
def _slots(text: str) -> frozenset[str]:
    """The names in the slots of a text."""
    return frozenset(match[1] for match in SLOT.finditer(text))


def _as_exact(value: Any) -> Any:
    """Return a value of a sampler as conditions take it: numbers exact, lists of numbers as arrays, anything else as it is."""
    if isinstance(value, (list, tuple)):
        try:
            return array(value)
        except AuthoringError:
            return value
    return exact(value) if isinstance(value, (int, Fraction)) and not isinstance(value, bool) else value


def _is_given(value: Any) -> bool:
    return value is not None and value not in ((), "", [])
