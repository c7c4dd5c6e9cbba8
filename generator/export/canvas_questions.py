"""The questions of a sheet as Canvas can ask them: which type each part becomes, and what that cannot say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from generator.errors.language import phrase
from generator.export import canvas_items as items
from generator.export.accepted_texts import accepted, digits_of, is_exact, places_of
from generator.export.canvas_html import BlankHtml, CanvasHtml
from generator.export.canvas_items import GENERAL, WRONG, Answer, Item, ident
from generator.export.canvas_losses import (
    BLANKS,
    CHOSEN,
    ESSAYS,
    LARGE,
    LISTED,
    MISTAKES,
    POOLED,
    REASONS,
    SMALL,
)  # fmt: skip
from generator.export.gaps import SIZES, laid_out, tex_of
from generator.export.html import Html, Source
from generator.export.identities import OF_REASONS, tag
from generator.export.losses import ONLY_DECIMALS, Losses
from generator.export.rubrics import ByHand
from generator.export.target import Options
from generator.export.tree import (
    COMPUTED,
    Blocks,
    Choice,
    Claims,
    Computed,
    Essay,
    Export,
    Part,
    Variant,
)

MOST_BLANKS = 12
"""The entries of a vector or a matrix that are asked for in blanks."""

MOST_WRONG = 5
"""The wrong options beside the key, where a matrix is a choice."""

LEAST = Decimal("0.0001")
"""Below this, Canvas shows a student's number as 0."""


@dataclass(frozen=True)
class Group:
    """Items of which a student gets ``pick``, each for so many points."""

    ident: str
    title: str
    points: int
    items: Sequence[str]
    pick: int = 1


