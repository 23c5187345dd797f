"""The pages in a real Chromium: nothing is fetched, and only the script of the page runs.

Chinese is drawn by the embedded font, and both languages show.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support import toys
from support.browser import OpenPage
from support.render_samples import NASTY

from refgraph import pipeline, renderers
from refgraph.engines.offline import OfflineEngine
from refgraph.renderers.page_script import load_script
from refgraph.reports.customer_page import build_customer_page
from refgraph.reports.report import CHAPTERS, build_report

pytestmark = pytest.mark.browser
OVERLAPS = """() => {
  const found = [];
  for (const svg of document.querySelectorAll('svg.refgraph-picture')) {
    if (!svg.checkVisibility()) continue;
    const boxes = [...svg.querySelectorAll('text')].map(t => [t.getBBox(), t.textContent]);
    for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
      const [a, b] = [boxes[i][0], boxes[j][0]];
      const wide = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
      const high = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
      if (wide > 1 && high > 0.35 * Math.min(a.height, b.height))
        found.push([boxes[i][1], boxes[j][1]]);
    }
  }
  return found;
}"""


@pytest.fixture(scope="module")
def pages() -> dict[str, bytes]:
    case = pipeline.open_source("sample_data/l96")
    return {
        "report": renderers.render(build_report(case), "html", "en"),
        "customer": renderers.render(build_customer_page(case, "C020"), "html", "zh"),
    }


@pytest.mark.parametrize("name", ("report", "customer"))
def test_html_page_shows_title_tables_and_pictures_without_requests(
    chromium: Any, pages: dict[str, bytes], tmp_path: Path, name: str
) -> None:
    opened = OpenPage(chromium, tmp_path / "page.html", pages[name])
    assert (
        opened.page.title()
        == {
            "report": "Referral report, as of 2025-12-31",
            "customer": "寻梅坞五金制品有限公司（截至 2025-12-31）",
        }[name]
    )
    assert (
        opened.count_visible("table") >= 3
        and opened.count_visible("svg.refgraph-picture") == {"report": 11, "customer": 1}[name]
        and opened.count_visible(".figure") >= 4
    )
    assert opened.page.evaluate(OVERLAPS) == []
    opened.assert_no_errors_or_requests()


def test_chinese_text_is_drawn_with_the_embedded_font(
    chromium: Any, pages: dict[str, bytes], tmp_path: Path
) -> None:
    opened = OpenPage(chromium, tmp_path / "page.html", pages["report"])
    assert (
        opened.page.evaluate("document.fonts.check('16px refgraph-sans', '寻梅坞五金制品有限公司')")
        is True
    )
    assert opened.page.evaluate("[...document.fonts].map(f => [f.family, f.status])") == [
        ["refgraph-sans", "loaded"]
    ]
    session = opened.page.context.new_cdp_session(opened.page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    for selector in (
        "#show-en ~ .page-en tbody th",
        ".page-en .headline",
        ".page-en svg text",
        ".page-en .figure .value",
    ):
        for node in session.send("DOM.querySelectorAll", {"nodeId": root, "selector": selector})[
            "nodeIds"
        ][:40]:
            used = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
            assert all(font["isCustomFont"] for font in used), (selector, used)


def test_language_switch_works_without_script(
    chromium: Any, pages: dict[str, bytes], tmp_path: Path
) -> None:
    opened = OpenPage(chromium, tmp_path / "page.html", pages["report"])
    assert (opened.count_visible(".page-en"), opened.count_visible(".page-zh")) == (1, 0)
    opened.page.get_by_text("简体中文").click()
    assert (opened.count_visible(".page-en"), opened.count_visible(".page-zh")) == (0, 1)
    assert opened.page.evaluate(OVERLAPS) == []
    opened.page.keyboard.press("ArrowLeft")
    assert (opened.count_visible(".page-en"), opened.count_visible(".page-zh")) == (1, 0)
    section = f"#en-{list(CHAPTERS).index('referred') + 1}"
    hidden = opened.count_visible(f"{section} .detail")
    opened.page.locator(f"{section} label.all").click()
    assert (hidden, opened.count_visible(f"{section} .detail") > 100) == (0, True)
    opened.assert_no_errors_or_requests()


@pytest.mark.parametrize("width", (390, 1280))
def test_html_page_at_any_width_does_not_scroll_sideways(
    chromium: Any, pages: dict[str, bytes], tmp_path: Path, width: int
) -> None:
    for name, content in pages.items():
        opened = OpenPage(chromium, tmp_path / f"{name}.html", content, width)
        for lang in ("en", "zh"):
            opened.page.locator(f"label[for=show-{lang}]").click()
            assert opened.page.evaluate("document.documentElement.scrollWidth") == width


def test_hostile_names_in_browser_stay_text(chromium: Any, tmp_path: Path) -> None:
    evil = [
        *NASTY,
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)>",
        "'\"><script>alert(1)</script>",
        "]]><script>alert(1)</script>",
        "</style><script>alert(1)</script>",
        "<a href='javascript:alert(1)'>x</a>",
        "@import url(http://example.invalid/x.css);",
        "url(http://example.invalid/x.png)",
    ]
    people = {
        f"{k:03}": {
            "name": name.replace("\0", "") or None,
            "revenue": k,
            "sector": name.replace("\0", "") or None,
        }
        for k, name in enumerate(evil)
    }
    engine = OfflineEngine(toys.company(people, [("000", id) for id in people if id != "000"]))
    for k, subject in enumerate(
        (
            build_report(engine),
            build_customer_page(engine, "000"),
            build_customer_page(engine, "049"),
            pipeline.run(engine, "recommenders"),
        )
    ):
        opened = OpenPage(chromium, tmp_path / f"{k}.html", renderers.render(subject, "html", "en"))
        assert opened.count_visible("script, img, iframe, object, link") == 0
        assert opened.page.locator("img, iframe, object, embed, base").count() == 0
        assert opened.page.locator("script").all_text_contents()[-1:] == [load_script()[0]]
        assert opened.page.locator("script:not([type])").count() == 1
        assert "alert(1)" in opened.page.locator("body").inner_text()
        opened.assert_no_errors_or_requests()


def test_html_page_printed_has_pages_without_language_switch(
    chromium: Any, pages: dict[str, bytes], tmp_path: Path
) -> None:
    opened = OpenPage(chromium, tmp_path / "page.html", pages["report"])
    paper = opened.page.pdf(prefer_css_page_size=True)
    assert (
        paper.startswith(b"%PDF-")
        and paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page ") >= 3
    )
    opened.page.emulate_media(media="print")
    assert opened.count_visible(".languages") == 0
    opened.assert_no_errors_or_requests()
