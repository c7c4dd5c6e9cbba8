"""QTI 2.1: a package with a test, which OpenOlat, ONYX, Blackboard and others take."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from xml.etree.ElementTree import Element, fromstring, tostring

from generator.errors import InputError
from generator.errors.language import using
from generator.export.accepted_texts import is_exact
from generator.export.archive import zipped
from generator.export.losses import ONLY_DECIMALS, Losses
from generator.export.page_html import PageHtml
from generator.export.qti21_items import MOST_ENTRIES, SCHEMA, Items
from generator.export.rubrics import ByHand, rubrics
from generator.export.rules.package import MANIFEST
from generator.export.rules.qti21 import check
from generator.export.target import Options, Target, Written
from generator.export.tree import Claims, Computed, Essay, Export, Part, Problem, Variant
from generator.export.xml_writing import document, tag
from generator.render.mathml import formula

IMAGES = "images"
NEXT = (
    "In OpenOlat: Authoring > Import > this file, which makes a test; in Blackboard: Tests, Surveys and Pools > Import QTI 2.1 package. "
    "Check one question of each kind as a student: not every player shows formulas, or feedback."
)
MATHML = "http://www.w3.org/1998/Math/MathML"
_ATTRIBUTES = {
    "math": {"display"}, "mo": {"stretchy", "form", "lspace", "rspace", "minsize", "maxsize", "movablelimits", "accent"},
    "mspace": {"width", "height", "depth"}, "mfrac": {"linethickness"}, "mover": {"accent"}, "munder": {"accentunder"},
    "munderover": {"accent", "accentunder"}, "mtable": {"displaystyle"}, "mstyle": {"displaystyle", "scriptlevel"},
    "mi": {"mathvariant"}, "mn": {"mathvariant"}, "mtext": {"mathvariant"}, "mpadded": {"width", "height", "depth", "lspace"},
}  # fmt: skip


class MathHtml(PageHtml):
    """HTML whose formulas are MathML."""

    def _formula(self, tex: str, *, display: bool) -> str:
        root = fromstring(formula(tex, display=display).mathml)  # noqa: S314 - our own
        for element in root.iter():
            if element.get("class") == "blank":
                element.text = "____"
            allowed = _ATTRIBUTES.get(element.tag, set())
            element.attrib = {key: value for key, value in element.attrib.items() if key in allowed}
        root.set("xmlns", MATHML)
        return _as_text(root)


def _as_text(root: Element) -> str:
    return tostring(root, encoding="unicode", short_empty_elements=True)


def write(export: Export, options: Options) -> Written:
    """Write a sheet as a package of QTI 2.1."""
    shown: dict[str, dict[str, None]] = {}
    names = _identifiers(export)
    files: dict[str, bytes] = {}
    current = ""

    def source(name: str) -> str:
        shown.setdefault(current, {})[name] = None
        return f"../{_image(export, name)}"

    html = (MathHtml if options.mathml else PageHtml)(export.figures, source)
    items = Items(html, hints=options.hints is not False, solutions=options.solutions is not False)
    with using(export.language):
        for part in export.parts:
            for variant in part.variants:
                current = names[part.id, variant.id]
                files[f"items/{current}.xml"] = document(items.item(current, part, variant))
    pictures = {_image(export, name): _content(export, name) for used in shown.values() for name in used}
    images = {item: [_image(export, name) for name in used] for item, used in shown.items()}
    files |= pictures
    files["test.xml"] = document(_test(export, names))
    files[MANIFEST] = document(_manifest(export, list(names.values()), images))
    return Written(
        {"": zipped(files, first=[MANIFEST])}, _losses(export).lines, NEXT, beside=rubrics(export, _by_hand(export))
    )


def _image(export: Export, name: str) -> str:
    return f"{IMAGES}/{name}.{export.figures[name].ending}"


def _content(export: Export, name: str) -> bytes:
    found = export.figures[name].content
    if not found:
        raise InputError(f"the picture {name} was not made as PNG, which players of QTI need")
    return found


def _identifiers(export: Export) -> dict[tuple[str, str], str]:
    """Return the identifier of each item; all are different."""
    found = {
        (part.id, variant.id): _identifier(f"{part.id}-{variant.id}") for part in export.parts for variant in part.variants
    }  # fmt: skip
    assert len({*found.values()}) == len(found), "two items of one name"
    return found


def _identifier(text: str) -> str:
    """Return a text as an identifier: no signs but letters, digits, ``_``, ``-`` and ``.``, and a letter or ``_`` first."""
    found = re.sub(r"[^A-Za-z0-9_.-]", "_", text)
    return found if re.match(r"[A-Za-z_]", found) else f"_{found}"


# --------------------------------------------------------------------------------------------- the files


def _test(export: Export, names: Mapping[tuple[str, str], str]) -> str:
    sections = [_section(problem, names) for problem in export.problems]
    part = tag(
        "testPart",
        {"identifier": "part1", "navigationMode": "nonlinear", "submissionMode": "simultaneous"},
        *sections,
    )
    return tag("assessmentTest", {**SCHEMA, "identifier": _identifier(export.sheet), "title": export.title}, part)


def _section(problem: Problem, names: Mapping[tuple[str, str], str]) -> str:
    """Return the section of a problem: one of the variants of each part, or of a pool so many questions as are to be picked."""

    def references(part: Part) -> Iterator[str]:
        for variant in part.variants:
            name = names[part.id, variant.id]
            yield tag("assessmentItemRef", {"identifier": f"ref-{name}", "href": f"items/{name}.xml"})

    whole = {"identifier": _identifier(problem.id), "title": problem.title, "visible": "true"}
    if problem.pick:
        drawn = tag("selection", {"select": str(min(problem.pick, len(problem.parts)))})
        return tag("assessmentSection", whole, drawn, *[one for part in problem.parts for one in references(part)])
    sections = [
        tag(
            "assessmentSection",
            {"identifier": _identifier(part.id), "title": part.title, "visible": "false"},
            tag("selection", {"select": "1"}),
            *references(part),
        )
        for part in problem.parts
    ]
    return tag("assessmentSection", whole, *sections)


def _manifest(export: Export, items: Sequence[str], images: Mapping[str, Sequence[str]]) -> str:
    def file(path: str) -> str:
        return tag("file", {"href": path})

    test = tag(
        "resource",
        {"identifier": "res-test", "type": "imsqti_test_xmlv2p1", "href": "test.xml"},
        file("test.xml"),
        *[tag("dependency", {"identifierref": f"res-{name}"}) for name in items],
    )
    resources = [
        tag(
            "resource",
            {"identifier": f"res-{name}", "type": "imsqti_item_xmlv2p1", "href": f"items/{name}.xml"},
            file(f"items/{name}.xml"),
            *map(file, images.get(name, ())),
        )
        for name in items
    ]
    return tag(
        "manifest",
        {"xmlns": "http://www.imsglobal.org/xsd/imscp_v1p1", "identifier": f"{_identifier(export.sheet)}-manifest"},
        tag(
            "metadata",
            None,
            tag("schema", None, "QTIv2.1 Package"),
            tag("schemaversion", None, "1.0.0"),
        ),
        tag("organizations"),
        tag("resources", None, test, *resources),
    )


# ------------------------------------------------------------------------------------- losses, by hand


def _is_large(variant: Variant) -> bool:
    return isinstance(variant.answer, Computed) and len(variant.answer.entries) > MOST_ENTRIES


def _by_hand(export: Export) -> Iterator[ByHand]:
    """Yield what a person marks."""
    for part in export.parts:
        for variant in part.variants:
            match variant.answer:
                case Essay() as essay:
                    yield ByHand(part, variant.id, part.points, essay.sample, essay.rubric)
                case Claims() as claims if claims.reason_points:
                    yield ByHand(part, variant.id, part.points, variant.solution, variant.rubric)
                case Computed() if _is_large(variant):
                    yield ByHand(part, variant.id, part.points, variant.solution, variant.rubric)


def _losses(export: Export) -> Losses:
    losses = Losses()
    for part in export.parts:
        first = part.variants[0].answer
        if isinstance(first, Essay):
            losses.add(ESSAYS)
        elif isinstance(first, Claims) and first.reason_points:
            losses.add(REASONS)
        elif isinstance(first, Computed):
            if any(map(_is_large, part.variants)):
                losses.add(LARGE)
                continue
            numbers = [entry.number for one in part.variants if isinstance(one.answer, Computed) for entry in one.answer.entries]  # fmt: skip
            losses.add(ONLY_DECIMALS, not all(map(is_exact, numbers)))
            losses.add(WHOLE, len(first.entries) > 1)
    losses.add_drawn_apart(export, "test")
    return losses


ESSAYS = ("essay is to be marked by hand", "essays are to be marked by hand")
REASONS = (
    "question asks for the reasons of claims, to be marked by hand",
    "questions ask for the reasons of claims, to be marked by hand",
)
LARGE = (
    "matrix has too many entries to type: it is an essay, to be marked by hand",
    "matrices have too many entries to type: they are essays, to be marked by hand",
)
WHOLE = (
    "question has several numbers: all must be right, or be those of a known mistake",
    "questions have several numbers: all must be right, or be those of a known mistake",
)
TARGET = Target("qti21", "QTI 2.1", "zip", write, check, takes=frozenset({"hints", "solutions", "mathml"}))
