"""``worksheet preview``: what the page shows, how it renews itself, and what an author's errors come to."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from flask.testing import FlaskClient

from generator.cli.preview.app import create_app
from generator.cli.preview.build import CONTENT, build
from generator.cli.preview.pages import Pages
from generator.cli.preview.request import Failure, Kind, Made, Request, Result
from generator.cli.preview.target import find_target
from generator.cli.preview.watch import Watch
from generator.cli.scaffold import write_minimal, write_problem, write_sheet
from generator.errors import InputError
from generator.paper.origin import ORIGINAL
from generator.problem.catalogue import catalogue
from tests.tiny_class import worksheet

SECONDS = 30


@pytest.fixture
def problem(tmp_path: Path) -> Path:
    """A problem's file, with nothing beside it."""
    return write_minimal("own-layer", tmp_path)[0]


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def line_of(path: Path, text: str) -> int:
    return next(number for number, line in enumerate(path.read_text().splitlines(), start=1) if text in line)


def built(what: str | Path, kind: Kind = "documents", **choices: object) -> Result:
    return build(find_target(str(what)), Request(kind, **choices), SECONDS)  # type: ignore[arg-type]


def made(what: str | Path, kind: Kind = "documents", **choices: object) -> Made:
    found = built(what, kind, **choices)
    assert isinstance(found, Made), found
    return found


def failed(what: str | Path, kind: Kind = "documents", **choices: object) -> Failure:
    found = built(what, kind, **choices)
    assert isinstance(found, Failure)
    return found


def content(page: Made, name: str = CONTENT) -> str:
    return page.files[name].decode()


# ------------------------------------------------------------------------------------------- what is previewed


def test_a_problem_is_shown_without_its_key_and_with_it(problem: Path) -> None:
    page = made(problem)
    assert page.facts.title == "Own layer"
    assert not page.facts.is_sheet
    assert 'class="solution"' not in content(page, "worksheet.html")
    assert 'class="solution"' in content(page, "key.html")


def test_a_bank_stands_for_its_problem(tmp_path: Path) -> None:
    path, bank, *_ = write_problem("own-layer", tmp_path)
    assert find_target(str(bank)) == find_target(str(path))


def test_a_sheet_beside_a_problem_of_its_name_stays_a_sheet(problem: Path) -> None:
    sheet = problem.with_suffix(".toml")
    sheet.write_text('title = "Quiz"\n[[problem]]\nid = "dropout"\n')
    assert made(sheet).facts.title == "Quiz"


def test_a_built_in_problem_s_own_files_stand_for_it() -> None:
    folder = Path(sys.modules["generator"].__path__[0]) / "problems"
    assert find_target(str(folder / "layer_norm.py")) == find_target("layer-norm")
    assert find_target(str(folder / "layer_norm.toml")) == find_target("layer-norm")
    assert find_target(str(folder / "layer_norm.de.toml")) == find_target("layer-norm")
    assert find_target(str(folder / "model_size" / "model_size.toml")) == find_target("model-size")


@pytest.mark.parametrize("what", ["layr-norm", "nothing.py", "nothing.toml", "", "../.."])
def test_what_there_is_not_is_refused(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError):
        find_target(what)


def test_level_guided_and_seed_are_those_of_the_page(tmp_path: Path) -> None:
    sheet = tmp_path / "quiz.toml"
    sheet.write_text('title = "Quiz"\n[[problem]]\nid = "layer-norm"\nlevel = "easy"\n[[problem]]\nid = "dropout"\n')
    as_it_is = content(made(sheet), "worksheet.html")
    assert as_it_is != content(made(sheet, seed=2), "worksheet.html")
    assert as_it_is != content(made(sheet, level="hard"), "worksheet.html")
    assert content(made(sheet, guided="yes"), "worksheet.html").count("data-part=") > as_it_is.count("data-part=")
    assert as_it_is != content(made(sheet, seed=ORIGINAL), "worksheet.html")


