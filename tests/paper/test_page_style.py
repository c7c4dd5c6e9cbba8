"""How papers look: keys of a sheet, options of the command, every combination without a box that sticks out."""

from __future__ import annotations

import itertools
import re
import zlib
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest

from generator.document.student_copy import student_copy
from generator.errors import InputError
from generator.paper.companions import tex_files
from generator.paper.fixed_layout import reserved_places
from generator.paper.generate import generate_sheet
from generator.paper.paper import make_paper
from generator.paper.sheet_file import built_in_sheets, find_sheet
from generator.render.renderer import FORMATS, renderer
from generator.tex import pdf
from generator.tex.chunk import compile_papers
from tests.tiny_class import generate, ids, records, tree, worksheet, write_class, write_sheet

PLAIN = 'title = "Quiz"\n[[problem]]\nid = "dropout"\n'


def sheet_file(folder: Path, text: str) -> str:
    path = folder / "quiz.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def png(width: int = 40, height: int = 20) -> bytes:
    """A small image of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 2, 0, 0, 0])
    rows = (b"\0" + b"\x1f\x5f\x8b" * width) * height
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


# ------------------------------------------------------------------------------------------ what is wrong


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('paper = "A4"\n' + PLAIN, r'line 1: paper: expected "letter" or "a4"; got \'A4\''),
        ("paper = 4\n" + PLAIN, "line 1: paper: expected .*got 4"),
        ('title = "x"\nlayuot = "exam"\n[[problem]]\nid = "dropout"', "line 2: layuot: .*did you mean layout.* known are"),
        ('layout = "test"\n' + PLAIN, 'line 1: layout: expected "worksheet" or "exam" or "handout"'),
        ("font_size = 19\n" + PLAIN, "line 1: font_size: expected a whole number of points from 10 to 18; got 19"),
        ("font_size = 11.5\n" + PLAIN, "font_size: expected a whole number"),
        ("font_size = true\n" + PLAIN, "font_size: expected a whole number"),
        ('show_points = "no"\n' + PLAIN, "show_points: expected true or false"),
        ("fixed = true\n" + PLAIN, 'line 1: fixed: only an exam has a fixed layout: say layout = "exam" too'),
        ('layout = "handout"\nfixed = true\n' + PLAIN, "line 2: fixed: only an exam"),
        ("department = 7\n" + PLAIN, "department: expected a text; got 7"),
        (f'header = "{"x" * 61}"\n' + PLAIN, "header: expected a text of at most 60 characters; got 61"),
        (f'date = "{"x" * 201}"\n' + PLAIN, "date: expected a text of at most 200 characters; got 201"),
        ('logo = "crest.gif"\n' + PLAIN, "logo: expected a PNG, JPEG or PDF file; got 'crest.gif'"),
        ('logo = "crest.png"\n' + PLAIN, "logo: there is no image .*crest.png"),
        ('logo = "quiz.pdf"\n' + PLAIN, "logo: quiz.pdf is not what its ending says"),
        ('logo = "cut.png"\n' + PLAIN, "logo: cut.png is damaged: save it again"),
        ("instructions = '$\\foo$'\n" + PLAIN, "line 1: instructions: the formula .* cannot be shown"),
        ('title = " "\n[[problem]]\nid = "dropout"', "line 1: title: expected a text"),
        ('level = "hrad"\n' + PLAIN, "line 1: level: dropout has no level 'hrad'"),
        ("points = " + "9" * 5000 + "\n" + PLAIN, "cannot be read: a number has more digits"),
        ("points = " + "[" * 5000 + "\n" + PLAIN, "cannot be read: lists or tables are nested too deeply"),
        (PLAIN + "room = 0", 'line 4: problem 1, room: expected "less", "more", or a number from 0.1 to 10'),
        (PLAIN + 'room = "lots"', "problem 1, room: expected"),
        ('layout = "handout"\n' + PLAIN + 'room = "more"', "line 5: problem 1, room: a handout has no room to write"),
        (PLAIN + "page_break = 1", "problem 1, page_break: expected true or false"),
        (PLAIN + "title = ''", "line 4: problem 1, title: expected a text"),
        (PLAIN + "intro = 'costs $5'", "line 4: problem 1, intro: "),
        (PLAIN + "[[problem]]\nid = 'dropout'\npagebreak = true", "line 6: problem 2, pagebreak: .*did you mean page_break"),
        ('instructions = """\npaper = 3\n"""\npaper = 5\n' + PLAIN, "line 4: paper: "),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_file_line_and_what_is_known(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "quiz.pdf").write_bytes(b"no PDF")
    (tmp_path / "cut.png").write_bytes(png()[:-20])
    with pytest.raises(InputError, match=message):
        find_sheet(sheet_file(tmp_path, text))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('choices = ["nope"]', "quiz.toml, line 6: problem 2, choices: layer-norm has no part 'nope' here"),
        ('without = ["nope"]', "quiz.toml, line 6: problem 2, without: layer-norm has no part 'nope' here"),
        ("points = { nope = 2 }", "quiz.toml, line 6: problem 2, points: layer-norm has no part 'nope' here"),
        ("intro = 'See [](#nope).'", "quiz.toml, line 6: problem 2, .*intro: .*refers to a part that is not asked"),
    ],
)
def test_what_only_the_drawn_parts_can_show_to_be_wrong_is_named_with_its_line(
    tmp_path: Path, line: str, message: str
) -> None:
    text = f'title = "Quiz"\n[[problem]]\nid = "dropout"\n[[problem]]\nid = "layer-norm"\n{line}\n'
    with pytest.raises(InputError, match=message):
        make_paper(find_sheet(sheet_file(tmp_path, text)), 1)


@pytest.mark.slow
def test_room_for_more_than_a_page_stays_on_its_page(tmp_path: Path) -> None:
    text = (
        "title = 'Quiz'\n[[question]]\nid = 'q'\nkind = 'number'\ntext = 'Why?'\nanswer = 1\npoints = 1\nroom = 1000\n"
    )
    result = worksheet("generate", sheet_file(tmp_path, text), "--formats", "pdf", "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "overfull" not in result.output


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "has no template: expected some of latex/index|has no template: expected some of latex/nodes"),
        ({"latex/node.tex.j2": ""}, r"got latex/node.tex.j2; did you mean latex/nodes.tex.j2\?"),
        ({"nodes.tex.j2": ""}, r"did you mean latex/nodes.tex.j2\?"),
        (
            {"latex/nodes.tex.j2": "<% macro BoxedAnswr(node) %>x<% endmacro %>"},
            r"the macro BoxedAnswr of latex/nodes.tex.j2 is never used; did you mean BoxedAnswer\?",
        ),
        (
            {"latex/nodes.tex.j2": "<% macro Key(node) %>x<% endmacro %>", "html/node.html.j2": "x"},
            r"html/node.html.j2 is used by no format; did you mean html/nodes.html.j2\?",
        ),
    ],
)
def test_templates_that_would_never_be_used_are_named(tmp_path: Path, files: dict[str, str], message: str) -> None:
    (tmp_path / "style").mkdir()
    for name, text in files.items():
        (tmp_path / "style" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "style" / name).write_text(text)
    with pytest.raises(InputError, match=rf"line 1: templates: .*{message}"):
        find_sheet(sheet_file(tmp_path, 'templates = "style"\n' + PLAIN))


def test_macros_and_files_that_templates_use_themselves_are_fine(tmp_path: Path) -> None:
    (tmp_path / "style" / "latex").mkdir(parents=True)
    (tmp_path / "style" / "latex" / "frame.j2").write_text("<% macro frame(x) %>[<< x >>]<% endmacro %>")
    (tmp_path / "style" / "latex" / "nodes.tex.j2").write_text(
        '<% from "frame.j2" import frame %><% macro mine(x) %>x<% endmacro %>'
        "<% macro BoxedAnswer(node) %><< frame(mine(1)) >><% endmacro %>"
    )
    assert find_sheet(sheet_file(tmp_path, 'templates = "style"\n' + PLAIN)).templates is not None


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--paper", "a3"], "'a3' is not one of 'letter', 'a4'"),
        (["--font-size", "9"], "9 is not in the range 10<=x<=18"),
        (["--fixed"], "--fixed: only an exam has a fixed layout: say --layout exam too"),
        (["--logo", "nowhere.png"], "--logo: there is no image nowhere.png"),
        (["--font-siez", "12"], "--font-size"),
        (["--header", "Контрольная"], "--header: 'Контрольная' is not in the PDF's fonts"),
    ],
)
def test_an_option_that_cannot_be_used_is_named(tmp_path: Path, options: list[str], message: str) -> None:
    result = worksheet("generate", "discussion04", "--out", tmp_path / "out", "--formats", "tex", *options)
    assert result.exit_code == 2
    assert message in result.output
    assert not (tmp_path / "out").exists()


# ------------------------------------------------------------------------------------------ what is printed


def made(folder: Path, text: str, *formats: str, **options: Any) -> dict[str, str]:
    sheet = find_sheet(sheet_file(folder, text)).overridden(options)
    written = generate_sheet(sheet, 3, formats or ("tex", "md", "html"), folder / "out")
    assert not written.warnings
    return {path.name: path.read_text("utf-8") for path in written.paths if path.suffix in (".tex", ".md", ".html")}


def test_all_words_stand_in_every_format(tmp_path: Path) -> None:
    text = """
        title = "Quiz"
        course = "Deep Learning"
        department = "EECS & Statistics"
        date = 2026-10-01
        header = "Section 3"
        footer = "Closed book"
        [[problem]]
        id = "dropout"
        title = "Dropping units"
        intro = "As in *lecture 7*, with $p$ the chance to drop."
    """
    files = made(tmp_path, text)
    for name, content in files.items():
        for words in ("EECS", "Statistics", "2026-10-01", "Dropping units", "lecture 7"):
            assert words in content, (name, words)
        if not name.endswith(".md"):  # which has no pages
            assert "Section 3" in content
            assert "Closed book" in content


def test_points_are_left_out_of_the_worksheet_and_stay_in_the_key(tmp_path: Path) -> None:
    files = made(tmp_path, "show_points = false\n" + PLAIN)
    for name, content in files.items():
        shown = bool(re.search(r"\d points?\b", content))
        if name.endswith(".tex"):
            shown = r"\part[" in content or r"\totalpoints" in content
        assert shown == name.startswith("key"), name


def test_a_handout_has_no_room_to_write(tmp_path: Path) -> None:
    files = made(tmp_path, 'layout = "handout"\n' + PLAIN)
    tex, markdown, page = (files[f"worksheet.{form}"] for form in ("tex", "md", "html"))
    assert not any(command in tex for command in (r"\answerline", r"\workspace", r"\field", r"\truefalse" + "\n"))
    assert "____" not in markdown
    assert 'data-answer="number"' not in page
    assert 'data-answer="lines"' not in page
    assert r"\answerbox" in files["key.tex"]


def test_room_is_multiplied(tmp_path: Path) -> None:
    def lines(room: str) -> int:
        tex = made(tmp_path, PLAIN + room)["worksheet.tex"]
        return sum(int(count) for count in re.findall(r"\\(?:answerlines|workspace)\{(\d+)\}", tex))

    usual, less, more, triple = (lines(room) for room in ("", 'room = "less"', 'room = "more"', "room = 3"))
    assert less < usual < more < triple
    assert more == 2 * usual
    assert triple == 3 * usual


def test_problems_begin_pages_where_they_are_to(tmp_path: Path) -> None:
    two = PLAIN + '[[problem]]\nid = "layer-norm"\n'

    def breaks(text: str) -> tuple[int, int]:
        files = made(tmp_path, text)
        return files["worksheet.tex"].count(r"\startpage"), files["worksheet.html"].count("problem starts-page")

    assert breaks(two) == (0, 0)
    assert breaks(two + "page_break = true") == (1, 1)
    assert breaks('layout = "exam"\n' + two) == (2, 2)
    assert breaks('layout = "exam"\n' + two + "page_break = false") == (1, 1)


def _page(item: pikepdf.OutlineItem) -> Any:
    destination: Any = item.destination
    return destination[0].objgen


@pytest.mark.slow
@pytest.mark.parametrize(("paper", "size"), [("letter", (612, 792)), ("a4", (595, 842))])
def test_pdfs_have_the_paper_and_say_what_they_are(tmp_path: Path, paper: str, size: tuple[int, int]) -> None:
    made(tmp_path, f'paper = "{paper}"\nlayout = "exam"\n{PLAIN}[[problem]]\nid = "layer-norm"\n', "pdf")
    for stem in ("worksheet", "key"):
        with pikepdf.open(tmp_path / "out" / f"{stem}.pdf") as file:
            for page in file.pages:
                assert tuple(round(float(one)) for one in page.mediabox[2:]) == size
            assert file.Root.ViewerPreferences.DisplayDocTitle
            assert str(file.Root.Lang) == "en"
            with file.open_metadata() as meta:
                assert meta["dc:title"].startswith("Quiz")
                assert meta["dc:language"] == {"en"}
            with file.open_outline() as outline:
                assert [one.title for one in outline.root] == ["1 Dropout", "2 Layer normalization"]
                assert [one.title for one in outline.root[0].children][:3] == ["(a)", "(b)", "(c)"]
                where = [_page(one) for one in outline.root]
                pages = [page.obj.objgen for page in file.pages]
            if stem == "worksheet":  # the cover, then each problem on a page of its own
                assert pages.index(where[0]) == 1
                assert pages.index(where[1]) > 1


@pytest.mark.slow
def test_the_papers_of_a_class_have_outlines_of_their_own(tmp_path: Path) -> None:
    write_sheet(tmp_path, names=("sums", "more"))
    write_class(tmp_path, ["a1", "b2"])
    assert generate(tmp_path, formats="pdf").exit_code == 0
    for student in ("a1", "b2"):
        with pikepdf.open(tmp_path / "out" / student / "worksheet.pdf") as file, file.open_outline() as outline:
            assert [one.title for one in outline.root] == ["1 Sums", "2 Sums"]
            assert [len(one.children) for one in outline.root] == [1, 1]
            assert file.Root.ViewerPreferences.DisplayDocTitle


def test_a_drawing_has_its_words_in_the_pdf(tmp_path: Path) -> None:
    made(tmp_path, 'title = "Quiz"\n[[problem]]\nid = "model-size"\n', "pdf")
    with pikepdf.open(tmp_path / "out" / "worksheet.pdf") as file:
        content = b"".join(page.Contents.read_bytes() for page in file.pages)
    assert b"/ActualText(" in content
    assert content.count(b"BDC") == content.count(b"EMC")


# --------------------------------------------------------------------------------------------------- logo


@pytest.mark.slow
@pytest.mark.parametrize("name", ["crest.png", "crest.pdf"])
def test_a_logo_is_among_the_sources_and_in_the_files(tmp_path: Path, name: str) -> None:
    content = png()
    if name.endswith(".pdf"):
        with pikepdf.new() as file:
            file.add_blank_page(page_size=(40, 20))
            file.save(tmp_path / name)
    else:
        (tmp_path / name).write_bytes(content)
    write_sheet(tmp_path, head=f'logo = "{name}"\n')
    write_class(tmp_path, ["a1"])
    result = generate(tmp_path, formats="tex,md,html,pdf")
    assert result.exit_code == 0, result.output
    copy = f"out/a1/logo.{name[-3:]}"
    assert (tmp_path / copy).read_bytes() == (tmp_path / name).read_bytes()
    record = records(tmp_path / "out")["a1"]
    assert name in record["sources"]
    assert copy.removeprefix("out/") in record["files"]
    page = (tmp_path / "out" / "a1" / "worksheet.html").read_text("utf-8")
    assert ("data:image/png;base64," in page) == name.endswith(".png")
    assert "img-src data:" in page or name.endswith(".pdf")
    sheet = ("--sheet", tmp_path / "quiz.toml", "--workers", "1")
    assert worksheet("verify", tmp_path / "out", *sheet).exit_code == 0
    before = tree(tmp_path / "out")
    assert generate(tmp_path, formats="tex,md,html,pdf").exit_code == 0
    assert tree(tmp_path / "out") == before
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes() + b"\n")
    refused = generate(tmp_path, formats="tex,md,html,pdf")
    assert refused.exit_code == 2
    assert f"{name} has changed since the papers were made" in refused.output
    assert name in worksheet("verify", tmp_path / "out", *sheet).output


# ------------------------------------------------------------------------------- options, reruns and rebuilds


def test_another_look_of_a_class_that_is_there_is_noticed(tmp_path: Path) -> None:
    write_sheet(tmp_path)
    write_class(tmp_path, ["a1", "b2"])
    assert generate(tmp_path, "--paper", "a4", "--no-show-points", formats="tex").exit_code == 0
    assert records(tmp_path / "out")["a1"]["options"] == {"paper": "a4", "show_points": False}
    before = tree(tmp_path / "out")
    refused = generate(tmp_path, formats="tex")
    assert refused.exit_code == 2
    assert (
        "the papers were made with --paper a4 --no-show-points, and would be made anew with no option" in refused.output
    )
    assert tree(tmp_path / "out") == before
    assert generate(tmp_path, "--paper", "a4", "--no-show-points", formats="tex").exit_code == 0
    assert tree(tmp_path / "out") == before
    sheet = ("--sheet", tmp_path / "quiz.toml")
    assert worksheet("verify", tmp_path / "out", *sheet, "--workers", "1").exit_code == 0
    paper = records(tmp_path / "out")["a1"]["id"]
    found = worksheet("key", paper, "--in", tmp_path / "out", *sheet, "--formats", "tex", "--out", tmp_path / "found")
    assert found.exit_code == 0, found.output
    assert (tmp_path / "found" / "worksheet.tex").read_bytes() == before["a1/worksheet.tex"]
    replaced = worksheet("replace", "a1", "--in", tmp_path / "out", *sheet)
    assert replaced.exit_code == 0, replaced.output
    assert "a4paper" in (tmp_path / "out" / "a1" / "worksheet.tex").read_text()
    assert generate(tmp_path, "--replace", formats="tex").exit_code == 0
    assert "letterpaper" in (tmp_path / "out" / "a1" / "worksheet.tex").read_text()


def test_an_option_overrides_the_sheet(tmp_path: Path) -> None:
    text = 'layout = "exam"\nfixed = true\npaper = "a4"\nfont_size = 14\n' + PLAIN
    files = made(tmp_path, text, "tex", layout="handout", font_size=12)
    assert r"\documentclass[12pt]{article}" in files["worksheet.tex"]
    assert r"\usepackage[a4paper, handout]{worksheet}" in files["worksheet.tex"]


@pytest.mark.slow
def test_the_index_of_keys_has_the_paper_of_the_sheet(tmp_path: Path) -> None:
    write_sheet(tmp_path, head='paper = "a4"\n')
    write_class(tmp_path, ["a1"])
    assert generate(tmp_path, "--one-key", formats="pdf").exit_code == 0
    with pikepdf.open(tmp_path / "out" / "keys.pdf") as file:
        assert {tuple(round(float(one)) for one in page.mediabox[2:]) for page in file.pages} == {(595, 842)}


# ------------------------------------------------------------------------------------------- fixed layout

FIXED = 'layout = "exam"\nfixed = true\n'
LONGER = 'more = "a few words " * (v.params["a"] % 40)'


def frames(path: Path) -> list[list[tuple[float, ...]]]:
    """Of each page, the sides of the frames of answers: upright rules."""
    found = []
    document = pypdfium2.PdfDocument(path)
    for page in document:
        paths = [one.get_bounds() for one in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_PATH])]
        sides = [bounds for bounds in paths if bounds[2] - bounds[0] < 1 and bounds[3] - bounds[1] > 29]
        found.append(sorted(tuple(round(float(one), 3) for one in bounds) for bounds in sides))
    document.close()
    return found


@pytest.mark.slow
def test_all_papers_of_a_class_have_their_answers_in_the_same_places(tmp_path: Path) -> None:
    write_sheet(tmp_path, head=FIXED, asking=LONGER, names=("sums", "more"))
    write_class(tmp_path, ids(6))
    result = generate(tmp_path, formats="tex,pdf")
    assert result.exit_code == 0, result.output
    assert "warning" not in result.output
    lengths = {len((tmp_path / "out" / student / "worksheet.tex").read_text()) for student in ids(6)}
    places = [frames(tmp_path / "out" / student / "worksheet.pdf") for student in ids(6)]
    assert len(lengths) > 3
    assert [len(page) for page in places[0]] == [0, 2, 2]
    assert all(one == places[0] for one in places)
    before = tree(tmp_path / "out")
    heights = records(tmp_path / "out")["s1"]["places"]
    assert heights.keys() == {"1a", "1a-answer", "2a", "2a-answer"}
    write_class(tmp_path, ids(7))
    assert generate(tmp_path, formats="tex,pdf").exit_code == 0
    assert records(tmp_path / "out")["s7"]["places"] == heights
    assert frames(tmp_path / "out" / "s7" / "worksheet.pdf") == places[0]
    after = tree(tmp_path / "out")
    assert all(after[name] == content for name, content in before.items() if "/" in name)
    sheet = ("--sheet", tmp_path / "quiz.toml")
    verified = worksheet("verify", tmp_path / "out", *sheet, "--workers", "1")
    assert verified.exit_code == 0, verified.output
    found = worksheet(
        "key", records(tmp_path / "out")["s2"]["id"], "--in", tmp_path / "out", *sheet, "--out", tmp_path / "found", "--formats", "tex"
    )  # fmt: skip
    assert found.exit_code == 0, found.output
    assert (tmp_path / "found" / "worksheet.tex").read_bytes() == after["s2/worksheet.tex"]
    replaced = worksheet("replace", "s3", "--in", tmp_path / "out", *sheet)
    assert replaced.exit_code == 0, replaced.output
    assert frames(tmp_path / "out" / "s3" / "worksheet.pdf") == places[0]


def test_what_does_not_fit_its_place_is_made_smaller_and_named(tmp_path: Path) -> None:
    write_sheet(tmp_path, head=FIXED, asking='more = "a few words " * 100')
    sheet = find_sheet(str(tmp_path / "quiz.toml"))
    paper = make_paper(sheet.with_places({"1a": 40, "1a-answer": 60}), 1)
    texts = {"worksheet": renderer(FORMATS["tex"]).document(student_copy(paper.document))}
    made = compile_papers(texts, pdf.find_engine(), files=tex_files(sheet))["worksheet"]
    assert any("place 1a has a height of 40pt, and its content of" in warning for warning in made.warnings)
    (tmp_path / "worksheet.pdf").write_bytes(made.content)
    other = make_paper(sheet.with_places({"1a": 40, "1a-answer": 60}), 2)
    texts = {"worksheet": renderer(FORMATS["tex"]).document(student_copy(other.document)).replace("a few words ", "")}
    made = compile_papers(texts, pdf.find_engine(), files=tex_files(sheet))["worksheet"]
    assert made.warnings == ()
    (tmp_path / "other.pdf").write_bytes(made.content)
    assert frames(tmp_path / "worksheet.pdf") == frames(tmp_path / "other.pdf")


@pytest.mark.slow
def test_a_fixed_layout_of_variants_with_different_parts_is_refused(tmp_path: Path) -> None:
    path = write_sheet(tmp_path, head=FIXED)
    problem = tmp_path / "sums.py"
    twice = (
        "\n    if v.params['a'] % 2:\n        yield Part('again', 'Say it again.', Number('total', 's'), points=1)\n"
    )
    problem.write_text(problem.read_text().replace("\nPROBLEM =", twice + "\nPROBLEM =", 1))
    result = worksheet("generate", path, "--formats", "pdf", "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "the part 1b is on " in result.output
    assert not (tmp_path / "out").exists()


def test_formats_without_pages_need_no_places(tmp_path: Path) -> None:
    path = write_sheet(tmp_path, head=FIXED)
    assert reserved_places(find_sheet(str(path)), ("md", "html")) == {}
    assert worksheet("generate", path, "--formats", "md", "--out", tmp_path / "out").exit_code == 0


@pytest.mark.heavy
def test_sixty_papers_of_discussion_04_have_their_answers_in_the_same_places(tmp_path: Path) -> None:
    problems = ("layer-norm", "batch-norm", "dropout", "l2-regularization")
    text = (
        'title = "Exam"\nextended = true\n'
        + FIXED
        + "".join(f'[[problem]]\nid = "{problem}"\n' for problem in problems)
    )
    sheet_file(tmp_path, text)
    write_class(tmp_path, ids(60))
    result = generate(tmp_path, "--workers", "2", formats="pdf")
    assert result.exit_code == 0, result.output
    places = [frames(tmp_path / "out" / student / "worksheet.pdf") for student in ids(60)]
    assert sum(map(len, places[0])) > 40
    assert all(one == places[0] for one in places)  # 0 pt apart


# -------------------------------------------------------------------------------------- nothing sticks out

LEVELS = ("easy", "standard", "hard")
PAPERS, LAYOUTS, SIZES, POINTS = (
    ("letter", "a4"),
    ("worksheet", "exam", "handout", "fixed"),
    (0, 10, 12, 13, 14, 18),
    (True, False),
)
PRODUCT = list(itertools.product(PAPERS, LAYOUTS, SIZES, POINTS))
PAIRWISE = [
    ("letter", "exam", 18, True), ("a4", "worksheet", 18, False), ("letter", "handout", 14, False), ("a4", "fixed", 12, True),
    ("letter", "fixed", 18, False), ("a4", "handout", 18, True), ("letter", "worksheet", 10, True), ("a4", "exam", 13, False),
]  # fmt: skip


def overfull(folder: Path, sheet: str, combination: tuple[str, str, int, bool], seed: int) -> tuple[str, ...]:
    paper, layout, size, points = combination
    options: dict[str, Any] = {"paper": paper, "layout": "exam" if layout == "fixed" else layout, "show_points": points}
    options |= {"fixed": True} if layout == "fixed" else {}
    options |= {"font_size": size} if size else {}
    options |= {"department": "Electrical Engineering and Computer Sciences", "date": "1 October 2026"}
    options |= {"header": "Section 3, Tuesdays at ten o'clock, in the large room", "footer": "Closed book. " * 6}
    return generate_sheet(find_sheet(sheet).overridden(options), seed, ("pdf",), folder / "out").warnings


@pytest.mark.slow
@pytest.mark.parametrize("combination", PAIRWISE, ids=str)
def test_no_box_sticks_out_pairwise(tmp_path: Path, combination: tuple[str, str, int, bool]) -> None:
    text = 'title = "Discussion 04: Normalization and regularization"\ncourse = "Introduction to Deep Learning"\n'
    problems = ["layer-norm", "batch-norm", "dropout", "l2-regularization"]
    if combination[1] != "fixed":
        problems.insert(0, "model-size")
    text += "".join(f'[[problem]]\nid = "{problem}"\n' for problem in problems)
    assert overfull(tmp_path, sheet_file(tmp_path, text), combination, 5) == ()


def level_of(combination: tuple[str, str, int, bool]) -> str:
    """Another level where one thing of a combination is another."""
    paper, layout, size, points = combination
    return LEVELS[
        (PAPERS.index(paper) + LAYOUTS.index(layout) + SIZES.index(size) + POINTS.index(points)) % len(LEVELS)
    ]


@pytest.mark.heavy
@pytest.mark.parametrize("combination", PRODUCT, ids=str)
def test_no_box_sticks_out(tmp_path: Path, combination: tuple[str, str, int, bool]) -> None:
    level = level_of(combination)
    text = f'title = "Discussion 04"\nlevel = "{level}"\n'
    problems = ["layer-norm", "batch-norm", "dropout", "l2-regularization"]
    if combination[1] != "fixed":
        problems.insert(0, "model-size")
    guided = "guided = true\n" if level != "easy" and combination[1] != "fixed" else ""
    text += "".join(f'[[problem]]\nid = "{problem}"\n{guided}' for problem in problems)
    for seed in (1, 2):
        assert overfull(tmp_path, sheet_file(tmp_path, text), combination, seed) == ()


@pytest.mark.heavy
@pytest.mark.parametrize("combination", [one for one in PAIRWISE if one[1] != "fixed"], ids=str)
@pytest.mark.parametrize("name", sorted(built_in_sheets().keys() - {"discussion04", "discussion04-extended"}))
def test_no_box_of_the_other_sheets_sticks_out(
    tmp_path: Path, name: str, combination: tuple[str, str, int, bool]
) -> None:
    level = level_of(combination)
    text = f'title = "{name}"\nlevel = "{level}"\n' + "".join(
        f'[[problem]]\nid = "{entry.problem.id}"\nguided = {str(level != "easy").lower()}\n'
        for entry in find_sheet(name).entries
    )
    assert overfull(tmp_path, sheet_file(tmp_path, text), combination, 1) == ()


LONG_WORDS = r'''
title = "An extraordinarily long title of a worksheet: Normalization, regularization, generalization, and much more"
course = "Introduction to Deep Learning and Representation Learning for Students of Statistics and Engineering"
instructions = """
Work alone. The table counts:

