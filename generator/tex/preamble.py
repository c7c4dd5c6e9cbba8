r"""Preambles read once: what TeX knows after a preamble is dumped and kept, and later runs begin from there.

Reading the packages takes TeX longer than setting some pages.  A dump stands in the user's cache folder under
the hash of the preamble and of the program; it notes the files that TeX read, and is made anew when one of them
changed.  The pages are the same with and without it, so that whatever goes wrong here only costs time.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

import platformdirs

from generator.errors import EngineError
from generator.tex.run import Engine, Limits, StoppedError, TimeLimitError, run
from generator.tex.scratch import locked_folder

MARK = "% ---- this paper ----"
"""The line of a document below which papers differ; everything above it is its preamble."""

MOST_DUMPS = 8
"""Dumps that are kept, of some 20 MB each; those used longest ago go first."""

CLEARED = r"{\output{\setbox0\box255 \deadcycles0}\hbox{}\penalty-10000}%"
"""Stands for the mark when TeX runs: what packages leave on the first page (xcolor a setting of black) is lost in a
dump, and without one has to be thrown away for equal bytes."""

_VERSION = 5
_DUMP, _INPUTS = "preamble.fmt", "inputs.json"


def parts(tex: str) -> tuple[str, str]:
    """A document's preamble and, from the mark on, its rest; the preamble is empty where there is no mark."""
    before, mark, rest = tex.partition(f"\n{MARK}\n")
    return (f"{before}\n", f"{CLEARED}\n{rest}") if mark else ("", tex)


def folder() -> Path:
    """Where dumps are kept."""
    return platformdirs.user_cache_path("keyright") / "preambles"


def dumped(preamble: str, files: Mapping[str, str | bytes], engine: Engine, limits: Limits) -> Path | None:
    """The dump of a preamble, made if need be; None where none can be made or kept.

    ``files`` are those that it reads beside it, by their names.

    Raises :class:`StoppedError` and :class:`TimeLimitError`.
    """
    if not preamble or engine.name == "lualatex":  # which cannot dump the fonts that it has read
        return None
    try:
        place = folder() / _key(preamble, files, engine)
        if not _is_current(place):
            folder().mkdir(parents=True, exist_ok=True)
            with locked_folder(folder(), "making-") as beside:
                made = beside / "dump"
                made.mkdir()
                _dump(preamble, files, engine, made, limits)
                if not _is_current(place):  # as it may be by now: another process was quicker
                    forget(place / _DUMP)
                    with suppress(OSError):
                        made.rename(place)
            _forget_oldest()
        os.utime(place)
    except (StoppedError, TimeLimitError):
        raise
    except (OSError, RuntimeError, EngineError):  # RuntimeError: there is no home
        return None
    return place / _DUMP


def forget(dump: Path) -> None:
    """Remove a dump that is of no use."""
    shutil.rmtree(dump.parent, ignore_errors=True)


def _key(preamble: str, files: Mapping[str, str | bytes], engine: Engine) -> str:
    program = engine.program.resolve()
    status = program.stat()
    known = (_VERSION, str(program), status.st_size, status.st_mtime_ns, preamble, sorted(files.items()))
    return blake2b(repr(known).encode(), digest_size=16).hexdigest()


def _dump(preamble: str, files: Mapping[str, str | bytes], engine: Engine, made: Path, limits: Limits) -> None:
    for name, content in files.items():
        (made / name).write_bytes(content.encode() if isinstance(content, str) else content)
    (made / "preamble.tex").write_bytes(f"{preamble}\\dump\n".encode())
    run(engine, made, ("-ini", "-recorder", "-jobname=preamble", "&pdflatex", "preamble.tex"), limits)
    _unpack(made / _DUMP)
    lines = (made / "preamble.fls").read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    read = {name for line in lines if (name := line.removeprefix("INPUT ")) != line and Path(name).is_absolute()}
    stamps = {name: _stamp(Path(name)) for name in sorted(read)}
    stamps[_DUMP] = _stamp(made / _DUMP)
    (made / _INPUTS).write_text(json.dumps(stamps), encoding="utf-8")
    for leftover in made.iterdir():
        if leftover.name not in (_DUMP, _INPUTS):
            leftover.unlink()


def _unpack(dump: Path) -> None:
    """Undo TeX's own compression: unpacking took most of the time in which TeX starts, and it reads plain files too."""
    packed = dump.read_bytes()
    if packed.startswith(b"\x1f\x8b"):
        dump.write_bytes(gzip.decompress(packed))


def _is_current(place: Path) -> bool:
    """Whether there is a dump, whole, and the files it was made from are as they were."""
    try:
        stamps = json.loads((place / _INPUTS).read_text(encoding="utf-8"))
        return all(_stamp(place / name) == stamp for name, stamp in stamps.items())  # an absolute name stays itself
    except (OSError, ValueError, AttributeError):
        return False


def _stamp(path: Path) -> list[int]:
    status = path.stat()
    return [status.st_size, status.st_mtime_ns]


def _forget_oldest() -> None:
    dumps = [(inputs.parent.stat().st_mtime_ns, inputs.parent) for inputs in folder().glob(f"*/{_INPUTS}")]
    for _, place in sorted(dumps, reverse=True)[MOST_DUMPS:]:
        shutil.rmtree(place, ignore_errors=True)
