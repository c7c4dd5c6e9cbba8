"""The fairness of a class: records read line by line, counted in one pass, shown as tables, a page and JSON."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import msgspec
import pytest
from rich.console import Console

from generator.document.figures.plot import nice_ticks
from generator.errors import InputError
from generator.fairness import counts
from generator.fairness.as_data import to_dict
from generator.fairness.charts import answer_chart, cost_chart, letter_chart
from generator.fairness.findings import Fairness
from generator.fairness.measures import Answers, Cost, Letters
from generator.fairness.page import fairness_page
from generator.fairness.tables import print_fairness
from generator.paper.manifest import RECORDS, read_records
from generator.paper.paper import make_paper
from generator.paper.record import Record, paper_record
from generator.paper.sheet_file import find_sheet


@cache
def class_of_papers(papers: int) -> tuple[Mapping[str, Any], ...]:
    """The records of a class with the printed sheet's problems, as a class's manifest holds them."""
    sheet = find_sheet("discussion04-extended")
    papers_made = [make_paper(sheet, seed) for seed in range(papers)]
    made = [paper_record(paper, sheet.name, seed, {}) for seed, paper in enumerate(papers_made)]
    return tuple(msgspec.to_builtins(one) for one in made)


def fairness(records: Iterable[Mapping[str, Any]]) -> Fairness:
    """The fairness of records as JSON has them."""
    return counts.fairness(msgspec.convert(one, Record) for one in records)


def record(
    *, answers: Mapping[str, Any] | None = None, cost: int = 100, canonical: str = "", **letters: tuple[list[int], int]
) -> dict[str, Any]:
    """A record of one problem; each choice is (right positions, number of options)."""
    choices = {part: {"right": right, "of": options} for part, (right, options) in letters.items()}
    problem: dict[str, Any] = {"id": "any", "params": {}, "values": {}, "answers": answers or {}}
    problem |= {"params": {"n": "1"}, "cost": cost, "canonical": canonical or "any", "letters": choices}
    return {"sheet": "mine", "seed": 1, "id": "X", "version": "1", "files": {}, "problems": [problem]}


def write(folder: Path, *records: Mapping[str, Any], end: str = "\n") -> Path:
    (folder / RECORDS).write_text("\n".join(map(json.dumps, records)) + end, encoding="utf-8")
    return folder


def texts(found: Fairness, measure: str) -> list[str]:
    return [finding.text for finding in found.findings if finding.measure == measure]


# ----------------------------------------------------------------------------------------- statistics


def test_variants_are_counted_by_their_canonical_form() -> None:
    [problem] = fairness(record(canonical=name) for name in "abacab").problems
    assert (problem.papers, problem.distinct, problem.most_sharing) == (6, 3, 3)
    assert texts(fairness(record(canonical=name) for name in "abacab"), "variants") == [
        "3 distinct variants for 6 papers; up to 3 papers share one."
    ]
    assert not texts(fairness(record(canonical=name) for name in "abc"), "variants")


def test_the_cost_may_differ_by_two_fifths_and_no_more() -> None:
    [problem] = fairness(record(cost=cost) for cost in (100, 140, 140, 120)).problems
    assert problem.cost.histogram == ((100, 1), (120, 1), (140, 2))
    assert (problem.cost.mean, problem.cost.ratio, problem.cost.missed) == (125.0, 1.4, False)
    assert texts(fairness(record(cost=cost) for cost in (100, 141)), "cost") == [
        "the hand-work cost runs from 100 to 141, a ratio of 1.410 (aim: at most 1.4)."
    ]
    assert fairness([record(cost=0)]).problems[0].cost.ratio == 1


def test_whole_papers_are_judged_where_they_ask_different_problems() -> None:
    def other(cost: int) -> dict[str, Any]:
        found = record(cost=cost, canonical="other")
        found["problems"][0]["id"] = "other"
        return found

    alike = fairness([record(cost=100), other(140)])
    assert alike.whole is not None
    assert (alike.aims, texts(alike, "cost")) == (1 + 2 + 2, [])
    unlike = fairness([record(cost=100), other(150)])
    assert texts(unlike, "cost") == [
        "which ask different problems: the hand-work cost runs from 100 to 150, a ratio of 1.500 (aim: at most 1.4)."
    ]
    assert "whole papers" in printed(unlike)
    assert "whole papers: which ask different problems" in printed(unlike)
    assert to_dict(unlike)["whole_papers"]["cost"]["missed"]
    assert "Whole papers" in fairness_page(unlike, "Quiz")
    assert fairness([record(cost=100), record(cost=150)]).whole is None


def test_a_letter_may_be_right_on_40_percent_of_four() -> None:
    def of_hundred(first: int) -> Fairness:
        rest = [1 + place % 3 for place in range(100 - first)]
        return fairness(record(pick=([place], 4)) for place in [0] * first + rest)

    [letters] = of_hundred(40).problems[0].letters
    assert (letters.part, letters.counts, letters.chance) == ("pick", (40, 20, 20, 20), 0.25)
    assert not letters.missed
    assert texts(of_hundred(41), "letters") == ["A is right on 41 % of the papers (aim: at most 40 %)."]


def test_the_aim_of_letters_goes_with_the_options() -> None:
    aims = [fairness([record(pick=([0], options))]).problems[0].letters[0].aim for options in (1, 2, 3, 4, 5)]
    assert aims == pytest.approx([1, 0.8, 1.6 / 3, 0.4, 0.32])
    [several] = fairness([record(pick=([1, 3], 4))]).problems[0].letters
    assert several.counts == (0, 1, 0, 1)
    assert several.aim == pytest.approx(0.8)
    [mixed] = fairness([record(pick=([0], 2)), record(pick=([3], 4))]).problems[0].letters
    assert mixed.counts == (1, 0, 0, 1)
    assert mixed.chance == pytest.approx(0.375)


def test_the_commonest_answer_is_named_with_its_share() -> None:
    answers = [{"x": "1/2"}] * 21 + [{"x": str(place)} for place in range(79)]
    found = fairness(record(answers=one, canonical=str(place)) for place, one in enumerate(answers))
    [one] = found.problems[0].answers
    assert (one.papers, one.distinct, one.commonest, one.count) == (100, 80, "1/2", 21)
    assert texts(found, "answers") == ["1/2 is right on 21 % of the papers (aim: at most 20 %); 80 answers occur."]
    within = fairness(
        record(answers=one, canonical=str(place)) for place, one in enumerate([*answers[1:], {"x": "99"}])
    )
    assert not within.findings


def test_an_answer_that_never_changes_is_said_to() -> None:
    found = fairness(record(answers={"x": ["1", "2/3"]}, canonical=str(place)) for place in range(100))
    assert texts(found, "answers") == ["[1, 2/3] is right on every paper (aim: on at most 20 %)."]


def test_few_papers_are_not_judged_by_shares() -> None:
    records = [record(answers={"x": "1"}, pick=([0], 4), canonical=str(place)) for place in range(99)]
    found = fairness(records)
    assert not found.findings
    assert found.aims == 2  # variants and cost
    found = fairness([*records, record(answers={"x": "1"}, pick=([0], 4), canonical="99")])
    assert [finding.measure for finding in found.findings] == ["letters", "answers"]
    assert found.aims == 4


def test_answers_in_words_count_by_their_model_answers_and_claims_by_their_patterns() -> None:
    answers = {
        "number": "-1 - 2*sqrt(3)/3",
        "matrix": [["1", "0"], ["sqrt(2)", "log(6)"]],
        "claims": [True, False],
        "essay": "The activations double; the parameters stay.",
        "option": "theta star",
    }
    found = fairness([record(answers=answers, option=([0], 5))])
    assert [(one.part, one.commonest, one.space) for one in found.problems[0].answers] == [
        ("number", "-1 - 2*sqrt(3)/3", 0),
        ("matrix", "[[1, 0], [sqrt(2), log(6)]]", 0),
        ("claims", "true, false", 4),
        ("essay", "The activations double; the parameters stay.", 0),
        ("option", "theta star", 5),
    ]
    assert [one.aim for one in found.problems[0].answers] == pytest.approx([0.2, 0.2, 0.4, 0.2, 0.32])


def test_one_question_in_words_for_everybody_is_found() -> None:
    same = [record(answers={"essay": "Yes, always."}, canonical=str(place)) for place in range(100)]
    assert [one.part for one in fairness(same).findings if one.measure == "answers"] == ["essay"]
    others = [record(answers={"essay": f"Yes, {place % 6}."}, canonical=str(place)) for place in range(100)]
    assert not [one for one in fairness(others).findings if one.measure == "answers"]


def stated(possible: Mapping[str, int], answers: list[dict[str, Any]]) -> Fairness:
    """A class whose problem states how many answers its parts can have."""
    records = [record(answers=one, canonical=str(place)) for place, one in enumerate(answers)]
    for one in records:
        one["problems"][0]["possible"] = possible
    return fairness(records)


def test_a_part_with_few_possible_answers_is_judged_by_their_number() -> None:
    answers = [{"factor": "3/2" if place < 40 else str(place % 3), "sum": str(place)} for place in range(100)]
    found = stated({"factor": 4}, answers)
    factor, total = found.problems[0].answers
    assert (factor.space, factor.distinct, total.space) == (4, 4, 0)
    assert (factor.aim, total.aim) == pytest.approx((0.4, 0.2))
    assert not found.findings
    answers[99]["factor"] = "3/2"
    assert texts(stated({"factor": 4}, answers), "answers") == [
        "3/2 is right on 41 % of the papers (aim: at most 40 %, there being 4 possible answers); 4 occur."
    ]
    page = fairness_page(stated({"factor": 4}, answers), "any")
    assert "3/2 (one of 4)" in page
    assert "factor 41 % (3/2, one of 4), aim at most 40 %" in page
    assert re.search(r"1\. any +factor +4 +4 +3/2 +40.0 +40.0 +met", printed(found))
    assert re.search(r"1\. any +factor +4 +4 +3/2 +41.0 +40.0 +missed", printed(stated({"factor": 4}, answers)))
    assert to_dict(found)["problems"][0]["answers"][0]["possible"] == 4


def test_an_author_who_states_too_few_answers_gains_nothing() -> None:
    [one] = stated({"x": 2}, [{"x": str(place % 5)} for place in range(100)]).problems[0].answers
    assert one.space == 5
    assert one.aim == pytest.approx(0.32)
    [many] = stated({"x": 40}, [{"x": str(place)} for place in range(100)]).problems[0].answers
    assert many.aim == 0.2
    [offered] = fairness([record(answers={"x": "1"}, x=([0], 4))]).problems[0].answers
    assert offered.space == 4


def test_a_problem_that_comes_twice_is_told_apart_by_its_place() -> None:
    twice = record(cost=10)["problems"] + record(cost=20)["problems"]
    found = fairness([record() | {"problems": twice}])
    assert [(one.name, one.cost.smallest) for one in found.problems] == [("1. any", 10), ("2. any", 20)]


def test_the_records_are_read_once_and_not_kept() -> None:
    alive = 0

    class Watched(dict[str, Any]):
        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

    most = 0

    def stream() -> Iterator[Mapping[str, Any]]:
        nonlocal alive, most
        for place in range(50):
            alive += 1
            most = max(most, alive)
            yield Watched(record(canonical=str(place)))

    assert fairness(stream()).papers == 50
    assert most <= 2


def test_no_record_is_no_class() -> None:
    with pytest.raises(InputError, match="no paper"):
        fairness([])


def test_the_printed_sheet() -> None:
    found = fairness(class_of_papers(6))
    assert [problem.name for problem in found.problems] == [
        "1. model-size", "2. layer-norm", "3. batch-norm", "4. dropout", "5. l2-regularization",
    ]  # fmt: skip
    parts = {problem.id: [one.part for one in problem.answers] for problem in found.problems}
    assert "claims" in parts["layer-norm"]
    assert "output" in parts["layer-norm"]
    assert "single_example" in parts["layer-norm"]
    assert {"closeness", "train_test"} <= {*parts["dropout"]}
    assert [one.part for one in found.problems[4].letters] == ["large_lambda", "small_lambda"]
    assert all(problem.papers == sum(count for _, count in problem.cost.histogram) == 6 for problem in found.problems)


# -------------------------------------------------------------------------------------------- reading


def test_records_are_read_as_they_were_written(tmp_path: Path) -> None:
    records = class_of_papers(2)
    assert [msgspec.to_builtins(one) for one in read_records(write(tmp_path, *records))] == list(records)


def test_a_last_line_without_its_end_is_read_if_it_is_whole(tmp_path: Path) -> None:
    assert len(list(read_records(write(tmp_path, record(), record(), end="")))) == 2


def refusal(folder: Path) -> str:
    with pytest.raises(InputError) as caught:
        list(read_records(folder))
    return str(caught.value)


def test_what_is_no_class_is_refused(tmp_path: Path) -> None:
    assert "there is no folder" in refusal(tmp_path / "none")
    assert f"has no {RECORDS}" in refusal(tmp_path)
    (tmp_path / RECORDS).write_text("\n")
    assert "run the same command again to continue" in refusal(tmp_path)
    (tmp_path / RECORDS).unlink()
    (tmp_path / "manifest.json").write_text("{}")
    assert "a single paper" in refusal(tmp_path)


def test_a_run_that_did_not_finish_is_said_to(tmp_path: Path) -> None:
    write(tmp_path, record(), record())
    path = tmp_path / RECORDS
    path.write_bytes(path.read_bytes()[:-20])
    message = refusal(tmp_path)
    assert "line 2 is cut short" in message
    assert "run the same command again to continue" in message


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"{nonsense}", "line 2 is no record: JSON is malformed"),
        (b"\xff\xfe", "line 2 is no record"),
        (b"[" * 100_000, "line 2 is no record"),
        (b"[]", "line 2 is no record: expected an object; got a list"),
        (b"{}", "line 2 is no record: sheet: missing"),
        (b'{"problems": [3]}', "line 2 is no record: problem 1: expected an object; got an integer"),
        (b'{"problems": [{"id": "any"}]}', "line 2 is no record: problem 1, params: missing"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: bytes, told: str) -> None:
    good = json.dumps(record()).encode()
    (tmp_path / RECORDS).write_bytes(good + b"\n" + line + b"\n" + good + b"\n")
    assert re.search(told, refusal(tmp_path))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"cost": True}, "problem 1, cost: expected an integer; got true or false"),
        ({"cost": -1}, "cost: expected an integer >= 0"),
        ({"cost": 10**12}, "cost: expected an integer <= 1000000000"),
        ({"cost": None}, "problem 1: canonical, cost or letters are missing"),
        ({"answers": []}, "answers: expected an object"),
        ({"canonical": 7}, "canonical: expected a text"),
        ({"letters": {"a": {"right": [4], "of": 4}}}, "letters: expected different places below 4; got [4]"),
        ({"letters": {"a": {"right": [1, 1], "of": 4}}}, "letters: expected different places below 4; got [1, 1]"),
        ({"letters": {"a": {"right": [0], "of": 10**9}}}, "letters, of: expected an integer <= 100"),
        ({"letters": {"a": {"right": [0]}}}, "letters, of: missing"),
        ({"possible": []}, "possible: expected an object"),
        ({"possible": {"a": 0}}, "possible: expected an integer >= 1"),
        ({"possible": {"a": True}}, "possible: expected an integer; got true or false"),
        ({"id": "other"}, "expected the problems of the lines before, any; got other"),
    ],
)
def test_a_bad_record_is_named(tmp_path: Path, change: Mapping[str, Any], told: str) -> None:
    bad = record() | {"problems": [record()["problems"][0] | change]}
    message = refusal(write(tmp_path, record(), bad))
    assert told in message
    assert "line 2" in message


# -------------------------------------------------------------------------------------------- showing


HOSTILE = "<script>alert(1)</script>\x1b[31m\u202e[bold]&amp;\ud800"


def hostile_class() -> Fairness:
    problem = {
        "id": HOSTILE,
        "params": {},
        "values": {},
        "canonical": HOSTILE,
        "cost": 7,
        "answers": {HOSTILE: HOSTILE, "other": [HOSTILE] * 3, "deep": json.loads("[" * 200 + "]" * 200)},
        "letters": {HOSTILE: {"right": [0], "of": 4}},
    }
    return fairness([record() | {"sheet": HOSTILE, "problems": [problem]}] * 120)


def printed(found: Fairness, width: int = 160) -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=False)
    print_fairness(found, console)
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


def svgs(page: str) -> list[ET.Element]:
    return [ET.fromstring(text) for text in re.findall(r'<svg class="plot".*?</svg>', page, re.DOTALL)]  # noqa: S314


def test_the_tables_hold_the_figures() -> None:
    records = [
        record(answers={"x": "1/2" if place % 2 else str(place)}, pick=([place % 4], 4), cost=100 + place % 2 * 50)
        for place in range(200)
    ]
    text = printed(fairness(records))
    lines = {
        line.split("  ")[0] + "/" + line.split()[2]: line.split() for line in text.splitlines() if "1. any " in line
    }
    assert text.startswith("mine, 200 papers: 1 of 4 aims met\n")
    assert lines["1. any/1"][2:] == ["1", "200", "100–150", "125.0", "1.500", "missed:", "variants,", "cost"]
    assert lines["1. any/pick"][2:] == ["pick", "25.0", "25.0", "25.0", "25.0", "40.0", "met"]
    assert lines["1. any/x"][2:] == ["x", "101", "1/2", "50.0", "20.0", "missed"]
    assert "1. any, x: 1/2 is right on 50 % of the papers" in text


def test_a_few_papers_print_without_a_verdict_on_shares() -> None:
    text = printed(fairness([record(answers={"x": "1"}, pick=([0], 4))]))
    assert "mine, 1 paper: 2 of 2 aims met" in text
    assert text.count("not judged") == 3


def test_a_manifest_cannot_speak_to_the_terminal() -> None:
    text = printed(hostile_class(), width=300)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[bold]" in text
    text.encode()


def test_a_manifest_cannot_speak_in_the_page() -> None:
    page = fairness_page(hostile_class(), HOSTILE)
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;[31m[bold]&amp;amp;" in page
    assert "\x1b" not in page
    assert "\u202e" not in page
    page.encode()
    assert len(svgs(page)) == 3  # each is well-formed


class _Page(HTMLParser):
    """Collects what a page names, and what it asks for."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.referred: set[str] = set()
        self.asked: list[str] = []
        self.tags: set[str] = set()
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag != "meta":
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name == "aria-labelledby":
                self.referred |= set((value or "").split())
            if name in {"src", "href", "xlink:href", "data", "srcset", "action"} or name.startswith("on"):
                self.asked.append(f"{tag} {name}")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_and_needs_nothing_else() -> None:
    text = fairness_page(fairness(class_of_papers(6)), "Discussion 04")
    page = _Page(text)
    assert not page.open
    assert not page.asked
    assert page.tags.isdisjoint({"script", "link", "img", "iframe", "object"})
    assert "@import" not in text
    assert set(re.findall(r"url\((.*?)\)", text)) <= {"#stripes"}
    assert len(page.ids) == len(set(page.ids))
    assert page.referred <= set(page.ids)


