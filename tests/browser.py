"""A real browser for tests, where there is one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
IN_A_BROWSER = [pytest.mark.heavy, pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the PATH")]
"""The marks of a file of tests that need it."""


@contextmanager
def launched() -> Iterator[Any]:
    """Start the browser, driven by playwright, and end it afterwards."""
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()
