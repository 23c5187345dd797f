"""Figures of a report open to their rows in the page, in the real browser and without network."""

from __future__ import annotations

import base64
import io
import itertools
import json
import re
import zipfile
import zlib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.recompute import EPOCH, recompute

from refgraph import pipeline, renderers
from refgraph.engines.base import Engine
from refgraph.measures.figure_rows import ROLES
from refgraph.model.result import Report
from refgraph.model.scope import Scope
from refgraph.renderers import html
from refgraph.renderers.page_figures import PageFigures, pack
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


@pytest.fixture(scope="module")
def page(report: Report) -> str:
    """The report as a page."""
    return html.render(report, View(format="html", lang="en")).decode()


def unpack(page: str) -> dict[str, Any]:
    """What a page holds of its figures."""
    packed = re.search(r'id="figures">(.*?)</script>', page, re.S)
    assert packed
    content: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode(packed[1]), -15))
    return content


def test_page_holds_the_rows_of_every_figure_that_opens(page: str) -> None:
    content = unpack(page)
    numbers = set(map(int, re.findall(r" data-open=(\d+)", page)))
    assert numbers == set(range(len(content["commands"])))
    assert len(content["sentences"]) == len(content["commands"]) > 3_000
    assert f"refgraph rows effect {CASE} --row customers --column share" in content["commands"]


def test_figures_of_the_page_equal_those_made_of_its_packed_rows(report: Report) -> None:
    results = [section.result for section in report.sections]
    figures = PageFigures(report, [5] * len(results), ["en"])
    content = json.loads(figures.build_text(10_000))
    compared = 0
    for (section, row, name), number in figures.cells.items():
        result = results[section]
        assert result.opener is not None
        column = next(c for c in result.columns if c.name == name)
        opened = result.opener.open_cell(row, column)
        method, printed = str(opened.parameters["method"]), result.frame[name][row]
        if method == "inputs" or content["rest"][number]:
            continue
        rows = []
        for role, place, weight in content["parts"][number]:
            for n, k in enumerate(itertools.accumulate(content["lists"][place])):
                each = weight if isinstance(weight, float) else weight[n]
                amount = content["entries"]["amount"][k]
                rows.append({"role": ROLES[role], "weight": each, "amount": amount})
        found = recompute(rows, method, is_date=False)
        expected = float((printed - EPOCH).days if isinstance(printed, date) else printed)
        assert found == pytest.approx(expected, rel=1e-4, abs=1e-9), (result.analysis, row, name)
        compared += 1
    assert compared > 500


def test_page_with_figures_that_open_is_at_most_twice_as_large(report: Report, page: str) -> None:
    packed = re.search(r'id="figures">(.*?)</script>', page, re.S)
    assert packed
    attributes = len(" data-open=0000") * page.count(" data-open=")
    rest = len(page.encode()) - len(packed[1]) - attributes
    assert len(page.encode()) <= 2 * rest
    figures = PageFigures(report, [3] * len(report.sections), ["en", "zh"])
    content = json.loads(figures.fit(20_000))
    assert 0 < len(content["sentences"]) < len(content["commands"]) == len(figures.cells)
    assert len(pack(figures.fit(20_000))) <= 20_000


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
    rows = box.locator("tbody tr").all_inner_texts()
    assert len(rows) == 96
    assert sum("numerator and denominator" in row for row in rows) == 30
    assert "refgraph rows effect" in box.locator("p").last.inner_text()
    page.keyboard.press("Escape")
    assert page.locator(".rows:popover-open").count() == 0
    page.close()


def test_workbook_links_figures_to_the_sheet_of_their_rows(report: Report) -> None:
    content = renderers.render(report, "xlsx", "en")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
        place = names.index("Referral share") + 1
        sheet = book.read(f"xl/worksheets/sheet{place}.xml").decode()
    assert "Rows behind figures" in names
    links = dict(re.findall(r'<hyperlink ref="(\w+)" location="([^"]+)"', sheet))
    assert re.fullmatch(r"'Rows behind figures'!A\d+", links["B2"])
    assert re.search(r'<c r="B2"[^>]*><v>96</v></c>', sheet)
