"""Drawings as PNG, for documents that show no drawings of LaTeX: TeX sets each on a page, and the page is cut to its ink."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from importlib.util import find_spec

from generator.errors import EngineError
from generator.tex.pdf import Engine, compile_pdf

DOTS_PER_INCH = 200
_MARGIN = 12
_BEGIN = r"""\documentclass{article}
\usepackage{worksheet}
% ---- this paper ----
\pagestyle{empty}
\begin{document}
"""
_END = "\n\\end{document}\n"
_NEXT_PAGE = "\n\\clearpage\n"


def check_libraries(extra: str = "docx") -> None:
    """Raise :class:`EngineError` if the libraries that read TeX's pages are not installed; ``extra`` is the one of ours that brings them."""
    missing = [name for module, name in (("PIL", "pillow"), ("pypdfium2", "pypdfium2")) if find_spec(module) is None]
    if missing:
        raise EngineError(
            f"drawings as PNG need {' and '.join(missing)}, not installed here: pip install 'problemwright[{extra}]'"
        )


def pictures(drawings: Sequence[str], engine: Engine, style: Mapping[str, str]) -> list[bytes]:
    """Return each drawing, the LaTeX of a figure, as a PNG; ``style`` has the files that LaTeX reads beside it.

    Raises :class:`EngineError` where TeX fails, or the libraries that read its pages are not installed.
    """
    check_libraries()
    from PIL import Image, ImageChops
    from pypdfium2 import PdfDocument

    if not drawings:
        return []
    pages = compile_pdf(_BEGIN + _NEXT_PAGE.join(drawings) + _END, engine, files=style).content
    made = []
    document = PdfDocument(pages)
    try:
        for page in document:
            image = page.render(scale=DOTS_PER_INCH / 72).to_pil().convert("RGB")
            white = image.copy()
            white.paste("white", (0, 0, *image.size))
            left, top, right, bottom = ImageChops.difference(image, white).getbbox() or (0, 0, 1, 1)
            box = (max(left - _MARGIN, 0), max(top - _MARGIN, 0), right + _MARGIN, bottom + _MARGIN)
            file = io.BytesIO()
            image.crop(box).quantize(64, dither=Image.Dither.NONE).save(
                file, "PNG", dpi=(DOTS_PER_INCH, DOTS_PER_INCH), optimize=True
            )
            made.append(file.getvalue())
    finally:
        document.close()
    if len(made) != len(drawings):
        raise EngineError(f"{len(drawings)} drawings made {len(made)} pages: one of them is larger than a page")
    return made