def test_printed_numbers_that_there_are_not_are_said(problem: Path) -> None:
    assert not made(problem).facts.has_original
    assert "no printed numbers" in failed(problem, seed=ORIGINAL).message


def test_pdfs_of_worksheet_and_key(problem: Path) -> None:
    files = made(problem, "pdf").files
    assert {*files} == {"worksheet.pdf", "key.pdf"}
    assert all(file.startswith(b"%PDF") for file in files.values())


def test_plain_questions_are_shown_like_all_others(tmp_path: Path) -> None:
    [sheet] = write_sheet("quiz.toml", tmp_path)
    assert "What is" in content(made(sheet), "worksheet.html")
    assert "did not divide by the number of entries" in content(made(sheet, "mistakes"))
    replaced(sheet, 'answer = "5/3"', 'answer = "5/0"')
    failure = failed(sheet)
    assert failure.place == f"quiz.toml, line {line_of(sheet, '5/0')}"


@pytest.mark.slow
def test_layout_paper_and_follow_ups_are_those_of_the_page(tmp_path: Path) -> None:
    sheet = tmp_path / "quiz.toml"
    sheet.write_text('title = "Quiz"\n[[problem]]\nid = "dropout"\n')
    as_it_is = content(made(sheet), "worksheet.html")
    assert content(made(sheet, layout="handout"), "worksheet.html") != as_it_is
    assert content(made(sheet, extended="yes"), "worksheet.html").count("data-part=") > as_it_is.count("data-part=")
    pages = {}
    for paper in ("letter", "a4"):
        with pikepdf.open(BytesIO(made(sheet, "pdf", paper=paper).files["worksheet.pdf"])) as pdf:
            pages[paper] = round(float(pdf.pages[0].mediabox[3]))
    assert pages == {"letter": 792, "a4": 842}


# ------------------------------------------------------------------------------------------------- mistakes


@pytest.mark.parametrize("level", ["easy", "standard", "hard"])
@pytest.mark.parametrize("name", catalogue())
def test_each_mistake_stands_with_the_answers_that_it_changes(name: str, level: str) -> None:
    problem = catalogue()[name]
    if level not in problem.levels:
        pytest.skip("no such level")
    page = content(made(name, "mistakes", level=level, seed=5))
    articles = page.split("<article ")[1:]
    assert [article.split("<h3 ")[1].split(">")[1].split("<")[0] for article in articles] == [
        mistake.name.replace("'", "&#39;") for mistake in problem.mistakes
    ]
    from generator.paper.paper import make_paper
    from generator.paper.sheet_file import read_sheet

    sheet = read_sheet(Path(f"{name}.toml"), f'title="x"\nlevel="{level}"\n[[problem]]\nid="{name}"\n')
    [variant] = make_paper(sheet, 5).variants
    changed = {mistake.name: answers for mistake, answers in variant.mistaken_answers()}
    made_here = {mistake.name for mistake, _ in variant.wrong}
    for mistake, article in zip(problem.mistakes, articles, strict=True):
        assert ("Not made in this variant" in article) == (mistake.name not in made_here)
        if mistake.name in changed:
            assert article.count('<th scope="row">') == len(changed[mistake.name])
            assert all(f"<code>{part}</code>" in article for part in changed[mistake.name])


def test_feedback_is_in_the_language_of_the_sheet(tmp_path: Path) -> None:
    sheet = tmp_path / "quiz.toml"
    pages = []
    for language in ("en", "de"):
        sheet.write_text(f'title = "Quiz"\nlanguage = "{language}"\n[[problem]]\nid = "layer-norm"\n')
        pages.append(content(made(sheet, "mistakes")))
    english, german = pages
    assert english != german
    assert '<html lang="de">' in content(made(sheet), "key.html")


def test_why_a_mistake_is_not_made(problem: Path) -> None:
    replaced(problem, "y=lambda x, w: (w + x).sum())]", "applies=lambda x: False, y=lambda x, w: (w + x).sum())]")
    page = content(made(problem, "mistakes"))
    assert "applies() says that these numbers do not allow it" in page


# ----------------------------------------------------------------------------------------------------- lint


