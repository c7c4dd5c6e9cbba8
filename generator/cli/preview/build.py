"""Makes what the page shows.  It runs in a process of its own, since it runs the author's code."""

from __future__ import annotations

from collections.abc import Mapping

from generator.cli.preview.failure import failure
from generator.cli.preview.findings import findings_page
from generator.cli.preview.mistakes import mistakes_page
from generator.cli.preview.request import Made, Request, Result
from generator.cli.preview.target import Target, as_asked, facts_of
from generator.paper.generate import files_of
from generator.paper.paper import Paper, make_paper
from generator.paper.sheet import Sheet
from generator.paper.timeout import time_limit
from generator.problem import audit

CONTENT = "content"
"""The name of what is shown within the page itself."""


def build(target: Target, request: Request, seconds: float) -> Result:
    """Read the target and make what is asked for; an author's code that runs for so many ``seconds`` is stopped."""
    try:
        with time_limit(seconds) as limit:
            with limit:
                sheet = as_asked(target.load(), request)
            facts = facts_of(target, sheet)
            if request.kind != "lint":
                with limit:
                    paper = make_paper(sheet, request.seed)
                    for variant in paper.variants:
                        audit.confirm(variant)
                with limit:
                    files, warnings = _made(request, paper, sheet)
                return Made(facts, files, warnings)
        return Made(facts, {CONTENT: findings_page(sheet).encode()})
    except (Exception, SystemExit) as error:  # noqa: BLE001 - an author's code may raise anything
        return failure(error, target.path)


def _made(request: Request, paper: Paper, sheet: Sheet) -> tuple[Mapping[str, bytes], tuple[str, ...]]:
    if request.kind == "mistakes":
        return {CONTENT: mistakes_page(paper).encode()}, ()
    formats = ("html",) if request.kind == "documents" else ("pdf",)
    return files_of(paper, sheet, formats, None)
