"""A bank's texts: parts, feedback on mistakes and other texts are filled as the file says, and what is wrong is named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from generator import Figure, Number, Part, Values, Vector, draw_variant, problem_in_file
from generator.cli import main
from generator.document import prose
from generator.document.figures.scene import Scene
from generator.errors import AuthoringError
from generator.numbers.arrays import array
from generator.problem.bank import Bank
from generator.problem.catalogue import find_problem
from tests.drawn import drawn

TEXT = r"""
[parts.total]
points = 2
room = 3
hint = 'Start with $<x[0]>$.'
text = '''
Add up
$<x>$.
'''
steps = ['It is $<x|sum> = <total>$, and the largest is $<largest>$.']

[parts.rows]
guided = true
text = 'Write down the <what>.'
steps = ['They are:']
for_each = 'Number <place> of <count> is $<entry>$.'

[parts.change]
points = 1
text = 'What changes?'

[parts.change.sign]
steps = ['The sign.']

[parts.change.size]
text = 'What changes, of <thing>?'

[mistakes]
"sign turned" = '''
turned the
sign
'''

[texts]
greeting = 'There are <count> numbers, $<x>$.'
thing = 'the first, $<first>$,'
most = '$<largest>$ <text>'

[texts.options]
yes = 'yes, $<x[0]>$'
no = 'no'
"""


def largest(x: Any) -> Any:
    return x.max()


def bank(folder: Path, text: str = TEXT) -> Bank:
    (folder / "small.toml").write_text(text, encoding="utf-8")
    return Bank.beside(str(folder / "small.py"), *([largest] if "<largest>" in text else []))


V = Values({"x": array([3, 4])}, {"total": array([7])[0]})


def said(part: Part) -> list[str]:
    """The question of a part and its worked steps, as Markdown."""
    return [prose.source(content, V) for content in (part.question, *part.steps)]


def test_a_part_has_its_texts_and_points_from_the_file(tmp_path: Path) -> None:
    part = bank(tmp_path).part("total", V, Number("total"))
    assert said(part) == [
        r"Add up $\begin{bmatrix} 3 & 4 \end{bmatrix}$.",
        "It is $3+4 = 7$, and the largest is $4$.",
    ]
    assert part.hint is not None
    assert prose.source(part.hint, V) == "Start with $3$."
    assert (part.id, part.answer, part.points, part.room, part.guided) == ("total", Number("total"), 2, 3, False)


def test_a_step_for_each_row_stands_between_the_steps_of_file_and_code(tmp_path: Path) -> None:
    rows = [{"place": place, "entry": entry} for place, entry in enumerate(V.x, start=1)]
    part = bank(tmp_path).part("rows", V, Vector("x"), for_each=rows, steps=["Done."], what="numbers", count=2)
    assert said(part) == [
        "Write down the numbers.",
        "They are:",
        "Number $1$ of $2$ is $3$.",
        "Number $2$ of $2$ is $4$.",
        "Done.",
    ]
    assert part.guided


def test_figures_follow_the_question(tmp_path: Path) -> None:
    figure = Figure("dots", Scene(1, 1, (), "Dots", "Two dots."))
    part = bank(tmp_path).part("total", V, Number("total"), figures=[figure])
    _, drawing = prose.nodes(part.question, V)
    assert drawing == figure


def test_a_wording_has_its_own_texts_and_those_of_its_part(tmp_path: Path) -> None:
    one = bank(tmp_path)
    sign = one.part("change", V, case="sign")
    assert (sign.id, sign.points, said(sign)) == ("change", 1, ["What changes?", "The sign."])
    size = one.part("change", V, case="size", thing="all", points=3)
    assert (size.id, size.points, said(size)) == ("change", 3, ["What changes, of all?"])


def test_a_text_may_stand_in_a_slot_of_another_one(tmp_path: Path) -> None:
    one = bank(tmp_path)
    part = one.part("change", V, case="size", thing=one.text("thing", V, first=3))
    assert said(part) == ["What changes, of the first, $3$,?"]


def test_what_the_code_gives_goes_before_what_a_function_gives(tmp_path: Path) -> None:
    one = bank(tmp_path)
    assert said(one.part("total", V, largest=9))[1] == "It is $3+4 = 7$, and the largest is $9$."
    nested = one.part("change", V, case="size", thing=one.text("most", V, largest=8, text="x"))
    assert said(nested) == ["What changes, of $8$ x?"]


def test_texts_and_tables_of_texts(tmp_path: Path) -> None:
    one = bank(tmp_path)
    assert prose.source(one.text("greeting", V, count=2), V).startswith("There are $2$ numbers, ")
    assert {key: prose.source(text, V) for key, text in one.texts("options", V).items()} == {
        "yes": "yes, $3$",
        "no": "no",
    }
    assert prose.source(one.text("options.no", V), V) == "no"


def test_a_mistake_has_its_feedback_from_the_file(tmp_path: Path) -> None:
    mistake = bank(tmp_path).mistake("sign turned", total=lambda x: -x.sum(), applies=lambda x: len(x) > 1)
    assert (mistake.name, mistake.feedback, [*mistake.replaced]) == ("sign turned", "turned the sign", ["total"])
    assert mistake.applies_to(V)


# ------------------------------------------------------------------------------------------------- errors

PART = "[parts.total]\ntext = 'Add up.'\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (PART + "ponits = 1", r"small.toml, parts.total, ponits: unknown key; did you mean points\?$"),
        ("[parts.total]\npoints = 1", "small.toml, parts.total, text: missing$"),
        ("[parts.total]\npoints = 1\n[parts.total.one]\nroom = 2", "small.toml, parts.total.one, text: missing$"),
        (PART + "points = 0", "small.toml, parts.total, points: expected a positive whole number; got 0$"),
        (PART + "room = true", "small.toml, parts.total, room: expected a positive whole number; got True$"),
        (PART + "guided = 1", "small.toml, parts.total, guided: expected true or false; got 1$"),
        (PART + "steps = 'So.'", "small.toml, parts.total, steps: expected a list of texts; got 'So.'$"),
        (PART + "steps = ['So $x.']", "small.toml, parts.total, steps: a dollar sign has no partner"),
        (PART + "for_each = ''", "small.toml, parts.total, for_each: expected a text; got ''$"),
        ("parts = 3", "small.toml, parts: expected a table; got 3$"),
        ("[parts]\ntotal = 'Add up.'", "small.toml, parts.total: expected a table; got 'Add up.'$"),
        ("[mistakes]\none = ['a']", r"small.toml, mistakes, one: expected a text; got \['a'\]$"),
        ("[texts]\none = 1", "small.toml, texts, one: expected a text; got 1$"),
        ("[texts.table]\none = 1", "small.toml, texts.table, one: expected a text; got 1$"),
    ],
)
def test_what_is_wrong_with_a_file_is_named(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(AuthoringError, match=message):
        bank(tmp_path, text)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda one: one.part("totl", V), r"small.toml, parts.totl: missing; did you mean total\?$"),
        (lambda one: one.part("change", V), r"small.toml, parts.change: missing; did you mean change\.\w+\?$"),
        (lambda one: one.part("quite_other", V), r"small.toml, parts.quite_other: missing$"),
        (lambda one: one.part("rows", V), "small.toml, parts.rows, for_each: the code gives no rows for it$"),
        (lambda one: one.part("total", V, for_each=[]), "parts.total, for_each: missing; the code gives rows for it$"),
        (lambda one: one.text("greetings", V), r"small.toml, texts.greetings: missing; did you mean greeting\?$"),
        (lambda one: one.texts("opts", V), "small.toml, texts.opts: there is no such table of texts$"),
        (
            lambda one: one.mistake("sign turn", total=min),
            r"small.toml, mistakes.sign turn: missing; did you mean sign",
        ),
    ],
)
def test_what_the_code_asks_for_must_be_in_the_file(ask: Any, message: str, tmp_path: Path) -> None:
    with pytest.raises(AuthoringError, match=message):
        ask(bank(tmp_path))


def test_symbols_are_those_of_steps(tmp_path: Path) -> None:
    one = bank(tmp_path, "[symbols]\nstd = '\\sigma'")
    assert one.symbols == {"std": r"\sigma"}
    replace(find_problem("layer-norm"), bank=one)
    with pytest.raises(AuthoringError, match=r"small.toml, symbols.sdt: no step has this name$"):
        replace(find_problem("layer-norm"), bank=bank(tmp_path, "[symbols]\nsdt = '\\sigma'"))


def test_feedback_on_no_mistake_is_an_error(tmp_path: Path) -> None:
    one = bank(tmp_path, "[mistakes]\n'sign tunred' = 'turned the sign'")
    with pytest.raises(
        AuthoringError, match=r"small.toml, mistakes.sign tunred: no mistake of the problem has this name$"
    ):
        replace(find_problem("layer-norm"), bank=one)


# ------------------------------------------------------------------------------------ an author's own bank

PROBLEM = """
from generator import Bank, Number, Problem, read_vector, required, steps