def test_lint_has_the_errors_and_warnings_of_check_with_their_lines(problem: Path) -> None:
    assert "Nothing to report" in content(made(problem, "lint"))
    replaced(problem, 'Number("y", "y"), points=1,', 'Number("y", "y"), points=5,')
    page = content(made(problem, "lint"))
    assert "1 warning" in page
    assert f"own_layer.py, line {line_of(problem, 'Part(')}" in page
    assert "no room to work" in page
    replaced(problem, "np.dot(w, x)", "np.dot(w, x) + 1")
    page = content(made(problem, "lint"))
    assert "1 error" in page
    assert f"own_layer.py, line {line_of(problem, 'def check')}" in page
    assert "the second opinion" in page


# ---------------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        ('return {"x"', 'return ({"x"', "return (", "SyntaxError"),
        ("(w * x).sum()", "(w * z).sum()", "(w * z)", "NameError"),
        ("import numpy as np", "import nunpy as np", "nunpy", "nunpy"),
        ("w = <w>$", "w = <u>$", "w = <u>$", "u"),
        ('id="own-layer"', 'id="own-layer", nothing=1', "PROBLEM = ", "nothing"),
        ("np.dot(w, x)", "np.dot(w, x) + 1", "def check", "the second opinion"),
    ],
)
def test_an_error_has_its_line_and_what_stands_there(problem: Path, old: str, new: str, at: str, said: str) -> None:
    replaced(problem, old, new)
    failure = failed(problem)
    assert said in failure.message
    assert failure.place == f"own_layer.py, line {line_of(problem, at)}"
    assert [at in one.text for one in failure.lines if one.is_meant] == [True]
    assert "Traceback" not in repr(failure)


def test_an_error_of_a_bank_has_its_line(tmp_path: Path) -> None:
    path, bank, *_ = write_problem("own-layer", tmp_path)
    lines = bank.read_text().splitlines()
    bank.write_text("\n".join([*lines, "[texts", ""]))
    failure = failed(path)
    assert failure.place == f"own_layer.toml, line {len(lines) + 1}"


def test_an_error_of_a_sheet_names_the_key(tmp_path: Path) -> None:
    sheet = tmp_path / "quiz.toml"
    sheet.write_text('title = "Quiz"\n[[problem]]\nid = "dropout"\nlevl = "easy"\n')
    failure = failed(sheet)
    assert failure.message.startswith("problem 1, levl: there is no such key")
    assert failure.place == "quiz.toml, line 4"
    sheet.write_text('title = "Quiz"\n[[problem]\n')
    assert failed(sheet).place == "quiz.toml, line 2"


def test_an_error_of_a_template_has_its_line(tmp_path: Path) -> None:
    sheet, templates = tmp_path / "quiz.toml", tmp_path / "look" / "html"
    templates.mkdir(parents=True)
    sheet.write_text('title = "Quiz"\ntemplates = "look"\n[[problem]]\nid = "dropout"\n')
    (templates / "nodes.html.j2").write_text("{% macro Math(node) %}\n{{ node.nothing }}\n{% endmacro %}\n")
    failure = failed(sheet)
    assert failure.place == "nodes.html.j2, line 2"
    assert [line.text for line in failure.lines if line.is_meant] == ["{{ node.nothing }}"]


# --------------------------------------------------------------------------------------------------- watching


def test_a_version_changes_with_every_save_and_not_otherwise(tmp_path: Path) -> None:
    file, other = tmp_path / "a.py", tmp_path / "b.py"
    file.write_text("1")
    watch = Watch([file, other])
    versions = [watch.version()]
    assert watch.version() == versions[-1]
    for act in (
        lambda: file.write_text("22"),
        lambda: os.utime(file, ns=(1, 1)),
        lambda: other.write_text("1"),
        lambda: file.unlink(),
        lambda: file.write_text("22"),
    ):
        act()
        assert watch.version() not in versions
        versions.append(watch.version())
    new = tmp_path / "c.py"
    new.write_text("1")
    os.utime(new, ns=(10**9, 10**9))
    watch.add([str(new), str(file)], time.time_ns())
    assert watch.version() == versions[-1]
    new.write_text("3")
    assert watch.version() != versions[-1]


