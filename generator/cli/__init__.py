"""The ``worksheet`` command.

Only click is imported here; each command imports what it needs when it runs, so ``--help`` is quick.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from generator import __version__
from generator.cli import authoring, exporting, gradebooks, keeping, marking, papers, scanning
from generator.cli.practice import practice
from generator.cli.secret import secret
from generator.errors import NO_ROOM, WorksheetError

INTERRUPTED = 130
"""The exit code of what Ctrl-C has ended."""


class _Commands(click.Group):
    """Turns our errors into one message and an exit code."""

    def main(self, *args: Any, **settings: Any) -> Any:
        try:
            return super().main(*args, **settings)
        except OSError as error:  # about what is printed: of a file of ours it is told where it is written
            if error.errno not in NO_ROOM:
                raise
            _throw_away_output()
            click.echo(f"Error: cannot write: {error.strerror}; make room, and give the same command again", err=True)
            sys.exit(_Refused.exit_code)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except WorksheetError as error:
            kind = _Refused if error.exit_code == _Refused.exit_code else click.ClickException
            raise kind(str(error)) from error
        except KeyboardInterrupt:  # click would exit with 1, which says that something is wrong with the papers
            click.echo("Stopped.", err=True)
            ctx.exit(INTERRUPTED)


class _Refused(click.ClickException):
    exit_code = 2


def _throw_away_output() -> None:
    """Discard what is still to be printed if it cannot be: Python would try again at its end, and fail with its own words."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="worksheet")
def main() -> None:
    """Make worksheets of fresh deep-learning problems, with keys that are right.

    \b
    Example:
      worksheet generate discussion04 --seed 7
    """
    # numpy's matrices are small here, and its threads, waiting for larger ones, double the CPU time of importing it.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


for _command in (
    papers.generate,
    papers.list_,
    papers.show,
    papers.solve,
    keeping.key,
    keeping.verify,
    keeping.replace,
    keeping.report,
    exporting.export,
    authoring.check,
    authoring.new,
    authoring.preview,
    marking.mark,
    marking.grade,
    gradebooks.gradebook,
    gradebooks.form,
    scanning.scan,
    practice,
    secret,
):
    main.add_command(_command)
