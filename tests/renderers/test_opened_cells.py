"""Figures of a report open to their rows in the page, in the real browser and without network."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from refgraph import pipeline, renderers
from refgraph.engines.base import Engine
from refgraph.model.result import Report
from refgraph.model.scope import Scope
from refgraph.renderers import html
from refgraph.renderers.opened_cells import MAX_LISTED, MAX_OPENED, open_cells
from refgraph.renderers.view import View
from refgraph.reports.report import build_report

CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"


@pytest.fixture(scope="module")
def engine() -> Engine:
    """The classic case."""
    return pipeline.open_source(CASE)


@pytest.fixture(scope="module")
def report(engine: Engine) -> Report:
    """Its report."""
    return build_report(engine, Scope())


def test_page_opens_so_many_figures_and_names_the_command_for_the_rest(report: Report) -> None:
    opened = open_cells(report, View(format="html", lang="en"))
    assert len(opened.rows) == MAX_OPENED
    page = html.render(report, View(format="html", lang="en")).decode()
    targets = set(re.findall(r'popovertarget="([^"]+)"', page))
    boxes = set(re.findall(r'<div popover class="rows" id="([^"]+)"', page))
    assert targets and targets <= boxes
    assert f"refgraph rows effect {CASE}" in page


def test_page_with_figures_that_open_is_at_most_twice_as_large(report: Report) -> None:
    page = html.render(report, View(format="html", lang="en")).decode()
    boxes = re.findall(r'<div popover class="rows".*?\n</div>\n', page, re.S)
    rest = len(page) - sum(map(len, boxes)) - 60 * page.count("popovertarget")
    assert len(page) <= 2 * rest


@pytest.mark.browser
def test_click_on_the_referral_share_shows_its_thirty_rows(
    chromium: Any, report: Report, tmp_path: Path
) -> None:
    path = tmp_path / "report.html"
    path.write_bytes(renderers.render(report, "html", "en"))
    page, requests = chromium.new_page(), []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(path.as_uri())
    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
    page.locator(".page-en .figure .open").first.click()
    box = page.locator(".rows:popover-open")
    assert "30 of 96" in box.locator("p").first.inner_text()
    assert box.locator("tbody tr").count() == MAX_LISTED
    roles = box.locator("tbody tr").all_inner_texts()
    assert all("numerator and denominator" in role for role in roles)
    page.keyboard.press("Escape")
    assert page.locator(".rows:popover-open").count() == 0
    page.close()


def test_workbook_links_figures_to_the_sheet_of_their_rows(report: Report) -> None:
    content = renderers.render(report, "xlsx", "en")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet2.xml").decode()
        names = book.read("xl/workbook.xml").decode()
    assert "Rows behind figures" in names
    links = dict(re.findall(r'<hyperlink ref="(\w+)" location="([^"]+)"', sheet))
    assert links["B2"] == "'Rows behind figures'!A1"
    assert re.search(r'<c r="B2"[^>]*><v>96</v></c>', sheet)
