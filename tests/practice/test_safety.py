"""The practice page against those who mean ill: other pages, other names, forged forms, markup and paths in every field."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask

from generator.errors import InputError
from generator.practice.engine import Practice
from generator.practice.store.database import Store
from generator.practice.store.schema import StoreError
from generator.practice.web.app import HEADERS, MAX_REQUEST, create_app
from generator.practice.web.server import secret_key, serve
from generator.problem.catalogue import catalogue
from generator.render.messages import message_html
from tests.practice.forms import Browser, typed_fields
from tests.practice.student import EACH

MARKUP = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onfocus='alert(1)' autofocus='",
    "</textarea><script>alert(1)</script>",
    "{{ 7*7 }}{% raw %}",
    "[x](javascript:alert(1))",
    "![x](http://example.org/x.png)",
    r"$\href{javascript:alert(1)}{x}$",
    "1; DROP TABLE attempts; --",
    "' OR '1'='1",
    "../../../etc/passwd",
    "\u202e\ufeff\x00\u2028",
    "%3Cscript%3E",
)
IDS = ("nope", "..", "%2e%2e%2fpractice.key", "' OR 1=1 --", "<script>", "a" * 3000, "\x00", "ü")
URLS = tuple(catalogue())


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    seeds = iter(range(500, 2000))
    with Store(tmp_path / "practice.sqlite3") as store:
        yield Practice(store, seed=lambda: next(seeds))


@pytest.fixture
def app(practice: Practice) -> Flask:
    return create_app(practice, key=b"k" * 32, hosts=("localhost", "127.0.0.1:8400"))


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app.test_client())


def contents(store: Store) -> list[tuple[object, ...]]:
    """All that is stored."""
    tables = [row[0] for row in store.all("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return [(name, *row) for name in tables for row in store.all(f"SELECT * FROM {name}")]  # noqa: S608


class Reader(HTMLParser):
    """What a page would make a browser do."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.bad: list[str] = []
        self.tags: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        named = {name: value or "" for name, value in attrs}
        if tag == "script" and not named.get("src", "").startswith("/practice.js"):
            self.bad.append(f"script {named}")
        if tag in ("style", "iframe", "object", "embed", "base", "img", "meta") and tag != "meta":
            self.bad.append(tag)
        for name, value in named.items():
            outward = name in ("href", "src", "action", "formaction", "xlink:href") and not value.startswith(
                ("/", "#", "data:,")
            )
            if name.startswith("on") or name in ("style", "autofocus", "srcdoc") or outward:
                self.bad.append(f"{tag} {name}={value[:60]}")


def check_page(page: str) -> None:
    assert Reader(page).bad == []


# ------------------------------------------------------------------------------------------ what every answer says


@pytest.mark.parametrize(
    "path", ["/", "/progress", "/practice.css", "/practice.js", "/nothing", "/attempts", "/exams/x"]
)
def test_every_answer_has_its_guards(browser: Browser, path: str) -> None:
    answer = browser.client.get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert "Server" not in answer.headers
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_the_cookie_stays_here(browser: Browser) -> None:
    cookie = browser.client.get("/").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Domain" not in cookie
    assert "Expires=" in cookie  # it outlives the browser, so that a page that was left open can still be sent


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1", "127.0.0.1:8401", "[::1]:8400", ""]
)
def test_another_name_is_turned_away(browser: Browser, practice: Practice, host: str) -> None:
    browser.get("/")
    before = contents(practice.store)
    for method, path in (("GET", "/"), ("GET", "/practice.js"), ("POST", "/attempts")):
        fields = {"csrf_token": browser._token, "problem": "dropout"}
        answer = browser.client.open(path, method=method, data=fields, headers={"Host": host})
        assert answer.status_code == 400
        assert "Layer normalization" not in answer.text
    assert contents(practice.store) == before


def posts(app: Flask) -> list[str]:
    """The address of every view that changes something."""
    return [rule.rule for rule in app.url_map.iter_rules() if rule.methods and "POST" in rule.methods]


@pytest.mark.parametrize("token", [None, "", "x", "IjEi.aaaa.bbbb"])
def test_no_form_without_its_token(app: Flask, practice: Practice, browser: Browser, token: str | None) -> None:
    url = browser.begin("dropout")
    before = contents(practice.store)
    assert len(posts(app)) > 6
    for rule in posts(app):
        path = (
            rule.replace("<attempt_id>", url.split("/")[2])
            .replace("<part_id>", "y_drop")
            .replace("<any(preview, grid, saved):piece>", "preview")
        )
        data = {
            "problem": "dropout",
            "do": "check:y_drop",
            "y_drop/text": "1",
            "sure": "yes",
            "count": "1",
            "minutes": "9",
        }
        answer = browser.client.post(path, data=data if token is None else {**data, "csrf_token": token})
        assert answer.status_code == 400, path
        assert "out of date" in answer.text
    assert contents(practice.store) == before


