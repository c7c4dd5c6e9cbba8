"""What STACK demands of its questions in a file of Moodle's: one that is wrong stops the import of all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

from generator.errors import shown
from generator.export.rules import moodle

_PLAIN = ("name", "tag", "stackversion", "questionvariables", "feedbackvariables")
"""Elements whose text STACK does not read, or reads as Maxima's."""

ANSWER_TESTS = {"AlgEquiv": False, "NumAbsolute": True}
"""The tests that are used here, and whether they need an option."""

INPUT_TYPES = ("algebraic", "matrix", "numerical")

_PLACEHOLDER = re.compile(r"\[\[(input|validation|feedback):(\w+)\]\]")
_COMMAND = re.compile(r"\[\[\s*(/?\w+)")
_VALUE = re.compile(r"\{@[^{}@]*@\}")
_BLOCKS = {"if", "elif", "else", "/if", "input", "validation", "feedback"}
_DEFINED = re.compile(r"^\s*([A-Za-z]\w*)\s*:", re.MULTILINE)
_VARIABLE = re.compile(r"%?[A-Za-z]\w*")
_BY_VARIANT = re.compile(r"^\s*(?P<name>\w+): \[(?P<list>.*)\]\[n1\];$", re.MULTILINE)
_COUNT = re.compile(r"mod\(stack_seed-1,(\d+)\)")
_FUNCTIONS = {"list_matrix_entries", "sqrt", "log", "matrix", "mod", "stack_seed"}


def check(path: Path) -> Iterator[str]:
    """Yield what is wrong with a file."""
    faults = list(moodle.check(path))
    yield from faults
    content = path.read_bytes()
    if not content.startswith(moodle.BEGINNING) or any(fault.startswith("no XML") for fault in faults):
        return
    questions = [one for one in fromstring(content).iter("question") if one.get("type") == "stack"]  # noqa: S314 - read above
    if not questions:
        yield "there is no question of STACK in it"
    for place, question in enumerate(questions, start=1):
        name = moodle.text_of(question.find("name"))
        for fault in faults_of(question):
            yield f"STACK question {place}, {shown(name)}: {fault}"


def faults_of(question: Element) -> Iterator[str]:
    """Yield what is wrong with a question of STACK."""
    for tag in ("stackversion", "questionvariables", "questionnote"):
        if not moodle.text_of(question.find(tag)):
            yield f"it has no {tag}"
    for element in question.iter():
        if element.find("text") is not None and element.tag not in _PLAIN:
            yield from _faults_of_castext(element.tag, element.findtext("text") or "")
    yield from _faults_of_inputs(question)
    yield from _faults_of_variables(question)
    trees = {one.findtext("name") or "": one for one in question.findall("prt")}
    if not trees:
        yield "it has no response tree"
    notes: dict[str, set[str]] = {}
    for name, tree in trees.items():
        notes[name] = _notes(tree)
        for fault in _faults_of_tree(tree):
            yield f"{name}: {fault}"
    for number, test in enumerate(question.findall("qtest"), start=1):
        for fault in _faults_of_test(question, test, notes):
            yield f"test {number}: {fault}"


def _faults_of_castext(tag: str, content: str) -> Iterator[str]:
    open_blocks = 0
    for command in _COMMAND.findall(content):
        if command not in _BLOCKS:
            yield f"{tag}: no command [[{command}"
        open_blocks += {"if": 1, "/if": -1}.get(command, 0)
        if open_blocks < 0 or (command in ("elif", "else") and not open_blocks):
            yield f"{tag}: [[{command}]] without [[if]]"
            return
    if open_blocks:
        yield f"{tag}: [[if]] does not end"
    if "{#" in _VALUE.sub("", content) or "{@" in _VALUE.sub("", content):
        yield f"{tag}: a value between {{@ and @}} does not end"


def _faults_of_inputs(question: Element) -> Iterator[str]:
    asked = moodle.text_of(question.find("questiontext"))
    placed = Counter(_PLACEHOLDER.findall(asked + moodle.text_of(question.find("specificfeedback"))))
    needed: set[tuple[str, str]] = set()
    if question.find("input") is None:
        yield "it has no input"
    for one in question.findall("input"):
        name = one.findtext("name") or ""
        needed |= {("input", name), ("validation", name)}
        if one.findtext("type") not in INPUT_TYPES:
            yield f"{name}: no type {shown(one.findtext('type') or '')}"
        if not one.findtext("tans"):
            yield f"{name} has no key"
    needed |= {("feedback", one.findtext("name") or "") for one in question.findall("prt")}
    for kind, name in sorted(needed | placed.keys()):
        if (kind, name) not in needed:
            yield f"[[{kind}:{name}]] belongs to nothing"
        elif placed[kind, name] != 1:
            yield f"[[{kind}:{name}]] stands {placed[kind, name]} times, not once"


