"""Who to ask for a source: those of the classic case.

Also what each answer is worth, and the way back of a filled file.
"""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import l96, toys

from refgraph import pipeline, renderers
from refgraph.engines.base import Engine
from refgraph.engines.offline import OfflineEngine
from refgraph.model.scope import Scope
from refgraph.pipeline.options import SourceOptions

CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"


def write_answers(folder: Path, form: str, answers: dict[str, tuple[str, str]]) -> Path:
    """The file that missing-sources writes, with (referred_by, source) filled in for some."""
    path = folder / "ask.csv"
    path.write_bytes(
        renderers.render(pipeline.run(pipeline.open_source(CASE), "missing-sources"), form, "zh")
    )
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    customer, *filled = (
        ("客户编号", "推荐人", "来源")
        if form == "csv-excel"
        else ("customer", "referred_by", "source")
    )
    for row in rows:
        row.update(zip(filled, answers.get(row[customer], ("", "")), strict=True))
    with path.open(
        "w", encoding="utf-8-sig" if form == "csv-excel" else "utf-8", newline=""
    ) as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def open_patched(path: Path) -> Engine:
    return pipeline.open_source(CASE, SourceOptions(patches=(str(path),)))


def effect(engine: Engine) -> dict[str, object]:
    return pipeline.run(engine, "effect").frame.row(0, named=True)


def test_missing_sources_classic_case_lists_planted_customers() -> None:
    result = pipeline.run(pipeline.open_source(CASE), "missing-sources")
    assert set(result.frame["customer"]) == l96.NO_SOURCE
    bounds = effect(pipeline.open_source(CASE))
    said = result.headline.values
    assert (said["low"], said["high"], said["asked"]) == (
        bounds["bound_low"],
        bounds["bound_high"],
        10,
    )
    assert result.frame["value"].is_sorted(descending=True)
    width = result.frame["narrows_value"].sum()
    worth = said["worth"].values
    assert worth["low"] == bounds["value_share"] and worth["high"] - worth["low"] == pytest.approx(
        width
    )
    assert result.frame["open_share"].to_list() == [k / 96 for k in range(9, -1, -1)]
    assert result.frame["open_value_share"][-1] == 0


@pytest.mark.parametrize("form", ["csv", "csv-excel"])
def test_missing_sources_all_answered_closes_the_bounds(form: str, tmp_path: Path) -> None:
    ids = sorted(l96.NO_SOURCE)
    answers = {
        id: ("C001", "") if k < 2 else ("河北钢铁", "") if k < 4 else ("", "自有销售")
        for k, id in enumerate(ids)
    }
    engine = open_patched(write_answers(tmp_path, form, answers))
    row = effect(engine)
    assert (row["referred"], row["customers"], row["unknown"]) == (34, 96, 0)
    assert row["bound_low"] == row["bound_high"] == 34 / 96
    assert engine.dataset().ledger.filter(table="patch").row(0)[2:7] == (10, 10, 0, 0, 0)
    assert pipeline.run(engine, "missing-sources").frame.height == 0
    by = pipeline.run(engine, "referred").frame.filter(pl.col("customer").is_in(ids[:4]))
    assert set(by["referrer"]) == {"C001"} and by.height == 4


def test_missing_sources_partly_answered_narrows_the_bounds(tmp_path: Path) -> None:
    before = pipeline.run(pipeline.open_source(CASE), "missing-sources").frame
    first = before["customer"][:3].to_list()
    engine = open_patched(write_answers(tmp_path, "csv", {id: ("", "展会") for id in first}))
    after = pipeline.run(engine, "missing-sources")
    assert after.frame["customer"].to_list() == before["customer"][3:].to_list()
    assert after.headline.values["high"] == 37 / 96
    worth = after.headline.values["worth"].values
    assert worth["high"] - worth["low"] == pytest.approx(before["open_value_share"][2])
    assert engine.dataset().ledger.filter(table="patch").row(0)[2:7] == (10, 3, 0, 7, 0)


@given(
    st.lists(st.tuples(st.sampled_from(["", "展会"]), st.integers(-50, 99)), min_size=1, max_size=7)
)
def test_missing_sources_bounds_equal_enumeration_of_answers(rows: list[tuple[str, int]]) -> None:
    """The ends of the share of value are the least and the most over all ways.

    There are 2**U ways in which the unknown may have come.
    """
    people: dict[str, dict[str, object]] = {
        f"c{k}": {"source": s, "profit": v} for k, (s, v) in enumerate(rows)
    }
    people |= {"r": {"source": "客户推荐", "profit": 7}, "k": {"source": "展会", "profit": 400}}
    result = pipeline.run(
        OfflineEngine(toys.company(people, [])), "missing-sources", scope=Scope(value="profit")
    )
    total = sum(int(str(p["profit"])) for p in people.values())
    unknown = [v for s, v in rows if not s]
    ways = [
        sum(v for k, v in enumerate(unknown) if mask >> k & 1) for mask in range(2 ** len(unknown))
    ]
    assert result.frame.height == len(unknown)
    assert result.frame["narrows_value"].to_list() == sorted(
        (abs(v) / total for v in unknown), reverse=True
    )
    assert result.frame["narrows"].to_list() == [1 / len(people)] * len(unknown)
    if unknown:
        worth = result.headline.values["worth"].values
        assert worth["low"] == pytest.approx(float(Fraction(7 + min(ways), total)))
        assert worth["high"] == pytest.approx(float(Fraction(7 + max(ways), total)))


def test_missing_sources_without_value_all_answers_weigh_the_same() -> None:
    frame = pipeline.run(
        OfflineEngine(
            toys.company({"a": {"source": ""}, "b": {"source": ""}, "c": {"source": "展会"}}, [])
        ),
        "missing-sources",
    ).frame
    assert frame["narrows"].to_list() == [1 / 3, 1 / 3] and frame["customer"].to_list() == [
        "a",
        "b",
    ]