def test_another_browser_s_token_does_not_do(app: Flask, browser: Browser) -> None:
    browser.get("/")
    other = Browser(app.test_client())
    other.get("/")
    other._token = browser._token
    other.post("/attempts", {"problem": "dropout"}, code=400)


# ---------------------------------------------------------------------------------------------- what is sent


@pytest.mark.parametrize("problem", EACH)
@pytest.mark.slow
def test_no_page_has_scripts_styles_or_ways_out(practice: Practice, browser: Browser, problem: str) -> None:
    url = browser.begin(problem, guided="yes")
    attempt = practice.load(url.split("/")[2])
    check_page(browser.get(url))
    wrong = attempt.variant.wrong[0][1]
    for part_id in attempt.parts:
        step = attempt.parts[part_id].answer.step
        values = wrong if step in wrong else attempt.variant.values
        browser.post(url, {"do": f"check:{part_id}", **typed_fields(attempt, part_id, values)})
        if practice.state(attempt).parts[part_id].hints_total:
            browser.post(url, {"do": f"hint:{part_id}"})
    page = browser.get(url)
    check_page(page)
    assert {"math", "input"} <= Reader(page).tags
    for part_id in attempt.parts:
        browser.post(url, {"do": f"solution:{part_id}"})
    check_page(browser.get(url))
    check_page(browser.get("/"))
    check_page(browser.get("/progress"))


@pytest.mark.slow
@pytest.mark.parametrize("text", [MARKUP[0], *(pytest.param(text, marks=pytest.mark.slow) for text in MARKUP[1:])])
def test_markup_in_every_field_stays_text(practice: Practice, browser: Browser, text: str) -> None:
    for problem in ("dropout", "layer-norm", "model-size"):
        url = browser.begin(problem)
        attempt = practice.load(url.split("/")[2])
        names = (
            "text",
            "1",
            "2",
            "1.1",
            "rows",
            "columns",
            "reason.1",
            "working.mean",
            "working.correction",
            "as-text",
            text,
        )
        for part_id in attempt.parts:
            # first as a cell of a grid, then as the whole of it
            for more in ({"rows": "1", "columns": "1"}, {"as-text": "yes"}):
                fields = {**dict.fromkeys(names, text), **more}
                form = {f"{part_id}/{name}": value for name, value in fields.items()}
                form |= {f"{part_id}/working.{name}": "" for name in ("mean", "correction")}
                answer = browser.client.post(url, data={**form, "do": f"check:{part_id}", "csrf_token": browser._token})
                assert answer.status_code in (303, 400)
                check_page(answer.text)
                for piece in ("preview", "grid", "saved"):
                    shown = browser.client.post(
                        f"{url}/parts/{part_id}/{piece}", data={**form, "csrf_token": browser._token}
                    )
                    assert shown.status_code == 200
                    check_page(shown.text)
            assert part_id in attempt.parts
        browser.client.post(url, data={f"{part_id}/working.{text}": text, "do": text, "csrf_token": browser._token})
        check_page(browser.get(url))
        check_page(browser.get(f"{url}?unanswered={text.encode('utf-8', 'replace').hex()}"))


@pytest.mark.parametrize("name", IDS)
def test_what_there_is_not_is_not_found(app: Flask, browser: Browser, name: str) -> None:
    browser.get("/")
    for rule in app.url_map.iter_rules():
        if not rule.arguments or rule.methods is None:
            continue
        path = rule.rule.replace("<any(worksheet, key):what>", "key")
        for argument in rule.arguments:
            path = path.replace(f"<{argument}>", name)
        for method in rule.methods & {"GET", "POST"}:
            answer = browser.client.open(path, method=method, data={"csrf_token": browser._token, "do": "save"})
            assert answer.status_code in (404, 405, 308), (method, path)
            check_page(answer.text)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/attempts", {}),
        ("/attempts", {"problem": "../layer-norm"}),
        ("/attempts", {"problem": "dropout", "level": "impossible"}),
        ("/attempts", {"problem": "<script>alert(1)</script>"}),
        ("/exams", {"count": "0", "minutes": "10"}),
        ("/exams", {"count": "1e3", "minutes": "10"}),
        ("/exams", {"count": "-1", "minutes": "10"}),
        ("/exams", {"count": "5", "minutes": "99999"}),
        ("/exams", {"count": "٣", "minutes": "10"}),
        ("/progress/delete", {}),
        ("ATTEMPT", {"do": "check:no_such_part"}),
        ("ATTEMPT", {"do": "explode:y_drop"}),
        ("ATTEMPT", {"do": ":::"}),
        ("ATTEMPT", {}),
        ("ATTEMPT", {"do": "self:y_drop"}),
        ("ATTEMPT", {"do": "grid:y_drop"}),
    ],
)
@pytest.mark.slow
def test_bad_input_gets_a_page_that_says_so(
    practice: Practice, browser: Browser, path: str, fields: dict[str, str]
) -> None:
    url = browser.begin("dropout")
    before = contents(practice.store)
    answer = browser.post(url if path == "ATTEMPT" else path, fields, code=400)
    assert "That could not be understood" in answer.text
    assert "Traceback" not in answer.text
    check_page(answer.text)
    assert contents(practice.store) == before