| a long heading of a column | another quite long heading | a third heading that is long | a fourth |
| --- | --- | --- | --- |
| $\\frac{1}{2}$ | $x_1 + x_2 + x_3 + x_4$ | words words words words | words words words |

Also use
$$ a_1 + a_2 + a_3 + a_4 + a_5 + a_6 + a_7 + a_8 + a_9 + a_{10} + a_{11} + a_{12} + a_{13} = b $$
and `a_long_name_of_a_function(with, several, arguments)` as well as `another_long_name_of_a_function`.
"""
[[problem]]
id = "layer-norm"
title = "Layer normalization with an extraordinarily long title that goes on over more than a line of the page"
intro = """
Recall $\\begin{bmatrix} 1 & 2 & 3 & 4 & 5 & 6 & 7 & 8 & 9 & 10 & 11 & 12 & 13 & 14 & 15 & 16 \\end{bmatrix}$, then go on.
"""
'''


@pytest.mark.slow
@pytest.mark.parametrize(
    "combination", [("letter", layout, size, True) for layout in ("worksheet", "exam", "handout") for size in (0, 18)], ids=str
)  # fmt: skip
def test_long_words_fit(tmp_path: Path, combination: tuple[str, str, int, bool]) -> None:
    assert overfull(tmp_path, sheet_file(tmp_path, LONG_WORDS), combination, 7) == ()
