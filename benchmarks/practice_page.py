"""The practice page: what its server takes for a fresh variant, a preview and a marked answer, each as a whole page."""

from __future__ import annotations

import gc
import re
import statistics
import tempfile
import time
from itertools import count
from pathlib import Path

from flask.testing import FlaskClient

from generator.numbers.encoding import encode
from generator.practice.attempts import Attempt
from generator.practice.engine import Practice
from generator.practice.store.database import Store
from generator.practice.web.app import create_app
from generator.practice.web.fields import draft_from_text

ATTEMPTS = 15
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def practice_page() -> None:
    """Print milliseconds of CPU, the median and the most, by problem; each request with the page that follows it."""
    print("Practice page: milliseconds of CPU in the server, median (most), the form and the page after it")
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "practice.sqlite3") as store:
        seeds = count(50_000)
        student = Practice(store, seed=lambda: next(seeds))
        client = create_app(student, key=b"k" * 32).test_client()
        gc.collect()
        gc.freeze()  # as the server does when it starts
        gc.set_threshold(700, 10, 10)  # Python's own, whatever ran before in this process
        for name in student.problems:
            taken: dict[str, list[float]] = {"variant": [], "preview": [], "wrong": [], "right": []}
            for turn in range(ATTEMPTS + 1):
                found = _attempt(student, client, name)
                for what, times in found.items() if turn else ():  # the first one loads modules and templates
                    taken[what] += times
            shown = "  ".join(f"{what} {statistics.median(one):5.1f} ({max(one):5.1f})" for what, one in taken.items())
            print(f"  {name:<20} {shown}")


def _attempt(student: Practice, client: FlaskClient, name: str) -> dict[str, list[float]]:
    """The milliseconds of an attempt: begun, and each number in it previewed, got wrong and got right."""
    token = {"csrf_token": _TOKEN.findall(client.get("/").text)[0]}
    start = time.process_time()
    url = client.post("/attempts", data={**token, "problem": name, "guided": "yes"}).location
    assert client.get(url).status_code == 200
    taken: dict[str, list[float]] = {
        "variant": [1000 * (time.process_time() - start)],
        "preview": [],
        "wrong": [],
        "right": [],
    }
    attempt = student.load(url.rsplit("/", 1)[1])
    mistaken: dict[str, object] = {}
    for _, answers in attempt.variant.mistaken_answers(guided=True):
        mistaken |= answers
    for part, asked in attempt.parts.items():
        if asked.kind not in ("number", "vector", "matrix") or part not in mistaken:
            continue
        for what, value in (("wrong", mistaken[part]), ("right", asked.answer.value(attempt.variant.values))):
            fields = {**token, **_fields(attempt, part, value)}
            start = time.process_time()
            client.post(f"{url}/parts/{part}/preview", data=fields)
            middle = time.process_time()
            sent = client.post(url, data={**fields, "do": f"check:{part}"})
            assert client.get(sent.location).status_code == 200
            taken["preview"].append(1000 * (middle - start))
            taken[what].append(1000 * (time.process_time() - middle))
    return taken


def _fields(attempt: Attempt, part: str, value: object) -> dict[str, str]:
    """The form's fields with a value in them."""
    found = encode(value)
    rows = found if isinstance(found, list) else [found]
    text = "\n".join(" & ".join(map(str, row)) if isinstance(row, list) else str(row) for row in rows)
    kind = attempt.parts[part].kind
    if kind == "vector":
        text = text.replace("\n", " & ")
    assert kind in ("number", "vector", "matrix")
    return {f"{part}/{name}": one for name, one in draft_from_text(kind, 0, text).items()}  # type: ignore[arg-type]
