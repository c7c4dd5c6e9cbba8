"""What no platform asks for, letters for each of several labels and words, as options: the right answer, those of mistakes, and others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.export import text, tree
from generator.problem.choices import Subsets
from generator.problem.draw import Draw
from generator.problem.problem import Variant
from generator.problem.word_answers import Words

OPTIONS = 5
_MOST_DRAWS = 200


def chosen_options(answer: Subsets | Words, variant: Variant) -> tuple[Any, ...]:
    """Return what is offered, the right answer among it, in the order of printing; the same for the same variant."""
    draw = Draw(variant.problem.id, answer.step, variant.canonical, "options of letters")
    found: list[Any] = [answer.value(variant.values)]
    mistaken = [*_mistaken(answer, variant)]
    others: Iterator[Any]
    if isinstance(answer, Subsets):
        others = _exchanged(draw, found[0])
    elif isinstance(found[0], tuple):
        others = _other_lists(draw, found[0])
    else:
        others = _other_words(draw, found[0], "".join([found[0], *mistaken]))
    for other in (*mistaken, *others):
        if len(found) < OPTIONS and other not in found:
            found.append(other)
    return draw.shuffled(found)


def _mistaken(answer: Subsets | Words, variant: Variant) -> Iterator[Any]:
    for _, values in variant.wrong:
        if answer.step in values and not answer.unfit(answer.value(values)):
            yield answer.value(values)


def _exchanged(draw: Draw, right: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield answers in which some labels have the letters of others."""
    for _ in range(_MOST_DRAWS):
        one, other = draw.sample(range(len(right)), 2)
        wrong = list(right)
        wrong[one], wrong[other] = wrong[other], wrong[one]
        if draw.integer(0, 1):
            wrong[draw.integer(0, len(right) - 1)] = draw.choice(right)
        yield tuple(wrong)


def _other_lists(draw: Draw, right: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield lists in which a word stands elsewhere, is joined to the next one, or is cut."""
    for _ in range(_MOST_DRAWS):
        wrong = list(right)
        place = draw.integer(0, len(wrong) - 1)
        word = wrong.pop(place)
        change = draw.choice(("moved", "joined", "cut"))
        if change == "moved":
            wrong.insert(draw.integer(0, len(wrong)), word)
        elif change == "joined" and place < len(wrong) and "+" not in word + wrong[place]:
            wrong[place] = word + wrong[place]
        elif "+" in word:
            first, _, second = word.partition("+")
            wrong.insert(place, f"{second}+{first}")
        else:
            after = draw.integer(0, len(word) - 1)
            wrong[place:place] = [piece for piece in (word[:after], word[after:]) if piece]
        yield tuple(wrong)


def _other_words(draw: Draw, right: str, letters: str) -> Iterator[str]:
    """Yield words with one letter replaced by another of the ``letters``, or of those around them in the alphabet."""
    near = [chr(ord(letter) + 1) for letter in sorted({*letters}) if letter.lower() not in "z9"]
    for _ in range(_MOST_DRAWS):
        place = draw.integer(0, len(right) - 1)
        other = draw.choice((*letters, *near[:1]))
        yield right[:place] + other + right[place + 1 :]


def option_text(answer: Subsets | Words, chosen: Any) -> tree.Blocks:
    """Return an option: a word or several, or each label with its letters."""
    if isinstance(answer, Words):
        return [{"p": [", ".join(chosen) if isinstance(chosen, tuple) else chosen]}]
    line: list[tree.Inline] = []
    for place, (label, letters) in enumerate(zip(answer.labels, chosen, strict=True)):
        line += [*([", "] if place else []), {"tex": text.portable(label)}, f": {letters}"]
    return [{"p": line}]
