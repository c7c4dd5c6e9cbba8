"""The order of one student's rows by their times; nothing else is made of a time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta, timezone

_ZONE = re.compile(
    r"\s*(?:UTC|GMT|Z)?\s*(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?$|\s*(?:UTC|GMT|Z)$", re.IGNORECASE
)
_FORMS = (
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %I:%M:%S %p", "%Y/%m/%d %I:%M:%S %p", "%Y/%m/%d %H:%M:%S",
    "%d %B %Y %I:%M %p", "%d %B %Y %H:%M", "%d %b %Y %H:%M", "%B %d, %Y %I:%M %p",
    "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%y %H:%M:%S",
)  # fmt: skip
_NUMERIC = {
    True: ("%d/%m/%y %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %I:%M:%S %p", "%d/%m/%Y %H:%M"),
    False: ("%m/%d/%y %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M"),
}
_SLASHES = re.compile(r"\s*(\d{1,2})/(\d{1,2})/\d{2,4}\b")


def in_order(times: Sequence[str]) -> list[int]:
    """Return the places of times, the earliest first; in the order of the file where one of them cannot be read."""
    day_first = any(int(found[1]) > 12 for one in times if (found := _SLASHES.match(one)))
    moments = [moment(one, day_first=day_first) for one in times]
    known = [one for one in moments if one is not None]
    if len(known) < len(moments):
        return list(range(len(times)))
    return sorted(range(len(times)), key=lambda place: known[place])


def moment(text: str, *, day_first: bool = False) -> datetime | None:
    """Return the time that a text says, in the zone that it names or else UTC; None where it cannot be read."""
    plain = " ".join(text.replace("T", " ", 1).split() if re.match(r"\d{4}-\d\d-\d\dT", text.strip()) else text.split())
    plain = re.sub(r"(?<=\d)\.\d{1,6}(?=\D*$)", "", plain) if re.match(r"\d{4}-", plain) else plain
    offset = timedelta()
    zone = _ZONE.search(plain)
    if zone is not None:
        plain = plain[: zone.start()]
        if zone["sign"]:
            size = timedelta(hours=int(zone["hours"]), minutes=int(zone["minutes"] or 0))
            offset = size if zone["sign"] == "+" else -size
    if abs(offset) >= timedelta(days=1):
        return None
    for form in (*_FORMS, *_NUMERIC[day_first]):
        with suppress(ValueError):
            return datetime.strptime(plain, form).replace(tzinfo=timezone(offset))
    return None
