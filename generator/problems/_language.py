"""Small language models: decoding by greed, with a beam and exhaustively, and byte-pair merges."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise, product
from typing import Any, TypeAlias

Ids: TypeAlias = tuple[int, ...]
"""Words by their places in the vocabulary, from 0."""

Rows: TypeAlias = Sequence[Sequence[Any]]
Pair: TypeAlias = tuple[str, str]
Corpus: TypeAlias = Sequence[tuple[str, Any]]
"""Words and how often each occurs."""

# ------------------------------------------------------------------------------------------- decoding


def row_after(ids: Ids, start: Sequence[Any], table: Rows) -> Sequence[Any]:
    """The probabilities of the next word."""
    return table[ids[-1]] if ids else start


def factors(ids: Ids, start: Sequence[Any], table: Rows) -> list[Any]:
    """The probability of each word of a sequence, given the one before it."""
    return [row_after(ids[:place], start, table)[one] for place, one in enumerate(ids)]


def probability(ids: Ids, start: Sequence[Any], table: Rows) -> Any:
    found: Any = 1
    for factor in factors(ids, start, table):
        found = found * factor
    return found


def only_largest(values: Sequence[Any]) -> int | None:
    """The place of the largest value; None if there are several."""
    largest = max(values)
    places = [place for place, value in enumerate(values) if value == largest]
    return places[0] if len(places) == 1 else None


def greedy_ids(start: Sequence[Any], table: Rows, length: int) -> Ids | None:
    """The most probable word after each one; None where two are equally probable."""
    found: Ids = ()
    for _ in range(length):
        place = only_largest(row_after(found, start, table))
        if place is None:
            return None
        found = (*found, place)
    return found


def marginal_ids(start: Sequence[Any], table: Rows, length: int) -> Ids | None:
    """At each place the word that is most probable there if nothing is known of the others; None where there are two."""
    found: list[int] = []
    row = list(start)
    for _ in range(length):
        place = only_largest(row)
        if place is None:
            return None
        found.append(place)
        row = [sum(before * after[word] for before, after in zip(row, table, strict=True)) for word in range(len(row))]
    return tuple(found)


Scored: TypeAlias = tuple[Ids, Any]
"""A sequence and its score."""


def beam_steps(
    start: Sequence[Any], table: Rows, length: int, width: int = 2, *, by_last: bool = False
) -> list[tuple[list[Scored], list[Ids]]] | None:
    """For each length the candidates with their scores and those that are kept, the best one first; None where a tie decides.

    Which impossible prefixes are kept does not matter.  The score is the probability, or the last factor of it.
    """
    kept: list[Ids] = [()]
    found: list[tuple[list[Scored], list[Ids]]] = []
    for place in range(length):
        longer = [(*ids, word) for ids in kept for word in range(len(start))]
        score: Callable[[Ids], Any] = (
            (lambda ids: row_after(ids[:-1], start, table)[ids[-1]])
            if by_last
            else (lambda ids: probability(ids, start, table))
        )
        candidates = [(ids, score(ids)) for ids in longer]
        ranked = sorted(candidates, key=lambda one: one[1], reverse=True)
        cut = 1 if place == length - 1 else width
        if len(ranked) > cut and 0 < ranked[cut - 1][1] == ranked[cut][1]:
            return None
        kept = [ids for ids, _ in ranked[:width]]
        found.append((candidates, kept))
    return found


def beam_ids(start: Sequence[Any], table: Rows, length: int, *, by_last: bool = False) -> Ids | None:
    """The best sequence that a beam of width 2 finds."""
    steps = beam_steps(start, table, length, by_last=by_last)
    return None if steps is None else steps[-1][1][0]


def best_ids(start: Sequence[Any], table: Rows, length: int) -> Ids | None:
    """The most probable of all sequences; None if there are several."""
    sequences = [*product(range(len(start)), repeat=length)]
    place = only_largest([probability(ids, start, table) for ids in sequences])
    return None if place is None else sequences[place]


def best_by_last_word(start: Sequence[Any], table: Rows, length: int) -> Iterator[list[Scored]]:
    """For each length the best sequence that ends in each of the words, with its probability."""
    found: list[Scored] = [((word,), one) for word, one in enumerate(start)]
    yield found
    for _ in range(length - 1):
        found = [
            max((((*ids, word), p * table[ids[-1]][word]) for ids, p in found), key=lambda one: one[1])
            for word in range(len(start))
        ]
        yield found


# --------------------------------------------------------------------------------------------- merges

Cut: TypeAlias = Sequence[tuple[tuple[str, ...], Any]]
"""Words, each cut into tokens, and how often each occurs."""


def letters_of(corpus: Corpus) -> Cut:
    return [(tuple(word), count) for word, count in corpus]


def pair_counts(words: Cut) -> Mapping[Pair, Any]:
    """How often each pair of neighbouring tokens occurs, in the order in which the pairs first occur."""
    found: dict[Pair, Any] = {}
    for tokens, count in words:
        for pair in pairwise(tokens):
            found[pair] = found.get(pair, 0) + count
    return found


def joined(tokens: Sequence[str], pair: Pair) -> tuple[str, ...]:
    """The tokens with each occurrence of a pair, from the left, as one token."""
    found: list[str] = []
    for token in tokens:
        # A token that was just made of the pair is no beginning of another one, for it is longer than the first half.
        if found and (found[-1], token) == pair:
            found[-1] += token
        else:
            found.append(token)
    return tuple(found)


def merged(words: Cut, pair: Pair) -> Cut:
    return [(joined(tokens, pair), count) for tokens, count in words]


def learned(corpus: Corpus, count: int) -> tuple[Pair, ...] | None:
    """The pairs that are merged, counted anew after each; None where two are equally frequent, or none is left."""
    words, found = letters_of(corpus), []
    for _ in range(count):
        counts = pair_counts(words)
        place = only_largest([*counts.values()]) if counts else None
        if place is None:
            return None
        found.append([*counts][place])
        words = merged(words, found[-1])
    return tuple(found)


def learned_at_once(corpus: Corpus, count: int) -> tuple[Pair, ...] | None:
    """The most frequent pairs of letters, never counted anew; None where a tie decides which they are, or there are too few."""
    counts = pair_counts(letters_of(corpus))
    ranked = sorted(counts, key=lambda pair: counts[pair], reverse=True)
    if len(ranked) < count or (len(ranked) > count and counts[ranked[count - 1]] == counts[ranked[count]]):
        return None
    return tuple(ranked[:count])


def segmented(word: str, pairs: Sequence[Pair]) -> tuple[str, ...]:
    """A word, cut into tokens by the merges in their order."""
    tokens = tuple(word)
    for pair in pairs:
        tokens = joined(tokens, pair)
    return tokens
