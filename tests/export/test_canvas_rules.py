"""The rules of Canvas: every trap is found in a file that steps into it; and the schema of QTI 1.2, where it is there."""

from __future__ import annotations

import io
import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from generator.export.build import Wanted, build
from generator.export.canvas import TARGET, write
from generator.export.target import Options
from generator.paper.sheet_file import find_sheet
from tests.export.mutants import Files, Mutation, packed, replaced, unpacked, without
from tests.export.pictures import with_pictures
from tests.export.trees import CASES, tree_of

SCHEMAS = Path(__file__).parents[3] / "shared" / "schemas" / "qti12"
SHEET = """
title = "Small"
[[question]]
id = "number"
kind = "number"
text = '''What is it?'''
answer = "28/3"
points = 2
mistakes = [{ name = "half", value = "14/3", feedback = "halved it" }]
[[question]]
id = "vector"
kind = "vector"
text = '''What is it?'''
answer = [1, "1/3"]
points = 2
[[question]]
id = "choice"
kind = "choice"
text = '''Which?'''
options = [{ text = "Red", right = true }, { text = "Blue", feedback = "Not blue." }, "Green"]
points = 1
[[question]]
id = "several"
kind = "choice"
text = '''Which?'''
options = [{ text = "Red", right = true }, { text = "Blue", right = true }, "Green"]
points = 1
[[question]]
id = "claim"
kind = "claims"
text = '''True?'''
claims = [{ claim = "Yes", true = true, reason = "So" }]
[[question]]
id = "essay"
kind = "essay"
text = '''Why?'''
answer = "So."
points = 2
[[pool]]
id = "pool"
pick = 1
[[pool.question]]
id = "one"
kind = "number"
text = '''One?'''
answer = 1
points = 2
[[pool.question]]
id = "two"
kind = "number"
text = '''Two?'''
answer = 2
points = 2
"""


@cache
def files(picture: bool = False) -> Files:
    if picture:
        return unpacked(write(with_pictures(tree_of("conv-by-hand")), Options()).files[""])
    with TemporaryDirectory() as folder:
        path = Path(folder, "small.toml")
        path.write_text(SHEET, "utf-8")
        tree = build(find_sheet(str(path)), Wanted(count=1))
    return unpacked(write(tree, Options(hints=True, solutions=True)).files[""])


def test_the_file_itself_has_no_faults(tmp_path: Path) -> None:
    for picture in (False, True):
        assert TARGET.faults(packed(files(picture), tmp_path / "quiz.zip")) == []


def test_a_quiz_of_another_writer_has_no_faults() -> None:
    example = SCHEMAS.parents[1] / "exports-examples" / "canvas.zip"
    if not example.exists():
        pytest.skip("no ../shared/exports-examples")
    assert TARGET.faults(example) == []


def reordered(found: Files) -> Files:
    return dict(reversed(found.items()))


def answer_twice(found: Files) -> Files:
    return changed(found, r"(<respcondition continue=\"No\"><conditionvar><or>.*?</respcondition>)", r"\1\1")


def changed(found: Files, pattern: str, new: str) -> Files:
    name = next(one for one in found if re.fullmatch(r"(pw_\w+)/\1\.xml", one))
    text = re.sub(pattern, new, found[name].decode(), count=1, flags=re.DOTALL)
    assert text.encode() != found[name], pattern
    return {**found, name: text.encode()}


def by(pattern: str, new: str) -> Mutation:
    return lambda found: changed(found, pattern, new)


