"""What a notebook shows of a Result: headline, first rows and notes.

Nothing that the data could make it do happens.
"""

from __future__ import annotations

import html
from html.parser import HTMLParser

import pytest
from support import toys

import refgraph
from refgraph.renderers.notebook import MAX_ROWS, render_notebook
from refgraph.texts import format_message

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
def test_render_notebook_of_every_toy_is_complete_html(toy: str, lang: str) -> None:
    result = refgraph.run("recommenders", toys.TOYS[toy]())
    text = render_notebook(result, lang)
    page = Page(text)
    assert not page.open
    assert set(page.seen) <= TAGS
    assert page.seen.count("tr") == 1 + result.frame.height
    assert html.escape(format_message(result.headline, lang)).split("\u202e")[0] in text
    assert text == render_notebook(result, lang)


def test_render_notebook_keeps_hostile_names_as_text() -> None:
    people = {
        "1": {"name": '<script>alert("x")</script>', "revenue": 1},
        "2": {"name": "b & c\u202e", "revenue": 2},
    }
    text = render_notebook(
        refgraph.run("recommenders", toys.company(people, [("1", "2"), ("2", "3")])), "en"
    )
    assert "<script" not in text
    assert "\u202e" not in text
    assert '<script>alert("x")</script>' in Page(text).cells


def test_render_notebook_counts_rows_beyond_the_limit() -> None:
    data = toys.worth(
        dict.fromkeys(map(str, range(100)), 1), [(str(k), str(k + 50)) for k in range(50)]
    )
    text = render_notebook(refgraph.run("recommenders", data), "en")
    assert Page(text).seen.count("tr") == 1 + MAX_ROWS
    assert str(50 - MAX_ROWS) in text.rpartition("</table>")[2]


def test_repr_html_follows_language_of_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    result = refgraph.run("effect", toys.pair())
    monkeypatch.setenv("REFGRAPH_LANG", "zh")
    assert result._repr_html_() == render_notebook(result, "zh")
    monkeypatch.setenv("REFGRAPH_LANG", "klingon")
    monkeypatch.setenv("LC_ALL", "C")
    assert result._repr_html_() == render_notebook(result, "en")