BANK = Bank.beside(__file__)

PROBLEM = Problem(
    id="small",
    title="Small",
    topic="sums",
    bank=BANK,
    parameters={"x": required(read_vector)},
    sample=lambda draw: {"x": [draw.integer(1, 99), draw.integer(1, 99)]},
    solution=steps(total=lambda x: x.sum()),
    mistakes=[BANK.mistake("largest", total=lambda x: x.max())],
    check=lambda x: {"total": x.sum()},
    parts=lambda v: [BANK.part("total", v, Number("total"), half=v.total / 2)],
    original={"x": [1, 2]},
    variants=1000,
)
"""
BANK = PART + "points = 1\nsteps = ['Half of it is $<half>$.']\n[mistakes]\nlargest = 'took the largest'\n"


def check(folder: Path, bank_text: str) -> tuple[int, str]:
    (folder / "small.py").write_text(PROBLEM, encoding="utf-8")
    (folder / "small.toml").write_text(bank_text, encoding="utf-8")
    result = CliRunner().invoke(main, ["check", str(folder / "small.py"), "--variants", "3"])
    return result.exit_code, " ".join(result.output.split())


def test_a_problem_whose_words_are_all_in_its_bank(tmp_path: Path) -> None:
    code, output = check(tmp_path, BANK)
    assert code == 0, output
    assert "small.toml" not in output
    variant = draw_variant(problem_in_file(tmp_path / "small.py"), 1)
    assert [part.worth for part in variant.parts] == [1]
    assert variant.mistaken_answers()[0][0].feedback == "took the largest"


def test_check_names_what_is_wrong_with_a_part(tmp_path: Path) -> None:
    code, output = check(tmp_path, BANK.replace("<half>", "<haff>"))
    assert code == 1
    assert "small.toml, parts.total: no value fills the slot <haff>" in output
    code, output = check(tmp_path, BANK.replace("parts.total", "parts.sum"))
    assert code == 1
    assert "small.toml, parts.total: missing" in output


def test_check_notes_what_is_never_used(tmp_path: Path) -> None:
    code, output = check(tmp_path, BANK + "[texts]\nhello = 'Hello.'\n[parts.extra]\ntext = 'More?'\n")
    assert code == 0, output
    assert "note: small: small.toml, parts.extra: no variant uses it" in output
    assert "note: small: small.toml, texts.hello: no variant uses it" in output


def test_what_both_norms_share_is_used() -> None:
    from generator.problems import _norms

    for name in ("layer-norm", "batch-norm"):
        problem = find_problem(name)
        assert problem.printed().all_parts
        for level in problem.levels:  # an ε that is not 0 is drawn at some of them
            assert all(drawn(name, seed, level).all_parts for seed in range(1, 4))
    assert _norms.BANK.unused("parts", "mistakes", "texts") == []
