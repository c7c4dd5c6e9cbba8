"""``worksheet secret``: the course secret, without which nobody can make a key."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli.options import secret_option


@click.group()
def secret() -> None:
    """Make the course secret, or say where it is.

    The papers of a class and of forms are drawn with it.  Keep a copy with the course's other keys: with it the same
    command makes the same papers again, and a class can go on.  Whoever has it can make every key.
    """


@secret.command()
@secret_option
def new(secret: Path | None) -> None:
    """Make a course secret, in a file that only you can read.

    \b
    Examples:
      worksheet secret new
      worksheet secret new --secret ~/course/secret
    """
    from generator.paper.secret import default_path, new_secret, path_named

    path = path_named(secret) or default_path()
    click.echo(
        f"{path} holds the new course secret {new_secret(path).fingerprint}: keep a copy where the keys are kept"
    )


@secret.command("show-path")
@secret_option
def show_path(secret: Path | None) -> None:
    """Print where the course secret is, or would be.

    \b
    Example:
      worksheet secret show-path
    """
    from generator.paper.secret import default_path, path_named

    click.echo(path_named(secret) or default_path())
