r"""Many papers in one run of TeX, then cut apart.

Starting TeX, its preamble and its fonts cost as much as some pages.  Papers with the same preamble (all that is
above :data:`generator.tex.preamble.MARK`) are set one after another in a run, each in a group of its own with every
counter as at the beginning, and the PDF is split.  A paper that fails is found and set alone, so that its
message is the one it would have had, and the others are set without it.

A paper by itself is a chunk of one, so that it has the bytes that it has in a class.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby, islice
from threading import Event

from generator.errors import EngineError
from generator.tex import log as tex_log
from generator.tex import preamble
from generator.tex.cutting import cut, fonts
from generator.tex.pdf import NO_PAGE, Engine, Pdf, Typeset, compile_pdf, compile_within, typeset
from generator.tex.run import Limits, StoppedError, TimeLimitError
from generator.tex.scratch import work_folder

CHUNK = 50
"""Papers in one run.  It is no one's choice: where a preamble promises no letters, fonts hold those of a chunk."""

MOST_FAILURES = 3
"""So many papers of a chunk may fail before the others are set one by one."""

_BEGIN, _END = r"\begin{document}", r"\end{document}"

_HEAD = "".join(
    line.strip()
    for line in r"""
\makeatletter\pdfobjcompresslevel=0\relax\pdfcompresslevel=2\relax
\newwrite\started
\def\papers{}
\def\beginningofpaper#1{\clearpage\begingroup\countersreset\wlog{paper #1 begins}
  \immediate\openout\started=paper-#1.started \immediate\closeout\started
  \edef\pagesbefore{\the\ReadonlyShipoutCounter}\def\paperinfo{null}
  \def\pdfinfo##1{\immediate\pdfobj{<<##1>>}\edef\paperinfo{\the\pdflastobj\space 0 R}}}
\def\endofpaper{\clearpage
  \xdef\papers{\papers <</Info \paperinfo\space /Pages \the\numexpr\ReadonlyShipoutCounter-\pagesbefore\relax>>}\endgroup}
\begin{document}
\def\@elt#1{\global\expandafter\noexpand\csname c@#1\endcsname\the\csname c@#1\endcsname\relax}\xdef\countersreset{\cl@@ckpt}
\let\@elt\relax\makeatother
""".splitlines()
)
"""One line, so that those of the first paper keep their numbers."""

_TAIL = rf"""\pdfcatalog{{/Papers [\papers]}}
{_END}
"""


@dataclass(frozen=True)
class _Paper:
    """A document cut open: what it says of itself and its body, without the lines that begin and end documents.

    ``lines`` counts those of the preamble and the mark, above it.
    """

    tex: str
    inner: str
    lines: int


def compile_class(
    documents: Iterable[tuple[str, str]], engine: Engine, *, timeout: float = 60
) -> Iterator[tuple[str, Pdf | EngineError]]:
    """The PDF of each of the (name, TeX) pairs, or why there is none; in order.

    ``timeout`` is in seconds, and each paper's.  What comes out for a chunk depends on its own papers only: the
    first :data:`CHUNK` of them, the next and so on, so that workers may be given whole chunks each.
    """
    rest = iter(documents)
    while chunk := list(islice(rest, CHUNK)):
        made = _compile_chunk([tex for _, tex in chunk], engine, timeout)
        yield from zip((name for name, _ in chunk), made, strict=True)


def compile_papers(documents: Mapping[str, str], engine: Engine, *, timeout: float = 60) -> dict[str, Pdf]:
    """Papers side by side, by name, each with the bytes that :func:`compile_class` gives it.

    ``timeout`` is in seconds, and each paper's.  Raises :class:`EngineError` with the first error, which stops the
    others, and whose it is.
    """
    stopped = Event()

    def one(name: str) -> Pdf:
        if stopped.is_set():
            raise EngineError("stopped")
        try:
            return _compile_paper(documents[name], engine, Limits.of(timeout, stopped))
        except EngineError as error:
            raise EngineError(f"{name}: {error}") from error

    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        try:
            return dict(zip(documents, pool.map(one, documents), strict=True))
        finally:  # on an error, and on Ctrl-C, which reaches only this thread
            stopped.set()


def _compile_paper(tex: str, engine: Engine, limits: Limits) -> Pdf:
    """A paper as a chunk of its own, or alone, as :func:`_set_by_itself`, but all within the limits."""
    paper = _opened(tex)
    if paper is not None:
        joined, firsts = _joined([paper])
        try:
            with work_folder() as folder:
                made = typeset(joined, engine, limits, folder)
            one = None if made.refers else _apart(made, [paper], firsts)[0]
            if isinstance(one, Pdf):
                return one
        except (StoppedError, TimeLimitError):
            raise
        except EngineError:  # said again below, and better
            pass
    return compile_within(tex, engine, limits)


