"""How much a class takes on the disk, estimated before it is made."""

from __future__ import annotations

import shutil
from pathlib import Path

from generator.classes.plan import Order
from generator.paper.manifest import RECORDS

_BYTES = {"tex": 24_000, "md": 19_000, "html": 55_000, "pdf": 160_000, "docx": 30_000}
"""Of a problem, worksheet and key together, as those of Discussion 04 are on average."""

_BOUND_KEY, _BOUND_WORKSHEET = 50_000, 27_000
"""Of a problem in the PDF of all keys, and of all worksheets: fonts are kept once."""

_LARGE = 500_000_000
"""Bytes from which on an estimate is worth a line."""


def estimated_bytes(order: Order) -> int:
    """Return about how many bytes the files of a class take, right within a factor of two."""
    each, binding = sum(_BYTES[form] for form in order.formats), order.binding
    papers = len(order.students)
    copies = len(binding.assigned) or papers
    bound = papers * _BOUND_KEY * binding.keys + copies * _BOUND_WORKSHEET * binding.prints
    zipped = copies * each // 2 * binding.zipped
    return order.sheet.length * (papers * each + bound + zipped)


def disk_note(order: Order) -> str:
    """Return a sentence about the room that the class needs and that there is; empty where it is no matter."""
    if (order.folder / RECORDS).exists():  # most papers may be there already
        return ""
    try:
        total, _, free = shutil.disk_usage(_there(order.folder))
    except OSError:
        return ""
    needed = estimated_bytes(order)
    what = f"about {_shown(needed)} will be written into {order.folder}, where {_shown(free)} are free"
    if needed > free and total:  # some file systems do not say
        return f"warning: {what}: make room; a run that finds the disk full goes on later by the same command"
    return f"note: {what}" if needed >= _LARGE else ""


def _there(folder: Path) -> Path:
    return next((one for one in (folder, *folder.absolute().parents) if one.is_dir()), Path.cwd())


def _shown(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"
