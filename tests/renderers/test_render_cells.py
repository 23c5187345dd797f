"""Cleaning, widths and cuts of text for people."""

from __future__ import annotations

import unicodedata

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from refgraph.model.units import Unit
from refgraph.renderers.cells import clean, cut, spoken, width

ANY = st.text(st.characters())
TURNING = ("LRO", "RLO", "LRE", "RLE", "PDF", "LRI", "RLI", "FSI", "PDI")
COMMON = [(0x20, 0x7E), (0xA0, 0xAC), (0xAE, 0x2FF), (0x370, 0x482), (0x2010, 0x2027), (0x2500, 0x257F),
          (0x3001, 0x3029), (0x3041, 0x3096), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xFF01, 0xFF9F),
          (0x1F600, 0x1F64F), (0x20000, 0x200FF)]  # fmt: skip


@given(ANY)
def test_clean_text_is_one_printable_line(text: str) -> None:
    found = clean(text)
    assert found.splitlines() in ([], [found]) and clean(found) == found
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in found)
    assert not any(unicodedata.bidirectional(c) in TURNING for c in found)
    assert found.encode("utf-8").decode("utf-8") == found


@pytest.mark.parametrize(("text", "wanted"), (
    ("\x1b[31mred\x1b[0m", "red"), ("\x1b]0;title\x07t", "t"), ("\x9b2Jx", "x"), ("\x1bx", "x"),
    ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"), ("a\r\nb\tc\x85d", "a b c d"),
    ("nul\0in", "nulin"), ("\u202eevil\u202c", "evil"),
    ("👨‍👩‍👧 ❤️", "👨‍👩‍👧 ❤️"), ("𠮷田", "𠮷田"), ("a\udcffb", "ab"), ("\ufeffa\u200b", "a"), ("", ""),
))  # fmt: skip
def test_clean_by_example(text: str, wanted: str) -> None:
    assert clean(text) == wanted


@pytest.mark.parametrize("block", COMMON)
def test_widths_agree_with_rich(block: tuple[int, int]) -> None:
    characters = map(chr, range(block[0], block[1] + 1))
    assigned = [c for c in characters if unicodedata.category(c) not in ("Cn", "Cf")]
    assert [c for c in assigned if width(c) != cell_len(c)] == [] and len(assigned) > 10


@pytest.mark.parametrize(("text", "wanted"), (
    ("", 0), ("abc", 3), ("中文", 4), ("𠮷", 2), ("😀", 2), ("👨‍👩‍👧", 2), ("❤️", 2), ("🇨🇳", 2),
    ("e\u0301", 1), ("…–", 2), ("ａ", 2),
))  # fmt: skip
def test_width_by_example(text: str, wanted: int) -> None:
    assert width(text) == wanted == cell_len(text)


@given(ANY.map(clean), st.integers(1, 40))
def test_a_cut_fits_and_keeps_the_beginning(text: str, room: int) -> None:
    found = cut(text, room)
    assert width(found) <= room
    if found != text:
        assert width(text) > room and found.endswith("…") and text.startswith(found[:-1])
        assert width(found) >= room - 1 or "\u200d" in text


def test_a_cut_of_an_enormous_field() -> None:
    assert cut("宝" * 300_000, 10) == "宝宝宝宝…"


@pytest.mark.parametrize("unit", Unit)
def test_a_missing_value_is_a_dash_in_every_unit(unit: Unit) -> None:
    assert spoken(pl.Series([None], dtype=pl.Float64), unit, "en") == ["–"]
    assert spoken(pl.Series([float("nan")]), unit, "zh") == ["–"]


def test_lists_and_labels_are_spoken() -> None:
    assert spoken(pl.Series([["yes", "x\ny"], [], None]), Unit.LABEL, "zh") == ["是; x y", "–", "–"]
    assert spoken(pl.Series([["margin 0.2 > 0.1", "unheard of", "high"]]), Unit.REASON, "zh") == ["毛利率 0.2 > 0.1; unheard of; 高"]
    assert spoken(pl.Series(["business+nature", "business+x", "10+"]), Unit.LABEL, "zh") == ["业务 + 性质", "business+x", "10+"]
    assert spoken(pl.Series([True, False]), Unit.LABEL, "en") == ["yes", "no"]
