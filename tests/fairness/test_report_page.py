"""The page of plots in a real browser: it asks for nothing, fits its width, and prints."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.cli import main
from tests.browser import CHROMIUM, IN_A_BROWSER

pytestmark = IN_A_BROWSER

NO_SCRIPTS = """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">"""

PROBE = """
<script>
  document.title = [
    performance.getEntriesByType("resource").length,
    document.documentElement.scrollWidth - document.documentElement.clientWidth,
    [...document.querySelectorAll("svg")].filter(one => one.getBoundingClientRect().width > 100).length,
  ].join(" ");
</script>
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a class of twelve."""
    folder = tmp_path_factory.mktemp("class")
    rows = "".join(f"s{number},Student {number}\n" for number in range(12))
    (folder / "class.csv").write_text("id,name\n" + rows)
    command = ["generate", "discussion04", "--roster", str(folder / "class.csv"), "--formats", "md", "--workers", "1"]
    assert CliRunner().invoke(main, [*command, "--out", str(folder / "out")]).exit_code == 0
    assert CliRunner().invoke(main, ["report", str(folder / "out")]).exit_code == 0
    return folder / "out" / "report.html"


def browse(folder: Path, *options: str) -> str:
    assert CHROMIUM is not None
    quiet = ("--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}")
    done = subprocess.run([CHROMIUM, *quiet, *options], capture_output=True, text=True, timeout=120, check=True)
    return done.stdout


@pytest.mark.parametrize("width", [1200, 500])
def test_the_page_fits_its_width_and_loads_nothing(page: Path, tmp_path: Path, width: int) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.count(NO_SCRIPTS) == text.count("</body>") == 1
    probed = tmp_path / "probed.html"
    probed.write_text(text.replace(NO_SCRIPTS, "").replace("</body>", PROBE + "</body>"), encoding="utf-8")
    dom = browse(tmp_path, f"--window-size={width},900", "--dump-dom", probed.as_uri())
    loaded, overflow, plots = map(int, dom.split("<title>")[1].split("</title>")[0].split())
    assert loaded == 0
    assert overflow <= 0
    assert plots >= 5


def test_the_page_prints(page: Path, tmp_path: Path) -> None:
    printed = tmp_path / "report.pdf"
    browse(tmp_path, f"--print-to-pdf={printed}", "--no-pdf-header-footer", page.as_uri())
    text = subprocess.run(["pdftotext", "-layout", printed, "-"], capture_output=True, text=True, check=True).stdout
    for problem in ("model-size", "layer-norm", "batch-norm", "dropout", "l2-regularization"):
        assert problem in text
