"""The workers of a dask cluster."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from generator.classes.workers import WorkerPool
from generator.errors import InputError

_SECONDS_TO_ANSWER = 10


@contextmanager
def cluster(address: str) -> Iterator[WorkerPool]:
    """The workers of a dask cluster that is running at ``address``; needs the extra ``cluster``.

    Raises :class:`InputError` where there is no such package, nobody answers or nobody works.
    """
    try:
        import distributed
    except ImportError as error:
        raise InputError(
            "the package distributed is not installed: pip install distributed", field="--cluster"
        ) from error
    for name in ("asyncio", *logging.root.manager.loggerDict):  # what matters is told by our own messages
        if name.partition(".")[0] in ("asyncio", "distributed", "tornado"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        make_client: Any = distributed.Client
        client = make_client(address, timeout=_SECONDS_TO_ANSWER, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise InputError(
            f"no dask scheduler answers at {address[:80]!r} ({error}); expected an address like tcp://host:8786",
            field="--cluster",
        ) from error
    try:
        try:
            client.wait_for_workers(1, timeout=_SECONDS_TO_ANSWER)
        except OSError as error:
            raise InputError(f"the cluster at {address} has no workers: start some", field="--cluster") from error
        yield WorkerPool(
            sum(client.ncores().values()), client.get_executor(pure=False), lambda: client.status == "closed"
        )
    finally:
        client.close()
