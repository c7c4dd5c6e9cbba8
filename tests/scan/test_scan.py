"""``worksheet scan``: a stack of paper comes back as a PDF a student, and nothing is lost on the way."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pikepdf
import pytest
import segno
from PIL import Image

from generator.classes.scan.sources import page_image, shown
from generator.paper.locks import locked
from generator.render.qr import read_code
from tests.scan.scanner import CLEAN, Flaws, jpeg, printed, scan_of, scan_pdf
from tests.tiny_class import generate, ids, tree, worksheet, write_class, write_sheet

pytestmark = pytest.mark.slow

pytest.importorskip("zxingcpp", reason="needs zxing-cpp (pip install 'problemwright[scan]')")
pytest.importorskip("pypdfium2", reason="needs pypdfium2 (pip install 'problemwright[scan]')")

STUDENTS = ids(3)
PAGES = 2
"""Pages of a paper of this class."""

Paper = dict[str, list[Image.Image]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a class with papers of two pages, a problem on the first, one on both, and one on the second."""
    place = tmp_path_factory.mktemp("class")
    write_sheet(place, names=["first", "second", "third"], asking='more = "x " * 700')
    write_class(place, STUDENTS)
    made = generate(place, formats="pdf")
    assert made.exit_code == 0, made.output
    return place / "out"


@pytest.fixture(scope="module")
def sheets(folder: Path) -> Paper:
    """The printed pages of each student's worksheet, and of s1's key."""
    pages = {student: printed(folder / student / "worksheet.pdf") for student in STUDENTS}
    assert {len(of_one) for of_one in pages.values()} == {PAGES}
    return pages | {"key": printed(folder / "s1" / "key.pdf")}


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(11)


def codes_in(pdf: Path) -> list[str]:
    """Each page's code; it must stand where it does on an upright page, at the lower right."""
    import zxingcpp

    found = []
    for page in printed(pdf, dpi=200):
        (barcode,) = zxingcpp.read_barcodes(page)
        assert barcode.position.top_left.x > page.width / 2
        assert barcode.position.top_left.y > page.height / 2
        code = read_code(barcode.text)
        assert code is not None
        found.append(f"{'K' if code.is_key else 'S'}{code.page} {code.paper}")
    return found


