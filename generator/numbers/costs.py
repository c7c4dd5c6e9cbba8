"""What an operation on two numbers costs where :mod:`generator.numbers.bounds` holds, reckoned before it is begun.

It is told from how many terms there are, and how many different roots.
"""

from __future__ import annotations

from generator.numbers.bounds import TooInvolvedError, Work
from generator.numbers.surds import Scalar, surds

_MOST_TERMS_BELOW = 3
_MOST_OPERATIONS_BELOW = 40
"""What may stand below in a fraction."""
_WORK_ON_OTHERS, _FACTORING, _EASILY_FACTORED = 100, 8, 1 << 30
"""What is reckoned for an operation on numbers that are no sums of roots; how many times more where a root of more is new."""


def spend_on_sum(work: Work, a: Scalar, b: Scalar) -> None:
    """The sum of two numbers that are not both rational."""
    ours, theirs = surds(a), surds(b)
    if ours is None or theirs is None:
        work.spend(_WORK_ON_OTHERS)
    else:
        work.spend(_work_of_roots(len({r for _, _, r in ours + theirs} - {1})))


def spend_on_product(work: Work, a: Scalar, b: Scalar) -> None:
    """The product of two numbers that are not both rational, term by term."""
    ours, theirs = surds(a), surds(b)
    if ours is None or theirs is None:
        work.spend(_WORK_ON_OTHERS)
    elif len(ours) == len(theirs) == 1 or a.is_Rational or b.is_Rational:
        work.spend(max(len(ours), len(theirs)))
    else:
        roots = {r for _, _, r in ours + theirs} - {1}
        new = len(roots) > 1 and ours[-1][2] * theirs[-1][2] > _EASILY_FACTORED
        work.spend(_work_of_roots(len(ours) * len(theirs) if len(roots) > 1 else 1) * (_FACTORING if new else 1))


def _work_of_roots(count: int) -> int:
    """A sum of several different roots has to be put in order."""
    return 1 if count <= 1 else 12 + 4 * count


def spend_on_reciprocal(work: Work, b: Scalar) -> None:
    """Raises :class:`TooInvolvedError` also where ``b`` is too long a sum."""
    terms = surds(b)
    if (b.count_ops() > _MOST_OPERATIONS_BELOW) if terms is None else (len(terms) > _MOST_TERMS_BELOW):
        raise TooInvolvedError("a denominator is too involved")
    work.spend(_WORK_ON_OTHERS if terms is None else 10 * len(terms))
