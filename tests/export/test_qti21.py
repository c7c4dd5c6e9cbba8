"""Exports to QTI 2.1, played by code that knows only the format: the key earns all points, a mistake its share and its feedback."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from generator.export.build import Wanted, build
from generator.export.qti21 import TARGET, write
from generator.export.qti21_items import share_of
from generator.export.target import Options, Written
from generator.export.tree import Choice, Claims, Computed, Essay, Export, Part, Variant
from generator.paper.sheet_file import find_sheet
from tests.export.mutants import Files, Mutation, packed, replaced, unpacked, without
from tests.export.pictures import with_pictures
from tests.export.qti21_player import QTI, asked, play, right
from tests.export.sheets import CODE, HOSTILE, hostile_sheet
from tests.export.test_canvas_rules import SHEET
from tests.export.trees import CASES, tree_of

SCHEMAS = Path(__file__).parents[3] / "shared" / "schemas" / "qti2x"
every_case = pytest.mark.parametrize(
    ("problem", "level"),
    [case if case[1] == "standard" else pytest.param(*case, marks=pytest.mark.slow) for case in CASES],
)


def written(tree: Export, options: Options = Options()) -> Written:  # noqa: B008 - it cannot change
    return write(with_pictures(tree), options)


@cache
def case(problem: str, level: str) -> tuple[Export, Files]:
    tree = tree_of(problem, level)
    return tree, unpacked(written(tree).files[""])


def item_of(files: Files, part: Part, variant: Variant) -> ET.Element:
    (found,) = [
        root
        for name, content in files.items()
        if name.startswith("items/") and f"(id {part.id} {variant.id})" in content.decode()
        for root in [ET.fromstring(content)]  # noqa: S314 - our own
    ]
    return found


# ------------------------------------------------------------------------------------- the round trip


@every_case
def test_the_key_earns_all_points_and_a_mistake_its_share(problem: str, level: str) -> None:
    tree, files = case(problem, level)
    for part in tree.parts:
        for variant in part.variants:
            check_variant(part, variant, item_of(files, part, variant))


def check_variant(part: Part, variant: Variant, item: ET.Element) -> None:
    assert worth(item) == part.points
    match variant.answer:
        case Computed() as answer if len(answer.entries) <= 60:
            check_numbers(part, variant, answer, item)
        case Choice() as choice:
            keys = [one.id for one in choice.options if one.right]
            check_options(part, choice, keys, item)
        case Claims() as claims:
            check_claims(claims, item)
        case Essay() | Computed():
            assert play(item, {"RESPONSE": "because"})[0] == 0
            assert item.find(f".//{QTI}extendedTextInteraction") is not None


def worth(item: ET.Element) -> int:
    (found,) = [one for one in item.iter(f"{QTI}outcomeDeclaration") if one.attrib["identifier"] == "MAXSCORE"]
    return int(found.findtext(f".//{QTI}value") or 0)


def check_numbers(part: Part, variant: Variant, answer: Computed, item: ET.Element) -> None:
    names = asked(item)
    keys = [entry.number for entry in answer.entries]
    assert [right(item, name) for name in names] == [one.decimal for one in keys]
    text = "".join(item.itertext())
    digits = int(text.rpartition("at least ")[2].split()[0]) if "at least " in text else 15
    solution = 1 if variant.solution else 0
    for typed in (
        [one.decimal for one in keys],
        [one.decimal if "." not in one.decimal else rounded(one.decimal, digits) for one in keys],
        [str(Decimal(one.decimal) + (Decimal(one.tolerance) if part.kind not in ("shape", "shapes") else 0)) for one in keys],
    ):  # fmt: skip
        score, said = play(item, dict(zip(names, typed, strict=True)))
        assert score == part.points, (part.id, typed)
        assert len(said) == solution
    for mistake in variant.mistakes:
        score, said = play(item, dict(zip(names, (one.decimal for one in mistake.numbers), strict=True)))
        assert score == Decimal(share_of(part.points, mistake.share)), (part.id, mistake.id)
        assert score <= part.points * mistake.share
        assert len(said) == 1 + solution
        words = [word for word in mistake.feedback[0]["p"] if isinstance(word, str)]
        assert all(word in said[0] for word in words)
    wrong = [str(abs(Decimal(one.decimal)) * 2 + 1000003) for one in keys]
    assert play(item, dict(zip(names, wrong, strict=True)))[0] == 0
    assert play(item, {})[0] == 0


def rounded(decimal: str, digits: int) -> str:
    value = Decimal(decimal)
    if not value:
        return "0"
    return str(value.quantize(Decimal(1).scaleb(value.adjusted() + 1 - digits), ROUND_HALF_EVEN))


def check_options(part: Part, choice: Choice, keys: list[str], item: ET.Element) -> None:
    answer: str | list[str] = keys if choice.several else keys[0]
    assert right(item, "RESPONSE") == answer
    assert play(item, {"RESPONSE": answer})[0] == part.points
    shown = [one.attrib["identifier"] for one in item.iter(f"{QTI}simpleChoice")]
    assert shown == [one.id for one in choice.options]
    for option in choice.options:
        if not option.right:
            score, said = play(item, {"RESPONSE": [option.id] if choice.several else option.id})
            assert score == 0
            words = [word for word in option.feedback[0]["p"] if isinstance(word, str)] if option.feedback else []
            assert choice.several or all(any(word in text for text in said) for word in words)
    if choice.several:
        assert play(item, {"RESPONSE": shown})[0] == 0


def check_claims(claims: Claims, item: ET.Element) -> None:
    verdicts = [f"RESPONSE_{place}" for place in range(1, len(claims.statements) + 1)]
    truth = {name: "true" if one.verdict else "false" for name, one in zip(verdicts, claims.statements, strict=True)}
    whole = claims.verdict_points * len(verdicts)
    assert play(item, dict(truth))[0] == whole
    assert (
        play(item, truth | {verdicts[0]: "true" if truth[verdicts[0]] == "false" else "false"})[0]
        == whole - claims.verdict_points
    )
    reasons = [name for name in asked(item) if name.startswith("REASON_")]
    assert len(reasons) == (len(verdicts) if claims.reason_points else 0)


@every_case
def test_each_part_is_a_section_that_draws_one_of_its_variants(problem: str, level: str) -> None:
    tree, files = case(problem, level)
    test = ET.fromstring(files["test.xml"])  # noqa: S314 - our own
    drawing = [one for one in test.iter(f"{QTI}assessmentSection") if one.find(f"{QTI}selection") is not None]
    parts = list(tree.parts)
    assert len(drawing) == len(parts)
    for section, part in zip(drawing, parts, strict=True):
        selection = section.find(f"{QTI}selection")
        assert selection is not None
        assert selection.attrib["select"] == "1"
        references = [one.attrib["href"] for one in section.findall(f"{QTI}assessmentItemRef")]
        assert [f"(id {part.id} {variant.id})" in files[name].decode() for name, variant in zip(references, part.variants, strict=True)]  # fmt: skip


@every_case
def test_nothing_is_against_the_rules(problem: str, level: str, tmp_path: Path) -> None:
    tree = tree_of(problem, level)
    for options in (Options(), Options(hints=False, solutions=False), Options(mathml=True)):
        path = tmp_path / "test.zip"
        path.write_bytes(written(tree, options).files[""])
        assert TARGET.faults(path) == []


@every_case
@pytest.mark.slow
def test_the_schemas_take_it(problem: str, level: str) -> None:
    tree = tree_of(problem, level)
    for options in (Options(), Options(mathml=True)):
        assert schema_faults(unpacked(written(tree, options).files[""])) == []


@cache
def schema(name: str) -> object:
    etree = pytest.importorskip("lxml.etree")
    if not (SCHEMAS / name).exists():
        pytest.skip(f"no {name} in ../shared/schemas")
    return etree.XMLSchema(etree.parse(str(SCHEMAS / name)))


def schema_faults(files: Files) -> list[str]:
    """Return what the schemas of QTI 2.1, 2.1.1 and of packages have against the files."""
    etree = pytest.importorskip("lxml.etree")
    found = []
    for name, content in files.items():
        if name.endswith(".xml"):
            schemas = ("qtiv2p1/imsqti_v2p1.xsd", "qtiv2p1p1/imsqti_v2p1p1.xsd")
            for one in ("imscp_v1p1.xsd",) if name == "imsmanifest.xml" else schemas:
                against: object = schema(one)
                if not against.validate(etree.fromstring(content)):  # type: ignore[attr-defined]
                    found += [f"{name}: {error.message}" for error in against.error_log]  # type: ignore[attr-defined]
    return found


def test_the_schemas_refuse_what_is_broken() -> None:
    for mutate in (
        replaced("<itemBody>", "<itemBody>loose words", "items/"),
        replaced('toleranceMode="exact"', 'toleranceMode="nearly"', "items/"),
        replaced("<organizations/>", "", "imsmanifest"),
        replaced("<assessmentItemRef ", "<itemRef ", "test.xml"),
    ):
        assert schema_faults(mutate(small()))


# ------------------------------------------------------------------------------------------ the rules


@cache
def small() -> Files:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        path = Path(folder, "small.toml")
        path.write_text(SHEET, "utf-8")
        tree = build(find_sheet(str(path)), Wanted(count=1))
    return unpacked(written(tree).files[""])


@cache
def with_picture() -> Files:
    return unpacked(written(tree_of("conv-by-hand")).files[""])


MUTANTS: dict[str, tuple[Mutation, str]] = {
    "another package": (replaced("QTIv2.1 Package", "IMS Content", "imsmanifest"), "no package of QTI 2.1"),
    "no test": (replaced("imsqti_test_xmlv2p1", "webcontent", "imsmanifest"), "0 tests"),
    "a file that nobody names": (lambda found: {**found, "key.txt": b"1"}, "does not name it"),
    "an item that is missing": (without(".xml"), "not in the package"),
    "a dependency that is missing": (replaced('identifierref="res-', 'identifierref="no-', "imsmanifest"), "a dependency on"),
    "an item that is not asked": (replaced('href="items/number', 'href="items/other', "test.xml"), "not asked"),
    "an item twice": (lambda found: {**found, "test.xml": re.sub(rb"(<assessmentItemRef [^>]*>)", rb"\1\1", found["test.xml"], count=1)}, "asked twice"),
    "too many drawn": (replaced('select="1"', 'select="7"', "test.xml"), "7 of"),
    "a space in a name": (replaced('identifier="number.answer', 'identifier="number answer', "items/number"), "no identifier"),
    "no points": (replaced('identifier="SCORE" cardinality', 'identifier="OTHER" cardinality', "items/"), "SCORE is not declared"),
    "a question that is not declared": (replaced('responseIdentifier="RESPONSE"', 'responseIdentifier="R"', "items/"), "and declares"),
    "a variable that is not there": (replaced('<variable identifier="RESPONSE_1"', '<variable identifier="X"', "items/"), "used and not declared"),
    "no right answer": (replaced("<correctResponse><value>9.33333333333333</value></correctResponse>", "", "items/"), "no right answer"),
    "a right answer that is no number": (replaced("<value>9.33333333333333</value>", "<value>28/3</value>", "items/"), "no number"),
    "a right option that is not there": (replaced('<simpleChoice identifier="x', '<simpleChoice identifier="y', "items/choice"), "not there"),
    "one option of several": (replaced('maxChoices="1"', 'maxChoices="0"', "items/choice"), "declared otherwise"),
    "feedback that is not there": (replaced('identifier="FB_half"', 'identifier="FB_other"', "items/"), "never shown|not there"),
    "words outside of a paragraph": (replaced("<itemBody>", "<itemBody>loose", "items/"), "outside of a paragraph"),
    "a word outside of a paragraph": (replaced("<itemBody><p>", "<itemBody><em>a</em><p>", "items/"), "outside of a paragraph"),
}  # fmt: skip

PICTURES: dict[str, tuple[Mutation, str]] = {
    "a picture that is missing": (without(".png"), "not in the package"),
    "a picture without words": (lambda found: {name: re.sub(rb' alt="[^"]+"', b' alt=""', one) for name, one in found.items()}, "no description"),
    "a picture elsewhere": (replaced("../images/", "../pictures/", "items/"), "not in the package"),
    "blank text in a table": (replaced("<tr><td>", "<tr> <td>", "items/"), "blank text in tr"),
}  # fmt: skip


def test_the_files_themselves_have_no_faults(tmp_path: Path) -> None:
    for found in (small(), with_picture()):
        assert TARGET.faults(packed(found, tmp_path / "test.zip")) == []


def test_a_package_of_another_writer_has_no_faults() -> None:
    example = SCHEMAS.parents[1] / "exports-examples" / "qti21.zip"
    if not example.exists():
        pytest.skip("no ../shared/exports-examples")
    assert TARGET.faults(example) == []


@pytest.mark.parametrize("name", [*MUTANTS, *PICTURES])
def test_a_fault_is_found(name: str, tmp_path: Path) -> None:
    mutate, said = (MUTANTS | PICTURES)[name]
    found = with_picture() if name in PICTURES else small()
    faults = TARGET.faults(packed(mutate(found), tmp_path / "test.zip"))
    assert any(re.search(said, fault) for fault in faults), faults


# ---------------------------------------------------------------------------------------- what is said


def test_hostile_texts_come_out_as_themselves(tmp_path: Path) -> None:
    tree = build(hostile_sheet(tmp_path), Wanted(count=1))
    path = tmp_path / "test.zip"
    path.write_bytes(written(tree).files[""])
    assert TARGET.faults(path) == []
    files = unpacked(path.read_bytes())
    assert schema_faults(files) == []
    test = ET.fromstring(files["test.xml"])  # noqa: S314 - our own
    assert test.attrib["title"] == HOSTILE
    for part in tree.parts:
        item = item_of(files, part, part.variants[0])
        body = item.find(f"{QTI}itemBody")
        assert body is not None
        text = "".join(body.itertext()).replace("\N{WORD JOINER}", "")
        assert text.startswith(f"{HOSTILE} and {CODE}"), text


def test_without_hints_and_solutions_nothing_is_said() -> None:
    files = unpacked(written(tree_of("dropout"), Options(hints=False, solutions=False)).files[""])
    assert not any(b"modalFeedback" in content for content in files.values())
    assert any(b"responseElseIf" in content for content in files.values())


def test_formulas_as_mathml() -> None:
    tex, mathml = (unpacked(written(tree_of("layer-norm"), Options(mathml=one)).files[""]) for one in (False, True))
    assert any(b"\\(" in content for name, content in tex.items() if name.startswith("items/"))
    for name, content in mathml.items():
        if name.startswith("items/"):
            assert b"\\(" not in content
            assert b'<math xmlns="http://www.w3.org/1998/Math/MathML">' in content


def test_what_a_person_marks_is_beside_the_package() -> None:
    tree = tree_of("dropout")
    found = written(tree)
    essays = [part for part in tree.parts if part.kind == "essay"]
    assert f"{len(essays)} essays are to be marked by hand" in found.losses
    text = found.beside["-rubrics.md"].decode()
    assert all(part.title in text for part in essays)


def test_a_pool_of_plain_questions_draws_as_many_as_it_picks() -> None:
    test = ET.fromstring(small()["test.xml"])  # noqa: S314 - our own
    (pool,) = [one for one in test.iter(f"{QTI}assessmentSection") if one.attrib["identifier"] == "pool"]
    selection = pool.find(f"{QTI}selection")
    assert selection is not None
    assert selection.attrib["select"] == "1"
    assert len(pool.findall(f"{QTI}assessmentItemRef")) == 2


def test_items_keep_their_names_when_the_pool_grows() -> None:
    few, many = (unpacked(written(tree_of("dropout", "standard", count)).files[""]) for count in (2, 4))
    for name, content in few.items():
        if name.startswith("items/"):
            assert many[name] == content


def test_mistakes_with_one_name_have_feedback_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "twice.toml"
    path.write_text(
        "title = 'Twice'\n[[question]]\nid = 'one'\nkind = 'number'\ntext = 'What?'\nanswer = 8\npoints = 2\n"
        "mistakes = [{ name = 'a b', value = 4, feedback = 'halved' }, { name = 'a-b', value = 16, feedback = 'doubled' }]\n"
    )
    tree = build(find_sheet(str(path)), Wanted(count=1))
    (part,) = tree.parts
    item = item_of(unpacked(written(tree).files[""]), part, part.variants[0])
    assert "halved" in play(item, {"RESPONSE_1": "4"})[1][0]
    assert "doubled" in play(item, {"RESPONSE_1": "16"})[1][0]


def test_a_matrix_with_too_many_entries_is_an_essay() -> None:
    tree = tree_of("conv-by-hand")
    (part,) = [one for one in tree.parts if one.id.endswith(".C")]
    variant = part.variants[0]
    assert isinstance(variant.answer, Computed)
    large = replace(variant.answer, entries=variant.answer.entries * 4, rows=variant.answer.rows * 4)
    changed = replace(part, variants=(replace(variant, answer=large, mistakes=()),))
    found = written(replace(tree, problems=(replace(tree.problems[0], parts=(changed,)),)))
    assert any("too many entries" in loss for loss in found.losses)
    assert b"extendedTextInteraction" in next(
        one for name, one in unpacked(found.files[""]).items() if name.startswith("items/")
    )
