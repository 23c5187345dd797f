"""Markdown against an independent reader (markdown-it): the cells come back, and nothing else."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from support.render_samples import COLUMNS, NASTY, TITLES, report, result

from refgraph.renderers import render
from refgraph.renderers.cells import clean_text, format_values
from refgraph.renderers.markdown import escape_paragraph, format_heading

HARMLESS = {"p", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "h1", "h2", "hr"}
reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


class Page(HTMLParser):
    """Tags, and the text within each ``th``, ``td``, ``p``, ``li``, ``h1`` and ``h2``."""

    def __init__(self, markdown: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(reader.render(markdown.decode()))

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)
        if tag in ("th", "td", "p", "li", "h1", "h2"):
            self.texts.append((tag, ""))

    def handle_comment(self, data: str) -> None:
        self.tags.append("comment")

    def handle_data(self, data: str) -> None:
        if data.strip():
            tag, before = self.texts[-1]
            self.texts[-1] = (tag, before + data)

    def list_texts(self, tag: str) -> list[str]:
        return [text for t, text in self.texts if t == tag]


@pytest.mark.parametrize("lang", ("en", "zh"))
def test_markdown_cells_read_back_as_text(lang: str) -> None:
    answer = result(200)
    markdown = render(answer, "md", lang)
    page = Page(markdown)
    assert set(page.tags) <= HARMLESS and b"<" not in markdown and b">" not in markdown
    columns = [format_values(answer.frame[c.name], c.unit, lang) for c in COLUMNS]
    wanted = [cell.strip() for row in zip(*columns, strict=True) for cell in row]
    assert [
        cell.replace("-0", "0") if cell == "-0" else cell for cell in wanted
    ] == page.list_texts("td")
    titles = page.list_texts("th")
    assert titles[:2] == [TITLES[lang]["party"], TITLES[lang]["name"]]
    assert titles[[c.name for c in COLUMNS].index("direct")] == (
        "Direct value (元)" if lang == "en" else "直接成交金额（元）"
    )


@pytest.mark.parametrize("who", NASTY)
def test_markdown_hostile_name_stays_text_in_headline_and_notes(who: str) -> None:
    page = Page(render(result(1, who), "md", "zh"))
    assert set(page.tags) <= HARMLESS and page.tags.count("table") == 1
    assert page.list_texts("p")[0] == f"96 家中 30 家（31.4%），{clean_text(who)}；123.5 万元"
    assert page.list_texts("li") == [f"关于{clean_text(who)}。"]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_markdown_any_text_is_literal(text: str) -> None:
    wanted = clean_text(text)
    for markdown in (
        escape_paragraph(wanted),
        "- " + escape_paragraph(wanted),
        format_heading("#", wanted),
    ):
        page = Page(markdown.encode())
        assert set(page.tags) <= {"p", "ul", "li", "h1"}
        assert "".join(text for _, text in page.texts).strip() == wanted.strip()


@given(st.text(st.sampled_from("#+-=*_`~|\\<>&[]()!$1. \tab"), max_size=12))
def test_markdown_any_punctuation_is_literal(text: str) -> None:
    test_markdown_any_text_is_literal.hypothesis.inner_test(text)  # type: ignore[attr-defined]


def test_markdown_report_has_title_captions_and_count_of_more_rows() -> None:
    text = render(report(), "md", "en").decode()
    page = Page(text.encode())
    assert page.list_texts("h1") == ["Report of Acme [/]"] and page.list_texts("h2") == [
        "Caption en"
    ]
    assert page.tags.count("table") == 2 and page.tags.count("hr") == 1
    assert "\n\n… 3 more\n\n" in text and len(page.list_texts("td")) == (2 + 1) * len(COLUMNS)
    assert page.list_texts("li") == ["Note on Acme [/]."] * 2, (
        "one of the sections, one of the report"
    )


def test_markdown_numbers_align_right_and_empty_answer_says_no_rows() -> None:
    text = render(result(0), "md", "en").decode()
    assert "| --- | --- | --- | --- | ---: |" in text and "\n\nNo rows.\n\n" in text
