"""The ``worksheet`` command.

Only click is imported here; each command imports what it needs when it runs, so ``--help`` is quick.
"""

from __future__ import annotations

import os
from typing import Any

import click

from generator._version import __version__
from generator.cli import authoring, keeping, marking, papers
from generator.errors import WorksheetError
from generator.practice.cli import practice

INTERRUPTED = 130
"""The exit code of what Ctrl-C has ended."""


class _Commands(click.Group):
    """Turns our errors into one message and an exit code."""

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
    keeping.report,
    authoring.check,
    authoring.new,
    marking.mark,
    marking.grade,
    practice,
):
    main.add_command(_command)