MUTANTS: dict[str, tuple[Mutation, str]] = {
    "a mistake's value counts as right": (answer_twice, "each of them counts as right"),
    "vargt in place of vargte": (replaced("vargte", "vargt", count=2), "vargt"),
    "a margin that is not even": (by(r"9\.32833333333333", "9.32"), "not evenly"),
    "a float": (by(r">9\.33833333333333<", ">9.3383e0<"), "no decimals"),
    "a number too small": (replaced("9.33", "0.00009", "pw_", count=9), "shown as 0"),
    "an answer that is no number": (by(r'(<response_label ident=")(\d+)', r"\1a\2"), "no whole number"),
    "a blank without answers": (replaced("[a1]", "[a1] [b]", "pw_"), "blanks"),
    "an interval in a text with blanks": (replaced("Type whole", "in [0, 1]: Type whole", "pw_"), "blanks"),
    "one bracket in a text with blanks": (replaced("Type whole", "] Type whole", "pw_"), "square bracket"),
    "the plain decimal is not last": (by(r"(text/plain\">)0\.333<", r"\g<1>x<"), "plain decimal"),
    "blanks add up to too little": (by(r"50\.00", "40.00"), "do not give the same|add up"),
    "an option that is right is not there": (by(r"(<varequal respident=\"response1\">\d+)(</varequal></conditionvar><setvar)", r"\g<1>1\2"), "right option"),
    "a type that is not known": (replaced("essay_question", "short_answer_question", "pw_"), "no type of question"),
    "feedback that is not known": (replaced("general_fb", "other_fb", "pw_", count=9), "does not know"),
    "feedback that is not there": (by(r"<itemfeedback ident=\"general_fb\">.*?</itemfeedback>", ""), "feedback shown"),
    "a group that gives other points": (by(r"<points_per_item>2<", "<points_per_item>3<"), "gives 3 points"),
    "a group that draws too many": (by(r"<selection_number>1<", "<selection_number>3<"), "3 of 2"),
    "points that do not add up": (replaced("<points_possible>", "<points_possible>9", "assessment_meta"), "are worth"),
    "another title in the settings": (replaced("<title>Small", "<title>Other", "assessment_meta"), "title differs"),
    "one identifier twice": (by(r"(<item ident=\")pw_\w+(\".*?<item ident=\")pw_\w+\"", r'\1pw_1\2pw_1"'), "2 times"),
    "a sign in an identifier": (by(r"<item ident=\"pw_", '<item ident="pw '), "other signs"),
    "an essay that is right by itself": (by(r"(<conditionvar><other/></conditionvar>)(</respcondition></resprocessing>)", r'\1<setvar varname="SCORE">100</setvar>\2'), "gives points by itself"),
    "HTML that is none": (by(r"&lt;p&gt;What", "&lt;p What"), "no HTML"),
    "XML that is none": (replaced("</questestinterop>", "", "pw_"), "no XML"),
    "a byte-order mark": (replaced("<?xml", "\ufeff<?xml", "assessment_meta"), "byte-order mark"),
    "the manifest comes last": (reordered, "not the first"),
    "no settings": (without("assessment_meta.xml"), "not in the package"),
    "no manifest": (without("imsmanifest.xml"), "not in the package"),
    "a file that nobody names": (lambda found: {**found, "key.txt": b"1"}, "does not name it"),
    "no quiz": (replaced("imsqti_xmlv1p2", "webcontent", "imsmanifest"), "no quiz"),
}  # fmt: skip

PICTURES: dict[str, tuple[Mutation, str]] = {
    "a picture that is missing": (without(".png"), "is not in"),
    "a picture without words": (by(r" alt=\"[^\"]+\"", ""), "no description"),
    "a picture elsewhere": (replaced("$IMS-CC-FILEBASE$/", "images/", "pw_"), "is not in"),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_fault_is_found(name: str, tmp_path: Path) -> None:
    mutate, said = MUTANTS[name]
    faults = TARGET.faults(packed(mutate(files()), tmp_path / "quiz.zip"))
    assert any(re.search(said, fault) for fault in faults), faults


@pytest.mark.parametrize("name", PICTURES)
def test_a_fault_in_a_picture_is_found(name: str, tmp_path: Path) -> None:
    mutate, said = PICTURES[name]
    faults = TARGET.faults(packed(mutate(files(picture=True)), tmp_path / "quiz.zip"))
    assert any(said in fault for fault in faults), faults


def test_what_is_no_zip_is_said(tmp_path: Path) -> None:
    path = tmp_path / "quiz.zip"
    path.write_text("PK no")
    assert any("no zip" in fault for fault in TARGET.faults(path))


# ------------------------------------------------------------------------------------------ the schema


def dtd_faults(found: Files) -> list[str]:
    """Return what the DTD of QTI 1.2, with the group's extension, has against a quiz; namespaces are none of its business."""
    etree = pytest.importorskip("lxml.etree")
    path = SCHEMAS / "ims_qtiasiv1p2p1_canvas_dialect.dtd"
    if not path.exists():
        pytest.skip("no DTD of QTI 1.2 in ../shared/schemas")
    dtd = etree.DTD(io.BytesIO(path.read_bytes()))
    name = next(one for one in found if re.fullmatch(r"(pw_\w+)/\1\.xml", one))
    text = re.sub(r' xmlns(:\w+)?="[^"]*"| xsi:\w+="[^"]*"', "", found[name].decode().partition("?>")[2])
    return [] if dtd.validate(etree.fromstring(text)) else [str(error.message) for error in dtd.error_log]


@pytest.mark.parametrize("picture", [False, True])
def test_the_schema_takes_a_quiz(picture: bool) -> None:
    assert dtd_faults(files(picture)) == []
    assert dtd_faults(changed(files(picture), "<presentation>", "<presentations/><presentation>"))


@pytest.mark.slow
@pytest.mark.parametrize(("problem", "level"), CASES)
def test_the_schema_takes_every_problem(problem: str, level: str) -> None:
    for options in (Options(hints=True, solutions=True), Options(as_choice=True)):
        assert dtd_faults(unpacked(write(with_pictures(tree_of(problem, level)), options).files[""])) == []
