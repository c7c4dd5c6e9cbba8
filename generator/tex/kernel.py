r"""What LaTeX does at every paragraph, formula, environment, space and page, without looking for hooks that nobody uses.

The pages are the same.  A document says that this suits it: see :data:`generator.tex.preamble.UNHOOKED`.
"""

from __future__ import annotations

_LINES = r"""
\makeatletter
\AtBeginDocument{%
  \let\par\RawParEnd \let\@@par\par \let\endgraf\par
  \csname tex_everypar:D\endcsname{\the\everypar}%
  \@namedef{@expl@@@mark@update@singlecol@structures@@}{}%
% environments, without the line where each begins
  \def\begin#1{\ifcsname#1\endcsname\else\@latex@error{Environment #1 undefined}\@eha\fi
    \begingroup\@endpefalse\def\@currenvir{#1}\csname#1\endcsname}%
  \def\end#1{\csname end#1\endcsname\def\reserved@a{#1}\ifx\reserved@a\@currenvir\else\@badend{#1}\fi
    \expandafter\endgroup\if@endpe\@doendpe\fi\if@ignore\@ignorefalse\ignorespaces\fi}%
  \let\@currenvline\@empty
% the fonts of a formula, where no alphabet was chosen for one formula alone
  \ifx\mv@normal@reset\@empty\ifx\mv@bold@reset\@empty
    \csname tex_everymath:D\endcsname{\check@mathfonts\the\everymath}%
    \def\quick@restore{\aftergroup\restglb@settings}%
    \def\check@mathfonts{\ifx\glb@currsize\f@size\else\glb@settings\init@restore@glb@settings\fi
      \let\curr@math@size\f@size\let\init@restore@glb@settings\quick@restore}%
  \fi\fi
% spaces, roots: what stands behind the command decides at once
  \@ifundefined{calc@assign@skip}{\def\@vspace@calcify#1{\vskip#1\relax}}{}%
  \protected\def\vspace{\futurelet\@let@token\quick@vspace}%
  \def\quick@vspace{\ifx*\@let@token\expandafter\quick@vspacer\else\expandafter\@vspace\fi}%
  \def\quick@vspacer*{\@vspacer}%
  \protected\def\sqrt{\futurelet\@let@token\quick@sqrt}%
  \def\quick@sqrt{\ifx[\@let@token\expandafter\@sqrt\else\expandafter\sqrtsign\fi}%
% pages
  \expandafter\let\expandafter\quick@shipout\csname tex_shipout:D\endcsname
  \protected\def\shipout{\global\advance\ReadonlyShipoutCounter\@ne\quick@shipout}%
}
\makeatother
"""

QUICK_KERNEL = (
    "".join(
        line.strip().removesuffix("%") + (" " if line.strip()[-1:].isalpha() else "")
        for line in _LINES.splitlines()
        if not line.startswith("%")
    )
    + "%"
)
"""All on one line, so that the lines of a document keep their numbers."""
