"""What was made, kept while the files stay as they are; the last good page is kept for when one of them has an error."""

from __future__ import annotations

import signal
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Condition
from types import FrameType
from typing import Self

from generator.cli.preview.request import Facts, Failure, Kind, Made, Request, Result
from generator.cli.preview.target import Target
from generator.cli.preview.watch import Watch
from generator.cli.preview.worker import SECONDS, Work, start, start_method

MOST_KEPT = 24
"""So many results are kept: going back to a seed, or to another tab, takes no time."""


@dataclass(frozen=True)
class Page:
    """A result, and the version of the files that it was made from."""

    request: Request
    version: str
    result: Result


class Pages:
    """Makes results, each once for a version of the files; one that is outdated before it is finished is given up."""

    def __init__(self, target: Target, seconds: float = SECONDS) -> None:
        self.target = target
        self._seconds = seconds
        self._context = start_method(target)
        path = target.path
        self._watch = Watch([] if path is None else [path, path.with_suffix(".toml")])
        self._kept: OrderedDict[tuple[str, Request], Page] = OrderedDict()
        self._good: dict[Kind, Page] = {}
        self._working: dict[tuple[str, Request], Work] = {}
        self._changed = Condition()
        self._is_closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End what is still being made, and make nothing more."""
        self._is_closed = True
        for work in tuple(self._working.values()):
            work.stop()

    @property
    def facts(self) -> Facts | None:
        """What is known of the target since it could last be read."""
        found = [page.result.facts for page in self._good.values() if isinstance(page.result, Made)]
        return found[-1] if found else None

    def version(self) -> str:
        """Return the present version of the files; what is being made of an earlier one is given up."""
        version = self._watch.version()
        with self._changed:
            for (theirs, _), work in self._working.items():
                if theirs != version and not work.is_outdated:
                    work.stop()
        return version

    def page(self, request: Request) -> Page:
        """Return what is asked for, as the files are now."""
        while not self._is_closed:
            version = self.version()
            key = version, request
            with self._changed:
                if key in self._kept:
                    self._kept.move_to_end(key)
                    return self._kept[key]
                if key in self._working:  # somebody else waits for the same
                    self._changed.wait(1)
                    continue
                work = self._working[key] = start(self._context, self.target, request, self._seconds)
            try:
                found = work.wait()
            finally:
                with self._changed:
                    del self._working[key]
                    self._changed.notify_all()
            if found is not None:
                return self._keep(Page(request, version, found[0]), found[1], work.began)
        return Page(request, "", Failure("the preview has been stopped"))

    def _keep(self, page: Page, files: tuple[str, ...], began: int) -> Page:
        is_good = isinstance(page.result, Made)
        self._watch.add(files, began)
        self._watch.set_failing([] if is_good else self._folders())
        with self._changed:
            self._kept[page.version, page.request] = page
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
            if is_good:
                self._good.pop(page.request.kind, None)
                self._good[page.request.kind] = page
        return page

    def _folders(self) -> list[Path]:
        path = self.target.path
        if path is None:
            return []
        folder = path.resolve().parent
        inner: list[Path] = []
        with suppress(OSError):  # it may be gone itself
            inner = [one for one in folder.iterdir() if one.is_dir() and not one.name.startswith((".", "__"))]
        return [folder, *inner]

    def last_good(self, kind: Kind) -> Page | None:
        """Return the last page of the kind that could be made."""
        return self._good.get(kind)

    def kept(self, version: str, request: Request) -> Page | None:
        """Return what was made of a version of the files, if it is still kept."""
        good = self._good.get(request.kind)
        if good is not None and (good.version, good.request) == (version, request):
            return good
        return self._kept.get((version, request))


@contextmanager
def closed_by_ctrl_c(pages: Pages) -> Iterator[None]:
    """Have Ctrl-C end what is being made before it ends the server, which would wait for it."""

    def close(number: int, frame: FrameType | None) -> None:
        pages.close()
        signal.default_int_handler(number, frame)

    before = signal.signal(signal.SIGINT, close)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