def test_every_plot_says_in_words_what_it_shows() -> None:
    plots = svgs(fairness_page(fairness(class_of_papers(6)), "Discussion 04"))
    assert len(plots) == 5 + 4 + 5  # costs, letters of two problems' two choices, answers
    for plot in plots:
        title, desc = plot.find("title"), plot.find("desc")
        assert title is not None
        assert desc is not None
        assert title.text
        assert desc.text
        assert plot.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"


def test_the_same_class_gives_the_same_page() -> None:
    assert fairness_page(fairness(class_of_papers(6)), "A") == fairness_page(fairness(class_of_papers(6)), "A")


def test_the_json_form_holds_the_figures() -> None:
    found = fairness(record(answers={"x": "1"}, pick=([0], 2), cost=100 + 50 * (place % 2)) for place in range(100))
    table = json.loads(json.dumps(to_dict(found), allow_nan=False))
    assert (table["sheet"], table["papers"], table["aims"]) == ("mine", 100, {"judged": 4, "missed": 4})
    [problem] = table["problems"]
    assert problem["variants"] == {"distinct": 1, "most_sharing": 100, "missed": True}
    assert problem["cost"]["histogram"] == [[100, 50], [150, 50]]
    assert problem["cost"]["ratio"] == 1.5
    assert problem["letters"][0]["shares"] == {"A": 1.0, "B": 0.0}
    assert problem["answers"][0] | {"commonest": "1", "share": 1.0, "missed": True} == problem["answers"][0]
    assert [finding["measure"] for finding in table["findings"]] == ["variants", "cost", "letters", "answers"]


