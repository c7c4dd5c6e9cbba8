"""The response tree of a STACK input: the key, then each known mistake; and the tests that the question brings along.

See https://docs.stack-assessment.org/en/Authoring/Potential_response_trees/.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from generator.export import maxima
from generator.export.moodle_xml import MoodleHtml, Texts, decimal, empty, simple, text
from generator.export.stack_inputs import Asked, Input, Known
from generator.export.tree import Blocks, Number

PENALTY = "0.1"
DIGITS = 7
"""The decimals of a score that Moodle keeps."""


@dataclass(frozen=True)
class Branch:
    """A mistake as the tree knows it: its answer's variable, the note, the share, and what it leads to in each variant.

    The answer is None in a variant where the mistake changes nothing.
    """

    variable: str
    note: str
    share: Fraction
    known: tuple[Known | None, ...]


@dataclass(frozen=True)
class _Test:
    """What a node compares, and what it gives where both are equal: a share, a note, and something ``said`` in each variant."""

    kind: str
    sans: str
    tans: str
    options: str
    share: Fraction
    note: str
    said: Sequence[Blocks] = ()


class Tree:
    """The tree of one input; with ``decimals`` an answer may be a decimal."""

    def __init__(self, number: int, asked: Input, texts: Texts, *, hints: bool, decimals: bool) -> None:
        self.number = number
        self.asked = asked
        self._texts = texts
        self._hints = hints
        self._decimals = decimals
        self.branches = list(_branches(number, asked.asked))

    @property
    def name(self) -> str:
        """The name of the tree."""
        return f"prt{self.number}"

    def variables(self) -> Iterator[str]:
        """Yield the lines that define the key, the mistakes' answers and one that is neither."""
        asked = self.asked.asked
        yield maxima.by_variant(f"ta{self.number}", [self._value(one, one.numbers) for one in asked])
        for branch in self.branches:
            answers = zip(asked, branch.known, strict=True)
            values = [self._value(one, known.numbers if known else one.numbers) for one, known in answers]
            yield maxima.by_variant(branch.variable, values)
        yield maxima.by_variant(f"o{self.number}", [self._far(one) for one in asked])
        if self._decimals:
            yield maxima.by_variant(f"t{self.number}", [self._tolerances(one, one.numbers) for one in asked])
            for branch in self.branches:
                answers = zip(asked, branch.known, strict=True)
                values = [self._tolerances(one, known.numbers if known else one.numbers) for one, known in answers]
                yield maxima.by_variant(f"t{branch.variable}", values)

    def _value(self, asked: Asked, numbers: Sequence[Number]) -> str:
        return self._laid_out(asked, [maxima.expression(one) for one in numbers])

    def _tolerances(self, asked: Asked, numbers: Sequence[Number]) -> str:
        return self._laid_out(asked, [maxima.tolerance(one) for one in numbers])

    def _far(self, asked: Asked) -> str:
        numbers = [*asked.numbers, *(number for known in asked.mistakes for number in known.numbers)]
        return self._laid_out(asked, [maxima.far_from(numbers)] * len(asked.numbers))

    def _laid_out(self, asked: Asked, texts: Sequence[str]) -> str:
        return maxima.matrix(texts, asked.columns) if self.asked.is_matrix else texts[0]

    # ---------------------------------------------------------------------------------------------- tree

    def element(self, value: int, feedback: Callable[[Sequence[Blocks]], Callable[[MoodleHtml], str]]) -> str:
        """Return the tree; ``value`` is its weight, and ``feedback`` says what to write for the texts of the variants."""
        nodes = list(self._nodes(feedback))
        settings = simple({"name": self.name, "value": value, "autosimplify": 1, "feedbackstyle": 1})
        return f"<prt>{settings}<feedbackvariables>{text(self._distances())}</feedbackvariables>{''.join(nodes)}</prt>"

    def _distances(self) -> str:
        """Return, for decimals, how far the answer is from the key and from each mistake's, in tolerances."""
        if not self._decimals:
            return ""
        answer = f"ans{self.number}"
        values = [("d0", f"ta{self.number}", f"t{self.number}")]
        values += [(f"d{at}", one.variable, f"t{one.variable}") for at, one in enumerate(self.branches, start=1)]
        if self.asked.is_matrix:
            return "\n".join(f"{name}: list_matrix_entries(({answer}-{of})/{by});" for name, of, by in values)
        return "\n".join(f"{name}: ({answer}-{of})/{by};" for name, of, by in values)

    def _nodes(self, feedback: Callable[[Sequence[Blocks]], Callable[[MoodleHtml], str]]) -> Iterator[str]:
        for at, test in enumerate(tests := list(self._tests())):
            is_last = at == len(tests) - 1
            told = self._texts.element("truefeedback", feedback(test.said)) if any(test.said) else empty("truefeedback")
            score = decimal(test.share, DIGITS)
            yield (
                "<node>"
                + simple({"name": at, "description": test.note, "answertest": test.kind})
                + simple({"sans": test.sans, "tans": test.tans, "testoptions": test.options, "quiet": 1})
                + simple({"truescoremode": "=", "truescore": score, "truepenalty": "", "truenextnode": -1})
                + simple({"trueanswernote": test.note})
                + told
                + simple({"falsescoremode": "=", "falsescore": 0, "falsepenalty": ""})
                + simple({"falsenextnode": -1 if is_last else at + 1})
                + simple({"falseanswernote": f"{self.name}-unknown" if is_last else f"{self.name}-{at + 1}-F"})
                + empty("falsefeedback")
                + "</node>"
            )

    def _tests(self) -> Iterator[_Test]:
        answer, zero = f"ans{self.number}", "0"
        if self.asked.is_matrix:
            zero = f"list_matrix_entries(0*ta{self.number})"
        yield _Test("AlgEquiv", answer, f"ta{self.number}", "", Fraction(1), f"{self.name}-key")
        if self._decimals:
            yield _Test("NumAbsolute", "d0", zero, "1", Fraction(1), f"{self.name}-key-decimal")
        for at, branch in enumerate(self.branches, start=1):
            said = [one.feedback if one and self._hints else () for one in branch.known]
            if self._decimals:
                yield _Test("NumAbsolute", f"d{at}", zero, "1", branch.share, branch.note, said)
            else:
                yield _Test("AlgEquiv", answer, branch.variable, "", branch.share, branch.note, said)


