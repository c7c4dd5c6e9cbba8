"""The questions of Moodle, each from a variant of a part: a number, options, an essay, a text with gaps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction

from generator.errors.language import phrase
from generator.export import moodle_xml
from generator.export.cloze import Gaps, weights
from generator.export.gaps import tex_of
from generator.export.identities import OF_REASONS, tag
from generator.export.known_entries import digits_needed, wrong_numbers
from generator.export.moodle_xml import MoodleHtml, Texts
from generator.export.rules.moodle import FRACTIONS
from generator.export.tree import Blocks, Choice, Claims, Computed, Criterion, Essay, Export, Part, Variant

PENALTY = "0.3333333"
LINES = (2, 3, 5, 10, 15, 20, 25, 30, 35, 40)
"""The heights of a field for an essay that Moodle offers."""

LINES_OF_A_KEY = 10
LINES_OF_A_REASON = 5


class Questions:
    """Writes questions, with feedback on known mistakes where ``hints``, and with ``solutions``."""

    def __init__(self, export: Export, *, hints: bool, solutions: bool) -> None:
        self._texts = Texts(export)
        self._hints = hints
        self._solutions = solutions

    def numerical(self, part: Part, variant: Variant) -> str:
        """Return the question for a number; a mistake's number earns its share."""
        assert isinstance(variant.answer, Computed)
        key, symbol = variant.answer.entries[0].number, variant.answer.symbol
        note = phrase("export.decimals_only", count=digits_needed(variant.answer))

        def asked(html: MoodleHtml) -> str:
            named = f"{html.line([{'tex': symbol}])} = ? " if symbol else ""
            return html.blocks(variant.prompt) + f"<p>{named}{html.words(note)}</p>"

        answers = [self._number("100", key.decimal, key.tolerance, ())]
        for one in wrong_numbers(variant.answer, variant.mistakes, 0):
            feedback, share = one.feedback if self._hints else (), fraction(one.share)
            if share != "0" or feedback:
                answers.append(self._number(share, one.number.decimal, one.number.tolerance, feedback))
        end = moodle_xml.simple({"unitgradingtype": 0, "unitpenalty": "0.1000000", "showunits": 3, "unitsleft": 0})
        return self._of_part("numerical", part, variant, asked, [*answers, end])

    def _number(self, share: str, value: str, tolerance: str, feedback: Blocks) -> str:
        return (
            f'<answer fraction="{share}" format="moodle_auto_format">{moodle_xml.text(value)}'
            f"{self._texts.blocks('feedback', feedback)}<tolerance>{tolerance}</tolerance></answer>"
        )

    def multichoice(self, part: Part, variant: Variant) -> str:
        """Return the question with options; where several are right, ticking all of them earns nothing."""
        choice = variant.answer
        assert isinstance(choice, Choice)
        right = iter(even_shares(sum(option.right for option in choice.options)))
        others = sum(not option.right for option in choice.options)
        wrong = f"-{even_shares(others)[0]}" if choice.several and others else "0"
        answers = []
        for option in choice.options:
            feedback = self._texts.blocks("feedback", option.feedback if self._hints else ())
            share = f' fraction="{next(right) if option.right else wrong}"'
            answers.append(self._texts.blocks("answer", option.text, share, feedback))
        single, shuffled = ("false" if one else "true" for one in (choice.several, choice.in_order))
        settings = moodle_xml.simple({"single": single, "shuffleanswers": shuffled, "answernumbering": "abc"})
        settings += "".join(map(moodle_xml.empty, ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")))
        return self._of_part(
            "multichoice", part, variant, lambda html: html.blocks(variant.prompt), [settings, *answers]
        )

    def essay(self, part: Part, variant: Variant) -> str:
        """Return the question that a person marks, by the model answer, or the key, and the rubric."""
        answer = variant.answer
        model: Blocks = answer.sample if isinstance(answer, Essay) else variant.solution
        if isinstance(answer, Computed):
            key = tex_of(part.kind, answer, [entry.number for entry in answer.entries])
            model = [{"p": [phrase("export.answer"), {"tex": key}]}]
        rubric = answer.rubric if isinstance(answer, Essay) else variant.rubric
        lines = answer.lines if isinstance(answer, Essay) else LINES_OF_A_KEY

        def asked(html: MoodleHtml) -> str:
            options = answer.options if isinstance(answer, Choice) else ()
            return html.blocks(variant.prompt) + _numbered(html, [one.text for one in options])

        return self._of_part("essay", part, variant, asked, [self._by_hand(model, rubric, lines)])

    def reasons(self, part: Part, variant: Variant, title: str) -> str:
        """Return the question for the reasons of claims, whose verdicts are asked for elsewhere."""
        claims = variant.answer
        assert isinstance(claims, Claims)

        def asked(html: MoodleHtml) -> str:
            statements = _numbered(html, [one.text for one in claims.statements])
            small = _small(html, tag(part, variant, OF_REASONS))
            return html.blocks(variant.prompt) + statements + f"<p>{html.words(phrase('export.reasons'))}</p>" + small

        count = len(claims.statements)
        values = {
            "defaultgrade": claims.reason_points * count, "penalty": PENALTY, "hidden": 0,
            "idnumber": f"{part.id}-{variant.id}-reasons",
        }  # fmt: skip
        by_hand = self._by_hand(variant.solution, variant.rubric, LINES_OF_A_REASON * count)
        name = moodle_xml.name(title, f" {variant.id}")
        return self._question("essay", name, asked, variant.solution, values, [by_hand], part.tags)

    def _by_hand(self, model: Blocks, rubric: Iterable[Criterion], lines: int) -> str:
        def information(html: MoodleHtml) -> str:
            items = "".join(f"<li>{one.points}: {html.line(one.text)}</li>" for one in rubric)
            return html.blocks(model) + (f"<ul>{items}</ul>" if items else "")

        settings = {
            "responseformat": "editor",
            "responserequired": 1,
            "responsefieldlines": next((one for one in LINES if one >= lines), LINES[-1]),
            "attachments": 0,
            "attachmentsrequired": 0,
        }
        information_element = self._texts.element("graderinfo", information)
        return moodle_xml.simple(settings) + information_element + moodle_xml.empty("responsetemplate")

    def cloze(
        self,
        names: tuple[str, str, str],
        note: str,
        prompt: Blocks,
        pieces: Sequence[Gaps],
        solution: Blocks,
        tags: Iterable[str],
    ) -> str:
        """Return a question with gaps, whose points are the weights of those; ``names`` are its title, its id and the variant's.

        The ``note`` at its end says what it asks.
        """
        title, identity, variant = names
        whole = iter(weights([one for piece in pieces for one in piece.points]))
        written = [(piece, [next(whole) for _ in piece.points]) for piece in pieces]

        def asked(html: MoodleHtml) -> str:
            gaps = (html.blocks(piece.before) + piece.write(html, weight) for piece, weight in written)
            return html.blocks(prompt) + "".join(gaps) + _small(html, note)

        values = {"penalty": PENALTY, "hidden": 0, "idnumber": f"{identity}-{variant}"}
        return self._question("cloze", moodle_xml.name(title, f" {variant}"), asked, solution, values, (), tags)

    def _of_part(
        self, kind: str, part: Part, variant: Variant, asked: Callable[[MoodleHtml], str], rest: Iterable[str]
    ) -> str:
        values = {
            "defaultgrade": part.points, "penalty": PENALTY, "hidden": 0, "idnumber": f"{part.id}-{variant.id}",
        }  # fmt: skip
        name = moodle_xml.name(part.title, f" {variant.id}")
        note = tag(part, variant)
        return self._question(
            kind, name, lambda html: asked(html) + _small(html, note), variant.solution, values, rest, part.tags
        )

    def _question(
        self,
        kind: str,
        name: str,
        asked: Callable[[MoodleHtml], str],
        solution: Blocks,
        values: Mapping[str, object],
        rest: Iterable[str],
        tags: Iterable[str],
    ) -> str:
        elements = [
            self._texts.element("questiontext", asked),
            self._texts.blocks("generalfeedback", solution if self._solutions else ()),
            moodle_xml.simple(values),
            *rest,
            moodle_xml.tags(tags),
        ]
        return moodle_xml.question(kind, name, elements)


def _small(html: MoodleHtml, note: str) -> str:
    return f"<p><small>{html.words(note)}</small></p>"


def _numbered(html: MoodleHtml, texts: Sequence[Blocks]) -> str:
    items = "".join(f"<li>{html.blocks(one)}</li>" for one in texts)
    return f"<ol>{items}</ol>" if items else ""


def fraction(share: Fraction) -> str:
    """Return the percentage that Moodle knows next below a share, as it is written."""
    return next(written for written, value in FRACTIONS.items() if value <= share * 100)


def even_shares(count: int) -> list[str]:
    """Return percentages of so many options that add up to 100 as Moodle adds."""
    if count <= 10:
        return [fraction(Fraction(1, count))] * count
    return ["10"] * (20 - count) + ["5"] * (2 * count - 20)
