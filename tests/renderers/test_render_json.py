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
from support.render_samples import COLUMNS, NASTY, report, result

from refgraph.model.units import Unit
from refgraph.renderers import render
from refgraph.renderers.values import to_json_value

KEYS = [
    "refgraph",
    "schema",
    "analysis",
    "parameters",
    "scope",
    "grain",
    "headline",
    "columns",
    "rows",
    "notes",
    "origin",
]
sample = cache(result)


def refuse_constant(word: str) -> object:
    raise AssertionError(f"{word} is not JSON")


def parse_page(page: bytes) -> object:
    return json.loads(page.decode("utf-8"), parse_constant=refuse_constant)


def to_expected_value(value: object) -> object:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize("rows", (0, 1, 500))
def test_json_has_documented_keys_and_every_row(rows: int) -> None:
    found = parse_page(render(sample(rows), "json", "en"))
    assert isinstance(found, dict) and list(found) == KEYS
    assert found["refgraph"] == "9.8.7" and found["schema"] == 2 and found["grain"] == "party"
    assert found["parameters"] == {
        "split": "direct",
        "of": ["A", "B"],
        "since": "2020-01-01",
        "limit": None,
    }
    assert found["scope"]["as_of"] == "2025-12-31"
    assert found["headline"] == "30 of 96 (31.4 %) by Acme [/]; 1.23 M 元"
    assert found["notes"] == ["Note on Acme [/]."]
    assert list(found["origin"].items()) == [
        ("engine", "offline"),
        ("refgraph", "9.8.7"),
        ("parties", 129),
    ]
    wanted = sample(rows).frame.iter_rows(named=True)
    assert found["rows"] == [
        {name: to_expected_value(value) for name, value in row.items()} for row in wanted
    ]
    assert all(list(row) == [c.name for c in COLUMNS] for row in found["rows"])


def test_json_columns_have_unit_meaning_and_formula() -> None:
    found = parse_page(render(sample(1), "json", "zh"))
    assert isinstance(found, dict)
    columns = {c["name"]: c for c in found["columns"]}
    assert list(columns) == [c.name for c in COLUMNS]
    assert columns["referred"] == {
        "name": "referred",
        "unit": "count",
        "meaning": "列referred, meant",
        "formula": "M3",
    }
    assert columns["volume"]["meaning"] == "列volume, meant（吨）"
    assert {c["unit"] for c in found["columns"]} == set(Unit)


def test_json_in_other_language_differs_in_sentences_only() -> None:
    english, chinese = (parse_page(render(sample(50), "json", lang)) for lang in ("en", "zh"))
    assert isinstance(english, dict) and isinstance(chinese, dict)
    assert {k for k in KEYS if english[k] != chinese[k]} == {"headline", "columns", "notes"}


def test_json_has_one_row_per_line_and_unescaped_characters() -> None:
    page = render(sample(50), "json", "en")
    assert sum(line.startswith(b'{"party"') for line in page.splitlines()) == 50
    assert (
        "𠮷田商事".encode() in page
        and b"\\ud842" not in page
        and b"\0" not in page
        and b"\x1b" not in page
    )


def test_ndjson_lines_equal_the_rows_of_json() -> None:
    for rows in (0, 1, 500):
        lines = render(sample(rows), "ndjson", "en").decode().split("\n")
        whole = parse_page(render(sample(rows), "json", "en"))
        assert isinstance(whole, dict) and lines.pop() == ""
        assert [parse_page(line.encode()) for line in lines] == whole["rows"]


def test_json_report_is_an_array_with_all_rows() -> None:
    found = parse_page(render(report(), "json", "en"))
    assert isinstance(found, list) and [len(one["rows"]) for one in found] == [5, 1]
    assert found[1] == parse_page(render(result(1), "json", "en"))


@pytest.mark.parametrize("who", NASTY)
def test_json_hostile_name_keeps_the_object_whole(who: str) -> None:
    found = parse_page(render(result(1, who), "json", "en"))
    assert isinstance(found, dict) and list(found) == KEYS


def test_to_json_value_of_any_type_gives_plain_values() -> None:
    given = {
        "a": np.float64("nan"),
        "b": np.int64(3),
        "c": {"y", "x"},
        "e": Path("p"),
        "f": -0.0,
        "g": True,
        "d": MappingProxyType({1: Unit.MONEY}),
        "h": 2**63,
        "i": None,
        "j": (0.1,),
        "k": np.bool_(True),
    }
    assert json.dumps(to_json_value(given)) == json.dumps(
        {
            "a": None,
            "b": 3,
            "c": ["x", "y"],
            "e": "p",
            "f": 0.0,
            "g": True,
            "d": {"1": "money"},
            "h": 2**63,
            "i": None,
            "j": [0.1],
            "k": True,
        }
    )


def test_json_of_path_outside_unicode_is_utf8() -> None:
    answer = result(1)
    odd = type(answer)(**{**vars(answer), "origin": {"refgraph": "1", "source": "a\udcff"}})
    found = parse_page(render(odd, "json", "en"))
    assert isinstance(found, dict) and found["origin"]["source"] == "a?"