def test_a_file_that_was_saved_while_it_was_read_counts_as_saved(tmp_path: Path) -> None:
    watch = Watch([])
    before, began = watch.version(), time.time_ns()
    (tmp_path / "helper.py").write_text("1")
    watch.add([str(tmp_path / "helper.py")], began)
    assert watch.version() != before


# ------------------------------------------------------------------------------------------------- the pages


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("preview")
    write_minimal("own-layer", path)
    return path


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[FlaskClient]:
    with Pages(find_target(str(folder / "own_layer.py"))) as pages:
        yield create_app(pages, Request("documents", 7), ("localhost",)).test_client()


class Reader(HTMLParser):
    """What a page would make a browser do."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.bad: list[str] = []
        self.links: list[str] = []
        self.frames: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self.links += [named["href"]] if tag == "a" else []
        self.frames += [named.get("src") or named.get("data", "")] if tag in ("iframe", "object") else []
        if tag in ("style", "base", "embed") or (tag == "script" and not named["src"].startswith("/preview.js")):
            self.bad.append(tag)
        for name, value in named.items():
            outward = name in ("href", "src", "action", "data") and not value.startswith(("/", "#", "data:,"))
            if name.startswith("on") or name in ("style", "srcdoc") or outward:
                self.bad.append(f"{tag} {name}={value[:60]}")


def read(client: FlaskClient, path: str) -> Reader:
    answer = client.get(path)
    assert answer.status_code == 200, path
    reader = Reader(answer.text)
    assert reader.bad == []
    return reader


def test_the_pages_lead_to_all_tabs_and_seeds(client: FlaskClient) -> None:
    assert client.get("/").headers["Location"] == "/question?seed=7"
    page = read(client, "/question?seed=7&level=&guided=yes")
    for tab in ("question", "key", "mistakes", "lint", "pdf"):
        assert f"/{tab}?seed=7&guided=yes" in page.links
    assert "/question?seed=6&guided=yes" in page.links
    assert "/question?seed=8&guided=yes" in page.links


@pytest.mark.slow
def test_what_is_framed_is_the_document_of_the_seed(client: FlaskClient) -> None:
    documents = {}
    for tab in ("question", "key"):
        for seed in (1, 2):
            [frame] = read(client, f"/{tab}?seed={seed}").frames
            documents[tab, seed] = client.get(frame).text
    assert len({*documents.values()}) == 4
    assert 'class="solution"' not in documents["question", 1]
    assert '<details class="solution" open>' in documents["key", 1]


@pytest.mark.slow
def test_mistakes_and_lint_stand_in_the_page(client: FlaskClient) -> None:
    assert read(client, "/mistakes").frames == []
    assert "Shows first in (a)" in client.get("/mistakes").text
    assert "Nothing to report" in client.get("/lint").text


def test_pdfs_are_framed_and_linked(client: FlaskClient) -> None:
    page = read(client, "/pdf?seed=3")
    [frame] = page.frames
    assert frame in page.links
    answer = client.get(frame)
    assert answer.content_type == "application/pdf"
    assert answer.data.startswith(b"%PDF")
    assert read(client, "/pdf?seed=3&copy=key").frames[0].startswith("/key.pdf?")


@pytest.mark.parametrize(
    "query",
    [
        "seed=x",
        "seed=-1",
        "seed=1.5",
        "seed=%3Cscript%3E",
        f"seed={'9' * 40}",
        "seed=٣",
        "level=harder",
        "guided=maybe",
    ],
)
def test_addresses_that_mean_nothing_are_refused(client: FlaskClient, query: str) -> None:
    for path in ("question", "mistakes", "document/key", "worksheet.pdf"):
        answer = client.get(f"/{path}?{query}")
        assert answer.status_code == 400
        assert Reader(answer.text).bad == []
        assert "Traceback" not in answer.text


@pytest.mark.parametrize("path", ["/nothing", "/document/lint", "/../own_layer.py", "/other.pdf"])
def test_there_is_nothing_else(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


PATHS = (
    "/",
    "/question",
    "/version",
    "/preview.js",
    "/preview.css",
    "/document/question",
    "/worksheet.pdf",
    "/nothing",
)


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_its_guards(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "script-src 'unsafe-inline'" not in policy
    is_framed = path.startswith("/document") or path.endswith(".pdf")
    assert ("frame-ancestors 'none'" in policy) != is_framed
    assert ("unsafe" in policy) == path.startswith("/document")  # a worksheet's own style, in a frame without scripts
    assert answer.headers["X-Frame-Options"] == ("SAMEORIGIN" if is_framed else "DENY")
    for name, value in (("Cross-Origin-Resource-Policy", "same-origin"), ("Referrer-Policy", "no-referrer")):
        assert answer.headers[name] == value


@pytest.mark.parametrize("path", PATHS)
def test_other_names_and_other_sites_are_turned_away(client: FlaskClient, path: str) -> None:
    for headers, code in (
        ({"Host": "evil.example"}, 400),
        ({"Host": "127.0.0.1:1"}, 400),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ):
        answer = client.get(path, headers=headers)
        assert answer.status_code == code
        assert "Own layer" not in answer.text


@pytest.mark.slow
def test_hostile_words_stay_text(tmp_path: Path) -> None:
    bad = "<script>alert(1)</script>'\\\"><img src=x onerror=alert(1)>"
    [path] = write_minimal("own-layer", tmp_path)
    replaced(path, 'title="Own layer"', f'title="{bad}"')
    replaced(path, 'Mistake("added"', f'Mistake("{bad}"')
    target = find_target(str(path))
    with Pages(target) as pages:
        client = create_app(pages, Request("documents"), ("localhost",)).test_client()
        for tab in ("question", "key", "mistakes", "lint"):
            read(client, f"/{tab}")
        replaced(path, "return {", f'raise ValueError("{bad}")\n    return {{')
        assert "&lt;script&gt;" in client.get("/question").text
        read(client, "/question")


# ------------------------------------------------------------------------------------------------- renewing


def shown(client: FlaskClient, tab: str = "question") -> str:
    """The framed document."""
    return client.get(read(client, f"/{tab}").frames[0]).text


def version(client: FlaskClient) -> str:
    found: str = client.get("/version").json["version"]  # type: ignore[index]
    return found


@pytest.mark.slow
def test_whatever_it_is_made_from_is_made_again_when_it_is_saved(tmp_path: Path) -> None:
    path, bank, *_ = write_problem("own-layer", tmp_path)
    templates = tmp_path / "templates" / "html"
    templates.mkdir(parents=True)
    (tmp_path / "words.py").write_text('WORD = "first word"\n')
    replaced(
        path,
        "\nimport",
        "\nimport sys\nsys.path.insert(0, __file__.rpartition('/')[0])\nfrom words import WORD\nimport",
    )
    path.write_text(path.read_text().replace('title="Own layer"', "title=WORD"))
    sheet = tmp_path / "quiz.toml"
    sheet.write_text('title = "Quiz"\ntemplates = "templates"\n[[problem]]\nfile = "own_layer.py"\n')
    (templates / "nodes.html.j2").write_text("{% macro Code(node) %}<code>{{ node.text }}</code>{% endmacro %}")
    with Pages(find_target(str(sheet))) as pages:
        client = create_app(pages, Request("documents"), ("localhost",)).test_client()
        assert "first word" in shown(client)
        for saved, old, new in (
            (tmp_path / "words.py", "first word", "other word"),  # as long: no cache of a module may be taken for it
            (bank, "A layer computes", "A layer works out"),
            (sheet, '"Quiz"', '"Test of renewal"'),
            (templates / "nodes.html.j2", "<code>", "<!-- restyled --><code>"),
        ):
            before = version(client)
            assert new not in shown(client)
            assert version(client) == before
            replaced(saved, old, new)
            assert version(client) != before
            if "restyled" not in new:
                assert new in shown(client)
    assert not [*tmp_path.rglob("__pycache__")]
    assert "words" not in sys.modules


def test_a_problem_that_a_sheet_names_is_seen_when_it_is_written(tmp_path: Path) -> None:
    sheet = tmp_path / "quiz.toml"
    sheet.write_text('title = "Quiz"\n[[problem]]\nfile = "own_layer.py"\n')
    with Pages(find_target(str(sheet))) as pages:
        client = create_app(pages, Request("documents"), ("localhost",)).test_client()
        assert "there is no problem file" in client.get("/question").text
        before = version(client)
        write_minimal("own-layer", tmp_path)
        assert version(client) != before
        assert "Own layer" in shown(client)


@pytest.mark.slow
def test_a_file_or_folder_may_go_and_come_back(problem: Path) -> None:
    with Pages(find_target(str(problem))) as pages:
        client = create_app(pages, Request("documents"), ("localhost",)).test_client()
        good, text, other = shown(client), problem.read_text(), problem.parent.with_name("elsewhere")
        problem.unlink()
        assert "there is no problem file" in client.get("/question").text
        problem.write_text(text)
        assert shown(client) == good
        problem.parent.rename(other)
        assert "there is no problem file" in client.get("/question").text
        other.rename(problem.parent)
        assert shown(client) == good


def test_a_picture_that_is_missing_or_changed_is_seen(tmp_path: Path) -> None:
    square = Path(__file__).parent.parent / "render" / "square.png"
    sheet = tmp_path / "quiz.toml"
    sheet.write_text(
        'title = "Quiz"\n[[question]]\nid = "net"\nkind = "number"\nanswer = 1\npoints = 1\nsolution = "One."\n'
        "text = '''How many?\n\n![A net of one unit](figures/net.png)'''\n"
    )
    (tmp_path / "figures").mkdir()
    with Pages(find_target(str(sheet))) as pages:
        client = create_app(pages, Request("documents"), ("localhost",)).test_client()
        assert "net.png" in client.get("/question").text
        assert 'class="failure"' in client.get("/question").text
        before = version(client)
        picture = tmp_path / "figures" / "net.png"
        picture.write_bytes(square.read_bytes())
        assert version(client) != before
        assert "data:image/png" in shown(client)
        before = version(client)
        picture.write_bytes(square.read_bytes())
        assert version(client) != before


@pytest.mark.slow
def test_an_error_is_a_page_with_its_line_until_it_is_mended(problem: Path) -> None:
    with Pages(find_target(str(problem))) as pages:
        client = create_app(pages, Request("documents"), ("localhost",)).test_client()
        good = shown(client)
        replaced(problem, "(w * x).sum()", "(w * z).sum()")
        page = client.get("/question").text
        place = f"own_layer.py, line {line_of(problem, '(w * z)')}"
        assert place in page
        assert "NameError" in page
        assert "<mark>" in page
        assert "Traceback" not in page
        last = next(link for link in Reader(page).links if "last=" in link)
        assert client.get(read(client, last).frames[0]).text == good
        assert place in client.get(last).text
        replaced(problem, "(w * z).sum()", "(w * x).sum()")
        assert shown(client) == good
        assert 'class="failure"' not in client.get(last).text


def test_a_file_that_is_missing_is_found_when_it_comes(problem: Path) -> None:
    replaced(problem, "import numpy as np", "import numpy as np\nopen(__file__ + '.data').close()")
    with Pages(find_target(str(problem))) as pages:
        client = create_app(pages, Request("documents"), ("localhost",)).test_client()
        assert "FileNotFoundError" in client.get("/question").text
        before = version(client)
        Path(f"{problem}.data").touch()
        assert version(client) != before
        assert shown(client)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "said", "at"),
    [
        ("while True: pass", "longer than 3 seconds", "while True"),
        ("while True:\n    try:\n        import time; time.sleep(9)\n    except BaseException:\n        pass", "", ""),
        ("sum(range(10**12))", "could not be stopped", ""),
        ("import os; os._exit(3)", "exit code 3", ""),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "signal 9", ""),
        ("raise SystemExit('enough')", "enough", "SystemExit"),
        ("def again():\n    again()\nagain()", "RecursionError", "    again()"),
    ],
)
def test_whatever_a_file_does_the_page_survives_it(problem: Path, code: str, said: str, at: str) -> None:
    with Pages(find_target(str(problem)), seconds=3) as pages:
        client = create_app(pages, Request("documents"), ("localhost",)).test_client()
        good = shown(client)
        text = problem.read_text()
        replaced(problem, "\n\ndef sample", f"\n{code}\n\ndef sample")
        start = time.monotonic()
        page = client.get("/question").text
        assert time.monotonic() - start < 60
        assert 'class="failure"' in page
        assert said in page
        assert not at or f"own_layer.py, line {line_of(problem, at)}" in page
        problem.write_text(text)
        assert shown(client) == good


@pytest.mark.slow
def test_what_is_outdated_is_given_up_at_once(problem: Path) -> None:
    text = problem.read_text()
    replaced(problem, "\n\ndef sample", "\nwhile True:\n    pass\n\ndef sample")
    with Pages(find_target(str(problem)), seconds=60) as pages:
        client = create_app(pages, Request("documents"), ("localhost",)).test_client()

        def mend() -> None:
            problem.write_text(text)
            pages.version()

        mending = threading.Timer(3, mend)
        mending.start()
        start = time.monotonic()
        assert 'class="failure"' not in client.get("/question").text
        assert time.monotonic() - start < 20
        mending.join()


# ------------------------------------------------------------------------------------------------ the command


def started(*arguments: str, cwd: Path) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-m", "generator.cli", "preview", *arguments, "--no-browser", "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=cwd)
    assert server.stdout is not None
    return server, server.stdout.readline().split()[0]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent as a signal")
def test_the_command_serves_this_machine_alone_and_ends_quietly(problem: Path) -> None:
    server, address = started(problem.name, "--seed", "4", cwd=problem.parent)
    try:
        assert address.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310
            assert answer.url.endswith("/question?seed=4")
            assert "own_layer.py" in answer.read().decode()
        server.send_signal(signal.SIGINT)
        assert server.wait(20) == 0
        assert server.stdout is not None
        assert server.stdout.read() == ""
    finally:
        server.kill()
        server.wait()
        assert server.stdout is not None
        server.stdout.close()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent as a signal")
def test_ctrl_c_does_not_wait_for_an_endless_loop(problem: Path) -> None:
    problem.write_text("sum(range(10**12))\n")  # which nothing stops for half a minute
    server, address = started(problem.name, cwd=problem.parent)
    try:

        def ask() -> None:
            with suppress(OSError):
                urllib.request.urlopen(address).close()  # noqa: S310

        asked = threading.Thread(target=ask, daemon=True)
        asked.start()
        time.sleep(4)
        start = time.monotonic()
        server.send_signal(signal.SIGINT)
        assert server.wait(30) == 0
        assert time.monotonic() - start < 15
        assert server.stdout is not None
        assert server.stdout.read() == ""
        asked.join(20)
    finally:
        server.kill()
        server.wait()
        assert server.stdout is not None
        server.stdout.close()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing.py"], "there is no file nothing.py"),
        (["layr-norm"], "layer-norm"),
        (["layer-norm", "--seed", "-1"], "--seed"),
        (["layer-norm", "--level", "extreme"], "--level"),
        (["layer-norm", "--port", "70000"], "--port"),
    ],
)
def test_bad_input_is_said_before_a_page_is_served(arguments: list[str], said: str) -> None:
    found = worksheet("preview", *arguments)
    assert found.exit_code == 2
    assert said in found.output
    assert "Traceback" not in found.output


def test_a_port_that_is_taken_is_said() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        found = worksheet("preview", "dropout", "--no-browser", "--port", str(taken.getsockname()[1]))
    assert found.exit_code == 2
    assert "--port" in found.output
