"""What a demanding stranger tried: each of these once ended in a traceback, a lost key or a half-told story."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from generator.classes.roster import read_roster
from generator.errors import InputError
from generator.paper import timeout
from generator.paper.ids import PaperId, read_id
from generator.paper.record import Recipient, Record, record_line
from generator.paper.sheet_file import read_sheet
from tests.tiny_class import ROOT, generate, ids, records, worksheet, write_class, write_sheet


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
def test_a_disk_that_fills_up_while_pdfs_are_bound_is_an_error_not_an_abort() -> None:
    """In a process of its own: a library that writes there itself would end it."""
    program = """
import io, os, pathlib, pikepdf
from generator.tex.binding import Bound, one_pdf
from generator.tex.pdf import find_engine
pdf = pikepdf.new()
pdf.add_blank_page()
pdf.pages[0].obj.Contents = pdf.make_stream(os.urandom(10**6))
paper = io.BytesIO()
pdf.save(paper)
try:
    one_pdf([Bound("A", "a", "X", paper.getvalue())], pathlib.Path("/dev/full"), find_engine(), duplex=False)
except OSError as error:
    print(error.errno)
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "28")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
@pytest.mark.parametrize("command", [["list"], ["--help"], ["check", "layer-norm", "--variants", "2"]])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_output_that_goes_to_a_full_disk(command: list[str], unbuffered: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "generator.cli", *command],
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    told = "Error: cannot write: No space left on device; make room, and give the same command again\n"
    assert (done.returncode, done.stderr) == (2, told)


def test_when_all_papers_fail_their_reasons_are_told_and_nothing_is_bound(tmp_path: Path) -> None:
    write_sheet(tmp_path, asking="raise ValueError('always')")
    write_class(tmp_path, ids(2))
    done = generate(tmp_path, "--one-key", formats="pdf")
    assert done.exit_code == 1
    assert "FAILED s1: sums, seed 1, student 's1': sums.py, line 18: ValueError: always" in done.output


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no timers for a process")
def test_an_endless_problem_is_ended_where_it_stands_and_the_others_are_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timeout, "TICK", 0.02)
    monkeypatch.setattr(timeout, "MAX_SECONDS", 2)  # a busy machine takes a second for the first paper
    write_sheet(tmp_path, most_a=2, asking="any(v.a == 2 and False for _ in iter(lambda: v.a, 1))")
    write_class(tmp_path, ids(4))
    done = generate(tmp_path)
    failed = [line for line in done.output.splitlines() if line.startswith("FAILED")]
    assert done.exit_code == 1
    assert failed
    assert all("line 18: TimeoutError: this has taken longer than 2 seconds" in line for line in failed)
    assert 0 < len(records(tmp_path / "out")) < 4
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no timers for a process")
def test_nobody_is_blamed_for_the_time_that_the_process_was_stopped() -> None:
    """Suspended in a shell, or on a machine that slept: then the others' papers are not thrown away."""
    program = """
import os, signal, subprocess, time
from generator.paper import timeout
timeout.TICK, timeout.MAX_SECONDS = 0.05, 0.5
waking = f"sleep 1; for time in 1 2 3 4 5; do kill -CONT {os.getpid()} || exit; sleep 1; done"
subprocess.Popen(["sh", "-c", waking], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
with timeout.time_limit() as limit:
    with limit:
        os.kill(os.getpid(), signal.SIGSTOP)
    begun = time.monotonic()
    try:
        with limit:
            while time.monotonic() < begun + 60:
                pass
    except TimeoutError as error:
        print(error)
    time.sleep(0.2)  # no work, and nobody to be told
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "this has taken longer than 0.5 seconds\n"), done.stderr


def test_what_binding_left_when_it_was_killed_does_not_stay(tmp_path: Path) -> None:
    write_sheet(tmp_path)
    write_class(tmp_path, ids(2))
    (tmp_path / "out" / ".run").mkdir(parents=True)
    (tmp_path / "out" / ".run" / "keys.pdf").write_bytes(b"half")
    assert generate(tmp_path).exit_code == 0
    assert not (tmp_path / "out" / ".run").exists()


def test_no_student_is_called_like_the_manifest_of_a_single_paper(tmp_path: Path) -> None:
    write_sheet(tmp_path)
    write_class(tmp_path, ["manifest.json", "b"])
    done = generate(tmp_path)
    assert done.exit_code == 2
    assert "manifest.json" in done.output
    assert not (tmp_path / "out").exists()


def test_a_single_paper_is_not_put_among_those_of_a_class(tmp_path: Path) -> None:
    sheet = write_sheet(tmp_path)
    write_class(tmp_path, ids(2))
    assert generate(tmp_path).exit_code == 0
    done = worksheet("generate", sheet, "--formats", "md", "--out", tmp_path / "out")
    assert done.exit_code == 2
    assert "holds the papers of a class" in done.output
    assert not (tmp_path / "out" / "worksheet.md").exists()
    assert generate(tmp_path).exit_code == 0


def test_another_version_does_not_replace_papers_that_were_handed_out(tmp_path: Path) -> None:
    write_sheet(tmp_path)
    write_class(tmp_path, ids(2))
    assert generate(tmp_path).exit_code == 0
    manifest = tmp_path / "out" / "manifest.jsonl"
    old = manifest.read_bytes().replace(b'"version":"', b'"version":"old-')
    manifest.write_bytes(old)
    done = generate(tmp_path)
    assert done.exit_code == 2
    assert "holds papers of version old-" in done.output
    assert manifest.read_bytes() == old


def test_an_older_version_may_have_coded_the_sheet_otherwise(tmp_path: Path) -> None:
    sheet = write_sheet(tmp_path)
    write_class(tmp_path, ids(1))
    assert generate(tmp_path).exit_code == 0
    record = records(tmp_path / "out")["s1"]
    other = str(PaperId("22222", "222222"))
    for name in ("manifest.jsonl", "index.csv"):
        path = tmp_path / "out" / name
        path.write_text(path.read_text("utf-8").replace(record["id"], other), "utf-8")
    assert "the id is not that" in worksheet("verify", tmp_path / "out", "--sheet", sheet, "--workers", "1").output
    path = tmp_path / "out" / "manifest.jsonl"
    path.write_text(path.read_text("utf-8").replace('"version":"', '"version":"old-'), "utf-8")
    (tmp_path / "out" / "manifest.sha256").unlink()  # which it did not write
    done = worksheet("verify", tmp_path / "out", "--sheet", sheet, "--workers", "1")
    assert done.exit_code == 0, done.output


def test_a_sheet_whose_name_is_not_utf8_is_refused() -> None:
    with pytest.raises(InputError, match=r"is not UTF-8, and papers name it: rename the file"):
        read_sheet(Path(os.fsdecode(b"sh\xff.toml")), 'title = "T"\n[[problem]]\nid = "dropout"\n')


@pytest.mark.parametrize("dash", ["-", "–", "—", "\u2011", "\u00a0", "－", " - "])
def test_an_id_is_read_with_any_dash(dash: str) -> None:
    identity = str(PaperId("N8", "F6K2V89"))
    assert str(read_id(identity.lower().replace("-", dash))) == identity


def test_key_takes_the_manifest_itself(tmp_path: Path) -> None:
    sheet = write_sheet(tmp_path)
    roster = write_class(tmp_path, ids(1))
    assert generate(tmp_path).exit_code == 0
    identity = records(tmp_path / "out")["s1"]["id"]
    manifest = tmp_path / "out" / "manifest.jsonl"
    assert "Name of s1" in worksheet("key", identity, "--in", manifest, "--sheet", sheet).output
    done = worksheet("key", identity, "--in", roster, "--sheet", sheet)
    assert done.exit_code == 2
    assert "expected a folder, or a manifest.jsonl" in done.output


@pytest.mark.parametrize("name", ["x,=1+cmd|'/c calc'!A0", "x; -1+cmd", "x,@SUM(A1)", 'a"b,+1', "a\\,=1"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_no_cell_of_a_manifest_is_a_formula(tmp_path: Path, name: str, delimiter: str) -> None:
    roster = tmp_path / "class.csv"
    with roster.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["id", "name"], ["a", name]])
    (student,) = read_roster(roster)
    recipient = Recipient("a", student.name, "", "")
    line = record_line(Record(sheet="s", seed=1, id="X", version="1", student=recipient, files={}, problems=[]))
    assert json.loads(line)["student"]["name"] == name
    for cell in line.decode().split(delimiter):
        assert not cell.strip().startswith(("=", "+", "@", "-1+"))


def test_ctrl_c_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("generator.classes.verify.verify_folder", interrupted)
    done = worksheet("verify", tmp_path)
    assert (done.exit_code, done.output) == (130, "Stopped.\n")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_server_of_workers_begins_with_ctrl_c_blocked() -> None:
    program = """
