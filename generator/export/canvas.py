"""Canvas: a zip of QTI 1.2 that becomes a quiz, with a group of variants for each question; New Quizzes takes it into an item bank."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.errors import InputError
from generator.errors.language import using
from generator.export.archive import zipped
from generator.export.canvas_items import ident, metadata, title
from generator.export.canvas_questions import Group, Questions
from generator.export.losses import Losses
from generator.export.rubrics import rubrics
from generator.export.rules.canvas import check
from generator.export.target import Options, Target, Written
from generator.export.tree import Export, Problem
from generator.export.xml_writing import document, tag, words

FOLDER = "web_resources/pw"
BASE = "$IMS-CC-FILEBASE$/pw"
"""Where pictures lie in the zip, and the same place as texts name it."""

SCHEMA = "http://www.w3.org/2001/XMLSchema-instance"
NEXT = (
    "In Canvas: Settings > Import Course Content > QTI .zip file, then publish the quiz; for New Quizzes: Item Banks > a bank > the three dots > "
    "Import Content, then add the bank to a quiz. Importing the file again makes a second quiz of the same name: delete the old one first."
)


def write(export: Export, options: Options) -> Written:
    """Write a sheet for Canvas."""
    losses = Losses()
    shown: dict[str, None] = {}

    def source(name: str) -> str:
        shown[name] = None
        return f"{BASE}/{_file(export, name)}"

    with using(export.language):
        questions = Questions(export, options, losses, source)
        groups = [group for problem in export.problems for group in _groups(questions, problem)]
    losses.add_drawn_apart(export, "quiz")
    name = ident(export.sheet)
    pictures = {f"{FOLDER}/{_file(export, one)}": _content(export, one) for one in shown}
    files = {
        "imsmanifest.xml": document(_manifest(export, name, sorted(pictures))),
        f"{name}/{name}.xml": document(_assessment(export, name, groups)),
        f"{name}/assessment_meta.xml": document(_settings(export, name, groups, solutions=bool(options.solutions))),
        "non_cc_assessments/": b"",
        **pictures,
    }
    return Written(
        {"": zipped(files, first=["imsmanifest.xml"])}, losses.lines, NEXT, beside=rubrics(export, questions.by_hand)
    )


def _file(export: Export, name: str) -> str:
    return f"{name}.{export.figures[name].ending}"


def _content(export: Export, name: str) -> bytes:
    found = export.figures[name].content
    if not found:
        raise InputError(f"the picture {name} was not made as PNG, which Canvas needs")
    return found


def _groups(questions: Questions, problem: Problem) -> Iterator[Group]:
    """Yield what is drawn of a problem: a question of each part, or of a pool so many as are to be picked."""
    if not problem.pick:
        for part in problem.parts:
            yield from questions.groups(part)
        return
    items = [questions.single(part) for part in problem.parts]
    count = min(problem.pick, len(items))
    yield Group(ident(questions.sheet, problem.id, "pool"), problem.title, problem.parts[0].points, items, count)


# ------------------------------------------------------------------------------------------- the files


def _assessment(export: Export, name: str, groups: Sequence[Group]) -> str:
    sections = [_section(group) for group in groups]
    return tag(
        "questestinterop",
        {
            "xmlns": "http://www.imsglobal.org/xsd/ims_qtiasiv1p2",
            "xmlns:xsi": SCHEMA,
            "xsi:schemaLocation": "http://www.imsglobal.org/xsd/ims_qtiasiv1p2 "
            "http://www.imsglobal.org/xsd/ims_qtiasiv1p2p1.xsd",
        },
        tag(
            "assessment",
            {"ident": name, "title": title(export.title)},
            metadata({"cc_maxattempts": "1"}),
            tag("section", {"ident": "root_section"}, *sections),
        ),
    )


def _section(group: Group) -> str:
    """Return a group that draws among its items; an item that is alone needs none."""
    if len(group.items) == 1:
        return group.items[0]
    extension = tag("selection_extension", None, tag("points_per_item", None, str(group.points)))
    selection = tag("selection", None, tag("selection_number", None, str(group.pick)), extension)
    return tag(
        "section",
        {"ident": group.ident, "title": title(group.title)},
        tag("selection_ordering", None, selection),
        *group.items,
    )


def _settings(export: Export, name: str, groups: Sequence[Group], *, solutions: bool) -> str:
    """Return the settings of the quiz; options may be shuffled where none of them stand in an order.

    Right answers are not shown, unless solutions are: those who are through would know them while others still sit.
    """
    in_order = any(getattr(variant.answer, "in_order", False) for part in export.parts for variant in part.variants)
    settings = {
        "title": title(export.title),
        "description": "",
        "shuffle_answers": "false" if in_order else "true",
        "scoring_policy": "keep_highest",
        "hide_results": "",
        "quiz_type": "assignment",
        "points_possible": f"{sum(group.points * group.pick for group in groups)}.0",
        "show_correct_answers": "true" if solutions else "false",
        "allowed_attempts": "1",
        "one_question_at_a_time": "false",
        "available": "false",
    }
    return tag(
        "quiz",
        {
            "identifier": name,
            "xmlns": "http://canvas.instructure.com/xsd/cccv1p0",
            "xmlns:xsi": SCHEMA,
            "xsi:schemaLocation": "http://canvas.instructure.com/xsd/cccv1p0 https://canvas.instructure.com/xsd/cccv1p0.xsd",
        },
        *[tag(key, None, words(value)) for key, value in settings.items()],
    )


def _manifest(export: Export, name: str, pictures: Sequence[str]) -> str:
    settings = f"{name}/assessment_meta.xml"
    resources = [
        tag(
            "resource", {"identifier": name, "type": "imsqti_xmlv1p2"},
            _file_of(f"{name}/{name}.xml"), tag("dependency", {"identifierref": f"{name}_meta"}),
        ),
        tag(
            "resource",
            {"identifier": f"{name}_meta", "type": "associatedcontent/imscc_xmlv1p1/learning-application-resource", "href": settings},
            _file_of(settings),
        ),
        *[
            tag("resource", {"identifier": ident(export.sheet, one), "type": "webcontent", "href": one}, _file_of(one))
            for one in pictures
        ],
    ]  # fmt: skip
    named = tag("imsmd:title", None, tag("imsmd:string", None, words(export.title)))
    return tag(
        "manifest",
        {
            "identifier": f"{name}_manifest",
            "xmlns": "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1",
            "xmlns:imsmd": "http://www.imsglobal.org/xsd/imsmd_v1p2",
            "xmlns:xsi": SCHEMA,
        },
        tag(
            "metadata",
            None,
            tag("schema", None, "IMS Content"),
            tag("schemaversion", None, "1.1.3"),
            tag("imsmd:lom", None, tag("imsmd:general", None, named)),
        ),
        tag("organizations"),
        tag("resources", None, *resources),
    )


def _file_of(path: str) -> str:
    return tag("file", {"href": path})


TARGET = Target(
    "canvas", "Canvas", "zip", write, check, takes=frozenset({"hints", "solutions", "as"}), answers_return=True
)