def _faults_of_variables(question: Element) -> Iterator[str]:
    variables = moodle.text_of(question.find("questionvariables"))
    if "@@PLUGINFILE@@" in variables:
        yield "a picture in the question variables"
    found = _COUNT.search(variables)
    count = int(found[1]) if found else 1
    seeds = [one.text for one in question.findall("deployedseed")]
    if found and seeds != [str(seed) for seed in range(1, count + 1)]:
        yield f"the seeds 1 to {count} are to be deployed; they are {', '.join(map(str, seeds)) or 'not'}"
    if seeds and not found:
        yield "seeds are deployed, but stack_seed does not occur in the variables"
    for line in _BY_VARIANT.finditer(variables):
        if (length := _length(line["list"])) != count:
            yield f"{line['name']} has {length} values for {count} variants"
    trees = [f"{tree.findtext('feedbackvariables/text') or ''}" for tree in question.findall("prt")]
    defined = {*_DEFINED.findall(variables), *(name for text in trees for name in _DEFINED.findall(text))}
    defined |= {one.findtext("name") or "" for one in question.findall("input")} | _FUNCTIONS
    for tag in ("tans", "sans", "value"):
        for one in question.iter(tag):
            unknown = {name for name in _VARIABLE.findall(one.text or "") if not name.startswith("%")} - defined
            for name in sorted(unknown):
                yield f"{name} is not defined"


def _length(content: str) -> int:
    """Return how many values a list has, by the commas that are in no bracket."""
    depth, count = 0, 1
    for sign in content:
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(sign, 0)
        count += sign == "," and not depth
    return count


def _notes(tree: Element) -> set[str]:
    return {one.text or "" for tag in ("trueanswernote", "falseanswernote") for one in tree.iter(tag)}


def _faults_of_tree(tree: Element) -> Iterator[str]:
    nodes = {one.findtext("name") or "": one for one in tree.findall("node")}
    if len(nodes) < len(tree.findall("node")):
        yield "two nodes have one name"
    if "0" not in nodes:
        yield "it has no node 0 to begin with"
    following: dict[str, list[str]] = {}
    for name, node in nodes.items():
        for fault in _faults_of_node(node):
            yield f"node {name}: {fault}"
        ways = [node.findtext(f"{way}nextnode") or "" for way in ("true", "false")]
        following[name] = [after for after in ways if after != "-1"]
        for after in following[name]:
            if after not in nodes:
                yield f"node {name} leads to node {shown(after)}, which is not there"
    yield from _faults_of_ways(following)


def _faults_of_node(node: Element) -> Iterator[str]:
    kind = node.findtext("answertest") or ""
    if kind not in ANSWER_TESTS:
        yield f"no test {shown(kind)}"
    if ANSWER_TESTS.get(kind) and not node.findtext("testoptions"):
        yield f"{kind} needs a tolerance"
    if not node.findtext("sans") or not node.findtext("tans"):
        yield "it compares nothing"
    for way in ("true", "false"):
        score = node.findtext(f"{way}score") or ""
        if not _is_share(score):
            yield f"a score of {shown(score)}, not from 0 to 1"
        if not node.findtext(f"{way}answernote"):
            yield f"it has no {way}answernote"


def _faults_of_ways(following: dict[str, list[str]]) -> Iterator[str]:
    """Yield the nodes that nothing leads to, or that lead back."""
    reached, new = {"0"}, ["0"]
    while new:
        name = new.pop()
        for after in following.get(name, ()):
            if after in reached:
                yield f"node {name} leads back to node {after}"
                return
            reached.add(after)
            new.append(after)
    for name in following.keys() - reached:
        yield f"nothing leads to node {name}"


def _is_share(written: str) -> bool:
    return re.fullmatch(r"\d+(\.\d{1,7})?", written) is not None and float(written) <= 1


def _faults_of_test(question: Element, test: Element, notes: dict[str, set[str]]) -> Iterator[str]:
    inputs = {one.findtext("name") for one in question.findall("input")}
    given = [one.findtext("name") for one in test.findall("testinput")]
    if {*given} != inputs or len(given) != len(inputs):
        yield "it does not give each input a value"
    expected = [one.findtext("name") or "" for one in test.findall("expected")]
    if sorted(expected) != sorted(notes):
        yield "it does not expect something of each tree"
    for one in test.findall("expected"):
        note, score = one.findtext("expectedanswernote") or "", one.findtext("expectedscore") or ""
        if note not in notes.get(one.findtext("name") or "", set()):
            yield f"no node has the note {shown(note)}"
        if not _is_share(score):
            yield f"a score of {shown(score)}, not from 0 to 1"