def paper_ids(folder: Path) -> dict[str, str]:
    lines = (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    return {record["student"]["id"]: record["id"] for record in map(json.loads, lines)}


def whole(folder: Path, student: str) -> list[str]:
    """The codes of a paper of which nothing is missing."""
    return [f"S{page} {paper_ids(folder)[student]}" for page in range(1, PAGES + 1)]


def scanned(folder: Path, out: Path, *arguments: object) -> tuple[int, str]:
    result = worksheet("scan", "--in", folder, "--out", out, "--workers", 1, *arguments)
    return result.exit_code, result.output


def table(out: Path) -> dict[str, dict[str, str]]:
    """The rows of pages.csv by file and page."""
    with (out / "pages.csv").open(encoding="utf-8-sig", newline="") as file:
        return {f"{row['scan']}:{row['page']}": row for row in csv.DictReader(file)}


def fill_in(out: Path, place: str, what: str) -> None:
    """As somebody does in a spreadsheet."""
    rows = table(out)
    rows[place]["is"] = what
    with (out / "pages.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*rows[place]], delimiter=";")
        writer.writeheader()
        writer.writerows(rows.values())


def all_pages(out: Path) -> int:
    """The number of pages in all PDFs together: as many as were scanned."""
    return sum(len(pikepdf.open(path).pages) for path in out.rglob("*.pdf"))


BLANK = Image.new("L", (2550, 3300), 255)


def scribbled() -> Image.Image:
    """A back side with a student's working on it."""
    page = np.full((3300, 2550), 255, np.uint8)
    for line in range(8):
        page[900 + 120 * line : 906 + 120 * line, 400:1600] = 70
    return Image.fromarray(page)


# ------------------------------------------------------------------------------------- stacks of all kinds


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_a_shuffled_stack_is_sorted_and_turned_upright(tmp_path: Path, folder: Path, sheets: Paper, seed: int) -> None:
    random = np.random.default_rng(seed)
    pages = [jpeg(scan_of(page, Flaws.drawn(random), random)) for one in STUDENTS for page in sheets[one]]
    random.shuffle(pages)
    code, output = scanned(folder, tmp_path / "to", scan_pdf(tmp_path / "scan.pdf", pages))
    assert code == 0, output
    for student in STUDENTS:
        assert codes_in(tmp_path / "to" / "students" / f"{student}.pdf") == whole(folder, student)
    assert not (tmp_path / "to" / "pages.csv").exists()
    assert all_pages(tmp_path / "to") == len(pages)


@pytest.mark.slow
def test_missing_doubled_unreadable_and_foreign_pages_are_named_and_kept(
    tmp_path: Path, folder: Path, sheets: Paper, random: np.random.Generator
) -> None:
    torn = sheets["s2"][0].copy()
    torn.paste(255, (1500, 2800, 2550, 3300))  # the corner with the code
    foreign = Image.new("L", (2550, 3300), 255)
    other = segno.make_qr("S01/K7K4M-2RT9C", error="m")
    other.save(str(tmp_path / "other.png"), scale=8)
    foreign.paste(Image.open(tmp_path / "other.png").convert("L"), (2000, 2900))
    stack = [sheets["s1"][0], sheets["s1"][1], torn, sheets["s2"][1], sheets["s1"][0], foreign, sheets["key"][0], BLANK]
    pages = [jpeg(scan_of(page, Flaws(skew=1), random)) for page in stack]
    code, output = scanned(folder, tmp_path / "to", scan_pdf(tmp_path / "scan.pdf", pages))
    assert code == 1
    assert "1 page doubled, 2 not known, 0 without a number, 1 of keys, 1 blank" in output
    assert codes_in(tmp_path / "to" / "students" / "s1.pdf") == whole(folder, "s1")
    assert codes_in(tmp_path / "to" / "students" / "s2.pdf") == whole(folder, "s2")[1:]
    assert all_pages(tmp_path / "to") == len(pages)
    found = {place: row["found"] for place, row in table(tmp_path / "to").items()}
    assert [*found] == ["scan.pdf:3", "scan.pdf:5", "scan.pdf:6", "scan.pdf:7", "scan.pdf:8"]
    assert found["scan.pdf:3"] == "no code was found; the page before it is page 2 of Name of s1 (s1)"
    assert found["scan.pdf:5"] == "page 1 of Name of s1 (s1) again; it is scan.pdf:1 too"
    assert "K7K4M-2RT9C, a paper that is not in the folder" in found["scan.pdf:6"]
    assert found["scan.pdf:7"] == "key of Name of s1 (s1), page 1"
    page = (tmp_path / "to" / "scan.html").read_text(encoding="utf-8")
    assert page.count('<img src="data:image/jpeg;base64,') == 5  # the doubled page's twin is shown beside it
    assert re.search(r"Name of s2 \(s2\)</th><td><code>.*</code></td><td>1 of 2</td>", page)
    assert "No page at all of 1 paper: Name of s3 (s3)." in page


def test_a_back_side_with_writing_is_not_blank(tmp_path: Path, folder: Path, sheets: Paper) -> None:
    random = np.random.default_rng(4)
    backs = [BLANK, scribbled()]
    flaws = [replace(Flaws.drawn(random), blots=0, turn=0, contrast=contrast) for contrast in (0.6, 1.0)]
    pages = [jpeg(scan_of(page, flaw, random)) for page in backs for flaw in flaws]
    scanned(folder, tmp_path / "to", scan_pdf(tmp_path / "scan.pdf", pages))
    assert [row["found"] for row in table(tmp_path / "to").values()] == ["blank"] * 2 + ["no code was found"] * 2


@pytest.mark.slow
def test_two_scans_of_one_batch_give_each_page_once(
    tmp_path: Path, folder: Path, sheets: Paper, random: np.random.Generator
) -> None:
    pages = [jpeg(scan_of(page, Flaws(), random)) for one in STUDENTS for page in sheets[one]]
    first, second = scan_pdf(tmp_path / "a.pdf", pages), scan_pdf(tmp_path / "b.pdf", reversed(pages))
    scanned(folder, tmp_path / "to", first, second)
    for student in STUDENTS:
        assert codes_in(tmp_path / "to" / "students" / f"{student}.pdf") == whole(folder, student)
    assert len(pikepdf.open(tmp_path / "to" / "doubled.pdf").pages) == len(pages)


def images(path: Path) -> list[bytes]:
    """The images in a PDF, as they are packed."""
    with pikepdf.open(path) as pdf:
        return [one.read_raw_bytes() for one in pdf.objects if isinstance(one, pikepdf.Stream) and "/Width" in one]


@pytest.mark.parametrize("kind", ["jpg", "png", "tiff", "turned.jpg"])
def test_images_are_read_too(
    tmp_path: Path, folder: Path, sheets: Paper, random: np.random.Generator, kind: str
) -> None:
    images = [scan_of(page, replace(CLEAN, turn=90), random) for page in sheets["s1"]]
    if kind == "tiff":
        images[0].save(tmp_path / "a.tiff", save_all=True, append_images=images[1:], dpi=(150, 150))
    for number, image in enumerate(images if kind != "tiff" else ()):
        exif = Image.Exif()
        if kind == "turned.jpg":
            exif[0x0112] = 8  # the camera was held on its side
        image.save(tmp_path / f"{number}.{kind}", exif=exif)
    files = sorted(path for path in tmp_path.iterdir() if path.suffix in (".jpg", ".png", ".tiff"))
    scanned(folder, tmp_path / "to", *files)
    assert codes_in(tmp_path / "to" / "students" / "s1.pdf") == whole(folder, "s1")


@pytest.mark.parametrize(("kind", "most"), [("uint8", 1), ("uint16", 257), ("int32", 257), ("float32", 1 / 255)])
def test_an_image_with_other_grey_levels_is_not_taken_for_blank(
    tmp_path: Path, folder: Path, sheets: Paper, random: np.random.Generator, kind: str, most: float
) -> None:
    grey = np.asarray(scan_of(sheets["s1"][0], CLEAN, random), float)
    Image.fromarray((grey * most).astype(kind)).save(tmp_path / "page.tiff", dpi=(150, 150))
    scanned(folder, tmp_path / "to", tmp_path / "page.tiff")
    assert codes_in(tmp_path / "to" / "students" / "s1.pdf") == whole(folder, "s1")[:1]


def test_pages_keep_the_bytes_that_the_scanner_made(
    tmp_path: Path, folder: Path, sheets: Paper, random: np.random.Generator
) -> None:
    """A student's file holds her own pages and nobody else's, packed as they came."""
    pages = [jpeg(scan_of(page, Flaws(), random)) for one in STUDENTS for page in sheets[one]]
    scan = tmp_path / "scan.pdf"
    with pikepdf.open(scan_pdf(tmp_path / "apart.pdf", pages)) as pdf:  # some scanners list all images with each page
        objects = pikepdf.Dictionary()
        for number, page in enumerate(pdf.pages):
            (image,) = page.Resources.XObject.as_dict().values()
            objects[f"/Im{number}"] = image
            page.Contents = pikepdf.Stream(pdf, b"612 0 0 792 0 0 cm /Im%d Do" % number)
        resources = pdf.make_indirect(pikepdf.Dictionary(XObject=objects))
        for page in pdf.pages:
            page.Resources = resources
        pdf.save(scan)
    scanned(folder, tmp_path / "to", scan)
    together = [image for one in STUDENTS for image in images(tmp_path / "to" / "students" / f"{one}.pdf")]
    assert sorted(together) == sorted(images(scan))


# ---------------------------------------------------------------------------------------------- by question


def test_by_question_each_has_the_pages_on_which_it_stands(
    tmp_path: Path, folder: Path, sheets: Paper, random: np.random.Generator
) -> None:
    pages = [jpeg(scan_of(page, Flaws(), random)) for one in STUDENTS[:2] for page in sheets[one]]
    scanned(folder, tmp_path / "to", "--by", "question", scan_pdf(tmp_path / "scan.pdf", reversed(pages)))
    first, second = whole(folder, "s1"), whole(folder, "s2")
    questions = tmp_path / "to" / "questions"
    assert codes_in(questions / "01-first.pdf") == [first[0], second[0]]
    assert codes_in(questions / "03-third.pdf") == [first[1], second[1]]
    with pikepdf.open(questions / "03-third.pdf") as pdf, pdf.open_outline() as outline:
        assert [item.title for item in outline.root] == ["Name of s1 (s1)", "Name of s2 (s2)"]
    in_some = {code for path in questions.iterdir() for code in codes_in(path)}
    assert in_some == {*first, *second}


def test_codes_without_a_number_are_sorted_by_student(tmp_path: Path, folder: Path) -> None:
    """Version 0.2 printed them."""
    segno.make_qr(paper_ids(folder)["s2"], error="m").save(str(tmp_path / "code.png"), scale=8)
    page = BLANK.copy()
    page.paste(Image.open(tmp_path / "code.png").convert("L"), (2000, 2900))
    code, output = scanned(folder, tmp_path / "to", scan_pdf(tmp_path / "scan.pdf", [jpeg(page), jpeg(page)]))
    assert code == 1
    assert "2 without a number" in output
    assert codes_in(tmp_path / "to" / "students" / "s2.pdf") == [f"S0 {paper_ids(folder)['s2']}"] * 2
    assert "without a number" in table(tmp_path / "to")["scan.pdf:2"]["found"]


def test_pages_of_a_paper_that_was_replaced_are_kept_apart(tmp_path: Path, random: np.random.Generator) -> None:
    write_sheet(tmp_path)
    write_class(tmp_path, ["s1"])
    assert generate(tmp_path, formats="pdf").exit_code == 0
    (old,) = printed(tmp_path / "out" / "s1" / "worksheet.pdf")
    replaced = worksheet("replace", "s1", "--in", tmp_path / "out", "--sheet", tmp_path / "quiz.toml")
    assert replaced.exit_code == 0, replaced.output
    (new,) = printed(tmp_path / "out" / "s1" / "worksheet.pdf")
    stack = [jpeg(scan_of(page, Flaws(), random)) for page in (old, new)]
    scanned(tmp_path / "out", tmp_path / "to", scan_pdf(tmp_path / "scan.pdf", stack))
    assert codes_in(tmp_path / "to" / "students" / "s1.pdf") == whole(tmp_path / "out", "s1")[:1]
    assert "of Name of s1 (s1) that was replaced by" in table(tmp_path / "to")["scan.pdf:1"]["found"]


# ------------------------------------------------------------------------------------------------- by hand


def test_a_person_says_what_pages_are(tmp_path: Path, folder: Path, sheets: Paper, random: np.random.Generator) -> None:
    torn = sheets["s1"][1].copy()
    torn.paste(255, (1500, 2800, 2550, 3300))
    stack = [sheets["s1"][0], torn, scribbled(), sheets["s1"][0]]
    scan = scan_pdf(tmp_path / "scan.pdf", [jpeg(scan_of(page, Flaws(), random)) for page in stack])
    out = tmp_path / "to"
    scanned(folder, out, scan)
    identity = paper_ids(folder)["s1"]
    fill_in(out, "scan.pdf:2", f"{identity.lower().replace('-', '')}/2")
    scanned(folder, out, scan, "--page", "scan.pdf:3=s1/2b", "--page", "scan.pdf:4=spare")
    student = out / "students" / "s1.pdf"
    assert len(pikepdf.open(student).pages) == 3
    assert len(pikepdf.open(out / "spare.pdf").pages) == 1
    assert not (out / "unknown.pdf").exists()
    assert not (out / "doubled.pdf").exists()
    before = tree(out)
    scanned(folder, out, scan)  # what was said once is remembered
    assert tree(out) == before
    assert {place: row["is"] for place, row in table(out).items()}["scan.pdf:3"] == "s1/2b"


def test_a_scan_may_have_any_name(tmp_path: Path, folder: Path) -> None:
    scan = scan_pdf(tmp_path / "a=1:b.pdf", [jpeg(scribbled())])
    scanned(folder, tmp_path / "to", scan, "--page", "a=1:b.pdf:1=s1/2b")
    assert table(tmp_path / "to")["a=1:b.pdf:1"]["is"] == "s1/2b"


def test_of_two_scans_of_a_page_the_one_that_is_named_is_taken(
    tmp_path: Path, folder: Path, sheets: Paper, random: np.random.Generator
) -> None:
    pages = [jpeg(scan_of(sheets["s1"][0], Flaws(), random)) for _ in range(2)]
    scan = scan_pdf(tmp_path / "scan.pdf", pages)
    scanned(folder, tmp_path / "to", scan)
    student, doubled = tmp_path / "to" / "students" / "s1.pdf", tmp_path / "to" / "doubled.pdf"
    first, second = images(student), images(doubled)
    assert first != second
    scanned(folder, tmp_path / "to", scan, "--page", "scan.pdf:2=s1/1")
    assert (images(student), images(doubled)) == (second, first)


def test_what_was_said_of_another_file_of_the_same_name_is_not_used(
    tmp_path: Path, folder: Path, sheets: Paper, random: np.random.Generator
) -> None:
    out = tmp_path / "to"
    scan = scan_pdf(tmp_path / "scan.pdf", [jpeg(scribbled()), jpeg(scribbled())])
    scanned(folder, out, scan, "--page", "scan.pdf:1=s1/1")
    scan_pdf(scan, [jpeg(scan_of(sheets["s2"][0], Flaws(), random))])
    _, output = scanned(folder, out, scan, "--replace")
    assert "about another file" in output
    assert codes_in(out / "students" / "s2.pdf") == whole(folder, "s2")[:1]
    assert not (out / "students" / "s1.pdf").exists()


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("scan.pdf:9=s1/1", "scan.pdf has pages 1 to 1; got 9"),
        ("other.pdf:1=s1/1", "expected one of the scans scan.pdf; got other.pdf"),
        ("scan.pdf:1=s9/1", "there is no paper or student 's9' in the folder"),
        ("scan.pdf:1=s1/7", "has 2 pages; got page 7"),
        ("scan.pdf:1=perhaps s1", "expected ID/3"),
        ("scan.pdf=s1/1", "expected FILE:PAGE=WHAT"),
        ("scan.pdf:٣=s1/1", "expected FILE:PAGE=WHAT"),
    ],
)
def test_what_no_page_can_be_is_refused(tmp_path: Path, folder: Path, said: str, answer: str) -> None:
    scan = scan_pdf(tmp_path / "scan.pdf", [jpeg(scribbled())])
    code, output = scanned(folder, tmp_path / "to", scan, "--page", said)
    assert code == 2
    assert f"--page: {answer}" in output or answer in output
    assert not (tmp_path / "to").exists()


