"""Files of scans: PDFs, and images that are made into PDFs of a page each; every page can be shown as an image."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import file_digest
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pikepdf
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from generator.errors import InputError, expected

if TYPE_CHECKING:
    import numpy as np

IMAGES = (".jpg", ".jpeg", ".png", ".tif", ".tiff")

LONGEST_SIDE = 792
"""Points: the longer side of the page that an image of unknown size is put on, 11 inches."""


def check_libraries() -> None:
    """Raise :class:`InputError` where the libraries that read scans are not installed."""
    missing = [
        name for name, module in (("pypdfium2", "pypdfium2"), ("zxing-cpp", "zxingcpp")) if not find_spec(module)
    ]
    if missing:
        raise InputError(f"scans are read with {' and '.join(missing)}: pip install 'problemwright[scan]'")


def check_names(scans: Sequence[Path]) -> None:
    """Raise :class:`InputError` where a file cannot be a scan, or two have one name."""
    seen: dict[str, Path] = {}
    for path in scans:
        if not path.is_file():
            what = "is a folder; give the files in it" if path.is_dir() else "there is no such file"
            raise InputError(f"{path}: {what}", field="SCANS")
        if path.suffix.lower() not in (".pdf", *IMAGES):
            raise InputError(expected(f"a PDF or an image ({', '.join(IMAGES)})", path), field="SCANS")
        other = seen.setdefault(path.name, path)
        if other is not path:
            same = (
                "is given twice" if other.resolve() == path.resolve() else f"has the same name as {other}; rename one"
            )
            raise InputError(f"{path} {same}: pages are named by their file's name", field="SCANS")


def digest(path: Path) -> str:
    """Return sixteen hexadecimal digits that tell a file's content from others."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()[:16]


@contextmanager
def opened(path: Path) -> Iterator[pikepdf.Pdf]:
    """Yield the scan as a PDF; raises :class:`InputError` where it cannot be read."""
    try:
        with pikepdf.open(path if is_pdf(path) else io.BytesIO(_of_image(path))) as pdf:
            yield pdf
    except pikepdf.PasswordError as error:
        raise InputError(f"{path} is locked by a password: save it without one", field="SCANS") from error
    except pikepdf.PdfError as error:
        raise InputError(
            f"{path} is no PDF that can be read: {str(error).splitlines()[0][:200]}", field="SCANS"
        ) from error


def page_count(path: Path) -> int:
    """Return the number of pages; raises :class:`InputError` where the file cannot be read, or has none."""
    with opened(path) as pdf:
        count = len(pdf.pages)
    if not count:
        raise InputError(f"{path} has no pages", field="SCANS")
    return count


@contextmanager
def shown(path: Path) -> Iterator[Any]:
    """Yield the scan for :func:`page_image`; nothing for one that cannot be shown."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path if is_pdf(path) else _of_image(path))
    except pypdfium2.PdfiumError:
        yield ()
        return
    try:
        yield document
    finally:
        document.close()


def page_image(document: Any, page: int, longest: int) -> np.ndarray[Any, Any] | None:
    """Return a page, from 1, as grey levels, its longer side ``longest`` pixels; None for one that cannot be shown."""
    import pypdfium2

    try:
        one = document[page - 1]
        bitmap = one.render(scale=longest / max(*one.get_size(), 1.0), grayscale=True)
        grey: np.ndarray[Any, Any] = bitmap.to_numpy().reshape(bitmap.height, -1)[:, : bitmap.width].copy()
    except (pypdfium2.PdfiumError, IndexError):
        return None
    return grey


def is_pdf(path: Path) -> bool:
    """Return whether the file is a PDF, and no image, by its name."""
    return path.suffix.lower() == ".pdf"


def _of_image(path: Path) -> bytes:
    """Return an image, or each of a TIFF's, as pages of a PDF; nothing is packed with loss again."""
    try:
        with Image.open(path) as image, pikepdf.new() as pdf:
            for frame in ImageSequence.Iterator(image):
                _add(pdf, frame, path)
            file = io.BytesIO()
            pdf.save(file)
            return file.getvalue()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise InputError(f"{path} is no image that can be read: {error}", field="SCANS") from error


def _add(pdf: pikepdf.Pdf, image: Image.Image, path: Path) -> None:
    image.load()  # or one that is cut short would be found out only when it is shown
    width, height = image.size
    dpi = float(image.info.get("dpi", (0,))[0] or 0)
    scale = 72 / dpi if dpi >= _LEAST_DPI else LONGEST_SIDE / max(width, height)
    turn = _TURNS.get(image.getexif().get(_ORIENTATION, 1), 0)
    if image.format == "JPEG" and image.mode in ("L", "RGB"):
        packed = pikepdf.Stream(pdf, path.read_bytes())
        packed.Filter = pikepdf.Name.DCTDecode
        mode = image.mode
    else:
        upright = _with_eight_bits(ImageOps.exif_transpose(image))
        mode, turn, (width, height) = ("L" if upright.mode in ("1", "L") else "RGB"), 0, upright.size
        packed = pikepdf.Stream(pdf, zlib.compress(_flat(upright, mode).tobytes()))
        packed.Filter = pikepdf.Name.FlateDecode
    packed.Type, packed.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    packed.Width, packed.Height, packed.BitsPerComponent = width, height, 8
    packed.ColorSpace = pikepdf.Name.DeviceGray if mode == "L" else pikepdf.Name.DeviceRGB
    page = pdf.add_blank_page(page_size=(width * scale, height * scale))
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Scan=packed))
    page.Contents = pikepdf.Stream(pdf, b"%.4f 0 0 %.4f 0 0 cm /Scan Do" % (width * scale, height * scale))
    page.rotate(turn, relative=False)


def _with_eight_bits(image: Image.Image) -> Image.Image:
    """Return the image with grey levels up to 255: one with more would be cut off there, and nearly all of it white."""
    if not image.mode.startswith(("I", "F")):
        return image
    import numpy as np

    levels = np.asarray(image, float)
    most = next((top for top in (1, 255, 2**16 - 1) if levels.max() <= top), float(levels.max()))
    return Image.fromarray((levels.clip(0) * (255 / most)).astype(np.uint8))


def _flat(image: Image.Image, mode: str) -> Image.Image:
    """Return the image in this mode, what is transparent being white."""
    if image.has_transparency_data:
        clear = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear)
    return image.convert(mode)


_LEAST_DPI = 60
"""Cameras say 72, or nothing; what is below it is no scanner's."""

_ORIENTATION = 0x0112
_TURNS = {3: 180, 6: 90, 8: 270}
