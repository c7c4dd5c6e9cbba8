"""Draws: named, seeded, exact and the same for ever.

The numbers come from BLAKE2b in counter mode, keyed by the problem and the stream of the paper, and are cut
to a range by our own rejection step.  No library upgrade can move them, and nothing that happens to one
problem shifts another.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import accumulate
from struct import Struct
from typing import Generic, TypeVar

from generator.errors import AuthoringError, Rejected, expected, shown

T = TypeVar("T")

_WORD = 1 << 64
_EIGHT_WORDS = Struct(">8Q").unpack
_STREAM_VERSION = "keyright draw 1"


ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXY"
"""Without 0, 1, I, L, O, U and Z, which are read as others; 29 is prime, which the check needs."""

STREAM_LENGTH = 7


def stream(seed: int | str, student: str = "", sheet: str = "") -> str:
    """The name of a stream of public draws; that of practice, and of a problem shown alone, is of no sheet."""
    return hash_letters(repr((seed, student, sheet or 0)), STREAM_LENGTH)  # 0 as before sheets had streams of their own


def hash_letters(text: str, count: int) -> str:
    """Return so many letters of :data:`ALPHABET` that stand for a text."""
    return letters_of(blake2b(text.encode(), digest_size=8).digest(), count)


def letters_of(digest: bytes, count: int) -> str:
    """Return so many letters of :data:`ALPHABET` that stand for a digest."""
    number = int.from_bytes(digest, "big")
    letters = []
    for _ in range(count):
        number, digit = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[digit])
    return "".join(letters)


class Weights(Generic[T]):
    """Items with integer weights, looked at and added up once: a table that is drawn from again and again."""

    def __init__(self, weights: Mapping[T, int]) -> None:
        if not isinstance(weights, Mapping) or not all(hasattr(weight, "__index__") for weight in weights.values()):
            raise AuthoringError(f"draw.weighted: {expected('a table of whole numbers by item', shown(weights))}")
        self.items = tuple(weights)
        self.sums = tuple(accumulate(weights.values()))
        if min(weights.values(), default=0) < 0 or not any(self.sums):
            raise ValueError(f"cannot choose by the weights {list(weights.values())}: none negative, one not 0")


class Draw:
    """A stream of uniform draws, fixed by its key.

    The key is any sequence of texts and integers: by convention the problem's id, the stream of the paper and the
    number of the attempt.  It is not shown, since a stream can be secret.
    """

    def __init__(self, *key: str | int) -> None:
        self._key = key
        parts = (_STREAM_VERSION, *(f"{type(part).__name__}:{part}" for part in key))
        # Length prefixes keep ("ab", "c") and ("a", "bc") apart.
        message = "".join(f"{len(part)}:{part}" for part in parts)
        self._seed = blake2b(message.encode(), digest_size=32).digest()
        self._words: Iterator[int] = iter(())  # those that are left of the last block
        self._blocks = 0

    def fork(self, name: str) -> Draw:
        """A stream of its own under ``name``: what is drawn from it never shifts this one."""
        return Draw(*self._key, name)

    def integer(self, low: int, high: int) -> int:
        """A uniform integer, ``low`` and ``high`` included."""
        try:
            span = high.__index__() - low.__index__() + 1
        except AttributeError:
            raise AuthoringError(f"draw.integer: expected two whole numbers; got {low!r} and {high!r}") from None
        if span < 1:
            raise ValueError(f"cannot draw an integer from low={low} to high={high}")
        if span > _WORD:
            raise ValueError(f"cannot draw one of {span} integers; at most 2**64 are in reach of a draw")
        return low + self._below(span)

    def choice(self, items: Sequence[T]) -> T:
        """One item, each as likely."""
        if not hasattr(items, "__getitem__") or not hasattr(items, "__len__"):
            raise AuthoringError(f"draw.choice: {expected('a list', shown(items))}")
        if not items:
            raise ValueError("cannot choose from nothing")
        return items[self._below(len(items))]

    def weighted(self, weights: Mapping[T, int] | Weights[T]) -> T:
        """One item, as likely as its integer weight."""
        table = weights if isinstance(weights, Weights) else Weights(weights)
        return table.items[bisect_left(table.sums, self.integer(1, table.sums[-1]))]

    def shuffled(self, items: Sequence[T]) -> tuple[T, ...]:
        """Return all items in a uniformly random order (Fisher and Yates)."""
        if not hasattr(items, "__len__"):
            raise AuthoringError(f"draw.shuffled: {expected('a list', shown(items))}")
        pool, below = list(items), self._below
        for last in range(len(pool) - 1, 0, -1):
            other = below(last + 1)
            pool[last], pool[other] = pool[other], pool[last]
        return tuple(pool)

    def sample(self, items: Sequence[T], count: int) -> tuple[T, ...]:
        """``count`` different items in a uniform order."""
        if not hasattr(items, "__len__") or not hasattr(count, "__index__"):
            raise AuthoringError(
                f"draw.sample: {expected('a list and a whole number', f'{shown(items)} and {count!r}')}"
            )
        if not 0 <= count <= len(items):
            raise ValueError(f"cannot draw {count} different items from {len(items)}")
        return self.shuffled(items)[:count]

    def sign(self) -> int:
        """+1 or -1."""
        return 1 if self._below(2) else -1

    def require(self, condition: object, reason: str) -> None:
        """Throw this draw away, for ``reason``, unless ``condition`` holds."""
        if not condition:
            if not isinstance(reason, str) or not reason.strip():
                raise AuthoringError(f"draw.require: {expected('a reason, a text', shown(reason))}")
            raise Rejected(reason)

    def _below(self, span: int) -> int:
        """A uniform integer from 0 to below ``span``."""
        while True:
            for word in self._words:
                # Words from the largest multiple of the span on are thrown away; most are well below it.
                if word < _WORD - span or word < _WORD - _WORD % span:
                    return word % span
            block = blake2b(self._blocks.to_bytes(8, "big"), key=self._seed).digest()
            self._words = iter(_EIGHT_WORDS(block))
            self._blocks += 1
