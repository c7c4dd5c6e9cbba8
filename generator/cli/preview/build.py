"""Makes what the page shows.  It runs in a process of its own, since it runs the author's code."""

from __future__ import annotations

from generator.cli.preview.failure import failure
from generator.cli.preview.findings import findings_page
from generator.cli.preview.mistakes import mistakes_page
from generator.cli.preview.request import Made, Request, Result
from generator.cli.preview.target import Target, as_asked, facts_of
from generator.errors.language import using
from generator.paper.fixed_layout import reserved_places
from generator.paper.generate import check_words, files_of
from generator.paper.paper import make_paper
from generator.paper.timeout import time_limit
from generator.problem import audit

CONTENT = "content"
"""The name of what is shown within the page itself."""


def build(target: Target, request: Request, seconds: float) -> Result:
    """Read the target and make what is asked for; a step of an author's code that takes so many ``seconds`` is stopped."""
    try:
        with time_limit(seconds) as limit, limit:
            sheet = as_asked(target, target.load(), request)
            facts = facts_of(target, sheet)
        if request.kind == "lint":
            return Made(facts, {CONTENT: findings_page(sheet).encode()})
        if request.kind == "pdf":
            check_words(sheet)
            sheet = sheet.with_places(reserved_places(sheet, ("pdf",)))
        with time_limit(seconds) as limit, limit:
            paper = make_paper(sheet, request.seed)
            for variant in paper.variants:
                audit.confirm(variant)
            if request.kind == "mistakes":
                with using(sheet.language):
                    content = mistakes_page(paper).encode()
                return Made(facts, {CONTENT: content})
            if request.kind == "documents":
                return Made(facts, *files_of(paper, sheet, ("html",), None))
        return Made(facts, *files_of(paper, sheet, ("pdf",), None))  # TeX has a limit of its own
    except (Exception, SystemExit) as error:  # noqa: BLE001 - an author's code may raise anything
        return failure(error, target.path)
