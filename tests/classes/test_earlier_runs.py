"""A folder with a finished class in it: nothing of it is lost, and no number changes, unless somebody asks for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from generator.classes import chunk as class_chunk
from generator.classes import folder as class_folder
from generator.classes import plan as class_plan
from generator.errors import EngineError
from generator.paper.paper import Paper, assemble
from tests.tiny_class import SECRET, generate, ids, records, run, tree, worksheet, write_class, write_sheet


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A class of five, finished, in ``out``."""
    write_sheet(tmp_path)
    write_class(tmp_path, ids(5))
    assert generate(tmp_path, formats="tex,md").exit_code == 0
    return tmp_path


def refused(folder: Path, *options: str, formats: str = "tex,md") -> str:
    """What a run says that must leave everything as it is."""
    before = tree(folder / "out")
    code, said, complained = run(folder, "--workers", "1", *options, formats=formats)
    assert (code, said) == (2, ""), complained
    assert tree(folder / "out") == before
    assert not (folder / "out" / ".run").exists()
    assert "nothing was changed there" in complained
    assert "--replace" in complained
    return complained


@pytest.mark.slow
def test_a_problem_file_that_was_changed_is_refused(made: Path) -> None:
    write_sheet(made, most_a=50)
    assert "sums.py has changed since the papers were made" in refused(made)
    before = records(made / "out")
    code, _, complained = run(made, "--replace", formats="tex,md")
    assert code == 0
    assert f"{', '.join(ids(5))} had other numbers before, under the same ids" in complained
    after = records(made / "out")
    assert [record["id"] for record in after.values()] == [record["id"] for record in before.values()]
    assert all(record["problems"][0]["params"]["a"] in map(str, range(51)) for record in after.values())
    assert run(made, formats="tex,md")[::2] == (0, "")


@pytest.mark.slow
def test_a_mended_comment_may_be_asked_for_and_changes_no_number(made: Path) -> None:
    before = tree(made / "out")
    with (made / "sums.py").open("a") as file:
        file.write("# mended\n")
    assert "sums.py has changed" in refused(made)
    assert run(made, "--replace", formats="tex,md")[::2] == (0, "")
    after = tree(made / "out")
    assert {*before} == {*after}
    assert all(before[name] == after[name] for name in before if "/" in name)


@pytest.mark.slow
def test_a_sheet_and_templates_that_were_changed_are_refused(made: Path) -> None:
    style = made / "style" / "latex"
    style.mkdir(parents=True)
    (style / "nodes.tex.j2").write_text(r"<% macro BoxedAnswer(node) %>\[<< node.tex|tex >>\]<% endmacro %>")
    write_sheet(made, head='templates = "style"\n')
    assert "quiz.toml, style have changed since" in refused(made)
    assert run(made, "--replace", formats="tex,md")[0] == 0
    (made / "style" / "markdown").mkdir()
    assert run(made, formats="tex,md")[0] == 0, "an empty folder is no change"
    (style / "nodes.tex.j2").write_text(r"<% macro BoxedAnswer(node) %>\[\boxed{<< node.tex|tex >>}\]<% endmacro %>")
    assert "style has changed since" in refused(made)


@pytest.mark.slow
def test_a_problem_that_imports_nothing_of_ours_is_held_by_its_own_digest(made: Path) -> None:
    """Two problems: only the one that was changed is named."""
    write_sheet(made, names=["sums", "more"])
    assert run(made, "--replace", formats="tex,md")[0] == 0
    (made / "more.py").write_text((made / "more.py").read_text() + "\n")
    complained = refused(made)
    assert "more.py has changed" in complained
    assert "sums.py" not in complained


@pytest.mark.slow
@pytest.mark.parametrize(
    ("students", "told"),
    [
        (ids(4), "a paper would be removed, for the class has no longer s5"),
        (["x1", "x2"], "5 of the 5 papers would be removed, for the class has no longer s1, s2, s3, s4, s5"),
        (["s1", "s2", "s3", "s4", "S-5"], "a paper would be removed, for the class has no longer s5"),
    ],
)
def test_a_class_list_without_some_is_refused(made: Path, students: list[str], told: str) -> None:
    write_class(made, students)
    assert told in refused(made)
    code, _, complained = run(made, "--replace", formats="tex,md")
    assert code == 0
    assert "who left the class, were removed" in complained
    assert [*records(made / "out")] == students


def test_who_joins_or_changes_her_name_needs_no_permission(made: Path) -> None:
    before = tree(made / "out")
    (made / "class.csv").write_text("id,name\n" + "".join(f"{one},Another name\n" for one in [*ids(5), "new"]))
    assert generate(made, formats="tex,md").exit_code == 0
    assert "Another name" in (made / "out" / "s1" / "worksheet.md").read_text()
    assert {*before} < {*tree(made / "out")}


def test_fewer_forms_are_refused(made: Path) -> None:
    common = ("generate", made / "quiz.toml", "--formats", "md", "--workers", "1", "--out", made / "forms", "--forms")
    assert worksheet(*common, "3").exit_code == 0
    assert worksheet(*common, "4").exit_code == 0
    done = worksheet(*common, "2")
    assert done.exit_code == 2
    assert "2 of the 4 papers would be removed, for the class has no longer form-C, form-D" in done.output
    roster = ("generate", made / "quiz.toml", "--roster", made / "class.csv", "--out", made / "forms")
    assert "4 of the 4 papers would be removed" in worksheet(*roster).output