def _branches(number: int, asked: Sequence[Asked]) -> Iterator[Branch]:
    """Yield the mistakes of all variants; one whose share differs between variants has a node for each share."""
    found: dict[tuple[str, Fraction], None] = {}
    for one in asked:
        found |= dict.fromkeys((known.id, known.share) for known in one.mistakes)
    ids = [name for name, _ in found]
    for at, (name, share) in enumerate(found, start=1):
        note = f"prt{number}-{name}" + (f"-{decimal(share * 100, 0)}" if ids.count(name) > 1 else "")
        known = tuple(
            next((known for known in one.mistakes if (known.id, known.share) == (name, share)), None) for one in asked
        )
        yield Branch(f"m{number}_{at}", note, share, known)


# ----------------------------------------------------------------------------------------------- tests


def tests(trees: Sequence[Tree]) -> str:
    """Return the tests of a question: the key, each mistake that is one in all variants, and what is neither."""
    cases: list[tuple[str, dict[int, str], dict[int, tuple[Fraction, str]]]] = [("the key", {}, {})]
    for tree in trees:
        for branch in tree.branches:
            if all(branch.known):
                given, expected = {tree.number: branch.variable}, {tree.number: (branch.share, branch.note)}
                cases.append((branch.note, given, expected))
    cases.append(
        (
            "neither the key nor a known mistake",
            {tree.number: f"o{tree.number}" for tree in trees},
            {tree.number: (Fraction(0), f"{tree.name}-unknown") for tree in trees},
        )
    )
    return "".join(_case(number, trees, *case) for number, case in enumerate(cases, start=1))


def _case(
    number: int,
    trees: Sequence[Tree],
    description: str,
    given: dict[int, str],
    expected: dict[int, tuple[Fraction, str]],
) -> str:
    found = simple({"testcase": number, "description": description})
    for tree in trees:
        value = given.get(tree.number, f"ta{tree.number}")
        found += f"<testinput>{simple({'name': f'ans{tree.number}', 'value': value})}</testinput>"
    for tree in trees:
        share, note = expected.get(tree.number, (Fraction(1), f"{tree.name}-key"))
        values = {
            "name": tree.name,
            "expectedscore": decimal(share, DIGITS),
            "expectedpenalty": 0 if share == 1 else PENALTY,
            "expectedanswernote": note,
        }
        found += f"<expected>{simple(values)}</expected>"
    return f"<qtest>{found}</qtest>"
