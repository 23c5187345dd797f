"""json and ndjson against Python's own reader: the promised layout, the same numbers."""

from __future__ import annotations

import json
import math
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
from render_samples import COLUMNS, NASTY, report, result

from refgraph.model.units import Unit
from refgraph.renderers import render
from refgraph.renderers.values import plain

KEYS = ["refgraph", "schema", "analysis", "parameters", "scope", "grain", "headline", "columns",
        "rows", "notes", "origin"]  # fmt: skip
sample = cache(result)


def refuse(word: str) -> object:
    raise AssertionError(f"{word} is not JSON")


def parsed(page: bytes) -> object:
    return json.loads(page.decode("utf-8"), parse_constant=refuse)


def as_json(value: object) -> object:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize("rows", (0, 1, 500))
def test_layout_and_rows(rows: int) -> None:
    found = parsed(render(sample(rows), "json", "en"))
    assert isinstance(found, dict) and list(found) == KEYS
    assert found["refgraph"] == "9.8.7" and found["schema"] == 1 and found["grain"] == "party"
    assert found["parameters"] == {"split": "direct", "of": ["A", "B"], "since": "2020-01-01", "limit": None}
    assert found["scope"]["as_of"] == "2025-12-31"
    assert found["headline"] == "30 of 96 (31.4 %) by Acme [/]; 1.23 M 元"
    assert found["notes"] == ["Note on Acme [/]."]
    assert list(found["origin"].items()) == [("engine", "offline"), ("refgraph", "9.8.7"), ("parties", 129)]
    wanted = sample(rows).frame.iter_rows(named=True)
    assert found["rows"] == [{name: as_json(value) for name, value in row.items()} for row in wanted]
    assert all(list(row) == [c.name for c in COLUMNS] for row in found["rows"])


def test_columns_tell_unit_meaning_and_formula() -> None:
    found = parsed(render(sample(1), "json", "zh"))
    assert isinstance(found, dict)
    columns = {c["name"]: c for c in found["columns"]}
    assert list(columns) == [c.name for c in COLUMNS]
    assert columns["referred"] == {
        "name": "referred", "unit": "count", "meaning": "列referred, meant", "formula": "M3"}  # fmt: skip
    assert columns["volume"]["meaning"] == "列volume, meant（吨）"
    assert {c["unit"] for c in found["columns"]} == set(Unit)


def test_only_sentences_depend_on_the_language() -> None:
    english, chinese = (parsed(render(sample(50), "json", lang)) for lang in ("en", "zh"))
    assert isinstance(english, dict) and isinstance(chinese, dict)
    assert {k for k in KEYS if english[k] != chinese[k]} == {"headline", "columns", "notes"}


def test_one_row_a_line_and_characters_as_they_are() -> None:
    page = render(sample(50), "json", "en")
    assert sum(line.startswith(b'{"party"') for line in page.splitlines()) == 50
    assert "𠮷田商事".encode() in page and b"\\ud842" not in page and b"\0" not in page and b"\x1b" not in page


def test_ndjson_is_the_rows_of_json() -> None:
    for rows in (0, 1, 500):
        lines = render(sample(rows), "ndjson", "en").decode().split("\n")
        whole = parsed(render(sample(rows), "json", "en"))
        assert isinstance(whole, dict) and lines.pop() == ""
        assert [parsed(line.encode()) for line in lines] == whole["rows"]


def test_a_report_is_an_array_of_all_rows() -> None:
    found = parsed(render(report(), "json", "en"))
    assert isinstance(found, list) and [len(one["rows"]) for one in found] == [5, 1]
    assert found[1] == parsed(render(result(1), "json", "en"))


@pytest.mark.parametrize("who", NASTY)
def test_a_name_never_ends_the_object(who: str) -> None:
    found = parsed(render(result(1, who), "json", "en"))
    assert isinstance(found, dict) and list(found) == KEYS


def test_settings_of_any_type_become_plain() -> None:
    given = {"a": np.float64("nan"), "b": np.int64(3), "c": {"y", "x"}, "e": Path("p"), "f": -0.0, "g": True,
             "d": MappingProxyType({1: Unit.MONEY}), "h": 2**63, "i": None, "j": (0.1,),
             "k": np.bool_(True)}  # fmt: skip
    assert json.dumps(plain(given)) == json.dumps(
        {"a": None, "b": 3, "c": ["x", "y"], "e": "p", "f": 0.0, "g": True,
         "d": {"1": "money"}, "h": 2**63, "i": None, "j": [0.1], "k": True})  # fmt: skip


def test_a_path_that_is_not_unicode_still_gives_utf8() -> None:
    answer = result(1)
    odd = type(answer)(**{**vars(answer), "origin": {"refgraph": "1", "source": "a\udcff"}})
    found = parsed(render(odd, "json", "en"))
    assert isinstance(found, dict) and found["origin"]["source"] == "a?"
