"""What players of QTI 2.1 want of a package, beyond the schema."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from generator.export.rules.package import MANIFEST, Package, twice

ITEM, TEST = "imsqti_item_xmlv2p1", "imsqti_test_xmlv2p1"
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_INTERACTIONS = ("textEntryInteraction", "extendedTextInteraction", "choiceInteraction")
_BLOCKS = {"p", "ul", "ol", "table", "pre", "div", "choiceInteraction", "extendedTextInteraction"}


def check(path: Path) -> Iterator[str]:
    """Yield what is wrong with a package of QTI 2.1."""
    package = Package(path)
    manifest = package.xml(MANIFEST) if package.files else None
    if manifest is not None:
        if manifest.findtext("metadata/schema") != "QTIv2.1 Package":
            package.faults.append(f"{MANIFEST}: no package of QTI 2.1: {manifest.findtext('metadata/schema')!r}")
        resources = list(package.resources(manifest))
        items = {one.get("href", ""): one for one in resources if one.get("type") == ITEM}
        tests = [one.get("href", "") for one in resources if one.get("type") == TEST]
        if len(tests) != 1:
            package.faults.append(f"{MANIFEST}: {len(tests)} tests")
        for test in tests:
            package.faults += [f"{test}: {fault}" for fault in _test(package, test, items)]
        for name, resource in items.items():
            files = {one.get("href", "") for one in resource.iter("file")}
            package.faults += [f"{name}: {fault}" for fault in _item(package, name, files)]
    yield from package.faults


def _test(package: Package, name: str, items: dict[str, Element]) -> Iterator[str]:
    root = package.xml(name)
    if root is None:
        return
    asked = [one.get("href", "") for one in root.iter("assessmentItemRef")]
    for one in sorted({*asked} ^ items.keys()):
        yield f"{one} is {'no item of the package' if one in asked else 'not asked'}"
    for one in twice(asked):
        yield f"{one} is asked twice"
    names = [one.get("identifier", "") for one in root.iter() if one.get("identifier")]
    for one in twice(names):
        yield f"{one} is there twice"
    yield from _badly_named(names)
    for section in root.iter("assessmentSection"):
        selection = section.find("selection")
        members = section.findall("assessmentItemRef") + section.findall("assessmentSection")
        if not members:
            yield f"{section.get('identifier')}: an empty section"
        if selection is not None and not 1 <= int(selection.get("select", "0")) <= len(members):
            yield f"{section.get('identifier')}: {selection.get('select')} of {len(members)} are drawn"


def _badly_named(names: list[str]) -> Iterator[str]:
    for one in names:
        if not _IDENTIFIER.fullmatch(one):
            yield f"{one!r} is no identifier"


def _item(package: Package, name: str, files: set[str]) -> Iterator[str]:
    root = package.xml(name)
    if root is None:
        return
    yield from _badly_named([one.get("identifier", "") for one in root.iter() if "identifier" in one.attrib])
    declared = {one.get("identifier", ""): one for one in root.findall("responseDeclaration")}
    outcomes = {one.get("identifier", "") for one in root.findall("outcomeDeclaration")}
    for one in sorted({"SCORE", "MAXSCORE"} - outcomes):
        yield f"{one} is not declared"
    asked = [one for tag in _INTERACTIONS for one in root.iter(tag)]
    names = [one.get("responseIdentifier", "") for one in asked]
    if sorted(names) != sorted(declared):
        yield f"it asks {', '.join(names) or 'nothing'}, and declares {', '.join(declared) or 'nothing'}"
    for variable in root.iter("variable"):
        if variable.get("identifier") not in declared.keys() | outcomes:
            yield f"{variable.get('identifier')} is used and not declared"
    for interaction in asked:
        declaration = declared.get(interaction.get("responseIdentifier", ""))
        if declaration is not None:
            yield from _answer(interaction, declaration)
    yield from _feedback(root)
    yield from _body(root)
    yield from _pictures(package, name, root, files)


def _answer(interaction: Element, declaration: Element) -> Iterator[str]:
    name = declaration.get("identifier")
    right = [one.text or "" for one in declaration.findall("correctResponse/value")]
    if interaction.tag == "extendedTextInteraction":
        return
    if not right:
        yield f"{name} has no right answer"
    if interaction.tag == "choiceInteraction":
        options = [one.get("identifier", "") for one in interaction.iter("simpleChoice")]
        if len(options) < 2 or twice(options):
            yield f"{name}: the options {', '.join(options)}"
        if not {*right} <= {*options}:
            yield f"{name}: the right option is not there"
        if (interaction.get("maxChoices") == "1") != (declaration.get("cardinality") == "single"):
            yield f"{name}: one option can be chosen, or several, and it is declared otherwise"
    elif not all(re.fullmatch(r"-?\d+(\.\d+)?", one) for one in right):
        yield f"{name}: no number: {', '.join(right)}"


def _feedback(root: Element) -> Iterator[str]:
    said = {one.get("identifier", "") for one in root.findall("modalFeedback")}
    chosen = {
        value.text or ""
        for rule in root.iter("setOutcomeValue")
        if rule.get("identifier") == "FEEDBACK"
        for value in rule.iter("baseValue")
    }
    for one in sorted(said ^ chosen):
        yield f"the feedback {one} is {'never shown' if one in said else 'not there'}"


def _body(root: Element) -> Iterator[str]:
    body = root.find("itemBody")
    if body is None:
        yield "nothing is asked"
        return
    if (body.text or "").strip() or any((one.tail or "").strip() for one in body):
        yield "text outside of a paragraph"
    for one in body:
        if one.tag not in _BLOCKS:
            yield f"{one.tag} outside of a paragraph"
    for tag in ("table", "thead", "tbody", "tr"):
        for one in body.iter(tag):
            if any((text or "") for text in (one.text, *(cell.tail for cell in one))):
                yield f"blank text in {tag}, between its cells"


def _pictures(package: Package, name: str, root: Element, files: set[str]) -> Iterator[str]:
    shown = set()
    for image in root.iter("img"):
        source = image.get("src", "")
        path = posixpath.normpath(posixpath.join(posixpath.dirname(name), source))
        if path not in package.files and source in package.files:
            path = source  # some players look from the root of the package
        shown.add(path)
        if not package.files.get(path):
            yield f"the picture {source} is not in the package"
        if not image.get("alt", "").strip():
            yield f"the picture {source} has no description"
    for one in sorted(files - {name} - shown):
        yield f"the item does not show {one}"
    for one in sorted(shown - files):
        yield f"the manifest does not name {one}"
