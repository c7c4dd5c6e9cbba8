"""A scanner of the kind that copiers have: pages turned, skewed, noisy, stained and packed as JPEG."""

from __future__ import annotations

import io
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter


@dataclass(frozen=True)
class Flaws:
    """What a scan does to a page: degrees of turn and skew, grey levels of noise, blots of coffee, how sharp and how dark it is."""

    turn: int = 0
    skew: float = 0.0
    noise: float = 6.0
    blur: float = 0.5
    blots: int = 0
    contrast: float = 0.85
    quality: int = 75

    @staticmethod
    def drawn(random: np.random.Generator) -> Flaws:
        """Any of them, as bad as a scan of a stack of paper may be."""
        return Flaws(
            turn=int(random.choice([0, 90, 180, 270])),
            skew=float(random.uniform(-4, 4)),
            noise=float(random.uniform(0, 16)),
            blur=float(random.uniform(0.2, 0.7)),
            blots=int(random.integers(0, 4)),
            contrast=float(random.uniform(0.6, 1)),
            quality=int(random.integers(50, 91)),
        )


CLEAN = Flaws(noise=0, blur=0, contrast=1, quality=90)


def printed(pdf: Path | bytes, *, dpi: int = 300) -> list[Image.Image]:
    """The pages of a PDF on paper."""
    pypdfium2 = pytest.importorskip("pypdfium2", reason="needs pypdfium2 (pip install 'problemwright[scan]')")
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        return [page.render(scale=dpi / 72, grayscale=True).to_pil().convert("L") for page in document]


def scan_of(page: Image.Image, flaws: Flaws, random: np.random.Generator, *, dpi: int = 150) -> Image.Image:
    """A page as printed at 300 dpi, scanned."""
    paper = page.filter(ImageFilter.GaussianBlur(0.8))  # ink runs
    paper = blotted(paper, flaws.blots, random)
    paper = paper.rotate(flaws.skew, Image.Resampling.BICUBIC, fillcolor=255)
    size = round(page.width * dpi / 300), round(page.height * dpi / 300)
    seen = paper.resize(size, Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(flaws.blur))
    grey = 255 - (255 - np.asarray(seen, float)) * flaws.contrast + random.normal(0, flaws.noise, (size[1], size[0]))
    noisy = Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))
    return noisy.rotate(flaws.turn, expand=True)


def blotted(page: Image.Image, blots: int, random: np.random.Generator) -> Image.Image:
    """The page with rings and spots of coffee, anywhere: what is under one is a third darker at most."""
    shade = Image.new("L", page.size, 255)
    draw = ImageDraw.Draw(shade)
    for _ in range(blots):
        x, y = random.uniform(0, page.width), random.uniform(0, page.height)
        radius = random.uniform(60, 420)
        box = (x - radius, y - radius, x + radius, y + radius)
        draw.ellipse(box, fill=int(random.integers(170, 235)), outline=int(random.integers(150, 200)), width=14)
    shade = shade.filter(ImageFilter.GaussianBlur(6))
    return Image.fromarray((np.asarray(page, float) * np.asarray(shade, float) / 255).astype(np.uint8))


def jpeg(image: Image.Image, *, quality: int = 75, dpi: int = 150) -> bytes:
    """The image as a scanner packs it."""
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality, dpi=(dpi, dpi))
    return file.getvalue()


def scan_pdf(path: Path, pages: Iterable[bytes], *, dpi: int = 150) -> Path:
    """A PDF of JPEGs, as scanners send it."""
    images = [Image.open(io.BytesIO(page)) for page in pages]
    images[0].save(path, "PDF", save_all=True, append_images=images[1:], resolution=dpi)
    return path
