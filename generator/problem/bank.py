r"""Banks: all that a problem says in words, written in a TOML file beside its code.

Parts, feedback on mistakes and other texts are described in :mod:`generator.problem.bank_texts`.  All other tables are groups of
entries to choose from, each group named after the parameter that says which of them are asked::

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
away or that it gives away).  ``asks`` names what one has to know for the answer, ``tells`` what the question's text gives away; no
sheet both asks and tells the same thing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from generator.document.prose import Content
from generator.errors import AuthoringError, InputError, did_you_mean
from generator.numbers.arrays import array
from generator.numbers.reals import exact
from generator.problem.author_code import bank_lines
from generator.problem.bank_file import Entry
from generator.problem.bank_texts import BankTexts, slots_of
from generator.problem.draw import Draw
from generator.problem.solution import arguments_of, call_by_name, can_call_by_name
from generator.problem.values import Values
from generator.problem.words import Claim, Claims, Essay


class Bank(BankTexts):
    """A bank file: its texts, its entries by group and id, and the functions that its ``requires`` and slots name.

    A function's name, or its keyword, is what the file calls it, its arguments are values of the problem; conditions take parameters only.
    """

    @classmethod
    def beside(cls, file: str, *functions: Callable[..., Any], **named: Callable[..., Any]) -> Bank:
        """The bank of the problem in ``file`` (its ``__file__``): ``layer_norm.toml`` beside ``layer_norm.py``."""
        path = Path(file)
        if path.stem == "__init__":
            path = path.parent / path.parent.name
        return cls(path.with_suffix(".toml"), *functions, **named)

    def __getitem__(self, group: str) -> Mapping[str, Entry]:
        """The entries of a group by their ids, in the order of the file."""
        groups = self.contents.groups
        if group not in groups:
            raise AuthoringError(f"{self.path.name} has no group {group!r}{did_you_mean(group, groups)}")
        return groups[group]

    def all_claims(self, group: str) -> Mapping[str, Claim]:
        """The claims of a group by their ids."""
        return {name: entry.claim for name, entry in self.contents.groups[group].items() if entry.claim is not None}

    # ------------------------------------------------------------------------------------------- asking

    def essay(self, group: str, values: Values, name: str | None = None) -> tuple[Content, Essay]:
        """The question ``name``, or the one that a variant's parameter names, and its answer: ``Part(id, *BANK.essay("question", v))``."""
        entries = self[group]
        name = name or values[group]
        entry = entries.get(str(name))
        if entry is None or entry.essay is None:
            raise AuthoringError(f"{self.path.name} has no question {group}.{name}{did_you_mean(str(name), entries)}")
        model = entry.essay.model
        assert isinstance(model, str)
        criteria = tuple(
            (points, self.filled(text, values) if self._fills(text) else text)
            for points, text in entry.essay.criteria
            if isinstance(text, str)
        )
        essay = replace(entry.essay, model=self.filled(model, values), criteria=criteria, insights=(entry.insights,))
        return self.filled(entry.question, values), essay

    def claims(self, group: str, values: Values) -> Claims:
        """The claims that a variant's parameter names."""
        known = self[group]
        entries = [known[name] for name in values[group]]
        claims = tuple(self._claim(entry.claim, values) for entry in entries if entry.claim is not None)
        return Claims(claims, insights=tuple(entry.insights for entry in entries))

    def _claim(self, claim: Claim, values: Values) -> Claim:
        """The claim with those slots filled that functions of the bank fill."""
        if not self._fills(f"{claim.text} {claim.reason}"):
            return claim
        return Claim(self.filled(str(claim.text), values), claim.verdict, self.filled(str(claim.reason), values))

    def _fills(self, text: str) -> bool:
        """Return whether functions of the bank fill a slot of the text."""
        return bool(slots_of(text) & self.functions.keys())

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

        for group, entries in self.contents.groups.items():
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
            self._may_ask(entry, params)
            and not any(_is_given(params.get(name)) for name in entry.not_with)
            and not any(one.key in entry.not_with or entry.key in one.not_with for one in taken or ())
        )

    def _may_ask(self, entry: Entry, params: Mapping[str, Any]) -> bool:
        return all(self._holds(name, params) for name in entry.requires)

    def _holds(self, condition: str, params: Mapping[str, Any]) -> bool:
        function = self.functions.get(condition)
        if function is None:
            return _is_given(params.get(condition))
        return can_call_by_name(function, params) and bool(call_by_name(function, params))

    # ----------------------------------------------------------------------------------------- checking

    def require(self, params: Mapping[str, Any]) -> None:
        """Raise :class:`InputError` for an entry that a user asks for although a condition of it does not hold."""
        for group, entries in self.contents.groups.items():
            chosen = params.get(group, ())
            for name in (chosen,) if isinstance(chosen, str) else chosen:
                for condition in entries[name].requires:
                    if self._holds(condition, params):
                        continue
                    if condition not in self.functions:
                        raise InputError(f"missing; {name!r} requires it", field=condition)
                    said = (self.functions[condition].__doc__ or "").strip().partition("\n")[0]
                    raise InputError(f"{name!r} requires {condition}" + (f": {said}" if said else ""), field=group)

    def defaults_that_fit(self, params: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, str]:
        """The first question whose conditions hold, of each group whose question is not ``given`` and whose default needs other numbers."""
        found = {}
        for group, entries in self.contents.groups.items():
            default = params.get(group)
            if given.get(group) is None and isinstance(default, str) and not self._may_ask(entries[default], params):
                found[group] = next((name for name, one in entries.items() if self._may_ask(one, params)), default)
        return found

    def check_names(self, parameters: Mapping[str, Any], steps: tuple[str, ...]) -> None:
        """Raise :class:`AuthoringError` for a group, a slot, an argument or a mistake that names nothing in the problem."""
        with bank_lines(self.path):
            self._check_names(parameters, steps)

    def _check_names(self, parameters: Mapping[str, Any], steps: tuple[str, ...]) -> None:
        values = self.names = frozenset({*parameters, *steps})
        for name in self.symbols:
            if name not in steps:
                raise AuthoringError(f"{self.path.name}, symbols.{name}: no step has this name")
        if unused := self.unused("mistakes"):
            raise AuthoringError(f"{unused[0]}: no mistake of the problem has this name")
        for name, function in self.functions.items():
            strange = sorted({*arguments_of(function)} - values)
            if strange:
                raise AuthoringError(
                    f"{self.path.name}: {name} takes {', '.join(strange)}, neither a parameter nor a step"
                )
        self._check_rubrics(steps)
        for group, entries in self.contents.groups.items():
            if group not in parameters:
                raise AuthoringError(f"{self.path.name}: expected a parameter {group!r} to choose among [{group}.…]")
            for entry in entries.values():
                entry.check_names(self.path.name, values, self.functions, parameters)

    def _check_rubrics(self, steps: tuple[str, ...]) -> None:
        for key, part in self.contents.parts.items():
            for name in (name for line in part.rubric for name in line[2:] if name not in steps):
                raise AuthoringError(f"{self.path.name}, parts.{key}, rubric: no step has the name {name!r}", text=name)

    def all_texts(self) -> Iterator[tuple[str, str]]:
        """Every text of the file, with its key."""
        contents = self.contents
        for entries in contents.groups.values():
            for entry in entries.values():
                yield from ((f"{entry.key}, {key}", text) for key, text in entry.texts.items())
        for name, part in contents.parts.items():
            for text in filter(
                None, (part.text, part.for_each, part.hint, *part.steps, *(line[1] for line in part.rubric))
            ):
                yield f"parts.{name}", text
        for table, texts in (("mistakes", contents.mistakes), ("texts", contents.texts)):
            yield from ((f"{table}.{name}", text) for name, text in texts.items())

    def trials(self, params: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        """For each entry that fits the parameters what it is called in messages, and the parameters that ask for it."""
        for group, entries in self.contents.groups.items():
            for name, entry in entries.items():
                if self.fits(entry, params):
                    yield f"{self.path.name}, {entry.key}", {**params, group: name if entry.claim is None else (name,)}


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