def _compile_chunk(texts: Sequence[str], engine: Engine, timeout: float) -> list[Pdf | EngineError]:
    made: dict[int, Pdf | EngineError] = {}
    for _, group in groupby(range(len(texts)), lambda place: preamble.parts(texts[place])[0]):
        left = list(group)
        for _ in range(MOST_FAILURES):
            together = [paper for place in left if (paper := _opened(texts[place])) is not None]
            if len(together) != len(left) or not left:
                break
            try:
                made |= zip(left, _set_together(together, engine, timeout), strict=True)
                left = []
            except _SuspectError as error:
                suspect = left.pop(error.place)
                made[suspect] = _set_alone(texts[suspect], engine, timeout)
            except EngineError:  # nobody in particular
                break
        made |= {place: _set_by_itself(texts[place], engine, timeout) for place in left}
    return [made[place] for place in range(len(texts))]


class _SuspectError(Exception):
    """A run failed, most likely at the paper in this ``place``."""

    def __init__(self, place: int) -> None:
        self.place = place
        super().__init__(place)


def _opened(tex: str) -> _Paper | None:
    """A paper that can be set with others, or None for a document of another make."""
    lines = tex.split("\n")
    try:
        mark, begin, end = (lines.index(line) for line in (preamble.MARK, _BEGIN, _END))
    except ValueError:
        return None
    if not mark < begin < end:
        return None
    lines[begin] = "%"
    return _Paper(tex, "\n".join(lines[mark + 1 : end]), mark + 1)


def _set_by_itself(tex: str, engine: Engine, timeout: float) -> Pdf | EngineError:
    """A paper as a chunk of its own, for the same bytes as among others; or alone, for the message it deserves."""
    paper = _opened(tex)
    if paper is not None:
        try:
            return _set_together([paper], engine, timeout)[0]
        except StoppedError:
            raise
        except (_SuspectError, EngineError):  # said again below, and better
            pass
    return _set_alone(tex, engine, timeout)


def _set_alone(tex: str, engine: Engine, timeout: float) -> Pdf | EngineError:
    try:
        return compile_pdf(tex, engine, timeout=timeout)
    except StoppedError:
        raise
    except EngineError as error:
        return EngineError(str(error))  # one that can be sent between processes


def _set_together(papers: Sequence[_Paper], engine: Engine, timeout: float) -> list[Pdf | EngineError]:
    """One run for all.  Raises :class:`_SuspectError`, or :class:`EngineError` where there is no suspect."""
    tex, firsts = _joined(papers)
    promised = _promised(preamble.parts(papers[0].tex)[0], engine) if len(papers) > 1 else frozenset()
    with work_folder() as folder:

        def started() -> int:
            return len(list(folder.glob("paper-*.started")))

        limits = replace(Limits.of(timeout), progress=started)
        try:
            made = typeset(tex, engine, limits, folder)
        except StoppedError:
            raise
        except EngineError as error:
            if started() == 0:
                raise
            raise _SuspectError(started() - 1) from error
    if made.refers:
        raise EngineError("papers with references within them are set alone")
    if promised and not fonts(made.content) <= promised:
        raise EngineError("a font has letters that not every paper's has: they are set one by one")
    return _apart(made, papers, firsts)


def _apart(made: Typeset, papers: Sequence[_Paper], firsts: Sequence[int]) -> list[Pdf | EngineError]:
    return [
        Pdf(content, warnings) if content else EngineError(NO_PAGE)
        for content, warnings in zip(cut(made.content), _warnings(made, papers, firsts), strict=True)
    ]


@lru_cache(maxsize=8)
def _promised(shared: str, engine: Engine) -> frozenset[bytes]:
    """The fonts of each paper with this preamble, in any company: those of an empty one.  None if it has no fonts."""
    empty = f"{shared}{preamble.MARK}\n{_BEGIN}\n\\shipout\\hbox{{}}\n{_END}\n"
    paper = _opened(empty)
    if paper is None:
        return frozenset()
    with work_folder() as folder:
        return fonts(typeset(_joined([paper])[0], engine, Limits.of(60), folder).content)


def _joined(papers: Sequence[_Paper]) -> tuple[str, list[int]]:
    """One document of all the papers, and the number of each one's first line."""
    shared = preamble.parts(papers[0].tex)[0]
    texts, firsts = [shared, preamble.MARK, "\n", _HEAD], []
    line = 1 + sum(text.count("\n") for text in texts)
    for number, paper in enumerate(papers):
        text = f"\\beginningofpaper{{{number}}}{paper.inner}\n\\endofpaper\n"
        firsts.append(line)
        texts.append(text)
        line += text.count("\n")
    return "".join([*texts, _TAIL]), firsts


_PAPER_BEGINS = re.compile(r"^paper \d+ begins$", re.MULTILINE)


def _warnings(made: Typeset, papers: Sequence[_Paper], firsts: Sequence[int]) -> Iterator[tuple[str, ...]]:
    """What TeX warned of in each paper, with the lines of its own text."""
    logs = _PAPER_BEGINS.split(made.log)[1:]
    for paper, first, log in zip(papers, firsts, logs, strict=True):
        yield tex_log.warnings(tex_log.shifted(log, paper.lines + 1 - first), paper.tex)