@pytest.mark.slow
def test_fewer_formats_are_refused_and_more_are_not(made: Path) -> None:
    complained = refused(made, formats="md")
    assert "the papers' files in tex would be removed, for --formats does not name it" in complained
    assert generate(made, formats="tex,md,html").exit_code == 0
    assert (made / "out" / "s1" / "key.html").exists()
    assert generate(made, "--replace", formats="md").exit_code == 0
    assert not (made / "out" / "s1" / "key.tex").exists()


def test_a_class_that_is_going_on_protects_what_was_finished(made: Path) -> None:
    """A student joined, the run was killed, and then the class list was another one."""
    write_class(made, ids(6))
    plan = class_plan.Plan(
        "quiz", 1, "other", {one: one for one in ids(6)}, ("tex", "md"), replaces=True, secret=SECRET.fingerprint
    )
    with pytest.raises(KeyboardInterrupt), class_folder.run_in(made / "out", plan):
        raise KeyboardInterrupt
    assert (made / "out" / ".run" / "plan.json").exists()
    write_class(made, ["x1"])
    before = tree(made / "out")
    done = generate(made, formats="tex,md")
    assert done.exit_code == 2
    assert "5 of the 5 papers would be removed" in done.output
    assert tree(made / "out") == before


@pytest.mark.slow
def test_a_class_that_was_never_finished_is_made_anew(tmp_path: Path) -> None:
    """Nobody has its papers yet: what was changed meanwhile needs no permission."""
    write_sheet(tmp_path, asking="raise ValueError('always')")
    write_class(tmp_path, ids(3))
    assert generate(tmp_path).exit_code == 1
    write_sheet(tmp_path)
    write_class(tmp_path, ids(2))
    assert run(tmp_path)[::2] == (0, "")


def test_a_manifest_with_a_line_that_is_none_is_refused(made: Path) -> None:
    """Whose papers it told of is not known any more: to go on could give newcomers their numbers, or remove them."""
    manifest = made / "out" / "manifest.jsonl"
    first, _, *others = manifest.read_text().splitlines(keepends=True)
    manifest.write_text("".join([first, '{"student":\n', *others]))
    done = generate(made, formats="tex,md")
    assert done.exit_code == 2
    assert "manifest.jsonl, line 2, is not what a run writes" in done.output


@pytest.mark.slow
def test_a_file_that_changes_while_the_run_is_at_work_ends_it(tmp_path: Path) -> None:
    """Or some papers would be made from the one, and some from the other."""
    write_sheet(tmp_path)
    with (tmp_path / "sums.py").open("a") as file:  # it grows whenever somebody loads it
        file.write("with pathlib.Path(__file__).open('a') as file:\n    file.write('#')\n")
    write_class(tmp_path, ids(20))
    code, _, complained = run(tmp_path, "--workers", "2")
    assert code == 2
    assert "sums.py is not what the run began with" in complained


def test_records_say_what_their_papers_were_made_from(made: Path) -> None:
    sources = {json.dumps(record["sources"]) for record in records(made / "out").values()}
    assert len(sources) == 1
    assert json.loads(sources.pop()).keys() == {"quiz.toml", "sums.py"}
    assert worksheet("generate", "discussion04", "--formats", "md", "--out", made / "one").exit_code == 0
    assert "sources" not in json.loads((made / "one" / "manifest.json").read_text())


def test_a_paper_that_fails_from_changed_files_is_removed_and_that_is_told(made: Path) -> None:
    """Else it would stand among papers with which it has no problem file in common."""
    number = records(made / "out")["s2"]["problems"][0]["params"]["a"]
    write_sheet(made, asking=f"if str(v.a) == '{number}': 1 / 0")
    done = generate(made, "--replace", formats="tex,md")
    assert done.exit_code == 1
    assert "FAILED s2: " in done.stderr
    assert "\n  (the paper that the run before made was removed: " in done.stderr
    assert not (made / "out" / "s2").exists()
    write_sheet(made)
    assert generate(made, "--replace", formats="tex,md").exit_code == 0
    assert generate(made, out="whole", formats="tex,md").exit_code == 0
    assert tree(made / "out") == tree(made / "whole")


def test_a_paper_that_cannot_be_made_again_stays_as_it_was(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody joins on a bad day: what TeX, say, cannot make today was made and handed out before."""
    real = assemble

    def failing(*arguments: Any) -> Paper:
        if arguments[-1].id in ("s2", "s3", "s6"):
            raise EngineError("TeX was still running")
        return real(*arguments)

    monkeypatch.setattr(class_chunk, "assemble", failing)
    (made / "out" / "s3" / "key.md").write_text("scribbled")  # is no longer what was handed out
    before = tree(made / "out")
    roster = write_class(made, ids(7))
    roster.write_text(roster.read_text().replace("s2,Name of s2", "s2,Another name"))
    done = generate(made, formats="tex,md")
    assert done.exit_code == 1
    assert "FAILED s2: TeX was still running\n  (the paper that the run before made stays)\n" in done.stderr
    removed = "(the paper that the run before made was removed: "
    assert f"FAILED s3: TeX was still running\n  {removed}" in done.stderr
    assert done.stderr.count(removed) == 1, "s6 had none"
    after = tree(made / "out")
    assert {name for name in after if name.startswith("s2/")} == {name for name in before if name.startswith("s2/")}
    assert all(after[name] == content for name, content in before.items() if name.startswith("s2/"))
    assert [*records(made / "out")] == ["s1", "s2", "s4", "s5", "s7"]
    monkeypatch.undo()
    assert generate(made, formats="tex,md").exit_code == 0
    assert generate(made, out="whole", formats="tex,md").exit_code == 0
    assert tree(made / "out") == tree(made / "whole")
