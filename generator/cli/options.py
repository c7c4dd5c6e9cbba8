"""Options that several commands share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.errors import InputError, expected

if TYPE_CHECKING:
    from generator.classes.workers import WorkerPool
    from generator.paper.secret import Secret

SEED = click.IntRange(min=0)

engine_option = click.option(
    "--engine",
    type=click.Choice(["embedded", "system", "lualatex"]),
    help="Which TeX makes the PDFs; lualatex, which is slow, prints names in any script.  [default: embedded, where there is one]",
)

recorded_option = click.option(
    "--recorded",
    is_flag=True,
    help="Go by the parameters and answers in the manifest, though files have changed since.",
)


secret_option = click.option(
    "--secret",
    type=click.Path(path_type=Path),
    help="The file with the course secret.  [default: what PROBLEMWRIGHT_SECRET names, or `worksheet secret show-path`]",
)


workers_option = click.option(
    "--workers", type=click.IntRange(min=1), help="Processes that share the work.  [default: the cores]"
)

cluster_option = click.option("--cluster", metavar="ADDRESS", help="A dask scheduler whose workers do the work.")


@contextmanager
def worker_pool(workers: int | None, address: str | None) -> Iterator[WorkerPool]:
    """The workers that these two options ask for."""
    from generator.classes.workers import WorkerPool

    if address is None:
        yield WorkerPool(workers)
        return
    if workers is not None:
        raise click.UsageError("--workers and --cluster exclude each other: a cluster has workers of its own.")
    from generator.classes.cluster import cluster

    with cluster(address) as pool:
        yield pool


def course_secret(option: Path | None) -> Secret | None:
    """Return the secret in the file that the option or the environment names, or in the usual one; None if that is not there."""
    from generator.paper.secret import default_path, path_named, read_secret

    path = path_named(option)
    if path is None and not os.path.lexists(default_path()):
        return None
    return read_secret(path or default_path())


def out_folder(_: click.Context, option: click.Parameter, value: str | None) -> Path | None:
    """Where to write; nothing would be here, which a script with an empty variable does not mean."""
    if value is not None and not value.strip():
        raise click.BadParameter(expected("a folder", "nothing"), param=option)
    return None if value is None else Path(value)


def check_language(code: str) -> None:
    """Raise :class:`InputError` for a language that there is not, naming the option."""
    from generator.errors.language import find_language

    try:
        find_language(code)
    except InputError as error:
        raise InputError(str(error), field="--language") from error


@contextmanager
def written_by(option: str) -> Iterator[None]:
    """Have errors of writing name this option, where it is not ``--out`` that says where to."""
    try:
        yield
    except InputError as error:
        if error.field != "--out":
            raise
        raise InputError(str(error).removeprefix("--out: "), field=option) from error
