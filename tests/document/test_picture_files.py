"""Pictures that are cut off or garbled are found before a page is set."""

import io

import pikepdf
import pytest
from PIL import Image

from generator.document.picture_files import is_damaged


def picture(ending: str, mode: str = "RGB", **options: object) -> bytes:
    file = io.BytesIO()
    if ending == ".pdf":
        with pikepdf.new() as made:
            made.add_blank_page(page_size=(40, 20))
            made.save(file)
    else:
        made_of = Image.effect_noise((60, 40), 50).convert(mode)
        made_of.save(file, {".png": "PNG", ".jpg": "JPEG"}[ending], **options)
    return file.getvalue()


WHOLE = {
    "png": (".png", picture(".png")),
    "png, grey": (".png", picture(".png", "L")),
    "png, transparent": (".png", picture(".png", "RGBA")),
    "png, palette": (".png", picture(".png", "P")),
    "jpg": (".jpg", picture(".jpg")),
    "jpg, progressive": (".jpg", picture(".jpg", progressive=True)),
    "jpg, grey": (".jpg", picture(".jpg", "L")),
    "pdf": (".pdf", picture(".pdf")),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_picture_is_fine_and_one_cut_off_is_not(name: str) -> None:
    ending, content = WHOLE[name]
    assert not is_damaged(content, ending)
    assert not is_damaged(content + b"\n", ending)
    for share in (0.1, 0.5, 0.9):
        assert is_damaged(content[: int(share * len(content))], ending), share


def test_a_garbled_png_is_damaged() -> None:
    content = bytearray(picture(".png"))
    content[len(content) // 2] ^= 1
    assert is_damaged(bytes(content), ".png")
