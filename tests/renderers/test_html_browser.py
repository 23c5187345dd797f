"""The pages in a real Chromium: nothing is fetched, nothing runs, Chinese is drawn by the embedded font, both languages show."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from render_samples import NASTY

import toys
from refgraph import flow, renderers
from refgraph.engines.offline import Offline
from refgraph.flow.customers import customer
from refgraph.flow.reports import report

pytestmark = pytest.mark.browser
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
OVERLAPS = """() => {
  const found = [];
  for (const svg of document.querySelectorAll('svg.refgraph-picture')) {
    if (!svg.checkVisibility()) continue;
    const boxes = [...svg.querySelectorAll('text')].map(t => [t.getBBox(), t.textContent]);
    for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
      const [a, b] = [boxes[i][0], boxes[j][0]];
      const wide = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
      const high = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
      if (wide > 1 && high > 0.35 * Math.min(a.height, b.height)) found.push([boxes[i][1], boxes[j][1]]);
    }
  }
  return found;
}"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
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


class Opened:
    """A page in the browser, with everything that it complained of or asked for."""

    def __init__(self, browser: Any, path: Path, content: bytes, width: int = 1280) -> None:
        path.write_bytes(content)
        self.page = browser.new_page(viewport={"width": width, "height": 900})
        self.errors: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda m: self.errors.append(m.text) if m.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda e: self.errors.append(str(e)))
        self.page.on("dialog", lambda d: (self.errors.append("dialog"), d.dismiss()))
        self.page.on("request", lambda r: self.asked.append(r.url) if not r.url.startswith("data:") else None)
        self.page.goto(path.as_uri())
        self.page.evaluate("document.fonts.ready")
        self.home = path.as_uri()

    def calm(self) -> None:
        """Nothing was complained of, and the page itself is all that was asked for."""
        assert (self.errors, self.asked) == ([], [self.home])
        assert self.page.evaluate("performance.getEntriesByType('resource').filter(e => !e.name.startsWith('data:')).length") == 0

    def shown(self, selector: str) -> int:
        """How many elements of a selector can be seen."""
        return int(self.page.evaluate("s => [...document.querySelectorAll(s)].filter(e => e.checkVisibility()).length", selector))


@pytest.fixture(scope="module")
def pages() -> dict[str, bytes]:
    case = flow.open_source("sample_data/l96")
    return {"report": renderers.render(report(case), "html", "en"), "customer": renderers.render(customer(case, "C020"), "html", "zh")}


@pytest.mark.parametrize("name", ("report", "customer"))
def test_title_tables_pictures_and_not_one_request(chromium: Any, pages: dict[str, bytes], tmp_path: Path, name: str) -> None:
    opened = Opened(chromium, tmp_path / "page.html", pages[name])
    assert opened.page.title() == {"report": "Referral report, as of 2025-12-31", "customer": "寻梅坞五金制品有限公司（截至 2025-12-31）"}[name]
    assert opened.shown("table") >= 3 and opened.shown("svg.refgraph-picture") == 1 and opened.shown(".figure") >= 4
    assert opened.page.evaluate(OVERLAPS) == []
    opened.calm()


def test_chinese_is_drawn_by_the_embedded_font(chromium: Any, pages: dict[str, bytes], tmp_path: Path) -> None:
    opened = Opened(chromium, tmp_path / "page.html", pages["report"])
    assert opened.page.evaluate("document.fonts.check('16px refgraph-sans', '寻梅坞五金制品有限公司')") is True
    assert opened.page.evaluate("[...document.fonts].map(f => [f.family, f.status])") == [["refgraph-sans", "loaded"]]
    session = opened.page.context.new_cdp_session(opened.page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    for selector in ("#show-en ~ .page-en tbody th", ".page-en .headline", ".page-en svg text", ".page-en .figure .value"):
        for node in session.send("DOM.querySelectorAll", {"nodeId": root, "selector": selector})["nodeIds"][:40]:
            used = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
            assert all(font["isCustomFont"] for font in used), (selector, used)


def test_the_languages_switch_without_script(chromium: Any, pages: dict[str, bytes], tmp_path: Path) -> None:
    opened = Opened(chromium, tmp_path / "page.html", pages["report"])
    assert (opened.shown(".page-en"), opened.shown(".page-zh")) == (1, 0)
    opened.page.get_by_text("简体中文").click()
    assert (opened.shown(".page-en"), opened.shown(".page-zh")) == (0, 1)
    assert opened.page.evaluate(OVERLAPS) == []
    opened.page.keyboard.press("ArrowLeft")
    assert (opened.shown(".page-en"), opened.shown(".page-zh")) == (1, 0)
    hidden = opened.shown("#en-4 .detail")
    opened.page.locator("#en-4 label.all").click()
    assert (hidden, opened.shown("#en-4 .detail") > 100) == (0, True)
    opened.calm()


@pytest.mark.parametrize("width", (390, 1280))
def test_only_boxes_scroll_sideways(chromium: Any, pages: dict[str, bytes], tmp_path: Path, width: int) -> None:
    for name, content in pages.items():
        opened = Opened(chromium, tmp_path / f"{name}.html", content, width)
        for lang in ("en", "zh"):
            opened.page.locator(f"label[for=show-{lang}]").click()
            assert opened.page.evaluate("document.documentElement.scrollWidth") == width


def test_names_that_attack_do_nothing(chromium: Any, tmp_path: Path) -> None:
    evil = [*NASTY, "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "'\"><script>alert(1)</script>",
            "]]><script>alert(1)</script>", "</style><script>alert(1)</script>", "<a href='javascript:alert(1)'>x</a>",
            "@import url(http://example.invalid/x.css);", "url(http://example.invalid/x.png)"]  # fmt: skip
    people = {f"{k:03}": {"name": name.replace("\0", "") or None, "revenue": k, "sector": name.replace("\0", "") or None}
              for k, name in enumerate(evil)}  # fmt: skip
    engine = Offline(toys.company(people, [("000", id) for id in people if id != "000"]))
    for k, subject in enumerate((report(engine), customer(engine, "000"), customer(engine, "049"), flow.run(engine, "recommenders"))):
        opened = Opened(chromium, tmp_path / f"{k}.html", renderers.render(subject, "html", "en"))
        assert opened.shown("script, img, iframe, object, link") == 0
        assert opened.page.locator("script, img, iframe, object, embed, base").count() == 0
        assert "alert(1)" in opened.page.locator("body").inner_text()
        opened.calm()


def test_it_prints(chromium: Any, pages: dict[str, bytes], tmp_path: Path) -> None:
    opened = Opened(chromium, tmp_path / "page.html", pages["report"])
    paper = opened.page.pdf(prefer_css_page_size=True)
    assert paper.startswith(b"%PDF-") and paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page ") >= 3
    opened.page.emulate_media(media="print")
    assert opened.shown(".languages") == 0
    opened.calm()
