"""The report in a real Chromium: its first page, its tables, its links, and without script."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.browser import OpenPage

from refgraph import pipeline, renderers
from refgraph.reports.report import CHAPTERS, FINDINGS, build_report

pytestmark = pytest.mark.browser
PLACE = {name: number for number, name in enumerate(CHAPTERS, 1)}


@pytest.fixture(scope="module")
def report() -> bytes:
    return renderers.render(build_report(pipeline.open_source("sample_data/l96")), "html", "en")


@pytest.fixture
def opened(chromium: Any, report: bytes, tmp_path: Path) -> OpenPage:
    return OpenPage(chromium, tmp_path / "report.html", report)


def read_column(opened: OpenPage, section: str, column: int) -> list[str]:
    cells = f"{section} tbody tr > *:nth-child({column})"
    found: list[str] = opened.page.locator(cells).all_inner_texts()
    return found


def to_number(text: str) -> float:
    return float(text.replace(",", "").removesuffix(" %"))


def test_first_page_has_six_cards_three_findings_and_three_pictures(opened: OpenPage) -> None:
    assert opened.count_visible(".page-en .figure") == 6
    findings = opened.page.locator(".page-en .findings li").all_inner_texts()
    assert len(findings) == len(FINDINGS)
    for name, text in zip(FINDINGS, findings, strict=True):
        headline = opened.page.locator(f"#en-{PLACE[name]} p.headline").inner_text()
        assert text.removesuffix("\xa0→") == headline
    assert opened.count_visible(".page-en .opening svg") == 3
    assert "significantly more than chance" in opened.page.locator(".page-en .figures").inner_text()
    size = "getComputedStyle(document.querySelector('.opening svg g.headline')).fontSize"
    assert opened.page.evaluate(size) == "13px"
    outside = """() => [...document.querySelectorAll('svg.refgraph-picture')]
      .filter(svg => svg.checkVisibility()).flatMap(svg => [...svg.querySelectorAll('text')]
      .filter(t => t.getBBox().x + t.getBBox().width > svg.viewBox.baseVal.width + 1)
      .map(t => t.textContent))"""
    assert opened.page.evaluate(outside) == []
    opened.assert_no_errors_or_requests()


def test_every_finding_and_picture_leads_to_its_section(opened: OpenPage) -> None:
    targets = "[...document.querySelectorAll('.findings a, .opening a')].map(a => a.hash.slice(1))"
    found = opened.page.evaluate(targets)
    assert len(found) == 14
    assert opened.page.evaluate("ids => ids.every(id => document.getElementById(id))", found)


def test_tables_sort_by_a_click_and_back(opened: OpenPage) -> None:
    section = f"#en-{PLACE['recommenders']}"
    column = opened.page.locator(f"{section} thead th").all_inner_texts()
    place = next(k for k, title in enumerate(column, 1) if title.startswith("Closed"))
    button = opened.page.locator(f"{section} thead th:nth-child({place}) button")
    button.click()
    down = [to_number(cell) for cell in read_column(opened, section, place)]
    assert down == sorted(down, reverse=True) and down[0] == 6
    button.click()
    up = [to_number(cell) for cell in read_column(opened, section, place)]
    assert up == sorted(up)
    heading = opened.page.locator(f"{section} thead th[aria-sort]")
    assert heading.count() == 1 and heading.get_attribute("aria-sort") == "ascending"
    opened.assert_no_errors_or_requests()


def test_unknown_cells_stay_last_in_either_order(opened: OpenPage) -> None:
    section = f"#en-{PLACE['growth']}"
    opened.page.locator(f"{section} label.further").click()
    titles = opened.page.locator(f"{section} thead th").all_inner_texts()
    place = next(
        k
        for k in range(1, len(titles) + 1)
        if 0 < read_column(opened, section, k).count("–") < len(read_column(opened, section, k))
    )
    for _ in range(2):
        opened.page.locator(f"{section} thead th:nth-child({place}) button").click()
        cells = read_column(opened, section, place)
        known = [cell for cell in cells if cell != "–"]
        assert cells == known + ["–"] * (len(cells) - len(known))


def test_filter_finds_rows_behind_the_check_box_too(opened: OpenPage) -> None:
    section = f"#en-{PLACE['quadrants']}"
    assert opened.count_visible(f"{section} tbody tr") == 5
    opened.page.locator(f"{section} .filter input").fill("champion")
    assert opened.count_visible(f"{section} tbody tr") == 11
    assert opened.page.locator(f"{section} .filter output").inner_text().strip() == "11 / 96"
    opened.page.locator(f"{section} .filter input").fill("")
    assert opened.count_visible(f"{section} tbody tr") == 5


def test_names_lead_to_the_row_of_their_party(opened: OpenPage) -> None:
    section = f"#en-{PLACE['chains']}"
    link = opened.page.locator(f"{section} tbody a").first
    name = link.inner_text()
    link.click()
    target = opened.page.locator("tr:target")
    assert target.count() == 1 and target.is_visible() and name in target.inner_text()
    every = "[...document.querySelectorAll('.box a')].map(a => a.hash.slice(1))"
    ids = opened.page.evaluate(every)
    assert len(ids) > 200
    assert opened.page.evaluate("ids => ids.every(id => document.getElementById(id))", ids)


def test_contents_stay_in_sight(opened: OpenPage) -> None:
    opened.page.locator(f"#en-{PLACE['funnel']}").scroll_into_view_if_needed()
    box = opened.page.locator(".page-en .contents").bounding_box()
    assert box and -1 <= box["y"] <= 1
    assert box["height"] < 60, "one line"
    opened.page.locator(".page-en .contents a").nth(PLACE["chains"] - 1).click()
    top = f"document.querySelector('#en-{PLACE['chains']} h2').getBoundingClientRect().top"
    for _ in range(100):  # scrolling is smooth; the policy of the page forbids to wait in it
        if box["height"] - 1 <= opened.page.evaluate(top) < 300:
            break
        opened.page.wait_for_timeout(100)
    assert box["height"] - 1 <= opened.page.evaluate(top) < 300


def test_report_without_script_reads_and_opens_its_rows(
    chromium: Any, report: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "report.html"
    path.write_bytes(report)
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(path.as_uri())
    section = f"#en-{PLACE['quadrants']}"
    rows = page.locator(f"{section} tbody tr")
    assert page.locator(".filter").count() == page.locator(".sort").count() == 0
    assert sum(row.is_visible() for row in rows.all()) == 5
    page.locator(f"{section} label.further").click()
    assert sum(row.is_visible() for row in rows.all()) == 96
    context.close()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_printed_report_keeps_headings_with_what_follows(opened: OpenPage, lang: str) -> None:
    opened.page.locator(f"label[for=show-{lang}]").click()
    opened.page.emulate_media(media="print")
    rules = """lang => [...document.querySelectorAll(`#${lang} .top`)].map(
      top => [getComputedStyle(top).breakInside, getComputedStyle(top).breakAfter])"""
    found = opened.page.evaluate(rules, lang)
    assert len(found) == len(CHAPTERS) and set(map(tuple, found)) == {("avoid", "avoid")}
    assert opened.count_visible(".filter") == 0
