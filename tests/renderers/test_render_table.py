"""The terminal table: aligned, numbers never cut, columns without room named, styles on request."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.render_samples import COLUMNS, NASTY, TITLES, report, result

from refgraph.model.units import Unit
from refgraph.renderers import render
from refgraph.renderers.cells import NUMERIC_UNITS, format_values, measure_width
from refgraph.renderers.column_widths import (
    COLUMN_GAP,
    MeasuredColumn,
    compute_table_width,
    fit_columns,
    fold_heading,
)

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
WIDTHS = (20, 40, 60, 80, 100, 120, 160, 200, 400)


def take_table_lines(text: str, rows: int) -> list[str]:
    """The rule and the rows below it."""
    lines = text.split("\n")
    rule = next(i for i, line in enumerate(lines) if line.startswith("──"))
    return lines[rule : rule + 1 + rows]


@pytest.mark.parametrize("lang", ("en", "zh"))
@pytest.mark.parametrize("columns", WIDTHS)
def test_table_lines_fit_the_terminal_width(columns: int, lang: str) -> None:
    lines = take_table_lines(render(result(90), "table", lang, width=columns).decode(), 90)
    assert max(map(measure_width, lines)) == measure_width(lines[0]) <= columns


@pytest.mark.parametrize("lang", ("en", "zh"))
@pytest.mark.parametrize("columns", WIDTHS)
def test_table_shows_whole_numbers_or_names_the_dropped_column(columns: int, lang: str) -> None:
    numbers = tuple(c for c in COLUMNS if c.unit in {*NUMERIC_UNITS, Unit.DATE} - {Unit.RATIO})
    answer = result(300, columns=numbers)
    text = render(answer, "table", lang, width=columns).decode()
    cells = list(
        zip(*(format_values(answer.frame[c.name], c.unit, lang) for c in numbers), strict=True)
    )
    rows = [tuple(re.split(" {2,}", row.strip())) for row in take_table_lines(text, 300)[1:]]
    shown = len(rows[0])
    assert rows == [row[:shown] for row in cells]
    last = text.splitlines()[-1]
    hidden = [TITLES[lang][c.name] for c in numbers[shown:]]
    assert all(title in last for title in hidden)
    assert not any(TITLES[lang][c.name] in last for c in numbers[:shown])
    assert ("No room" in last or "宽度不够" in last) == bool(hidden)


def test_table_columns_align_with_their_headings() -> None:
    numbers = tuple(c for c in COLUMNS if c.unit in (Unit.ID, Unit.TEXT, Unit.COUNT, Unit.DAYS))
    lines = render(result(60, columns=numbers), "table", "zh", width=80).decode().split("\n")
    rule = next(i for i, line in enumerate(lines) if line.startswith("──"))
    edge = measure_width(lines[rule])
    assert {
        measure_width(line) for line in lines[rule - 1 : rule + 61] if not line.endswith("; x")
    } >= {edge}
    for k in range(60):
        assert lines[rule + 1 + k].startswith(f"C{k:05}{COLUMN_GAP}")


def test_table_with_wide_characters_aligns_at_the_right_edge() -> None:
    columns = (COLUMNS[1], COLUMNS[4])
    lines = take_table_lines(
        render(result(44, columns=columns), "table", "zh", width=60).decode(), 44
    )
    assert {measure_width(line) for line in lines} == {measure_width(lines[0])}


def test_table_without_width_drops_nothing() -> None:
    text = render(result(20), "table", "en").decode()
    assert "宝钢" * 100 in text and "x" * 200 in text and "No room" not in text


def test_table_page_has_headline_rows_rest_and_notes_in_order() -> None:
    lines = render(result(96), "table", "en", top=20, width=400).decode().splitlines()
    assert lines[0] == "30 of 96 (31.4 %) by Acme [/]; 1.23 M 元" and lines[1] == ""
    assert lines[-2:] == ["… 76 more", "Note on Acme [/]."]
    assert render(result(0), "table", "zh", width=400).decode().splitlines()[-2] == "没有符合的行。"


def test_table_titles_have_units_and_cells_have_words() -> None:
    english, chinese = (
        render(result(3), "table", lang, width=400).decode() for lang in ("en", "zh")
    )
    assert (
        "Direct value (元)" in english
        and "The volume (t)" in english
        and "列volume（吨）" in chinese
    )
    assert (
        " yes" in english and " 是" in chinese and "5.7 %" in english and "1,131,285,714" in chinese
    )


@pytest.mark.parametrize("who", NASTY)
def test_table_hostile_name_has_no_control_characters(who: str) -> None:
    page = render(result(len(NASTY), who), "table", "en", width=120).decode()
    assert not re.search(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\u2028]", page
    )
    plain = render(result(len(NASTY)), "table", "en", width=120).decode()
    assert page.count("\n") == plain.count("\n")


def test_table_has_color_only_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    plain = render(result(5), "table", "en", width=90)
    styled = render(result(5), "table", "en", width=90, color=True).decode()
    assert ESCAPE.search(styled) and ESCAPE.sub("", styled).encode() == plain
    monkeypatch.setenv("NO_COLOR", "1")
    assert render(result(5), "table", "en", width=90, color=True) == plain
    monkeypatch.setenv("NO_COLOR", "")
    assert ESCAPE.search(render(result(5), "table", "en", width=90, color=True).decode())


def test_table_color_does_not_change_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    for who in NASTY:
        styled = render(result(len(NASTY), who), "table", "zh", width=100, color=True).decode()
        assert ESCAPE.sub("", styled).encode() == render(
            result(len(NASTY), who), "table", "zh", width=100
        )


def test_table_report_shows_sections_under_their_captions() -> None:
    text = render(report(), "table", "en", width=100).decode()
    assert text.startswith("Report of Acme [/]\n\nCaption en\n30 of 96") and "\n… 3 more\n" in text
    assert text.endswith("\n\nNote on Acme [/].\n") and text.count("C0000") == 3


units = st.sampled_from([Unit.ID, Unit.TEXT, Unit.LABEL, Unit.DATE, Unit.COUNT, Unit.MONEY])
words = st.text(st.sampled_from("ab 中文（）()é"), min_size=1, max_size=20)
measured = st.builds(MeasuredColumn, words, units, st.lists(words, max_size=3))


@given(st.lists(measured, min_size=1, max_size=6), st.integers(1, 120))
def test_fit_columns_fits_the_room_and_wastes_none(
    columns: list[MeasuredColumn], room: int
) -> None:
    widths = fit_columns(columns, room)
    kept = columns[: len(widths)]
    assert all(
        c.min_width <= w <= max(c.preferred_width, c.min_width)
        for c, w in zip(kept, widths, strict=True)
    )
    assert compute_table_width(widths) <= room or len(widths) == 1
    full = all(w >= c.preferred_width for c, w in zip(kept, widths, strict=True))
    assert full or compute_table_width(widths) >= room
    if len(widths) < len(columns):
        assert compute_table_width([c.min_width for c in columns[: len(widths) + 1]]) > room
    for column, wide in zip(kept, widths, strict=True):
        lines = fold_heading(column.heading, wide)
        assert all(measure_width(line) <= wide for line in lines)
        assert "".join(lines).replace(" ", "") == column.heading.replace(" ", "")


def test_fit_columns_drops_a_column_only_when_one_place_is_missing() -> None:
    columns = [
        MeasuredColumn("n", Unit.COUNT, ["12345678"]),
        MeasuredColumn("m", Unit.COUNT, ["123"]),
    ]
    assert fit_columns(columns, 13) == fit_columns(columns, None) == [8, 3]
    assert fit_columns(columns, 12) == fit_columns(columns, 3) == [8], (
        "the first column stays, whole"
    )


def test_fit_columns_gives_room_to_the_narrowest_column_first() -> None:
    columns = [
        MeasuredColumn("a", Unit.TEXT, ["x" * 100]),
        MeasuredColumn("b", Unit.TEXT, ["y" * 20]),
    ]
    assert fit_columns(columns, 16 + 2 + 16) == [16, 16]
    assert fit_columns(columns, 30 + 2 + 16) == [30, 16]
    assert fit_columns(columns, 100 + 2 + 20) == fit_columns(columns, 300) == [100, 20]


@pytest.mark.parametrize(
    ("heading", "width", "lines"),
    (
        ("Direct value (元)", 16, ["Direct value", "(元)"]),
        ("Direct value (t)", 16, ["Direct value (t)"]),
        ("直接成交金额（元）", 12, ["直接成交金额", "（元）"]),
        ("直接成交金额", 8, ["直接成交", "金额"]),
    ),
)
def test_fold_heading_breaks_before_unit_and_between_words(
    heading: str, width: int, lines: list[str]
) -> None:
    assert fold_heading(heading, width) == lines
