"""One page made in a process of its own: modules are loaded afresh, and whatever the author's code does ends with it."""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from typing import Any

from generator.classes.processes import begin, end, process_context, watched
from generator.classes.warm_up import warm_up_task
from generator.cli.preview.build import build
from generator.cli.preview.opened_files import opened_files, record_opened_files
from generator.cli.preview.request import Failure, Request, Result
from generator.cli.preview.target import Target
from generator.paper.sheet_file import find_sheet

SECONDS = 10
"""An author's function that runs for so long is stopped."""

_MOST_SECONDS = {"documents": 30, "mistakes": 30, "lint": 120, "pdf": 120}
"""What does not let itself be stopped is killed after so long."""

_SECONDS_TO_LOOK_AGAIN = 0.2

_PRELOADED = ("generator.cli.preview.build", "generator.cli.preview.worker", "generator.practice.web.server")


def start_method(target: Target) -> BaseContext:
    """Return how processes start: where there is a server that forks them, it has all modules but those previewed."""
    warm_up = "" if target.is_built_in else warm_up_task(find_sheet("discussion04"), ("html",))
    return process_context(warm_up, (*_PRELOADED, "generator.classes.warm_up"))


@dataclass
class Work:
    """A page that is being made."""

    process: BaseProcess
    receiver: Connection
    began: int
    most_seconds: float
    is_outdated: bool = field(default=False)

    def wait(self) -> tuple[Result, tuple[str, ...]] | None:
        """Return what was made and the files that were read; None if somebody has ended the work."""
        deadline = time.monotonic() + self.most_seconds
        try:
            while not self.is_outdated and time.monotonic() < deadline:
                if self.receiver.poll(_SECONDS_TO_LOOK_AGAIN):
                    with suppress(EOFError):
                        found: tuple[Result, tuple[str, ...]] = self.receiver.recv()
                        return found
                    break
            if self.is_outdated:
                return None
            return Failure(self._why()), ()
        finally:
            end([self.process])
            self.receiver.close()

    def _why(self) -> str:
        self.process.join(1)
        code = self.process.exitcode
        if code is None:
            return f"this was not finished after {self.most_seconds:g} seconds and could not be stopped: does a loop never end?"
        how = f"was ended by signal {-code}" if code < 0 else f"ended itself (exit code {code})"
        return f"the process that runs the file {how} before anything was made"

    def stop(self) -> None:
        """Have whoever waits for the work end it: the file is another one by now."""
        self.is_outdated = True


def start(context: BaseContext, target: Target, request: Request, seconds: float = SECONDS) -> Work:
    """Begin to make what is asked for."""
    receiver, sender = context.Pipe(duplex=False)
    most = _MOST_SECONDS[request.kind] if seconds == SECONDS else 3 * seconds
    process: Any = context.Process(target=_run, args=(sender, target, request, seconds), daemon=True)  # type: ignore[attr-defined]
    work = Work(process, receiver, time.time_ns(), most)
    process.start()
    sender.close()
    return work


def _run(sender: Connection, target: Target, request: Request, seconds: float) -> None:
    begin()
    sys.dont_write_bytecode = True  # of two saves within a second the cache of a module may be the first one's
    record_opened_files()
    result = watched(partial(build, target, seconds=seconds), request)
    sender.send((result, opened_files()))
