"""What the texts of a paper tell and ask, by the names of insights.

An *insight* is what one has to know for an answer.  A question, a claim or a preamble ``tells`` those that its printed words
give away, and ``asks`` those that decide its answer.
"""

from __future__ import annotations

from dataclasses import dataclass

from generator.document.prose import Content, Fill, Say


@dataclass(frozen=True)
class Insights:
    """The insights that a text tells and asks.

    ``where`` is what the text is called: a part's id, or the key of the bank's entry that ``is_drawn``.  ``needs`` are the ids of
    the parts of its problem that an entry refers to.
    """

    tells: frozenset[str] = frozenset()
    asks: frozenset[str] = frozenset()
    where: str = ""
    is_drawn: bool = False
    is_claim: bool = False
    needs: frozenset[str] = frozenset()

    def spoils(self, other: Insights) -> frozenset[str]:
        """The insights that one of both tells and the other asks."""
        return (self.tells & other.asks) | (self.asks & other.tells)

    def clashes(self, other: Insights) -> frozenset[str]:
        """The insights for which both cannot be on one paper: one of them tells what the other asks, or both ask it.

        An essay may explain what a part lets compute, but a claim is decided by the result.
        """
        both_ask = (self.is_drawn and other.is_drawn) or self.is_claim or other.is_claim
        return self.spoils(other) | (self.asks & other.asks if both_ask else frozenset())


def told_by(content: Content) -> frozenset[str]:
    """The insights that a text tells, as its bank says."""
    if isinstance(content, Say):
        return frozenset(content.tells)
    if isinstance(content, Fill):
        return told_by(content.blank)
    if isinstance(content, list | tuple):
        return frozenset().union(*map(told_by, content))
    return frozenset()
