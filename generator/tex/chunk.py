r"""Many papers in one run of TeX, then cut apart.

Starting TeX and reading fonts cost as much as some pages.  Papers with the same preamble (all that is above
:data:`generator.tex.preamble.MARK`) are set one after another in a run, each in a group of its own with every
counter as at the beginning, and the PDF is split.  A paper that fails is found and set alone, so that its
message is the one it would have had, and the others are set without it.

The pages are those of a paper that is set alone; its file is not, for the papers of a run share their fonts.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from threading import Event

from generator.errors import EngineError
from generator.tex import log as tex_log
from generator.tex import preamble
from generator.tex.cutting import cut
from generator.tex.pdf import NO_FILES, NO_PAGE, Engine, Pdf, Typeset, compile_pdf, compile_within, typeset
from generator.tex.run import Limits, StoppedError
from generator.tex.scratch import work_folder

CHUNK = 50
"""Papers in one run.  It is no one's choice: the fonts in a paper's file hold the letters of its chunk."""

MOST_FAILURES = 3
"""So many papers of a chunk may fail before the others are set one by one."""

_BEGIN, _END = r"\begin{document}", r"\end{document}"

_HEAD = "".join(
    line.strip()
    for line in r"""
\nofiles\makeatletter\pdfobjcompresslevel=0\relax\pdfcompresslevel=6\relax
\newwrite\started
\def\papers{}
\def\beginningofpaper#1{\clearpage\begingroup\countersreset\def\outlineprefix{#1.}\wlog{paper #1 begins}
  \immediate\openout\started=paper-#1.started \immediate\closeout\started
  \edef\pagesbefore{\the\ReadonlyShipoutCounter}\global\let\@pdftitle\@empty
  \pdfobj reserveobjnum\edef\total{\the\pdflastobj}\edef\resources{\pdfpageresources{/XObject<</Total \total\space 0 R>>}}\resources}
\def\totalpages{\hbox to 1.1em{\vbox to 1em{}\pdfliteral{/Total Do}\hss}}
\def\endofpaper{\clearpage\edef\pages{\the\numexpr\ReadonlyShipoutCounter-\pagesbefore\relax}
  {\normalfont\small\pdfincludechars\font{0123456789}
    \immediate\pdfobj useobjnum\total stream attr{/Type/XObject/Subtype/Form/BBox[0 0 99 99]
      /Resources<</Font<</Small \pdffontobjnum\font\space 0 R>>>>}
      {BT/Small \strip@pt\dimexpr\pdffontsize\font*7200/7227\relax\space Tf(\pages)Tj ET}}
  \ifdefined\setpdftitle\setpdftitle\fi\immediate\pdfobj{<</Title(\@pdftitle)>>}
  \xdef\papers{\papers<</Info \the\pdflastobj\space 0 R/Pages \pages>>}\endgroup}
\begin{document}
\def\@elt#1{\global\expandafter\noexpand\csname c@#1\endcsname\the\csname c@#1\endcsname\relax}\xdef\countersreset{\cl@@ckpt}
\let\@elt\relax\makeatother
""".splitlines()
)
"""One line, so that those of the first paper keep their numbers.

The number of pages in the foot is a drawing of its own, written when the last page of the paper is done: so one run of TeX
is enough.
"""

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
    documents: Iterable[tuple[str, str]],
    engine: Engine,
    *,
    files: Mapping[str, str | bytes] = NO_FILES,
    timeout: float = 60,
) -> Iterator[tuple[str, Pdf | EngineError]]:
    """The PDF of each of the (name, TeX) pairs, or why there is none; in order.

    ``files`` are those that every document reads beside it, such as its style, by their names.  ``timeout`` is in
    seconds, and each paper's.  What comes out for a chunk depends on its own papers only: the first :data:`CHUNK` of
    them, the next and so on, so that workers may be given whole chunks each.
    """
    rest = iter(documents)
    while chunk := list(islice(rest, CHUNK)):
        made = _compile_chunk([tex for _, tex in chunk], files, engine, timeout)
        yield from zip((name for name, _ in chunk), made, strict=True)


def compile_papers(
    documents: Mapping[str, str], engine: Engine, *, files: Mapping[str, str | bytes] = NO_FILES, timeout: float = 60
) -> dict[str, Pdf]:
    """Papers side by side, by name, each in a run of its own.

    ``timeout`` is in seconds, and each paper's.  Raises :class:`EngineError` with the first error, which stops the
    others, and whose it is.
    """
    stopped = Event()

    def one(name: str) -> Pdf:
        if stopped.is_set():
            raise EngineError("stopped")
        try:
            return compile_within(documents[name], files, engine, Limits.of(timeout, stopped))
        except EngineError as error:
            raise EngineError(f"{name}: {error}") from error

    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        try:
            return dict(zip(documents, pool.map(one, documents), strict=True))
        finally:  # on an error, and on Ctrl-C, which reaches only this thread
            stopped.set()


def _compile_chunk(
    texts: Sequence[str], files: Mapping[str, str | bytes], engine: Engine, timeout: float
) -> list[Pdf | EngineError]:
    made: dict[int, Pdf | EngineError] = {}
    if engine.name == "lualatex":  # what follows is pdfTeX's
        return [_set_alone(text, files, engine, timeout) for text in texts]
    groups: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        groups.setdefault(preamble.parts(text)[0], []).append(place)
    for left in groups.values():
        for _ in range(MOST_FAILURES):
            together = [paper for place in left if (paper := _opened(texts[place])) is not None]
            if len(together) != len(left) or not left:
                break
            try:
                made |= zip(left, _set_together(together, files, engine, timeout), strict=True)
                left = []
            except _SuspectError as error:
                suspect = left.pop(error.place)
                made[suspect] = _set_alone(texts[suspect], files, engine, timeout)
            except EngineError:  # nobody in particular
                break
        made |= {place: _set_alone(texts[place], files, engine, timeout) for place in left}
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


def _set_alone(tex: str, files: Mapping[str, str | bytes], engine: Engine, timeout: float) -> Pdf | EngineError:
    try:
        return compile_pdf(tex, engine, files=files, timeout=timeout)
    except StoppedError:
        raise
    except EngineError as error:
        return EngineError(str(error))  # one that can be sent between processes


def _set_together(
    papers: Sequence[_Paper], files: Mapping[str, str | bytes], engine: Engine, timeout: float
) -> list[Pdf | EngineError]:
    """One run for all.  Raises :class:`_SuspectError`, or :class:`EngineError` where there is no suspect."""
    tex, firsts = _joined(papers)
    with work_folder() as folder:

        def started() -> int:
            return len(list(folder.glob("paper-*.started")))

        limits = replace(Limits.of(timeout), progress=started)
        try:
            made = typeset(tex, files, engine, limits, folder)
        except StoppedError:
            raise
        except EngineError as error:
            if started() == 0:
                raise
            raise _SuspectError(started() - 1) from error
    if "undefined on input line" in made.log:
        raise EngineError("papers with references within them are set alone")
    return _apart(made, papers, firsts)


def _apart(made: Typeset, papers: Sequence[_Paper], firsts: Sequence[int]) -> list[Pdf | EngineError]:
    return [
        Pdf(content, warnings) if content else EngineError(NO_PAGE)
        for content, warnings in zip(cut(made.content), _warnings(made, papers, firsts), strict=True)
    ]


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
