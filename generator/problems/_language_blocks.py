"""The blocks of language-model-scores as they are drawn: a sentence, a model, a corpus, and vectors, each of them until it is good."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import prod
from typing import Any, TypeVar

from generator import Draw
from generator.problems import _language as lm

T = TypeVar("T")

PATTERNS = ((5, 3, 2), (6, 3, 1), (5, 4, 1), (7, 2, 1), (4, 3, 3), (8, 1, 1), (9, 1, 0))
"""Rows of the table, in tenths, in any order."""

VOCABULARY = (
    (
        "net", "nest", "nets", "tent", "tents", "ten", "tens", "test", "tests", "tester", "sent", "send", "tend", "tense",
        "set", "sets", "rest", "rent", "end", "ends", "need", "needs", "seen", "seed", "dent", "den", "sense", "steer",
        "stern", "tree", "trees", "enter", "sender", "tender", "nested",
    ),
    (
        "art", "arts", "rat", "rats", "star", "stars", "start", "tart", "tarts", "part", "parts", "trap", "traps", "spar",
        "tap", "taps", "past", "strap", "straps", "rapt", "sap", "rasp", "spat", "pats", "apart", "tarp", "tsar", "raps",
    ),
    (
        "low", "lower", "slow", "slower", "owl", "owls", "role", "roles", "rose", "lose", "loser", "sole", "sore", "wore",
        "were", "row", "rows", "rower", "swore", "ore", "sow", "sew", "sewer", "lore", "sloe", "wooer", "slew", "sorrel",
    ),
)  # fmt: skip
"""Words over few letters, so that pairs come again and again."""

OTHER_WORDS = (
    ("honest", "west", "best", "lent", "latest", "bent", "vent", "modest", "spend", "friend", "event", "forest"),
    ("chart", "smart", "market", "bats", "cart", "depart", "staple", "maps", "strange", "harp", "vast", "clap"),
    ("flower", "power", "grower", "clover", "world", "slope", "fore", "blow", "shower", "score", "wolf", "fellow"),
)
"""Words to cut into tokens that have letters of their own."""

BITS = (Fraction(3, 2), Fraction(2), Fraction(5, 2), Fraction(3), Fraction(4), Fraction(5))
FRACTIONS = (Fraction(1, 2), Fraction(1, 3))
LARGEST_RATIO = 12
MOST_TRIES = 4000


def drawn_until_good(draw: Draw, block: Callable[[Draw], T | None]) -> T:
    """What a block draws, drawn again until it is good."""
    for _ in range(MOST_TRIES):
        found = block(draw)
        if found is not None:
            return found
    draw.require(condition=False, reason=f"{block} is never good")
    raise AssertionError


def sentence(lengths: Sequence[int], draw: Draw) -> Mapping[str, Any] | None:
    """Exponents from 1 to 6 that differ, with a mean for which the perplexity is simple."""
    count = draw.choice(lengths)
    mean = draw.choice([bits for bits in BITS if (bits * count).denominator == 1])
    return drawn_until_good(draw, lambda one: _exponents(one, count, int(mean * count)))


def _exponents(draw: Draw, count: int, total: int) -> Mapping[str, Any] | None:
    halvings = [draw.integer(1, 6) for _ in range(count - 1)]
    halvings.append(total - sum(halvings))
    if not 1 <= halvings[-1] <= 6 or len(set(halvings)) == 1:
        return None
    return {"halvings": draw.shuffled(halvings)}


def marks(number: Fraction) -> int:
    """What a number is to write: the bar of a fraction, and each digit beyond the first of a whole number."""
    above = len(str(abs(number.numerator))) - 1
    return above if number.denominator == 1 else above + len(str(number.denominator))


SHARES = {
    (20, 21): 50, (20, 24): 30, (20, 27): 20, (20, 28): 50, (20, 32): 20, (20, 36): 10, (24, 27): 100, (25, 27): 20,
    (25, 28): 55, (25, 32): 10, (25, 36): 5, (30, 32): 100, (30, 36): 60, (35, 36): 80,
}  # fmt: skip
"""How many of a hundred draws with sequences of two words are used, by what greedy decoding and the beam find, in hundredths: a few would be far too common."""


def decoding(length: int, work: range, draw: Draw) -> Mapping[str, Any] | None:
    """A model for which greedy decoding is not what a beam finds, without ties."""
    start, *table = (draw.shuffled(draw.choice(PATTERNS)) for _ in range(4))
    greedy = lm.greedy_ids(start, table, length)
    searched = lm.beam_steps(start, table, length)
    if searched is None or greedy is None or searched[-1][1][0] == greedy or not lm.best_ids(start, table, length):
        return None
    found = lm.probability(greedy, start, table), lm.probability(searched[-1][1][0], start, table)
    if length == 2 and draw.integer(1, 100) > SHARES[found]:
        return None
    if length > 2 and len(set(greedy)) == 1 and draw.integer(1, 3) == 1:  # AAA would be too common
        return None
    written = [candidates for candidates, _ in searched] + [*lm.best_by_last_word(start, table, length)]
    if sum(marks(Fraction(p, 10 ** len(ids))) for candidates in written for ids, p in candidates) not in work:
        return None
    tenths = [[Fraction(one, 10) for one in row] for row in (start, *table)]
    return {"start": tenths[0], "table": tenths[1:], "length": length}


def merging(words: int, merges: int, letters: range, draw: Draw) -> Mapping[str, Any] | None:
    """A corpus without ties, even for those who do not count pairs again, and another word that some merge changes."""
    known, new = draw.choice([*zip(VOCABULARY, OTHER_WORDS, strict=True)])
    chosen = draw.sample(known, words)
    if sum(map(len, chosen)) not in letters:
        return None
    corpus = [*zip(chosen, draw.sample(range(1, 10), words), strict=True)]
    pairs = lm.learned(corpus, merges)
    if pairs is None or any(first == second for first, second in pairs):
        return None
    counts, at_once = lm.pair_counts(lm.letters_of(corpus)), lm.learned_at_once(corpus, merges)
    if at_once is None or len({counts[pair] for pair in at_once}) < merges:
        return None
    word = draw.choice([one for one in (*known, *new) if one not in chosen])
    if len(lm.segmented(word, pairs)) in (1, len(word)):
        return None
    return {"corpus": corpus, "merge_count": merges, "new_word": word}


def skip_gram(
    vectors: int, entries: Sequence[int], numbers: Sequence[Any], work: range, draw: Draw
) -> Mapping[str, Any] | None:
    """Vectors whose products with v are logarithms of small fractions."""
    b = [Fraction(one) for one in draw.sample(numbers, 2)]
    others = [[draw.choice(entries) for _ in b] for _ in range(vectors)]
    ratios = [b[0] ** first * b[1] ** second for first, second in others]
    negatives = [sum(column) for column in zip(*others[1:], strict=True)]
    if len({*ratios, Fraction(1)}) <= vectors or any(max(r.numerator, r.denominator) > LARGEST_RATIO for r in ratios):
        return None
    residuals = [ratio / (1 + ratio) for ratio in ratios]
    residuals[0] -= 1
    gradient = [sum((r * u[place] for r, u in zip(residuals, others, strict=True)), Fraction(0)) for place in range(2)]
    hidden = not any(negatives) or not any(map(sum, zip(*others, strict=True)))
    if prod(ratios[1:]) == 1 or hidden or not all(gradient):
        return None
    written: list[Fraction] = [*ratios, *residuals, *2 * [r / (1 + r) for r in ratios], *gradient]
    if sum(map(marks, written)) not in work:
        return None
    return {"others": others, "b": b}
