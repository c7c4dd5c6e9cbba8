r"""Formulas for the browser: TeX to presentation MathML, made here and shown without a script.

:mod:`latex2mathml` reads the TeX.  What it makes is mended for MathML Core, the part that every browser draws:
brackets belong to their matrix and not to the whole line, a sign after ``=`` or ``(`` is no operation,
``\mathrm{BN}`` is one word, digits in groups are one number, alignment and frames are classes for CSS.
Elements and attributes outside a short list are left out, so that no formula can carry a link or a style.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert_to_element
from markupsafe import Markup, escape

from generator.errors import AuthoringError
from generator.render.mathml.elements import mend, texts
from generator.render.mathml.width import printed_width


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula's MathML, and about how wide it prints, in ems."""

    mathml: Markup
    ems: float

    @property
    def is_wide(self) -> bool:
        """Whether it may be wider than a phone's column, and so needs a box that scrolls."""
        return self.ems > _PHONE


@lru_cache(maxsize=1 << 14)
def formula(tex: str, *, display: bool = False) -> Formula:
    """The formula that this TeX prints, within a line or (``display``) on one of its own.

    Raises :class:`AuthoringError` for TeX that is broken, or uses a command that has no MathML here.
    """
    try:
        root = convert_to_element(_prepared(tex), display="block" if display else "inline")
        mend(root)
    except Exception as error:  # the library raises IndexError and StopIteration too
        raise AuthoringError(
            f"the formula {tex!r} cannot be read for HTML: {type(error).__name__} {error}".rstrip()
        ) from error
    left = _LEFT_OVER.search(" ".join(texts(root)))
    if left is not None:
        raise AuthoringError(f"the formula {tex!r} cannot be shown in HTML: MathML has nothing for {left[0]!r}")
    opening = '<math display="block">' if display else "<math>"
    content = "".join(_source(child) for child in _content(root))
    return Formula(Markup(f"{opening}{content}</math>"), printed_width(root))  # noqa: S704 - escaped by _source


@lru_cache(maxsize=1 << 14)
def pieces(tex: str) -> tuple[str, ...]:
    r"""The TeX of a display cut where the line may be broken: at ``\quad`` and ``\qquad`` outside of all brackets."""
    found, depth, start = [], 0, 0
    for match in _BREAKS.finditer(tex):
        sign = match[0]
        if sign in _OPENING:
            depth += 1
        elif sign in _CLOSING:
            depth -= 1
        elif depth == 0:
            found.append(tex[start : match.start()].strip())
            start = match.end()
    found.append(tex[start:].strip())
    return tuple(piece for piece in found if piece)


_PHONE = 12.0  # within a solution on a phone 360 pixels wide
_OPENING = {"{", r"\begin", r"\left"}
_CLOSING = {"}", r"\end", r"\right"}
_BREAKS = re.compile(r"\\(?:begin|end|left|right|qquad|quad)(?![A-Za-z])|(?<!\\)[{}]")
_LEFT_OVER = re.compile(r"\\[A-Za-z]*|[&$]")


_ALIGNED = re.compile(r"\\(begin|end)\{(?:aligned|split|gathered)\}")
_ONE_LETTER = re.compile(r"\\math(rm|bf)\{([A-Za-z])\}")
_TEXT_WITH_MATH = re.compile(r"\\text(\{[^{}]*\$[^{}]*\})")
_LEFT_BAR, _RIGHT_BAR = re.compile(r"\\l(v|V)ert\b"), re.compile(r"\\r(v|V)ert\b")


def _prepared(tex: str) -> str:
    """The TeX without what the library misreads."""
    tex = _ALIGNED.sub(r"\\\1{align*}", tex)
    tex = _ONE_LETTER.sub(r"\\math\1{{\2}}", tex)  # or the letter would be slanted
    tex = _TEXT_WITH_MATH.sub(r"\\hbox\1", tex)
    if len(_LEFT_BAR.findall(tex)) == len(_RIGHT_BAR.findall(tex)):  # or a norm would not be one base of its square
        tex = _LEFT_BAR.sub(r"\\left\\\1ert ", tex)
        tex = _RIGHT_BAR.sub(r"\\right\\\1ert ", tex)
    return tex


def _content(root: Element) -> Sequence[Element]:
    children = list(root)
    return (
        list(children[0]) if len(children) == 1 and children[0].tag == "mrow" and not children[0].attrib else children
    )


def _source(element: Element) -> str:
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in element.attrib.items())
    content = escape(element.text) if element.text else "".join([_source(child) for child in element])
    return f"<{element.tag}{attributes}>{content}</{element.tag}>"
