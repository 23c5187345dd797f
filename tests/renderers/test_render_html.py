"""The page as Python's HTML parser reads it: cells all there, names only names, no fetches."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import toys
from support.html_page import Page
from support.random_cases import cases
from support.render_samples import COLUMNS, NASTY, TITLES, report, result

from refgraph import pipeline, texts
from refgraph.engines.offline import OfflineEngine
from refgraph.model.message import Amount, message
from refgraph.model.result import Figure, Report
from refgraph.model.scope import Scope
from refgraph.renderers import html, render
from refgraph.renderers.cells import clean_text, format_values
from refgraph.renderers.page_opening import render_section_svg
from refgraph.renderers.page_script import load_script
from refgraph.renderers.view import View
from refgraph.reports.customer_page import build_customer_page
from refgraph.reports.report import build_report as report_of

TAG_NAMES = """
html head meta title style body input div label main header h1 h2 p span section i b
small nav ol li a dl dt dd table thead tbody tr th td ul details summary footer svg desc
rect g path circle text figure figcaption script button noscript
"""
TAGS = set(TAG_NAMES.split())
CASE = pipeline.open_source("sample_data/l96")


@pytest.fixture(autouse=True)
def skip_costly_font(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """The font is made where a test is about it only; elsewhere it takes the time of the test."""
    if "font" not in request.node.name:
        monkeypatch.setattr(html, "_embed_font", lambda page, packed: page)


def page(subject: object, lang: str = "en", **more: int) -> Page:
    read = Page(render(subject, "html", lang, **more))  # type: ignore[arg-type]
    assert {tag for tag, _ in read.tags} <= TAGS
    *packed, script = read.list_texts("script")
    assert script == load_script()[0]
    assert all(re.fullmatch("[A-Za-z0-9+/=]*", text) for text in packed)
    assert (read.open, read.comments, read.list_fetched()) == ([], [], [])
    assert not [k for _, attributes in read.tags for k in attributes if k.startswith("on")]
    return read


@pytest.mark.parametrize("lang", ("en", "zh"))
def test_html_cells_read_back_as_text(lang: str) -> None:
    answer = result(200)
    read = page(answer, lang)
    columns = [format_values(answer.frame[c.name], c.unit, lang) for c in COLUMNS]
    wanted = [cell for row in zip(*columns, strict=True) for cell in row]
    titles = len(COLUMNS)
    cells = read.list_texts("th", "td")
    assert [x.replace("-0", "0") if x == "-0" else x for x in wanted] == cells[titles:]
    assert cells[:2] == [TITLES[lang]["party"], TITLES[lang]["name"]]


@pytest.mark.parametrize("who", NASTY)
def test_html_hostile_name_stays_text_everywhere(who: str) -> None:
    subject = replace(
        report(who),
        figures=(Figure("top", message("figure.name", name=who), message("test-note", who=who)),),
    )
    read = page(subject)
    assert read.list_texts("h1") == [f"Report of {clean_text(who)}", f"{clean_text(who)}的报告"]
    assert f"Note on {clean_text(who)}." in read.list_texts("p", "li")
    assert [a.get("id") for _, a in read.tags if a.get("id")] == [
        "show-en",
        "show-zh",
        "en",
        "en-1",
        "en-1-rows",
        "en-2",
        "zh",
        "zh-1",
        "zh-1-rows",
        "zh-2",
    ]


@settings(max_examples=cases(40))
@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    st.sampled_from(["<", "&#60;", '"', "'", "</title>", ""]),
)
def test_html_any_text_is_literal(text: str, more: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(html, "_embed_font", lambda page, packed: page)
        for lang in texts.LANGUAGES:
            patch.setitem(texts.load_texts(lang)["note"], "test-any", "{who}")
        subject = Report(message("test-any", who=text + more), ())
        read = page(subject)
    assert [re.sub(r"\s+", " ", x) for x in read.list_texts("h1")] == [
        re.sub(r"\s+", " ", clean_text(text + more))
    ] * 2
    assert read.list_texts("title") == [clean_text(text + more)]


def test_html_report_and_customer_page_keep_hostile_names_as_text() -> None:
    people = {
        f"{k:03}": {"name": name.replace("\0", "") or None, "revenue": k}
        for k, name in enumerate(NASTY)
    }
    pairs = [(f"{k:03}", f"{k + 1:03}") for k in range(len(NASTY) - 1)]
    engine = OfflineEngine(toys.company(people, pairs))
    for subject in (
        report_of(engine),
        build_customer_page(engine, "020"),
        build_customer_page(engine, "003"),
        pipeline.run(engine, "recommenders"),
    ):
        for lang in ("en", "zh"):
            assert "alert(1)" in "".join(text for _, text in page(subject, lang).texts)


def test_html_report_has_both_languages_and_a_single_answer_one() -> None:
    for lang in ("en", "zh"):
        read = page(report_of(CASE, with_picture=False), lang)
        chosen = [
            a["id"]
            for tag, a in read.tags
            if tag == "input" and a["type"] == "radio" and "checked" in a
        ]
        assert chosen == [f"show-{lang}"]
        assert [a["lang"] for tag, a in read.tags if tag == "main"] == ["en", "zh-Hans"]
        alone = page(pipeline.run(CASE, "effect"), lang)
        assert [a["lang"] for tag, a in alone.tags if tag == "main"] == [
            {"en": "en", "zh": "zh-Hans"}[lang]
        ]


def test_html_report_figures_equal_those_of_its_answers() -> None:
    report = report_of(CASE, with_picture=False)
    read = page(report)
    cards = re.findall(
        '<p class="value"[^>]*>(.*?)</p>', render(report, "html", "en").decode(), re.S
    )
    assert [re.sub("<[^>]*>", "", card).strip() for card in cards][:6] == [
        "31.25 %",
        "31.25–41.67 %",
        "20.0 %",
        "寻梅坞五金制品有限公司",
        "4 referrals",
        "河北钢铁",
    ]
    said = " ".join(read.list_texts("p", "td", "th", "button"))
    assert all(value in said for value in ("31.25 %", "41.67 %", "20.0 %", "河北钢铁"))


def test_html_report_of_minimal_company_has_titles() -> None:
    for toy, lang in (("empty", "en"), ("single", "zh"), ("loop", "en"), ("unicode", "zh")):
        assert page(report_of(OfflineEngine(toys.TOYS[toy]())), lang).list_texts("h1")


def test_html_detail_columns_are_counted_and_single_row_is_facts() -> None:
    text = render(pipeline.run(CASE, "recommenders"), "html", "en").decode()
    hidden = sum(c.detail for c in pipeline.run(CASE, "recommenders").columns)
    assert hidden and f">{hidden} more columns<" in text
    assert page(result(1)).list_texts("dt", "td").count(TITLES["en"]["party"]) == 2 and not page(
        result(1)
    ).list_texts("td")


def test_html_report_shows_a_repeated_note_once() -> None:
    text = render(report_of(CASE, with_picture=False), "html", "en").decode()
    assert text.count("11 referrals are not counted") == 1


def test_html_page_foot_lists_settings_that_differ_from_defaults() -> None:
    answer = pipeline.run(CASE, "recommenders", {"by": "closed"}, Scope(count=("staff",)))
    said = page(answer).list_texts("dd")
    assert "count=staff" in said
    assert any("by=closed" in which for which in said)
    assert "l96" in said


def test_html_font_covers_the_text_and_policy_forbids_other_sources() -> None:
    import base64
    import io

    from fontTools.ttLib import TTFont

    answer = replace(
        result(2),
        headline=message(
            "test-head", n=30, all=96, part=0.314, who="镕喆堃翀", worth=Amount(1, "元", True)
        ),
    )
    text = render(answer, "html", "zh").decode()
    found = re.search(r"base64,([^)]*)\)", text)
    assert found
    known = TTFont(io.BytesIO(base64.b64decode(found[1]))).getBestCmap()
    assert {ord(c) for c in "镕喆堃翀元家中直接成交金额 ,.%0123456789ABCxyz"} <= set(known)
    assert render(answer, "html", "zh") == text.encode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    script = load_script()[1]
    assert policy and policy[1].startswith(
        f"default-src 'none'; style-src 'unsafe-inline'; script-src '{script}'; font-src data:;"
    )
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text)


def test_html_picture_width_is_passed_to_the_page() -> None:
    view, sections = View(format="html", lang="en"), build_customer_page(CASE, "C020").sections
    pictures = [found for each in sections if (found := render_section_svg(each, view))]
    assert pictures
    drawn, wide = pictures[0]
    assert drawn.startswith("<svg ") and f'width="{wide}"' in drawn and float(wide) > 700
