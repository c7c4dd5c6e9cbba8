"""Options of the test run."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from generator.paper.secret import VARIABLE
from generator.problem.catalogue import catalogue
from generator.problem.problem import Problem
from generator.tex import pdf
from tests.tiny_class import PATIENCE, ROOT, SECRET, eventually

settings.register_profile("problemwright", deadline=None)  # a busy machine is not a wrong answer
settings.load_profile("problemwright")

if (
    signal.getsignal(signal.SIGINT) is signal.SIG_IGN
):  # as in the background of a shell; the tests' processes inherit it
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def _secret(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The secret, in a file that the environment of every command names."""
    path = tmp_path_factory.mktemp("secret") / "secret"
    path.touch(mode=0o600)
    path.write_text(SECRET.key.hex())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, str(path))
        yield


IN_THE_QUICK_SUITE = frozenset({
    "model-size", "layer-norm", "batch-norm", "dropout", "l2-regularization",  # Discussion 04
    "attention", "classification-metrics", "conv-shapes", "initialization", "language-model-scores",  # other kinds of answers
})  # fmt: skip
"""The problems on which `make test` runs what `make test-all` runs on every problem."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow what a test that goes through the catalogue does with the other problems."""
    others = {*catalogue()} - IN_THE_QUICK_SUITE
    for item in items:
        params = (
            item.callspec.params.values() if isinstance(item, pytest.Function) and hasattr(item, "callspec") else ()
        )
        if any(getattr(param, "id", param) in others for param in params if isinstance(param, str | Problem)):
            item.add_marker(pytest.mark.slow)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--renew", action="store_true", help="write the golden files in output/gallery again")


@pytest.fixture
def renew(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be written instead of compared."""
    return bool(request.config.getoption("--renew"))


@pytest.fixture(
    scope="session",
    params=[
        "embedded",
        pytest.param(
            "system",
            marks=[
                pytest.mark.heavy,
                pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no pdflatex on the PATH"),
            ],
        ),
    ],
)
def engine(request: pytest.FixtureRequest) -> pdf.Engine:
    """Each TeX there is; the system's only with the heavy tests."""
    return pdf.find_engine(request.param)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Starts a dask scheduler and two workers in a folder of their own, and gives its address."""
    pytest.importorskip("distributed")
    folder = tmp_path / "cluster"
    folder.mkdir()
    started: list[subprocess.Popen[bytes]] = []
    with (folder / "log").open("wb") as log:

        def begin(program: str, *options: str) -> None:
            command = [sys.executable, "-m", f"distributed.cli.{program}", "--no-dashboard", *options]
            environment = {**os.environ, "PYTHONPATH": str(ROOT)}
            started.append(subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log))

        def whole(*options: str, workers: int = 2) -> str:
            file = folder / "scheduler.json"
            begin("dask_scheduler", "--port", "0", "--host", "127.0.0.1", "--scheduler-file", str(file))
            assert eventually(lambda: file.exists() and file.stat().st_size > 0), (folder / "log").read_text()
            for _ in range(workers):
                begin("dask_worker", "--scheduler-file", str(file), "--nthreads", "2", "--no-nanny", *options)
            return str(json.loads(file.read_text())["address"])

        try:
            yield whole
        finally:
            for process in reversed(started):
                process.terminate()
            for process in started:
                try:
                    process.wait(PATIENCE)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