# --------------------------------------------------------------------------------------------- charts


@pytest.mark.parametrize("largest", [100, 140, 141, 180, 1000, 10**9])
def test_bars_of_costs_are_past_the_line_exactly_where_they_miss_the_aim(largest: int) -> None:
    chart = cost_chart(Cost(100, ((100, 30), (largest, 10))) if largest > 100 else Cost(100, ((100, 40),)), "any")
    [limit] = chart.limits
    left, top, right, bottom = chart.frame
    assert chart.bars
    for bar in chart.bars:
        assert left <= bar.x
        assert bar.x + bar.width <= right + 1e-6
        assert top <= bar.y
        assert bar.y + bar.height == pytest.approx(bottom)
        assert bar.over == (bar.x > limit.place)
        assert bar.over or bar.x + bar.width <= limit.place
    assert any(bar.over for bar in chart.bars) == (largest > 140)
    assert left <= limit.place <= right + 1e-6
    heights = [bar.height for bar in chart.bars]
    if len(heights) > 1:
        assert heights[0] == pytest.approx(3 * heights[1])


def test_letters_are_drawn_to_scale() -> None:
    chart = letter_chart(Letters("pick", 100, (80, 16, 4, 0), 0.25), "any")
    bottom = chart.frame[3]
    [limit] = chart.limits
    assert [bar.over for bar in chart.bars] == [True, False, False, False]
    assert chart.bars[0].height == pytest.approx(2 * (bottom - limit.place))
    assert chart.bars[0].height == pytest.approx(5 * chart.bars[1].height)
    assert "A 80 %, B 16 %, C 4 %, D 0 %; the aim is at most 40 %." in chart.description


def test_answers_are_drawn_against_their_own_aims() -> None:
    answers = [Answers("x", 100, 50, "1", 5, 0), Answers("y", 100, 50, "2", 40, 0), Answers("z", 100, 2, "A", 30, 4)]
    chart = answer_chart(answers, "any")
    left = chart.frame[0]
    first, second = chart.limits  # those of x and y are one line
    assert first.end == second.start
    assert (second.place - left) == pytest.approx(2 * (first.place - left))
    assert [bar.over for bar in chart.bars] == [False, True, False]
    assert chart.bars[1].width == pytest.approx(2 * (first.place - left))


@pytest.mark.parametrize(("largest", "ticks"), [(1, [0, 1]), (7, [0, 2, 4, 6, 8]), (300, [0, 100, 200, 300])])
def test_ticks_are_round(largest: int, ticks: list[int]) -> None:
    assert [*nice_ticks(largest, whole=True)] == ticks
