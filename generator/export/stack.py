"""A sheet for STACK in Moodle: exact answers, trees that know the mistakes, and tests that run on the site.

See https://docs.stack-assessment.org/en/Authoring/.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from generator.errors import InputError
from generator.errors.language import phrase, using
from generator.export import moodle_xml
from generator.export.cloze import weights
from generator.export.gaps import SIZES
from generator.export.identities import tag, tag_of_several
from generator.export.known_entries import digits_needed
from generator.export.losses import Losses
from generator.export.moodle_xml import MoodleHtml, Texts, empty, simple, text
from generator.export.rules.stack import check
from generator.export.stack_inputs import Input, can_ask, inputs
from generator.export.stack_trees import PENALTY, Tree, tests
from generator.export.target import Options, Target, Written
from generator.export.together import Together, alone, parts_together, variants_together
from generator.export.tree import Blocks, Computed, Export, Part

VERSION = "2026010500"
"""The version of STACK that the questions are written for; newer ones read them too."""

NEXT_STEP = (
    "in the course's question bank choose Import, the Moodle XML format and this file; then open “STACK question dashboard” of each question "
    "and run its tests for all seeds. One question is one draw of all its variants: add it to the quiz itself."
)

_SIGN = re.compile(r"\[(?=\[)|\{(?=[@#])")


class StackHtml(MoodleHtml):
    """HTML in which nothing of the author's begins a command of STACK's."""

    def plain(self, text: str) -> str:
        return _SIGN.sub(lambda found: found[0] + "\N{WORD JOINER}", super().plain(text))

    def tex(self, tex: str) -> str:
        return super().tex(_SIGN.sub(lambda found: found[0] + " ", tex))


def write(export: Export, options: Options) -> Written:
    """Write the questions; raises :class:`InputError` where STACK can ask none of the parts."""
    with using(export.language):
        writer = _Writer(export, options)
        questions = list(writer.questions())
        if not writer.count:
            raise InputError(
                f"no part of {export.sheet} asks for numbers that STACK compares; say `worksheet export moodle` instead",
                field="TARGET",
            )
        return Written({"": moodle_xml.quiz(questions)}, writer.losses(), NEXT_STEP)


class _Writer:
    def __init__(self, export: Export, options: Options) -> None:
        self._export = export
        self._options = options
        self._hints = options.hints is not False
        self._texts = Texts(export, StackHtml)
        self._losses = Losses()
        self._names: set[str] = set()
        self.count = 0

    def questions(self) -> Iterator[str]:
        """Yield the category and the questions."""
        yield moodle_xml.category(self._export.title, "STACK")
        for problem in self._export.problems:
            fit = [part for part in problem.parts if self._can_ask(part)]
            joined = parts_together(problem, fit) if self._options.together else []
            if len(joined) > 1:
                variants = list(variants_together(problem, joined))
                yield self._question(problem.title, problem.id, joined, variants)
            for part in fit:
                if len(joined) < 2 or part not in joined:
                    yield self._question(part.title, part.id, [part], list(alone(part)))

    def losses(self) -> tuple[str, ...]:
        """Return what STACK cannot ask."""
        return self._losses.lines

    def _can_ask(self, part: Part) -> bool:
        if can_ask(part):
            if any(
                len(getattr(one.answer, "entries", ())) > 1
                for one in part.variants
                if part.kind in ("vector", "matrix")
            ):
                self._losses.add_part(_LOST["whole"], part.id)
            return True
        self._losses.add_part(_LOST[part.kind if part.kind in _LOST else "long"], part.id)
        return False

    # ------------------------------------------------------------------------------------------ question

    def _question(self, title: str, identity: str, parts: Sequence[Part], variants: Sequence[Together]) -> str:
        self.count += 1
        asked = [inputs(part, [one.parts[at].variant for one in variants]) for at, part in enumerate(parts)]
        trees = [self._tree(number, one) for number, one in enumerate((one for some in asked for one in some), start=1)]
        values = weights([tree.asked.points for tree in trees])
        count = len(variants)
        place = iter(trees)
        of_parts = [[next(place) for _ in some] for some in asked]

        fields = [(part.id, len(some)) for part, some in zip(parts, asked, strict=True)]
        named = [
            tag(parts[0], one.parts[0].variant) if len(parts) == 1 else tag_of_several(identity, one.id, fields)
            for one in variants
        ]

        def questiontext(html: MoodleHtml) -> str:
            found = [_varied([html.blocks(one.preamble) for one in variants])]
            for at, part_trees in enumerate(of_parts):
                prompts = [
                    one.parts[at].prompt if len(parts) == 1 else one.parts[at].labelled_prompt for one in variants
                ]
                found.append(_varied([html.blocks(one) for one in prompts]))
                found += (self._input_text(html, tree) for tree in part_trees)
            small = [f"<p><small>{html.words(one)}</small></p>" for one in named]
            if any(part.kind not in SIZES for part in parts):
                found.append(_varied([f"<p>{html.words(self._exactly(one))}</p>" for one in variants]))
            return "".join([*found, _varied(small)])

        def solution(html: MoodleHtml) -> str:
            if self._options.solutions is False:
                return ""
            solutions = (one.parts[0].variant.solution if len(parts) == 1 else one.solution for one in variants)
            return _varied([html.blocks(one) for one in solutions])

        seeds = "".join(f"<deployedseed>{seed}</deployedseed>" for seed in range(1, count + 1)) if count > 1 else ""
        points = sum(part.points for part in parts)
        answers = ", ".join(f"ta{tree.number}" for tree in trees)
        # Moodle's report of responses has the note in place of the question's text.
        note = f"{{@n1@}}: {{@{answers if len(trees) == 1 else f'[{answers}]'}@}} {_varied(named)}"
        first = f"n1: mod(stack_seed-1,{count})+1;" if count > 1 else "n1: 1;"
        variables = "\n".join([first, *(line for tree in trees for line in tree.variables())])
        elements = [
            self._texts.element("questiontext", questiontext),
            self._texts.element("generalfeedback", solution),
            simple({"defaultgrade": points, "penalty": PENALTY, "hidden": 0, "idnumber": f"{identity}-stack"}),
            f"<stackversion>{text(VERSION)}</stackversion>",
            f"<questionvariables>{text(variables)}</questionvariables>",
            f'<specificfeedback format="html">{text("".join(f"[[feedback:{tree.name}]]" for tree in trees))}</specificfeedback>',
            f'<questionnote format="html">{text(note)}</questionnote>',
            empty("questiondescription"),
            simple({"questionsimplify": 1, "assumepositive": 0, "assumereal": 0}),
            *(self._said(tag, key) for tag, key in _VERDICTS.items()),
            simple({"multiplicationsign": "dot", "sqrtsign": 1, "complexno": "i", "inversetrig": "cos-1"}),
            simple({"matrixparens": "["}),
            *(self._input(tree) for tree in trees),
            *(tree.element(value, _feedback) for tree, value in zip(trees, values, strict=True)),
            seeds,
            tests(trees),
            moodle_xml.tags(parts[0].tags),
        ]
        return moodle_xml.question("stack", self._name(title, identity), elements)

    def _tree(self, number: int, asked: Input) -> Tree:
        return Tree(number, asked, self._texts, hints=self._hints, decimals=self._options.decimals)

    def _name(self, title: str, identity: str) -> str:
        name = moodle_xml.name(title)
        if name in self._names:
            name = moodle_xml.name(title, f" ({identity})")
        self._names.add(name)
        return name

    def _exactly(self, one: Together) -> str:
        if not self._options.decimals:
            return phrase("export.exact_only")
        answers = [asked.variant.answer for asked in one.parts]
        return phrase(
            "export.exact_or_decimals", count=max(digits_needed(a) for a in answers if isinstance(a, Computed))
        )

    def _said(self, tag: str, key: str) -> str:
        words = {
            "right": phrase("export.right"),
            "partly": phrase("export.partly_right"),
            "wrong": phrase("export.not_right"),
        }
        return self._texts.blocks(tag, [{"p": [words[key]]}])

    def _input_text(self, html: MoodleHtml, tree: Tree) -> str:
        labels = [f"{html.line([{'tex': one.label}])} = " if one.label else "" for one in tree.asked.asked]
        return f"<p>{_varied(labels)}[[input:ans{tree.number}]]</p><div>[[validation:ans{tree.number}]]</div>"

    def _input(self, tree: Tree) -> str:
        kind, size = ("matrix", 8) if tree.asked.is_matrix else ("algebraic", 15)
        values = {
            "name": f"ans{tree.number}", "type": kind, "tans": f"ta{tree.number}", "boxsize": size, "strictsyntax": 1,
            "insertstars": 1, "syntaxhint": "", "forbidfloat": 0 if self._options.decimals else 1, "requirelowestterms": 0,
            "checkanswertype": 0, "mustverify": 1, "showvalidation": 1, "options": "",
        }  # fmt: skip
        return f"<input>{simple(values)}</input>"


def _feedback(texts: Sequence[Blocks]) -> Callable[[MoodleHtml], str]:
    return lambda html: _varied([html.blocks(one) for one in texts])


def _varied(texts: Sequence[str]) -> str:
    """Return the text of the variant that is drawn; once, where all say the same."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(texts, start=1):
        places[one].append(place)
    if len(places) < 2:
        return texts[0] if texts else ""
    tests = [(" or ".join(f"n1={place}" for place in some), content) for content, some in places.items() if content]
    found = "".join(f'[[{"elif" if at else "if"} test="{test}"]]{content}' for at, (test, content) in enumerate(tests))
    return f"{found}[[/if]]"


_VERDICTS = {"prtcorrect": "right", "prtpartiallycorrect": "partly", "prtincorrect": "wrong"}

_LOST = {
    "essay": (
        "essay is left out, as STACK has none: `worksheet export moodle` writes it",
        "essays are left out, as STACK has none: `worksheet export moodle` writes them",
    ),
    "choice": (
        "question with options is left out: `worksheet export moodle` writes it",
        "questions with options are left out: `worksheet export moodle` writes them",
    ),
    "claims": (
        "question of true or false is left out: `worksheet export moodle` writes it",
        "questions of true or false are left out: `worksheet export moodle` writes them",
    ),
    "long": (
        "answer is too long for STACK, or has a function that Maxima does not: it is left out",
        "answers are too long for STACK, or have functions that Maxima does not: they are left out",
    ),
    "whole": (
        "vector or matrix is marked as a whole: the key, or a known mistake, or no points",
        "vectors and matrices are marked as wholes: the key, or a known mistake, or no points",
    ),
}  # fmt: skip

TARGET = Target(
    "stack",
    "STACK",
    "xml",
    write,
    check,
    takes=frozenset({"hints", "solutions", "together", "decimals"}),
    answers_return=True,
)
