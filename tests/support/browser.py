"""A page in a real Chromium, with everything that it complained of or asked for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def open_browser() -> Iterator[Any]:
    """A Chromium of the machine; without one the tests are skipped by name, in CI they fail."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium on this machine (Debian: apt-get install chromium)")
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield running
        running.close()


class OpenPage:
    """A page in the browser, with everything that it complained of or asked for."""

    def __init__(self, browser: Any, path: Path, content: bytes, width: int = 1280) -> None:
        path.write_bytes(content)
        self.page = browser.new_page(viewport={"width": width, "height": 900})
        self.errors: list[str] = []
        self.asked: list[str] = []
        self.page.on(
            "console",
            lambda m: self.errors.append(m.text) if m.type in ("error", "warning") else None,
        )
        self.page.on("pageerror", lambda e: self.errors.append(str(e)))
        self.page.on("dialog", lambda d: (self.errors.append("dialog"), d.dismiss()))
        self.page.on(
            "request", lambda r: self.asked.append(r.url) if not r.url.startswith("data:") else None
        )
        self.page.goto(path.as_uri())
        self.page.evaluate("document.fonts.ready")
        self.home = path.as_uri()

    def assert_no_errors_or_requests(self) -> None:
        """Nothing was complained of, and the page itself is all that was asked for."""
        assert (self.errors, self.asked) == ([], [self.home])
        assert (
            self.page.evaluate(
                "performance.getEntriesByType('resource')"
                ".filter(e => !e.name.startsWith('data:')).length"
            )
            == 0
        )

    def count_visible(self, selector: str) -> int:
        """How many elements of a selector can be seen."""
        return int(
            self.page.evaluate(
                "s => [...document.querySelectorAll(s)].filter(e => e.checkVisibility()).length",
                selector,
            )
        )
