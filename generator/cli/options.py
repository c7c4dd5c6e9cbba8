"""What several commands read alike."""

from __future__ import annotations

from pathlib import Path

import click

SEED = click.IntRange(min=0)

engine_option = click.option(
    "--engine",
    type=click.Choice(["embedded", "system"]),
    help="Which pdfTeX makes the PDFs.  [default: embedded, where there is one]",
)


def out_folder(_: click.Context, option: click.Parameter, value: str | None) -> Path | None:
    """Where to write; nothing would be here, which a script with an empty variable does not mean."""
    if value is not None and not value.strip():
        raise click.BadParameter("expected a folder; got nothing", param=option)
    return None if value is None else Path(value)
