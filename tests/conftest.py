"""Options of the test run."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

from generator.paper.secret import VARIABLE
from generator.tex import pdf
from tests.tiny_class import SECRET

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