# ---------------------------------------------------------------------------------- again, and what goes wrong


def test_pages_of_an_earlier_scan_are_not_lost(
    tmp_path: Path, folder: Path, sheets: Paper, random: np.random.Generator
) -> None:
    monday, tuesday = (
        scan_pdf(tmp_path / f"{one}.pdf", [jpeg(scan_of(page, Flaws(), random)) for page in sheets[one]])
        for one in ("s1", "s2")
    )
    out = tmp_path / "to"
    scanned(folder, out, monday)
    before = tree(out)
    code, output = scanned(folder, out, tuesday)
    assert code == 2
    assert "has pages of s1.pdf" in output
    assert tree(out) == before
    scanned(folder, out, monday, tuesday)
    assert {path.name for path in (out / "students").iterdir()} == {"s1.pdf", "s2.pdf"}
    (out / "students" / "mine.txt").write_text("a note")
    scanned(folder, out, tuesday, "--replace")
    assert {path.name for path in (out / "students").iterdir()} == {"s2.pdf", "mine.txt"}


def cut_short(content: bytes) -> bytes:
    return content[: len(content) // 2]


@pytest.mark.parametrize(
    ("name", "content", "answer"),
    [
        ("none.pdf", None, "there is no such file"),
        ("letter.docx", b"PK", "expected a PDF or an image"),
        ("text.pdf", b"hello", "is no PDF that can be read"),
        ("half.jpg", cut_short(jpeg(BLANK)), "is no image that can be read"),
        ("text.png", b"hello", "is no image that can be read"),
    ],
)
def test_what_is_no_scan_is_refused_before_anything_is_written(
    tmp_path: Path, folder: Path, name: str, content: bytes | None, answer: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    code, output = scanned(folder, tmp_path / "to", tmp_path / name)
    assert code == 2
    assert name in output
    assert answer in output
    assert not (tmp_path / "to").exists()


def test_a_page_that_cannot_be_shown_is_kept_apart(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan = scan_pdf(tmp_path / "scan.pdf", [jpeg(scribbled())])
    with shown(scan) as document:
        assert page_image(document, 2, 500) is None
    monkeypatch.setattr("generator.classes.scan.reading.page_image", lambda *_: None)
    code, output = scanned(folder, tmp_path / "to", scan)
    assert code == 1, output
    assert len(pikepdf.open(tmp_path / "to" / "unknown.pdf").pages) == 1


def test_a_locked_pdf_and_two_files_of_one_name_are_refused(tmp_path: Path, folder: Path) -> None:
    scan = scan_pdf(tmp_path / "scan.pdf", [jpeg(BLANK)])
    with pikepdf.open(scan) as pdf:
        pdf.save(tmp_path / "locked.pdf", encryption=pikepdf.Encryption(owner="a", user="b"))
    assert "is locked by a password" in scanned(folder, tmp_path / "to", tmp_path / "locked.pdf")[1]
    (tmp_path / "more").mkdir()
    again = scan_pdf(tmp_path / "more" / "scan.pdf", [jpeg(scribbled())])
    assert "rename one" in scanned(folder, tmp_path / "to", scan, again)[1]
    assert "is given twice" in scanned(folder, tmp_path / "to", scan, scan)[1]


def test_the_folder_of_the_class_is_still_verified(tmp_path: Path, folder: Path) -> None:
    scan = scan_pdf(tmp_path / "scan.pdf", [jpeg(scribbled())])
    result = worksheet("scan", scan, "--in", folder, "--workers", 1)
    assert result.exit_code == 1
    assert (folder / "scanned" / "unknown.pdf").is_file()
    verified = worksheet("verify", folder, "--sheet", folder.parent / "quiz.toml", "--workers", 1)
    assert verified.exit_code == 0, verified.output


def test_no_file_of_somebody_else_is_written_over(tmp_path: Path, folder: Path) -> None:
    scan = scan_pdf(tmp_path / "scan.pdf", [jpeg(scribbled()), jpeg(BLANK)])
    before = tree(folder)
    code, output = scanned(folder, folder, scan)
    assert code == 2
    assert "is the folder of the papers themselves" in output
    assert tree(folder) == before
    out = tmp_path / "to"
    out.mkdir()
    (out / "blank.pdf").write_text("mine")
    code, output = scanned(folder, out, scan)
    assert code == 2
    assert "has blank.pdf, which no scan wrote: move it away" in output
    assert {path.name for path in out.glob("*.*")} <= {"blank.pdf", ".scan.lock"}
    assert (out / "blank.pdf").read_text() == "mine"
    (out / "blank.pdf").unlink()
    assert scanned(folder, out, scan)[0] == 1
    assert scanned(folder, out, scan)[0] == 1  # its own it does


def test_two_scans_into_one_folder_at_once_are_refused(tmp_path: Path, folder: Path) -> None:
    scan = scan_pdf(tmp_path / "scan.pdf", [jpeg(scribbled())])
    out = tmp_path / "to"
    assert scanned(folder, out, scan)[0] == 1
    before = tree(out)
    with locked(out / ".scan.lock", ""):
        code, output = scanned(folder, out, scan, "--page", "scan.pdf:1=blank")
    assert code == 2
    assert "another scan is sorted into" in output
    assert tree(out) == before
    assert scanned(folder, out, scan, "--page", "scan.pdf:1=blank")[0] == 1


def test_copies_of_a_form_are_told_apart_by_their_order(tmp_path: Path, random: np.random.Generator) -> None:
    write_sheet(tmp_path, names=["first", "second", "third"], asking='more = "x " * 700')
    forms = worksheet(
        "generate", tmp_path / "quiz.toml", "--forms", 2, "--formats", "pdf", "--out", tmp_path / "out", "--workers", 1
    )  # fmt: skip
    assert forms.exit_code == 0, forms.output
    form_a, form_b = (printed(tmp_path / "out" / f"form-{one}" / "worksheet.pdf") for one in "AB")
    stack = [*form_a, *form_b, *form_a, form_a[1]]
    pages = [jpeg(scan_of(page, Flaws(), random)) for page in stack]
    code, _ = scanned(tmp_path / "out", tmp_path / "to", scan_pdf(tmp_path / "scan.pdf", pages))
    assert code == 1  # of the third copy of form A a page is missing
    counts = {path.stem: len(pikepdf.open(path).pages) for path in (tmp_path / "to" / "students").iterdir()}
    assert counts == {"form-A-1": 2, "form-A-2": 2, "form-A-3": 1, "form-B-1": 2}


def test_without_its_libraries_the_command_says_what_to_install(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generator.classes.scan.sources.find_spec", lambda name: None)
    code, output = scanned(folder, tmp_path / "to", tmp_path / "none.pdf")
    assert code == 2
    assert "pip install 'problemwright[scan]'" in output
