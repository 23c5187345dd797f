"""What a notebook shows of a Result: headline, first rows, notes, and nothing that the data could make it do."""

from __future__ import annotations

import html
from html.parser import HTMLParser

import pytest

import refgraph
import toys
from refgraph.renderers.notebook import ROWS, notebook
from refgraph.texts import say

TAGS = {"div", "p", "b", "table", "thead", "tbody", "tr", "th", "td", "ul", "li"}


class Page(HTMLParser):
    """Tags seen and cells found; an unclosed or unknown tag shows."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.cells: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert {name for name, _ in attrs} <= {"class", "lang", "style"}
        self.open.append(tag)
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "td":
            self.cells.append(data)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("toy", toys.TOYS)
def test_every_toy_is_a_whole_page(toy: str, lang: str) -> None:
    result = refgraph.run("recommenders", toys.TOYS[toy]())
    text = notebook(result, lang)
    page = Page(text)
    assert not page.open
    assert set(page.seen) <= TAGS
    assert page.seen.count("tr") == 1 + result.frame.height
    assert html.escape(say(result.headline, lang)).split("\u202e")[0] in text
    assert text == notebook(result, lang)


def test_names_stay_text() -> None:
    people = {"1": {"name": '<script>alert("x")</script>', "revenue": 1}, "2": {"name": "b & c\u202e", "revenue": 2}}
    text = notebook(refgraph.run("recommenders", toys.company(people, [("1", "2"), ("2", "3")])), "en")
    assert "<script" not in text
    assert "\u202e" not in text
    assert '<script>alert("x")</script>' in Page(text).cells


def test_further_rows_are_counted() -> None:
    data = toys.worth(dict.fromkeys(map(str, range(100)), 1), [(str(k), str(k + 50)) for k in range(50)])
    text = notebook(refgraph.run("recommenders", data), "en")
    assert Page(text).seen.count("tr") == 1 + ROWS
    assert str(50 - ROWS) in text.rpartition("</table>")[2]


def test_a_result_shows_itself_in_the_language_that_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    result = refgraph.run("effect", toys.pair())
    monkeypatch.setenv("REFGRAPH_LANG", "zh")
    assert result._repr_html_() == notebook(result, "zh")
    monkeypatch.setenv("REFGRAPH_LANG", "klingon")
    monkeypatch.setenv("LC_ALL", "C")
    assert result._repr_html_() == notebook(result, "en")