class Questions:
    """Writes the parts of an export as items; ``by_hand`` are those that a person marks, unless their solutions are shown."""

    def __init__(self, export: Export, options: Options, losses: Losses, source: Source) -> None:
        self.sheet = export.sheet
        self.by_hand: list[ByHand] = []
        self._options = options
        self._losses = losses
        self._html = CanvasHtml(export.figures, source)
        self._with_blanks = BlankHtml(export.figures, source)
        self._comma = not export.language.startswith("en")

    def groups(self, part: Part) -> list[Group]:
        """Return what is drawn of a part: one of its variants, or each of its claims on its own and the reasons together."""
        first = part.variants[0].answer
        if isinstance(first, Claims):
            return self._claims(part)
        self._count(part)
        return [
            Group(self._ident(part, "group"), part.title, part.points, [self._item(part, one) for one in part.variants])
        ]

    def single(self, part: Part) -> str:
        """Return a part as one item; claims are then all in the words of the student."""
        (variant,) = part.variants
        if not isinstance(variant.answer, Claims):
            self._count(part)
            return self._item(part, variant)
        self._losses.add(POOLED)
        text = self._text(part, variant, self._html, self._listed(variant.answer))
        return self._essay(part, variant, "claims", part.points, text, variant.solution)

    def _ident(self, part: Part, *names: str) -> str:
        return ident(self.sheet, part.id, *names)

    # ------------------------------------------------------------------------------------------ by kind

    def _item(self, part: Part, variant: Variant) -> str:
        match variant.answer:
            case Choice() as answer:
                return self._choice(part, variant, answer)
            case Essay() as essay:
                text = self._text(part, variant, self._html)
                return self._essay(part, variant, "essay", part.points, text, essay.sample)
            case Computed() as answer:
                kind = self._kind(part, variant)
                if kind == "number":
                    return self._number(part, variant, answer)
                if kind == "choice":
                    return self._among_wrong(part, variant, answer)
                if kind == "blanks":
                    return self._blanks(part, variant, answer)
                text = self._text(part, variant, self._html, f"<p>{escape(phrase('export.by_row'), quote=False)}</p>")
                key: Blocks = [{"display": tex_of(part.kind, answer, [one.number for one in answer.entries])}]
                return self._essay(part, variant, "essay", part.points, text, key)
        raise TypeError(f"no answer: {variant.answer!r}")

    def _kind(self, part: Part, variant: Variant) -> str:
        """Return how an answer in numbers is asked: as a ``number``, in ``blanks``, as a ``choice`` or as an ``essay``."""
        answer = variant.answer
        assert isinstance(answer, Computed)
        if part.kind == "number":
            size = abs(Decimal(answer.entries[0].number.decimal))
            return "number" if not size or size >= LEAST else "blanks"
        is_large = len(answer.entries) > MOST_BLANKS
        if part.kind in ("vector", "matrix") and (is_large or self._options.as_choice):
            if len(self._wrong(part, variant, answer)) > 1:
                return "choice"
            return "essay" if is_large else "blanks"
        return "blanks"

    def _number(self, part: Part, variant: Variant, answer: Computed) -> str:
        key = answer.entries[0].number
        more = f"<p>{escape(phrase('export.typed_number', digits=digits_of(key)), quote=False)}</p>"
        text = self._text(part, variant, self._html, more)
        return items.numerical(self._new(part, variant, "number", text), key)

    def _blanks(self, part: Part, variant: Variant, answer: Computed) -> str:
        keys = [one.number for one in answer.entries]
        count = places_of(keys, variant.mistakes)
        html = self._with_blanks
        how = (
            phrase("export.typed_sizes")
            if part.kind in SIZES
            else phrase("export.typed_places", places=count, example=f"{0.25:.{count}f}")
        )
        gaps = laid_out(html, part.kind, answer, lambda place: f"[a{place + 1}]")
        text = self._text(part, variant, html, f"<p>{escape(how, quote=False)}</p>{gaps}")
        texts = {f"a{place}": accepted(key, count, comma=self._comma) for place, key in enumerate(keys, start=1)}
        return items.blanks(self._new(part, variant, "blanks", text), texts)

    def _choice(self, part: Part, variant: Variant, answer: Choice) -> str:
        text = self._text(part, variant, self._html)
        options = [
            Answer(one.id, self._html.blocks(one.text), one.right, self._said(one.feedback)) for one in answer.options
        ]
        item = self._new(part, variant, "choice", text, wrong=False)
        return items.several(item, options) if answer.several else items.choice(item, options)

    def _wrong(self, part: Part, variant: Variant, answer: Computed) -> dict[str, Blocks]:
        """Return what mistakes make of an answer, as formulas, with what is said of each."""
        right = tex_of(part.kind, answer, [one.number for one in answer.entries])
        found: dict[str, Blocks] = {}
        for one in variant.mistakes:
            tex = tex_of(part.kind, answer, list(one.numbers))
            if tex != right and len(found) < MOST_WRONG:
                found.setdefault(tex, one.feedback)
        return found

    def _among_wrong(self, part: Part, variant: Variant, answer: Computed) -> str:
        right = tex_of(part.kind, answer, [one.number for one in answer.entries])
        said: dict[str, Blocks] = {right: (), **self._wrong(part, variant, answer)}
        options = [
            Answer(tex, self._html.blocks([{"p": [{"tex": tex}]}]), tex == right, self._said(feedback))
            for tex, feedback in said.items()
        ]
        options.sort(key=lambda one: ident(part.id, variant.id, one.role))
        text = self._text(part, variant, self._html)
        return items.choice(self._new(part, variant, "choice", text, wrong=False), options)

    def _essay(self, part: Part, variant: Variant, role: str, points: int, text: str, model: Blocks) -> str:
        rubric = variant.answer.rubric if isinstance(variant.answer, Essay) else variant.rubric
        if role == "reasons":
            rubric = ()  # it is about the verdicts too, which have been marked
        feedback = {}
        if self._options.solutions:
            lines = "".join(f"<li>{one.points}: {self._html.line(one.text)}</li>" for one in rubric)
            solution = self._html.blocks(variant.solution or model)
            feedback[GENERAL] = solution + (f"<ul>{lines}</ul>" if lines else "")
        else:
            self.by_hand.append(ByHand(part, variant.id, points, model, rubric))
        return items.essay(Item((self.sheet, part.id, variant.id, role), part.title, points, text, feedback))

    def _new(self, part: Part, variant: Variant, role: str, text: str, *, wrong: bool = True) -> Item:
        """Return an item with its feedback: the solution, and beside a wrong answer the usual mistakes."""
        feedback = {}
        if self._options.solutions and variant.solution:
            feedback[GENERAL] = self._html.blocks(variant.solution)
        if wrong and self._options.hints and variant.mistakes:
            said = [list(one.feedback) for one in variant.mistakes]
            usual: Blocks = [{"p": [phrase("export.usual_mistakes")]}, {"list": said}]
            feedback[WRONG] = self._html.blocks(usual)
        return Item((self.sheet, part.id, variant.id, role), part.title, part.points, text, feedback)

    def _said(self, feedback: Blocks) -> str:
        return self._html.blocks(feedback) if self._options.hints else ""

    def _text(self, part: Part, variant: Variant, html: Html, more: str = "", piece: str = "") -> str:
        """Return what a question asks, with the tag by which downloaded answers are known."""
        return f"{html.blocks(variant.prompt)}{more}<p><small>{escape(tag(part, variant, piece))}</small></p>"

    # ------------------------------------------------------------------------------------------- claims

    def _claims(self, part: Part) -> list[Group]:
        """Return a group for each claim of a paper, of verdicts, and one for the reasons.

        Groups draw on their own; a claim is always in the same one, so that nobody meets it twice.
        """
        first = part.variants[0].answer
        assert isinstance(first, Claims)
        found: list[Group] = []
        if first.verdict_points:
            pools: list[dict[tuple[str, str], str]] = [{} for _ in first.statements]
            places: dict[str, int] = {}
            for variant in part.variants:
                assert isinstance(variant.answer, Claims)
                _share_out([one.id for one in variant.answer.statements], places, len(pools))
                for number, one in enumerate(variant.answer.statements, start=1):
                    pool = pools[places[one.id]]
                    pool.setdefault(
                        (repr(variant.prompt), one.id), self._verdict(part, variant, variant.answer, number)
                    )
            found += [
                Group(self._ident(part, "claim", str(place)), f"{part.title}, {place}", first.verdict_points, list(pool.values()))
                for place, pool in enumerate(pools, start=1)
            ]  # fmt: skip
        if first.reason_points:
            reasons = [self._reasons(part, one, one.answer) for one in part.variants if isinstance(one.answer, Claims)]
            points = first.reason_points * len(first.statements)
            found.append(Group(self._ident(part, "reasons"), part.title, points, reasons))
            self._losses.add(REASONS)
        return found

    def _verdict(self, part: Part, variant: Variant, answer: Claims, number: int) -> str:
        statement = answer.statements[number - 1]
        more = self._html.blocks(statement.text)
        if answer.reason_points:
            more += f"<p>{escape(phrase('export.verdict_only'), quote=False)}</p>"
        feedback = {GENERAL: self._html.blocks(statement.reason)} if self._options.solutions else {}
        text = self._text(part, variant, self._html, more, piece=str(number))
        names = (self.sheet, part.id, variant.id, statement.id)
        item = Item(names, part.title, answer.verdict_points, text, feedback)
        options = [
            Answer("true", escape(phrase("worksheet.true")), statement.verdict),
            Answer("false", escape(phrase("worksheet.false")), not statement.verdict),
        ]
        return items.choice(item, options, kind="true_false_question")

    def _reasons(self, part: Part, variant: Variant, answer: Claims) -> str:
        what = "export.reasons_only" if answer.verdict_points else "export.verdicts_and_reasons"
        more = f"{self._listed(answer)}<p>{escape(phrase(what), quote=False)}</p>"
        text = self._text(part, variant, self._html, more, piece=OF_REASONS if answer.verdict_points else "")
        points = answer.reason_points * len(answer.statements)
        return self._essay(part, variant, "reasons", points, text, variant.solution)

    def _listed(self, answer: Claims) -> str:
        return self._html.blocks([{"ordered": [one.text for one in answer.statements]}])

    # ------------------------------------------------------------------------------------------- losses

    def _count(self, part: Part) -> None:
        """Count what is lost of a part, for those of its variants that lose most."""
        if part.kind == "essay":
            self._losses.add(ESSAYS)
        if part.kind not in COMPUTED:
            return
        kinds = {self._kind(part, one) for one in part.variants}
        keys = [
            entry.number for one in part.variants if isinstance(one.answer, Computed) for entry in one.answer.entries
        ]
        if "essay" in kinds:
            self._losses.add(LARGE)
        if "choice" in kinds:
            self._losses.add(CHOSEN)
        if "blanks" in kinds:
            self._losses.add(SMALL if part.kind == "number" else BLANKS)
        if kinds & {"number", "blanks"} and not all(map(is_exact, keys)):
            self._losses.add(ONLY_DECIMALS)
        if any(one.mistakes for one in part.variants):
            self._losses.add(LISTED if self._options.hints else MISTAKES)


def _share_out(statements: Sequence[str], places: dict[str, int], count: int) -> None:
    """Give each new claim a group, its own place where no other claim of the paper is in that."""
    taken = {places[one] for one in statements if one in places}
    for place, one in enumerate(statements):
        if one not in places:
            free = [other for other in (place % count, *range(count)) if other not in taken]
            places[one] = free[0] if free else place % count
            taken.add(places[one])
