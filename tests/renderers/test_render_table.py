"""The terminal table: aligned, numbers whole, columns without room named, colours only where asked for."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from render_samples import COLUMNS, NASTY, TITLES, report, result

from refgraph.model.units import Unit
from refgraph.renderers import render
from refgraph.renderers.cells import NUMBERS, spoken, width
from refgraph.renderers.fit import GAP, Measured, fit, fold, total

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
WIDTHS = (20, 40, 60, 80, 100, 120, 160, 200, 400)


def table(text: str, rows: int) -> list[str]:
    """The rule and the rows below it."""
    lines = text.split("\n")
    rule = next(i for i, line in enumerate(lines) if line.startswith("──"))
    return lines[rule : rule + 1 + rows]


@pytest.mark.parametrize("lang", ("en", "zh"))
@pytest.mark.parametrize("columns", WIDTHS)
def test_no_line_of_the_table_is_wider_than_the_terminal(columns: int, lang: str) -> None:
    lines = table(render(result(90), "table", lang, width=columns).decode(), 90)
    assert max(map(width, lines)) == width(lines[0]) <= columns


@pytest.mark.parametrize("lang", ("en", "zh"))
@pytest.mark.parametrize("columns", WIDTHS)
def test_numbers_are_whole_or_their_column_is_named(columns: int, lang: str) -> None:
    numbers = tuple(c for c in COLUMNS if c.unit in {*NUMBERS, Unit.DATE} - {Unit.RATIO})
    answer = result(300, columns=numbers)
    text = render(answer, "table", lang, width=columns).decode()
    cells = list(zip(*(spoken(answer.frame[c.name], c.unit, lang) for c in numbers), strict=True))
    rows = [tuple(re.split(" {2,}", row.strip())) for row in table(text, 300)[1:]]
    shown = len(rows[0])
    assert rows == [row[:shown] for row in cells]
    last = text.splitlines()[-1]
    hidden = [TITLES[lang][c.name] for c in numbers[shown:]]
    assert all(title in last for title in hidden)
    assert not any(TITLES[lang][c.name] in last for c in numbers[:shown])
    assert ("No room" in last or "宽度不够" in last) == bool(hidden)


def test_columns_stand_below_their_headings() -> None:
    numbers = tuple(c for c in COLUMNS if c.unit in (Unit.ID, Unit.TEXT, Unit.COUNT, Unit.DAYS))
    lines = render(result(60, columns=numbers), "table", "zh", width=80).decode().split("\n")
    rule = next(i for i, line in enumerate(lines) if line.startswith("──"))
    edge = width(lines[rule])
    assert {width(line) for line in lines[rule - 1 : rule + 61] if not line.endswith("; x")} >= {edge}
    for k in range(60):
        assert lines[rule + 1 + k].startswith(f"C{k:05}{GAP}")


def test_wide_characters_align_to_the_right_edge() -> None:
    columns = (COLUMNS[1], COLUMNS[4])
    lines = table(render(result(44, columns=columns), "table", "zh", width=60).decode(), 44)
    assert {width(line) for line in lines} == {width(lines[0])}


def test_a_page_for_a_file_is_as_wide_as_it_needs() -> None:
    text = render(result(20), "table", "en").decode()
    assert "宝钢" * 100 in text and "x" * 200 in text and "No room" not in text


def test_parts_of_the_page_in_order() -> None:
    lines = render(result(96), "table", "en", top=20, width=400).decode().splitlines()
    assert lines[0] == "30 of 96 (31.4 %) by Acme [/]; 1.23 M 元" and lines[1] == ""
    assert lines[-2:] == ["… 76 more", "Note on Acme [/]."]
    assert render(result(0), "table", "zh", width=400).decode().splitlines()[-2] == "没有符合的行。"


def test_titles_carry_units_and_cells_are_spoken() -> None:
    english, chinese = (render(result(3), "table", lang, width=400).decode() for lang in ("en", "zh"))
    assert "Direct value (元)" in english and "The volume (t)" in english and "列volume（吨）" in chinese
    assert " yes" in english and " 是" in chinese and "5.7 %" in english and "1,131,285,714" in chinese


@pytest.mark.parametrize("who", NASTY)
def test_a_name_moves_no_terminal(who: str) -> None:
    page = render(result(len(NASTY), who), "table", "en", width=120).decode()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\u2028]", page)
    plain = render(result(len(NASTY)), "table", "en", width=120).decode()
    assert page.count("\n") == plain.count("\n")


def test_colours_only_where_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    plain = render(result(5), "table", "en", width=90)
    styled = render(result(5), "table", "en", width=90, color=True).decode()
    assert ESCAPE.search(styled) and ESCAPE.sub("", styled).encode() == plain
    monkeypatch.setenv("NO_COLOR", "1")
    assert render(result(5), "table", "en", width=90, color=True) == plain
    monkeypatch.setenv("NO_COLOR", "")
    assert ESCAPE.search(render(result(5), "table", "en", width=90, color=True).decode())


def test_colour_leaves_names_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    for who in NASTY:
        styled = render(result(len(NASTY), who), "table", "zh", width=100, color=True).decode()
        assert ESCAPE.sub("", styled).encode() == render(result(len(NASTY), who), "table", "zh", width=100)


def test_a_report_shows_sections_under_their_captions() -> None:
    text = render(report(), "table", "en", width=100).decode()
    assert text.startswith("Report of Acme [/]\n\nCaption en\n30 of 96") and "\n… 3 more\n" in text
    assert text.endswith("\n\nNote on Acme [/].\n") and text.count("C0000") == 3


units = st.sampled_from([Unit.ID, Unit.TEXT, Unit.LABEL, Unit.DATE, Unit.COUNT, Unit.MONEY])
words = st.text(st.sampled_from("ab 中文（）()é"), min_size=1, max_size=20)
measured = st.builds(Measured, words, units, st.lists(words, max_size=3))


@given(st.lists(measured, min_size=1, max_size=6), st.integers(1, 120))
def test_widths_fit_and_nothing_is_wasted(columns: list[Measured], room: int) -> None:
    widths = fit(columns, room)
    kept = columns[: len(widths)]
    assert all(c.least <= w <= max(c.wanted, c.least) for c, w in zip(kept, widths, strict=True))
    assert total(widths) <= room or len(widths) == 1
    full = all(w >= c.wanted for c, w in zip(kept, widths, strict=True))
    assert full or total(widths) >= room
    if len(widths) < len(columns):
        assert total([c.least for c in columns[: len(widths) + 1]]) > room
    for column, wide in zip(kept, widths, strict=True):
        lines = fold(column.heading, wide)
        assert all(width(line) <= wide for line in lines)
        assert "".join(lines).replace(" ", "") == column.heading.replace(" ", "")


def test_a_column_goes_only_when_a_place_is_missing() -> None:
    columns = [Measured("n", Unit.COUNT, ["12345678"]), Measured("m", Unit.COUNT, ["123"])]
    assert fit(columns, 13) == fit(columns, None) == [8, 3]
    assert fit(columns, 12) == fit(columns, 3) == [8], "the first column stays, whole"


def test_room_goes_to_the_column_that_lacks_most() -> None:
    columns = [Measured("a", Unit.TEXT, ["x" * 100]), Measured("b", Unit.TEXT, ["y" * 20])]
    assert fit(columns, 16 + 2 + 16) == [16, 16]
    assert fit(columns, 30 + 2 + 16) == [30, 16]
    assert fit(columns, 100 + 2 + 20) == fit(columns, 300) == [100, 20]


@pytest.mark.parametrize(("heading", "width", "lines"), (
    ("Direct value (元)", 16, ["Direct value", "(元)"]),
    ("Direct value (t)", 16, ["Direct value (t)"]),
    ("直接成交金额（元）", 12, ["直接成交金额", "（元）"]),
    ("直接成交金额", 8, ["直接成交", "金额"]),
))  # fmt: skip
def test_headings_fold_where_a_reader_would(heading: str, width: int, lines: list[str]) -> None:
    assert fold(heading, width) == lines
