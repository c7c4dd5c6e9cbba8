"""Answers that are chosen: options of the author, a right value among what mistakes lead to, or letters for each of several labels."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from string import ascii_uppercase
from typing import Any

from generator.document import prose
from generator.document.nodes import BoxedAnswer, ChoiceSpace, Criterion, FieldsSpace, Math, Paragraph, Space
from generator.errors import AuthoringError
from generator.numbers.exact import same
from generator.problem.answers import Answer, Computed
from generator.problem.solution import Values

LETTERS = "ABCDEFGH"
"""The letters of options, in the order of printing."""


def joined_keys(keys: Iterable[str]) -> str:
    """Return the keys of several options as one text, so that answers that are chosen are texts."""
    return ", ".join(keys)


def keys_in(joined: str) -> tuple[str, ...]:
    """Return the keys that :func:`joined_keys` joined."""
    return tuple(joined.split(", "))


@dataclass(frozen=True)
class Choice(Computed):
    """One of several options; the step computes the *key* of the right one.

    ``options`` maps a key to the option's prose.  Each variant prints them in an order of its own, unless they are to
    stay ``in_order``.  Where ``several`` may be right, the step computes the keys of all that are, in one text:
    :func:`joined_keys`.  One whose options ``was_shuffled`` has the order of its variant.
    """

    step: str
    options: Mapping[str, prose.Content]
    in_order: bool = False
    several: bool = False
    was_shuffled: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.options, Mapping) or not 2 <= len(self.options) <= len(LETTERS):
            raise self._error(f"options, a dictionary of 2 to {len(LETTERS)} keys and their texts", self.options)
        texts = [text for text in self.options.values() if isinstance(text, str)]
        twice = [text for text in texts if texts.count(text) > 1]
        if twice:
            raise AuthoringError(f"Choice: two options have the text {twice[0]!r}")
        for key, text in self.options.items():
            if not isinstance(key, str):
                raise self._error("options whose keys are texts", key)
            prose.check_content(text, f"Choice: option {key!r}")

    def ordered(self, keys: Iterable[str]) -> Choice:
        """The same choice, its options in the order of their keys."""
        found = replace(self, options={key: self.options[key] for key in keys}, in_order=True)
        object.__setattr__(found, "was_shuffled", True)
        return found

    def unfit(self, value: Any) -> str:
        if self.several:
            fits = isinstance(value, str) and {*keys_in(value)} <= self.options.keys()
            return "" if fits else f"several options are asked for; the step gives {value!r}"
        if isinstance(value, Hashable) and value in self.options:
            return ""
        return f"the step gives {value!r}{self._kind(value)}, which is none of the options {', '.join(map(str, self.options))}"

    def _kind(self, value: Any) -> str:
        """Return what a value is that looks like a key, but is no text."""
        return ", not a text" if not isinstance(value, str) and str(value) in self.options else ""

    def spaces(self, values: Values) -> tuple[Space, ...]:
        return (self._space(values),)

    def _space(self, values: Values) -> ChoiceSpace:
        return ChoiceSpace(
            options=tuple(prose.nodes(text, values) for text in self.options.values()),
            correct=self._places(values),
        )

    def _places(self, values: Values) -> tuple[int, ...]:
        """The places of the right options, in the order of printing."""
        right = self.value(values)
        keys = keys_in(right) if self.several else (right,)
        for key in keys:
            if key not in self.options:
                raise AuthoringError(f"{self.step} = {key!r} is none of the options {', '.join(self.options)}")
        return tuple(place for place, key in enumerate(self.options) if key in keys)

    def shown(self, values: Values) -> BoxedAnswer:
        return BoxedAnswer(rf"\text{{({self.letter(values)})}}")

    def letter(self, values: Values) -> str:
        """The printed letter of the right option, or the letters of all that are right."""
        return "), (".join(LETTERS[place] for place in self._places(values))

    def excerpts(self, right: Values, wrong: Values) -> Iterator[str]:
        if not self.unfit(self.value(wrong)):
            yield rf"\text{{({self.letter(wrong)})}}"


@dataclass(frozen=True)
class Offered:
    """A computed answer as multiple choice: the right value among what mistakes lead to.

    ``solutions`` are the right solution and the mistaken ones, in the order of printing.
    """

    answer: Answer
    solutions: tuple[Values, ...]

    points: None = field(default=None, init=False)

    @property
    def step(self) -> str | None:
        return self.answer.step

    def value(self, values: Values) -> Any:
        return self.answer.value(values)

    def spaces(self, values: Values) -> tuple[Space, ...]:
        options = tuple((Paragraph((Math(self._tex(solution)),)),) for solution in self.solutions)
        return (ChoiceSpace(options, correct=(self._place(values),)),)

    def shown(self, values: Values) -> BoxedAnswer:
        return BoxedAnswer(rf"\text{{({LETTERS[self._place(values)]})}}\quad {self._tex(values)}")

    def rubric(self, values: Values) -> tuple[Criterion, ...]:
        return ()

    def excerpts(self, right: Values, wrong: Values) -> Iterator[str]:
        place = self._place(wrong)
        if place is None:
            yield from self.answer.excerpts(right, wrong)
        else:
            yield rf"\text{{({LETTERS[place]})}}"

    def _tex(self, values: Values) -> str:
        shown = self.answer.shown(values)
        assert isinstance(shown, BoxedAnswer)
        return shown.tex

    def _place(self, values: Values) -> Any:
        value = self.value(values)
        places = (i for i, solution in enumerate(self.solutions) if same(self.value(solution), value))
        return next(places, None)


@dataclass(frozen=True)
class Subsets(Computed):
    """For each label some of the ``letters``: of ``NCHW`` the axes that a layer averages over, say.

    The step gives a text for each label, its letters in the order of ``letters``: ``("NHW", "CHW", "HW")``.
    """

    step: str
    labels: tuple[str, ...]
    letters: str

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check_labels()
        if not isinstance(self.letters, str) or not set(self.letters) <= set(ascii_uppercase) or len(self.letters) < 2:
            raise self._error("letters, a text of two or more of A to Z", self.letters)

    def unfit(self, value: Any) -> str:
        if not isinstance(value, tuple) or not all(map(self._is_subset, value)):
            return f"some of the letters {self.letters} are asked for under each label; the step gives {value!r}"
        if len(value) != len(self.labels):
            return f"{len(self.labels)} labels are given for {len(value)} values"
        return ""

    def _is_subset(self, value: Any) -> bool:
        return isinstance(value, str) and value != "" and value == "".join(one for one in self.letters if one in value)

    def spaces(self, values: Values) -> tuple[Space, ...]:
        return (FieldsSpace(self.labels),)

    def shown(self, values: Values) -> BoxedAnswer:
        pairs = zip(self.labels, self.value(values), strict=True)
        lines = [rf"{label} &= {set_tex(chosen)}" for label, chosen in pairs]
        return BoxedAnswer(r"\begin{aligned} " + r" \\ ".join(lines) + r" \end{aligned}")

    def excerpts(self, right: Values, wrong: Values) -> Iterator[str]:
        triples = zip(self.labels, self.value(right), self.value(wrong), strict=True)
        changed = [rf"{label} = {set_tex(theirs)}" for label, ours, theirs in triples if ours != theirs]
        for count in (2, len(changed)):
            yield r",\; ".join(changed[:count])


def set_tex(letters: str) -> str:
    """Return the TeX of a set of letters."""
    return rf"\{{{', '.join(letters)}\}}"