def test_too_much_gets_a_page_that_says_so(browser: Browser) -> None:
    url = browser.begin("dropout")
    answer = browser.post(url, {"do": "save", "closeness/text": "a" * (MAX_REQUEST + 1)}, code=413)
    assert "256 kB" in answer.text


def test_an_essay_that_is_too_long_is_cut_and_no_fault(practice: Practice, browser: Browser) -> None:
    url = browser.begin("dropout")
    browser.post(url, {"do": "check:closeness", "closeness/text": "word " * 10_000})
    assert practice.state(practice.load(url.split("/")[2])).parts["closeness"].latest is not None


def test_bytes_that_are_no_text_are_no_fault(browser: Browser) -> None:
    url = browser.begin("dropout")
    body = b"csrf_token=" + browser._token.encode() + b"&do=check:y_drop&y_drop/text=%ff%fe%00%ed%a0%80"
    answer = browser.client.post(url, data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 303
    check_page(browser.get(url))


def test_a_fault_of_the_program_shows_nothing_of_it(
    app: Flask, practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(practice, "mastery", broken)
    answer = app.test_client().get("/")
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert "Traceback" not in answer.text


def test_progress_that_cannot_be_kept_is_said(app: Flask, practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(practice, "mastery", full)
    answer = app.test_client().get("/")
    assert answer.status_code == 503
    assert "the disk is full" in answer.text


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("You *may* use `a<b`.", "<p>You <em>may</em> use <code>a&lt;b</code>.</p>\n"),
        ("<b>no</b>", "<p>&lt;b&gt;no&lt;/b&gt;</p>\n"),
        ("[x](http://a.b)", "<p>[x](http://a.b)</p>\n"),
        ("# no heading", "<p># no heading</p>\n"),
    ],
)
def test_messages_are_words_and_formulas_only(message: str, expected: str) -> None:
    assert message_html(message) == expected


def test_formulas_in_messages_are_mathml() -> None:
    assert "<mfrac>" in message_html(r"This is $\frac{1}{2}$.")
    assert "<code>" in message_html(r"This is $\nosuchcommand{1}$.")


# ------------------------------------------------------------------------------------------------- the key


def test_the_key_is_its_owner_s_alone_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "practice.key"
    key = secret_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(key) >= 32
    assert secret_key(path) == key
    assert [one.name for one in path.parent.iterdir()] == ["practice.key"]
    assert secret_key(tmp_path / "other.key") != key


def test_two_programs_that_begin_together_have_one_key(tmp_path: Path) -> None:
    keys: list[bytes] = []
    threads = [threading.Thread(target=lambda: keys.append(secret_key(tmp_path / "practice.key"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1


def test_a_key_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "practice.key").write_bytes(b"")
    with pytest.raises(InputError, match="holds no key"):
        secret_key(tmp_path / "practice.key")
    with pytest.raises(InputError, match="cannot be used"):
        secret_key(tmp_path / "practice.key" / "below.key")


# ---------------------------------------------------------------------------------------------- the server


def test_a_port_in_use_is_an_error(practice: Practice) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(InputError, match="cannot be used"):
            serve(practice, taken.getsockname()[1])


SERVER = """
import sys
from pathlib import Path
from generator.practice.engine import Practice
from generator.practice.store.database import Store
from generator.practice.web.server import serve
serve(Practice(Store(Path(sys.argv[1]))), 0, announce=lambda address: print(address, flush=True))
"""


@pytest.mark.slow
def test_the_server_answers_this_machine_by_its_own_name_alone(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SERVER, str(tmp_path / "practice.sqlite3")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ}) as server:
        try:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            assert address.startswith("http://127.0.0.1:")
            with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310
                assert answer.status == 200
                assert "Server" not in answer.headers
            forged = urllib.request.Request(address, headers={"Host": "evil.example"})  # noqa: S310
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(forged, timeout=20)  # noqa: S310
            assert refused.value.code == 400
            refused.value.close()
            port = int(address.rsplit(":", 1)[1].strip("/"))
            assert listening_addresses(port) == {"0100007F"}
            with ExitStack() as idle:  # as browsers leave them open
                for _ in range(150):
                    idle.enter_context(socket.create_connection(("127.0.0.1", port)))
                with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310
                    assert answer.status == 200
        finally:
            server.kill()


def listening_addresses(port: int) -> set[str]:
    """The addresses at which someone listens on this port, as the kernel writes them."""
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        path = Path(table)
        if not path.exists():
            pytest.skip("no /proc/net to look at")
        for line in path.read_text().splitlines()[1:]:
            local, state = line.split()[1], line.split()[3]
            address, _, number = local.rpartition(":")
            if int(number, 16) == port and state == "0A":
                found.add(address)
    return found
