"""The course secret: who can make a key, who cannot, and that the secret is nowhere but in its file."""

from __future__ import annotations

import json
import pickle
import re
import stat
import sys
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pytest

from generator.classes.roster import read_roster
from generator.classes.run import Order, generate_class
from generator.classes.workers import WorkerPool
from generator.paper.ids import NONCE, read_id
from generator.paper.origin import public_origin, secret_origin
from generator.paper.secret import VARIABLE, Secret, default_path, read_secret
from generator.paper.sheet_file import find_sheet
from generator.problem.draw import Draw, letters_of, stream
from tests.tiny_class import SECRET, generate, ids, records, run, tree, worksheet, write_class, write_sheet

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX's")
OTHER = Secret(bytes(32))


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A class of five in ``out``."""
    write_sheet(tmp_path)
    write_class(tmp_path, ids(5))
    assert generate(tmp_path).exit_code == 0
    return tmp_path


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user without a secret: the usual file would be within the folder."""
    monkeypatch.delenv(VARIABLE)
    for name in ("HOME", "USERPROFILE", "XDG_CONFIG_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    if tmp_path not in default_path().parents:
        pytest.skip("the folder of this system's configuration cannot be moved")
    return default_path()


def written(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text)
    path.chmod(mode)
    return path


# --------------------------------------------------------------------------------------------- the student


def numbers(record: dict[str, Any]) -> tuple[int, int]:
    params = record["problems"][0]["params"]
    return int(params["a"]), int(params["b"])


def first_numbers(source: str) -> tuple[int, int]:
    """What the problem of the tiny class draws first."""
    draw = Draw("sums", source, 0)
    return draw.integer(1, 10**6), draw.integer(1, 10**6)


@pytest.mark.slow
def test_a_student_makes_nobodys_key(own: Path) -> None:
    """She has her paper, the sheet, the class list and this program, and tries seeds.

    An hour of one core is some 10**9 streams.  Here it is 2**18 seeds for her, her neighbour and nobody in particular, with
    the sheet and without it, by the numbers on the papers and by their ids; each of the numbers is one of 10**12.  Beyond
    them: what she looks for are outputs of BLAKE2b under a key of 256 bits that she has not, which no seed leads to.
    """
    made, sheet = records(own / "out"), find_sheet(str(own / "quiz.toml"))
    wanted_numbers = {numbers(made[student]) for student in ids(5)}
    wanted_letters = {made[student]["id"].replace("-", "")[:7] for student in ids(5)}
    wanted_letters |= {read_id(made[student]["id"]).stream[:6] for student in ids(5)}
    assert first_numbers(secret_origin(SECRET, sheet, 1, "s1").stream) == numbers(
        made["s1"]
    )  # with the secret it is one try
    for seed in range(1 << 18):
        for student, name in (("s1", "quiz"), ("s2", "quiz"), ("s1", ""), ("", "quiz")):
            source = stream(seed, student, name)
            assert source not in wanted_letters
            assert source[:6] not in wanted_letters or first_numbers(source) not in wanted_numbers
        assert first_numbers(stream(seed, "s1", "quiz")) not in wanted_numbers
        assert first_numbers(stream(seed, "s2")) not in wanted_numbers


def test_the_program_alone_has_no_key(own: Path, elsewhere: Path, tmp_path: Path) -> None:
    for record in records(own / "out").values():
        found = worksheet("key", record["id"], "--in", tmp_path / "empty", "--sheet", own / "quiz.toml")
        assert found.exit_code == 2
        assert "there is no course secret here: the key needs one or the other" in found.stderr
        assert not found.stdout
    assert not elsewhere.exists()


def test_an_id_tells_neither_seed_nor_student(own: Path) -> None:
    sheet = find_sheet(str(own / "quiz.toml"))
    origins = [secret_origin(SECRET, sheet, seed, student) for seed in range(50) for student in ("s1", "s2", "")]
    assert len({origin.id.sheet for origin in origins}) == len({origin.id.stream for origin in origins}) == 150
    assert not {str(origin.id) for origin in origins} & {
        str(secret_origin(OTHER, sheet, seed, student).id) for seed in range(50) for student in ("s1", "s2", "")
    }


# ------------------------------------------------------------------------------------ who has the secret


def test_who_has_it_finds_the_key_without_the_manifest(own: Path, tmp_path: Path) -> None:
    for student, record in records(own / "out").items():
        found = worksheet("key", record["id"], "--in", tmp_path / "empty", "--sheet", own / "quiz.toml")
        assert found.exit_code == 0, found.output
        assert "drawn again from its id and the course secret" in found.stderr
        expected = (own / "out" / student / "key.md").read_text().partition("## 1.")[2]
        assert found.stdout.partition("## 1.")[2].strip() == expected.strip()


def test_another_secret_is_told_by_name(own: Path, tmp_path: Path) -> None:
    other = str(written(tmp_path / "other", OTHER.key.hex()))
    before = tree(own / "out")
    again = generate(own, "--secret", other)
    assert again.exit_code == 2
    assert f"drawn with the secret {SECRET.fingerprint}, and this one is {OTHER.fingerprint}" in again.stderr
    assert tree(own / "out") == before
    verified = worksheet("verify", own / "out", "--sheet", own / "quiz.toml", "--workers", "1", "--secret", other)
    assert verified.exit_code == 0
    assert f"note: drawn with the secret {SECRET.fingerprint}, which is not here" in verified.stderr
    identity = records(own / "out")["s1"]["id"]
    found = worksheet("key", identity, "--in", tmp_path / "no", "--sheet", own / "quiz.toml", "--secret", other)
    assert found.exit_code == 2
    assert f"not of the sheet quiz and the secret {OTHER.fingerprint}" in found.stderr


def test_losing_it_loses_nothing_that_the_manifest_holds(own: Path, elsewhere: Path, tmp_path: Path) -> None:
    record = records(own / "out")["s2"]
    found = worksheet("key", record["id"], "--in", own / "out", "--sheet", own / "quiz.toml")
    assert found.stdout.rstrip() == (own / "out" / "s2" / "key.md").read_text().rstrip()
    verified = worksheet("verify", own / "out", "--sheet", own / "quiz.toml", "--workers", "1")
    assert verified.exit_code == 0, verified.output
    assert (
        "which is not here: whether ids and numbers are those of seed and student was not compared" in verified.stderr
    )
    answers = tmp_path / "answers.csv"
    answers.write_text(f"student,problem,part,answer\ns2,sums,total,{record['problems'][0]['answers']['total']}\n")
    graded = worksheet("grade", own / "out", answers, "--sheet", own / "quiz.toml", "--out", tmp_path / "marked")
    assert graded.exit_code == 0, graded.output
    assert not elsewhere.exists()


def test_a_class_that_is_forged_is_found_with_the_secret_alone(own: Path) -> None:
    """Numbers, stream and id fit each other, but they are another secret's."""
    forged = Order(
        find_sheet(str(own / "quiz.toml")), 1, read_roster(own / "class.csv"), ("md",), own / "forged", OTHER
    )
    generate_class(forged, WorkerPool(1))
    manifest = own / "forged" / "manifest.jsonl"
    manifest.write_text(manifest.read_text().replace(OTHER.fingerprint, SECRET.fingerprint))
    found = worksheet("verify", own / "forged", "--sheet", own / "quiz.toml", "--workers", "1")
    assert found.exit_code == 1
    assert found.stderr.count("the id is not that of the seed and the student") == 5


# ------------------------------------------------------------------------------------------- its file


@POSIX
def test_it_is_made_once_and_said(tmp_path: Path, elsewhere: Path) -> None:
    write_sheet(tmp_path)
    write_class(tmp_path, ids(2))
    first = generate(tmp_path)
    assert first.exit_code == 0
    assert first.stderr.count(f"note: {elsewhere} holds the course's new secret") == 1
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o600
    content = elsewhere.read_bytes()
    assert re.fullmatch(rb"[0-9a-f]{64}\n", content)
    again = generate(tmp_path)
    assert again.exit_code == 0
    assert "secret" not in again.stderr
    assert elsewhere.read_bytes() == content
    assert worksheet("secret", "show-path").stdout == f"{elsewhere}\n"


@POSIX
def test_none_is_made_for_a_folder_that_was_made_with_another(tmp_path: Path, elsewhere: Path) -> None:
    write_sheet(tmp_path)
    write_class(tmp_path, ids(2))
    assert generate(tmp_path).exit_code == 0
    elsewhere.unlink()
    again = generate(tmp_path)
    assert again.exit_code == 2
    assert "the secret that they were drawn with is not here" in again.stderr
    assert not elsewhere.exists()


@POSIX
def test_new_never_overwrites(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "secret"
    made = worksheet("secret", "new", "--secret", path)
    assert made.exit_code == 0
    assert read_secret(path).fingerprint in made.stdout
    before = path.read_bytes()
    assert before.strip() not in made.stdout.encode()
    refused = worksheet("secret", "new", "--secret", path)
    assert refused.exit_code == 2
    assert "is there already" in refused.stderr
    assert path.read_bytes() == before


@POSIX
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_file_that_others_may_read_is_refused(own: Path, mode: int) -> None:
    path = written(own / "open", SECRET.key.hex(), mode)
    found = generate(own, "--secret", str(path), out="more")
    assert found.exit_code == 2
    assert f"may be read by others (its mode is {mode:o}): say `chmod 600 {path}`" in found.stderr
    assert not (own / "more").exists()


@pytest.mark.parametrize("text", ["", "passw0rd", "0" * 63, "0" * 65, "g" * 64, "0" * 64 + " 0", "\0" * 32])
def test_what_is_no_secret_is_refused(own: Path, text: str) -> None:
    path = written(own / "broken", text)
    found = generate(own, "--secret", str(path), out="more")
    assert found.exit_code == 2
    assert "is no course secret: expected 64 hexadecimal digits" in found.stderr
    assert text == "" or text not in found.output


def test_a_file_that_is_not_there_is_not_made(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for options in (["--secret", str(own / "none")], []):
        monkeypatch.setenv(VARIABLE, str(own / "none"))
        found = generate(own, *options, out="more")
        assert found.exit_code == 2
        assert "make a secret with `worksheet secret new`" in found.stderr
        assert not (own / "none").exists()


# --------------------------------------------------------------------------------- where it must not be


class _Wire(Executor):
    """Sends tasks to itself as a cluster does, and keeps what went over the wire."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def submit(self, function: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
        self.sent.append(pickle.dumps((function, arguments, named)))
        function, arguments, named = pickle.loads(self.sent[-1])  # noqa: S301 - ours
        future: Future[Any] = Future()
        future.set_result(function(*arguments, **named))
        return future


def test_workers_are_not_sent_it(tmp_path: Path) -> None:
    write_sheet(tmp_path, most_a=4, most_b=3)
    write_class(tmp_path, ids(9))
    wire = _Wire()
    order = Order(
        find_sheet(str(tmp_path / "quiz.toml")),
        1,
        read_roster(tmp_path / "class.csv"),
        ("md",),
        tmp_path / "out",
        SECRET,
    )
    generate_class(order, WorkerPool(executor=wire))
    streams = [record["stream"] for record in records(tmp_path / "out").values()]
    sent = b"".join(wire.sent)
    assert all(one.encode() in sent for one in streams)
    for text in (SECRET.key, SECRET.key.hex().encode()):
        assert text not in sent
    for message in wire.sent:
        function, arguments, _ = pickle.loads(message)  # noqa: S301 - ours
        assert not any(one in repr((function, arguments)) for one in streams), "a cluster logs tasks that fail"


def test_it_cannot_be_sent_or_shown() -> None:
    with pytest.raises(TypeError, match="is not sent"):
        pickle.dumps(SECRET)
    assert SECRET.key.hex() not in repr(SECRET)
    assert str(SECRET.key) not in repr(SECRET)


@pytest.mark.slow
def test_no_output_or_file_shows_it(tmp_path: Path) -> None:
    """Whatever a run writes and says, failures of problem files that show their draws included."""
    loud = "print(draw, file=sys.stderr); print(vars(), file=sys.stderr)"
    failing = f"{loud}\n    if a % 2: raise ValueError(repr(draw))"
    write_sheet(tmp_path, sampling=failing)
    write_class(tmp_path, ids(6))
    said = [*run(tmp_path, "--workers", "2")[1:]]
    for sampling in ("raise ValueError(repr(draw))", "draw.require(False, 'never')"):
        write_sheet(tmp_path, sampling=sampling)
        said += run(tmp_path, "--workers", "2", out="failing")[1:]
    write_sheet(tmp_path)
    assert generate(tmp_path, out="fine").exit_code == 0
    identity = records(tmp_path / "fine")["s1"]["id"]
    for command in (
        ["verify", tmp_path / "fine", "--sheet", tmp_path / "quiz.toml", "--workers", "2"],
        ["key", identity, "--in", tmp_path / "fine", "--sheet", tmp_path / "quiz.toml"],
        ["key", identity, "--in", tmp_path / "none", "--sheet", tmp_path / "quiz.toml"],
        ["report", tmp_path / "fine"],
        ["secret", "show-path"],
    ):
        said.append(worksheet(*command).output)
    everything = "".join(said) + "".join(
        path.read_bytes().decode("utf-8", "replace") for path in tmp_path.rglob("*") if path.is_file()
    )
    assert SECRET.fingerprint in everything
    assert SECRET.key.hex() not in everything
    streams = {record["stream"] for record in records(tmp_path / "fine").values()}
    assert not any(one in "".join(said) for one in streams)


# ---------------------------------------------------------------------------------- sheets and numbers


def params(folder: Path) -> dict[str, dict[str, Any]]:
    return {
        student: {problem["id"]: problem["params"] for problem in record["problems"]}
        for student, record in records(folder).items()
    }


def test_another_sheet_has_other_numbers(own: Path) -> None:
    text = (own / "quiz.toml").read_text()
    (own / "second.toml").write_text(text)
    (own / "third.toml").write_text('name = "quiz"\n' + text)
    first = params(own / "out")
    for name, is_same in (("second", False), ("third", True)):
        made = worksheet(
            "generate", own / f"{name}.toml", "--roster", own / "class.csv", "--formats", "md", "--out", own / name, "--workers", "1"
        )  # fmt: skip
        assert made.exit_code == 0, made.output
        other = params(own / name)
        assert all((other[student] == first[student]) == is_same for student in ids(5))
    single = [public_origin(find_sheet(str(own / f"{name}.toml")), 1).stream for name in ("quiz", "second", "third")]
    assert single[0] == single[2] != single[1]


@pytest.mark.parametrize("name", ['""', '"a b"', '"../up"', "3", '".hidden"', f'"{"x" * 61}"'])
def test_a_name_that_a_sheet_cannot_have(own: Path, name: str) -> None:
    (own / "quiz.toml").write_text(f"name = {name}\n" + (own / "quiz.toml").read_text())
    found = generate(own, out="more")
    assert found.exit_code == 2
    assert "quiz.toml, line 1: name: expected " in found.stderr


# ------------------------------------------------------------------------------------ a single paper


def test_a_single_paper_is_public_and_says_so(tmp_path: Path) -> None:
    for options in (["--seed", "7"], ["--original"]):
        out = tmp_path / options[-1].strip("-")
        made = worksheet("generate", "discussion04", *options, "--formats", "tex,md,html", "--out", out)
        assert made.exit_code == 0, made.output
        for stem in ("worksheet", "key"):
            assert "public numbers: anyone can make the key" in (out / f"{stem}.md").read_text()
            assert "public numbers: anyone can make the key" in (out / f"{stem}.html").read_text()
            assert "\\publicnumbers" in (out / f"{stem}.tex").read_text()
        identity = json.loads((out / "manifest.json").read_text())["id"]
        found = worksheet("key", identity, "--in", tmp_path / "none")
        assert found.stdout.rstrip() == (out / "key.md").read_text().rstrip()


def test_a_single_paper_can_be_drawn_with_the_secret(tmp_path: Path, elsewhere: Path) -> None:
    path = written(tmp_path / "secret", SECRET.key.hex())
    out = tmp_path / "out"
    made = worksheet("generate", "discussion04", "--secret", path, "--formats", "md", "--out", out)
    assert made.exit_code == 0, made.output
    record = json.loads((out / "manifest.json").read_text())
    assert (record["secret"], read_id(record["id"]).is_secret) == (SECRET.fingerprint, True)
    assert "public" not in (out / "key.md").read_text()
    assert worksheet("key", record["id"], "--in", tmp_path / "none").exit_code == 2
    found = worksheet("key", record["id"], "--in", tmp_path / "none", "--secret", path)
    assert found.stdout.rstrip() == (out / "key.md").read_text().rstrip()
    assert worksheet("verify", out, "--secret", path).exit_code == 0
    assert "no secret" in worksheet("generate", "discussion04", "--original", "--secret", path).stderr


def test_the_papers_of_a_class_say_nothing_of_public_numbers(own: Path) -> None:
    assert not any(b"ublic" in content for name, content in tree(own / "out").items() if name.endswith((".md", ".tex")))


def test_students_whose_ids_begin_alike_have_papers_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two of a thousand have the same nonce once in a thousand classes; here all have."""
    monkeypatch.setattr(
        "generator.paper.origin.letters_of",
        lambda digest, count: "2" * count if count == NONCE else letters_of(digest, count),
    )
    write_sheet(tmp_path)
    write_class(tmp_path, ids(4))
    assert generate(tmp_path).exit_code == 0
    made = records(tmp_path / "out").values()
    assert len({record["id"] for record in made}) == 4
    assert len({record["stream"] for record in made}) == 1
    assert len({numbers(record) for record in made}) == 4
    found = worksheet("verify", tmp_path / "out", "--sheet", tmp_path / "quiz.toml", "--workers", "1")
    assert found.exit_code == 0, found.output