from generator.classes.processes import process_context
process_context()
from multiprocessing import forkserver
pid = forkserver._forkserver._forkserver_pid
print([line.split()[1] for line in open(f"/proc/{pid}/status") if line.startswith("SigBlk")][0])
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(done.stdout, 16) & 2


@pytest.mark.parametrize("place", ["file/page.html", "/proc/page.html", "out"])
def test_a_report_that_cannot_be_written_names_the_option_that_says_where(tmp_path: Path, place: str) -> None:
    write_sheet(tmp_path)
    write_class(tmp_path, ids(2))
    assert generate(tmp_path).exit_code == 0
    (tmp_path / "file").write_text("mine")
    done = worksheet("report", tmp_path / "out", "--html", tmp_path / place)
    assert done.exit_code == 2
    assert done.stderr.startswith("Error: --html: ")
    assert "--out" not in done.stderr


def test_a_report_makes_the_folder_that_it_is_to_stand_in(tmp_path: Path) -> None:
    write_sheet(tmp_path)
    write_class(tmp_path, ids(2))
    assert generate(tmp_path).exit_code == 0
    assert worksheet("report", tmp_path / "out", "--html", tmp_path / "plots" / "page.html").exit_code == 0
    assert (tmp_path / "plots" / "page.html").exists()


def test_progress_that_cannot_be_exported_names_its_option(tmp_path: Path) -> None:
    from generator.practice.store.database import Store

    with Store(tmp_path / "progress.sqlite"):
        pass
    done = worksheet("practice", "--data", tmp_path / "progress.sqlite", "--export", "/proc/progress.json")
    assert done.exit_code == 2
    assert done.stderr.startswith("Error: --export: ")
