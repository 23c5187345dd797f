"""Cleaning, widths and cuts of text for people."""

from __future__ import annotations

import unicodedata

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from refgraph.model.units import Unit
from refgraph.renderers.cells import clean_text, format_values, measure_width, truncate

ANY = st.text(st.characters())
TURNING = ("LRO", "RLO", "LRE", "RLE", "PDF", "LRI", "RLI", "FSI", "PDI")
BLOCKS = [
    (0x20, 0x7E, 1),
    (0xA0, 0xAC, 1),
    (0xAE, 0x2FF, 1),
    (0x370, 0x482, 1),
    (0x2010, 0x2027, 1),
    (0x2500, 0x257F, 1),
    (0x3001, 0x3029, 2),
    (0x3041, 0x3096, 2),
    (0x4E00, 0x9FFF, 2),
    (0xAC00, 0xD7A3, 2),
    (0xFF01, 0xFF60, 2),
    (0xFF61, 0xFF9F, 1),
    (0x1F600, 0x1F64F, 2),
    (0x20000, 0x200FF, 2),
]
"""First and last character of a block, and the terminal columns of each of its characters."""


@given(ANY)
def test_clean_text_of_any_text_is_one_printable_line(text: str) -> None:
    found = clean_text(text)
    assert found.splitlines() in ([], [found]) and clean_text(found) == found
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in found)
    assert not any(unicodedata.bidirectional(c) in TURNING for c in found)
    assert found.encode("utf-8").decode("utf-8") == found


@pytest.mark.parametrize(
    ("text", "wanted"),
    (
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07t", "t"),
        ("\x9b2Jx", "x"),
        ("\x1bx", "x"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("a\r\nb\tc\x85d", "a b c d"),
        ("nul\0in", "nulin"),
        ("\u202eevil\u202c", "evil"),
        ("👨‍👩‍👧 ❤️", "👨‍👩‍👧 ❤️"),
        ("𠮷田", "𠮷田"),
        ("a\udcffb", "ab"),
        ("\ufeffa\u200b", "a"),
        ("", ""),
    ),
)
def test_clean_text_of_example_gives_expected_text(text: str, wanted: str) -> None:
    assert clean_text(text) == wanted


@pytest.mark.parametrize(("first", "last", "width"), BLOCKS)
def test_measure_width_of_text_is_sum_over_characters(first: int, last: int, width: int) -> None:
    characters = map(chr, range(first, last + 1))
    assigned = [c for c in characters if unicodedata.category(c) not in ("Cn", "Cf")]
    assert len(assigned) > 10
    assert [c for c in assigned if measure_width(c) != width] == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    (
        ("", 0),
        ("abc", 3),
        ("中文", 4),
        ("𠮷", 2),
        ("😀", 2),
        ("👨‍👩‍👧", 2),
        ("❤️", 2),
        ("🇨🇳", 2),
        ("e\u0301", 1),
        ("…–", 2),
        ("ａ", 2),
    ),
)
def test_measure_width_of_example_gives_expected_width(text: str, wanted: int) -> None:
    assert measure_width(text) == wanted


@given(ANY.map(clean_text), st.integers(1, 40))
def test_truncate_fits_the_room_and_keeps_the_beginning(text: str, room: int) -> None:
    found = truncate(text, room)
    assert measure_width(found) <= room
    if found != text:
        assert measure_width(text) > room and found.endswith("…") and text.startswith(found[:-1])
        assert measure_width(found) >= room - 1 or "\u200d" in text


def test_truncate_of_an_enormous_field_fits_the_room() -> None:
    assert truncate("宝" * 300_000, 10) == "宝宝宝宝…"


@pytest.mark.parametrize("unit", Unit)
def test_format_values_of_missing_value_is_a_dash_in_every_unit(unit: Unit) -> None:
    assert format_values(pl.Series([None], dtype=pl.Float64), unit, "en") == ["–"]
    assert format_values(pl.Series([float("nan")]), unit, "zh") == ["–"]


def test_format_values_of_points_gives_percentage_points() -> None:
    assert format_values(pl.Series([0.0434, -0.1]), Unit.POINTS, "en") == [
        "4.3 points",
        "-10.0 points",
    ]
    assert format_values(pl.Series([0.0434]), Unit.POINTS, "zh") == ["4.3 个百分点"]


def test_format_values_of_lists_and_labels_gives_words() -> None:
    assert format_values(pl.Series([["yes", "x\ny"], [], None]), Unit.LABEL, "zh") == [
        "是; x y",
        "–",
        "–",
    ]
    assert format_values(
        pl.Series([["margin 0.2 > 0.1", "unheard of", "high"]]), Unit.REASON, "zh"
    ) == ["利润率 0.2 > 0.1; unheard of; 高"]
    assert format_values(pl.Series(["business+nature", "business+x", "10+"]), Unit.LABEL, "zh") == [
        "业务 + 性质",
        "business+x",
        "10+",
    ]
    assert format_values(pl.Series([True, False]), Unit.LABEL, "en") == ["yes", "no"]
