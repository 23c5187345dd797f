"""The page as Python's own HTML parser reads it: every cell is there, every name stays a name, nothing is fetched."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from html_page import Page
from hypothesis import given, settings
from hypothesis import strategies as st
from render_samples import COLUMNS, NASTY, TITLES, report, result

import toys
from refgraph import flow, texts
from refgraph.engines.offline import Offline
from refgraph.flow.customers import customer
from refgraph.flow.reports import report as report_of
from refgraph.model.message import Amount, message
from refgraph.model.result import Figure, Report
from refgraph.model.scope import Scope
from refgraph.renderers import html, render
from refgraph.renderers.cells import clean, spoken
from refgraph.renderers.view import View

TAGS = {
    "html", "head", "meta", "title", "style", "body", "input", "div", "label", "main", "header", "h1", "h2", "p", "span", "section",
    "i", "b", "small", "nav", "ol", "li", "a", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td", "ul", "details",
    "summary", "footer", "svg", "desc", "rect", "g", "path", "circle", "text",
}  # fmt: skip
CASE = flow.open_source("sample_data/l96")


@pytest.fixture(autouse=True)
def no_font(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """The font is made where a test is about it only; elsewhere it takes the time of the test."""
    if "font" not in request.node.name:
        monkeypatch.setattr(html, "_with_font", lambda page: page)


def page(subject: object, lang: str = "en", **more: int) -> Page:
    read = Page(render(subject, "html", lang, **more))  # type: ignore[arg-type]
    assert {tag for tag, _ in read.tags} <= TAGS
    assert (read.open, read.comments, read.fetched()) == ([], [], [])
    assert not [k for _, attributes in read.tags for k in attributes if k.startswith("on")]
    return read


@pytest.mark.parametrize("lang", ("en", "zh"))
def test_every_cell_comes_back_as_text(lang: str) -> None:
    answer = result(200)
    read = page(answer, lang)
    columns = [spoken(answer.frame[c.name], c.unit, lang) for c in COLUMNS]
    wanted = [cell for row in zip(*columns, strict=True) for cell in row]
    titles = len(COLUMNS)
    cells = read.all("th", "td")
    assert [x.replace("-0", "0") if x == "-0" else x for x in wanted] == cells[titles:]
    assert cells[:2] == [TITLES[lang]["party"], TITLES[lang]["name"]]


@pytest.mark.parametrize("who", NASTY)
def test_a_name_stays_a_name_everywhere(who: str) -> None:
    subject = replace(report(who), figures=(Figure("top", message("figure.name", name=who), message("test-note", who=who)),))
    read = page(subject)
    assert read.all("h1") == [f"Report of {clean(who)}", f"{clean(who)}的报告"]
    assert f"Note on {clean(who)}." in read.all("p", "li")
    assert [a.get("id") for _, a in read.tags if a.get("id")] == [
        "show-en", "show-zh", "en", "en-1", "en-2", "zh", "zh-1", "zh-2"]


@settings(max_examples=40)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), st.sampled_from(["<", "&#60;", '"', "'", "</title>", ""]))
def test_any_text_is_literal(text: str, more: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(html, "_with_font", lambda page: page)
        for lang in texts.LANGUAGES:
            patch.setitem(texts.load(lang)["note"], "test-any", "{who}")
        subject = Report(message("test-any", who=text + more), ())
        read = page(subject)
    assert [re.sub(r"\s+", " ", x) for x in read.all("h1")] == [re.sub(r"\s+", " ", clean(text + more))] * 2
    assert read.all("title") == [clean(text + more)]


def test_hostile_names_in_report_customer_and_answers() -> None:
    people = {f"{k:03}": {"name": name.replace("\0", "") or None, "revenue": k} for k, name in enumerate(NASTY)}
    pairs = [(f"{k:03}", f"{k + 1:03}") for k in range(len(NASTY) - 1)]
    engine = Offline(toys.company(people, pairs))
    for subject in (report_of(engine), customer(engine, "020"), customer(engine, "003"), flow.run(engine, "recommenders")):
        for lang in ("en", "zh"):
            assert "alert(1)" in "".join(text for _, text in page(subject, lang).texts)


def test_a_report_holds_both_languages_and_an_answer_one() -> None:
    for lang in ("en", "zh"):
        read = page(report_of(CASE, draws=False), lang)
        chosen = [a["id"] for tag, a in read.tags if tag == "input" and a["type"] == "radio" and "checked" in a]
        assert chosen == [f"show-{lang}"]
        assert [a["lang"] for tag, a in read.tags if tag == "main"] == ["en", "zh-Hans"]
        alone = page(flow.run(CASE, "effect"), lang)
        assert [a["lang"] for tag, a in alone.tags if tag == "main"] == [{"en": "en", "zh": "zh-Hans"}[lang]]


def test_the_figures_on_top_are_those_of_the_answers() -> None:
    read = page(report_of(CASE, draws=False))
    values = [t for (tag, a), t in zip([x for x in read.tags if x[0] == "p"], read.all("p"), strict=True) if a.get("class") == "value"]
    assert values[:6] == ["31.25 %", "31.25–41.67 %", "20.0 %", "寻梅坞五金制品有限公司", "4 referrals", "河北钢铁"]
    said = " ".join(read.all("p", "td", "th"))
    assert all(value in said for value in ("31.25 %", "41.67 %", "20.0 %", "河北钢铁"))


def test_nobody_and_no_value_still_make_a_page() -> None:
    for toy in ("empty", "single", "loop", "unicode"):
        for lang in ("en", "zh"):
            assert page(report_of(Offline(toys.TOYS[toy]())), lang).all("h1")


def test_details_wait_and_a_single_row_is_shown_as_facts() -> None:
    text = render(flow.run(CASE, "recommenders"), "html", "en").decode()
    hidden = sum(c.detail for c in flow.run(CASE, "recommenders").columns)
    assert hidden and f">{hidden} more columns<" in text
    assert page(result(1)).all("dt", "td").count(TITLES["en"]["party"]) == 2 and not page(result(1)).all("td")


def test_a_note_is_said_once() -> None:
    text = render(report_of(CASE, draws=False), "html", "en").decode()
    assert text.count("11 recommendations stand apart") == 1


def test_settings_that_were_made_stand_at_the_foot() -> None:
    answer = flow.run(CASE, "recommenders", {"by": "closed"}, Scope(count=("staff",)))
    said = page(answer).all("dd")
    assert "count=staff" in said
    assert any("by=closed" in which for which in said)
    assert "l96" in said


def test_the_font_holds_every_character_that_it_can_and_the_policy_lets_nothing_else_in() -> None:
    import base64
    import io

    from fontTools.ttLib import TTFont

    answer = replace(result(2), headline=message("test-head", n=30, all=96, part=0.314, who="镕喆堃翀", worth=Amount(1, "元", True)))
    text = render(answer, "html", "zh").decode()
    found = re.search(r"base64,([^)]*)\)", text)
    assert found
    known = TTFont(io.BytesIO(base64.b64decode(found[1]))).getBestCmap()
    assert {ord(c) for c in "镕喆堃翀元家中直接成交金额 ,.%0123456789ABCxyz"} <= set(known)
    assert render(answer, "html", "zh") == text.encode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy and policy[1].startswith("default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:")
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text)


def test_the_width_of_a_picture_is_told_to_the_page() -> None:
    drawn, wide = html._picture(customer(CASE, "C020").sections[5].picture, View("html", "en"))  # type: ignore[arg-type]
    assert drawn.startswith("<svg ") and f'width="{wide}"' in drawn and float(wide) > 700
