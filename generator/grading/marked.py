"""A marked answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Status = Literal["correct", "partial", "wrong", "invalid", "human"]
"""``invalid`` could not be read and costs nothing; ``human`` is an answer in words, which a person marks."""


@dataclass(frozen=True)
class Marked:
    """A marked answer.

    ``points`` is None where a person marks it.  ``diagnosis`` names the mistakes that lead to it; ``message`` is Markdown
    for the student.  ``entries`` has the form of the answer and says of each entry whether it is right, None where the
    answer has none or another shape.  ``expected_from_working`` is what follows from the values given, encoded.
    """

    status: Status
    points: int | None
    max_points: int
    diagnosis: tuple[str, ...] = ()
    message: str = ""
    rounded: bool = False
    entries: Any = None
    expected_from_working: Any = None
    tex: str = ""

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "status": self.status,
            "points": self.points,
            "max_points": self.max_points,
            "diagnosis": list(self.diagnosis),
            "message": self.message,
            "expected_from_working": self.expected_from_working,
            "rounded": self.rounded,
            "entries": self.entries,
        }
