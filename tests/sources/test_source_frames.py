"""Frames in memory give the Dataset that a file with the same content gives; ids stay exact or are refused."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import refgraph
from refgraph.errors import RefgraphError, UsageError
from refgraph.model.dataset import Dataset

AWKWARD = ["001", "1", " 1 ", str(2**63), "1e5", "01.0", "NaN", "null", "ä", "𠮷", "a,b", 'q"q', "x\ny"]
TEXTS = st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), min_size=1, max_size=6))
CENTS = st.integers(-10**9, 10**9).map(lambda c: Decimal(c) / 100)
CUSTOMERS = st.lists(
    st.fixed_dictionaries({
        "id": st.sampled_from(AWKWARD), "name": TEXTS, "joined": st.none() | st.dates(date(1, 1, 1)),
        "revenue": st.none() | CENTS, "note": TEXTS, "Number": st.none() | st.integers(-2**63, 2**63 - 1)}),
    min_size=1, max_size=12)  # fmt: skip
REFERRALS = st.lists(st.fixed_dictionaries({
    "referrer": st.sampled_from(AWKWARD), "referred": st.sampled_from(AWKWARD), "at": st.none() | st.dates(date(1, 1, 1))}),
    min_size=1, max_size=12)  # fmt: skip
SCHEMA = {"id": pl.String, "name": pl.String, "joined": pl.Date, "revenue": pl.Decimal(15, 2), "note": pl.String,
          "Number": pl.Int64, "referrer": pl.String, "referred": pl.String, "at": pl.Date}  # fmt: skip
Rows = list[dict[str, Any]]


def as_polars(rows: Rows) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={name: SCHEMA[name] for name in rows[0]})


class OnlyStream:
    """What duckdb results and others have in common."""

    def __init__(self, rows: Rows) -> None:
        self.table = as_polars(rows)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.table.__arrow_c_stream__(requested_schema)


def categories(rows: Rows) -> pd.DataFrame:
    frame = pd.DataFrame(rows, dtype=object)
    return frame.astype({c: "category" for c in frame if frame[c].notna().any()})


def in_pandas(name: str, cells: list[Any]) -> Any:
    """The column in the type that pandas itself would choose, whole numbers with gaps as Int64."""
    if name == "Number":
        return pd.array(cells, dtype="Int64")
    return pd.array(cells, dtype="str") if SCHEMA[name] == pl.String else cells


MAKERS: dict[str, Callable[[Rows], Any]] = {
    "polars": as_polars,
    "lazy": lambda rows: as_polars(rows).lazy(),
    "categorical": lambda rows: as_polars(rows).with_columns(pl.col(pl.String).cast(pl.Categorical)),
    "pandas objects": lambda rows: pd.DataFrame(rows, dtype=object),
    "pandas": lambda rows: pd.DataFrame({name: in_pandas(name, [row[name] for row in rows]) for name in rows[0]}),
    "pandas arrow": lambda rows: as_polars(rows).to_pandas(use_pyarrow_extension_array=True),
    "pandas categories": categories,
    "pyarrow": lambda rows: as_polars(rows).to_arrow(),
    "stream": OnlyStream,
}


def as_file(rows: Rows, path: Path) -> Path:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(rows[0])
    writer.writerows([["" if cell is None else str(cell) for cell in map(row.get, rows[0])] for row in rows])
    path.write_bytes(out.getvalue().encode())
    return path


def told(data: Dataset) -> object:
    """All that must not depend on the form: content, counts, codes of rejects and findings."""
    return (data.fingerprint, data.recorded, data.ledger.drop("file").rows(), data.rejects["code"].to_list(),
            sorted(data.findings["code"].to_list()), data.customers.drop("file", "line").sort("id").rows())


@pytest.mark.parametrize("maker", MAKERS)
@settings(max_examples=8, deadline=None)
@given(customers=CUSTOMERS, referrals=REFERRALS)
def test_frames_read_as_the_file_of_the_same_content(
    tmp_path_factory: pytest.TempPathFactory, maker: str, customers: Rows, referrals: Rows
) -> None:
    folder = tmp_path_factory.mktemp("case")
    as_file(customers, folder / "customers.csv")
    as_file(referrals, folder / "referrals.csv")
    make = MAKERS[maker]
    found = refgraph.read(customers=make(customers), referrals=make(referrals))
    assert told(found) == told(refgraph.read(folder))
    assert refgraph.read(make(customers), referrals=folder / "referrals.csv").fingerprint == found.fingerprint


def ids(frame: Any) -> list[str]:
    return refgraph.read(frame).customers["id"].to_list()


@pytest.mark.parametrize(("frame", "expected"), [
    (pd.DataFrame({"id": ["001", "1", 2, 2**63, " 1 "]}, dtype=object), ["001", "1", "2", str(2**63), " 1 "]),
    (pl.DataFrame({"id": pl.Series([2**63, 2**64 - 1], dtype=pl.UInt64)}), [str(2**63), str(2**64 - 1)]),
    (pl.DataFrame({"id": pl.Series([2**70, -1], dtype=pl.Int128)}), [str(2**70), "-1"]),
    (pl.DataFrame({"id": pl.Series([2**53 + 1], dtype=pl.Decimal(20, 0))}), [str(2**53 + 1)]),
    (pd.DataFrame({"id": pd.array([2**53 + 1, 7], dtype="Int64")}), [str(2**53 + 1), "7"]),
    (pd.DataFrame({"id": np.array([2**63 + 1], np.uint64)}), [str(2**63 + 1)]),
    (pd.DataFrame({"id": pd.Categorical([2**53 + 1, 5])}), [str(2**53 + 1), "5"]),
    (pa.table({"id": pa.array([2**63 - 1], pa.int64())}), [str(2**63 - 1)]),
    (pa.table({"id": pa.array(["001", "1"], pa.large_string()).dictionary_encode()}), ["001", "1"]),
    (pd.DataFrame({"name": ["A", "B"]}, index=pd.Index([2**53 + 1, 5], name="id")), [str(2**53 + 1), "5"]),
])  # fmt: skip
def test_whole_ids_are_exact(frame: Any, expected: list[str]) -> None:
    assert ids(frame) == expected


def test_an_id_of_one_and_the_text_of_one_meet_as_in_a_file() -> None:
    found = refgraph.read(pd.DataFrame({"id": ["1", 1, None], "name": ["A", "B", "C"]}, dtype=object))
    assert sorted(found.rejects["code"]) == ["conflicting-duplicate", "conflicting-duplicate", "missing-id"]
    assert found.rejects.filter(pl.col("code") == "missing-id")["line"].to_list() == [3]


@pytest.mark.parametrize(("column", "expected"), [
    (pl.Series([datetime(2024, 5, 6, 23, 30)]), date(2024, 5, 6)),
    (pl.Series([datetime(2024, 5, 6, 23, 30)]).dt.replace_time_zone("Asia/Shanghai"), date(2024, 5, 6)),
    (pd.Series(pd.to_datetime(["2024-05-06 23:30"]).tz_localize("Asia/Shanghai")), date(2024, 5, 6)),
    (pd.Series(np.array(["2024-05-06"], "datetime64[s]")), date(2024, 5, 6)),
    (pd.Series([np.datetime64("2024-05-06T01:02"), None], dtype=object).head(1), date(2024, 5, 6)),
    (pd.Series([datetime(2024, 5, 6, 23, tzinfo=timezone(timedelta(hours=9)))], dtype=object), date(2024, 5, 6)),
    (pd.Series([pd.NaT], dtype="datetime64[ns]"), None),
    (pd.Series([pd.NA], dtype=object), None),
    (pl.Series(["2024/5/6"]), date(2024, 5, 6)),
])  # fmt: skip
def test_moments_give_the_day_on_their_own_clock(column: Any, expected: date | None) -> None:
    frame = (pl.DataFrame if isinstance(column, pl.Series) else pd.DataFrame)({"id": ["a"], "joined": column})
    assert refgraph.read(frame).customers["joined"].to_list() == [expected]


def test_a_missing_float_of_pandas_is_missing_and_one_of_polars_is_set_aside() -> None:
    assert refgraph.read(pd.DataFrame({"id": ["a"], "revenue": [np.nan]})).customers["revenue"].to_list() == [None]
    aside = refgraph.read(pl.DataFrame({"id": ["a", "b"], "revenue": [float("nan"), 1.5]}))
    assert aside.rejects["code"].to_list() == ["bad-number"]
    assert aside.customers["revenue"].to_list() == [1.5]


def test_what_no_file_may_hold_is_set_aside_with_its_row() -> None:
    found = refgraph.read(pl.DataFrame({"id": ["a", "b\0", "c"], "name": ["x", "y", "z" * 1_000_001]}))
    assert found.rejects.select("file", "line", "code").rows() == [
        ("customers", 2, "nul-character"), ("customers", 3, "field-too-long")]  # fmt: skip
    assert found.ledger.select("read", "used", "set_aside").row(0) == (3, 1, 2)


def test_several_frames_and_files_of_one_table_are_cited_apart(tmp_path: Path) -> None:
    orders = [pl.DataFrame({"customer": ["a"], "at": [date(2024, 1, k)], "revenue": [Decimal("0.10")]}) for k in (1, 2, 3)]
    orders[2].write_csv(tmp_path / "o.csv")
    found = refgraph.read(pl.DataFrame({"id": ["a"]}), orders=[*orders[:2]])
    assert found.ledger.filter(pl.col("table") == "orders")["file"].to_list() == ["orders-1", "orders-2"]
    assert refgraph.run("effect", found).origin["parties"] == 1
    assert refgraph.read(pl.DataFrame({"id": ["a"]}), orders=str(tmp_path / "o.csv")).orders is not None


@pytest.mark.parametrize(("frame", "id"), [
    (pl.DataFrame({"id": [1.0]}), "float-ids"),
    (pl.DataFrame({"id": ["a"], "referred_by": [2.0]}), "float-ids"),
    (pd.DataFrame({"客户编号": [1, None]}), "float-ids"),
    (pd.DataFrame({"id": ["a", 1.0]}, dtype=object), "float-ids"),
    (pd.DataFrame({"id": pd.Categorical([1.0])}), "float-ids"),
    (pl.DataFrame({"id": [Decimal("1.0")]}), "float-ids"),
    (pl.DataFrame({"id": ["a"], "x": [[1]]}), "cell-not-text"),
    (pl.DataFrame({"id": [b"a"]}), "cell-not-text"),
    (pd.DataFrame({"id": ["a"], "x": [object()]}), "cell-not-text"),
    (pd.DataFrame({"id": ["\ud800"]}, dtype=object), "table-unreadable"),
    (pl.DataFrame({"id": ["a"], " id ": ["b"]}), "duplicate-header"),
    (pd.DataFrame([["a", "b"]], columns=["id", "id"]), "duplicate-header"),
    (pl.DataFrame({"id": ["a"], " ": ["b"]}), "missing-header"),
    (pl.DataFrame(), "empty-file"),
    (pl.DataFrame({"x": ["a"]}), "missing-column"),
    (pl.LazyFrame({"id": ["a"]}).select("gone"), "table-unreadable"),
    (pa.table({"id": pa.array([Decimal(1)], pa.decimal256(60, 0))}), "table-unreadable"),
    (42, "not-a-table"),
    ([pl.DataFrame({"id": ["a"]})], "not-a-table"),
    (None, "no-source"),
])  # fmt: skip
def test_bad_objects_get_one_sentence(frame: Any, id: str) -> None:
    with pytest.raises(RefgraphError) as caught:
        refgraph.read(frame)
    assert caught.value.id == id
    assert "\n" not in str(caught.value)


def test_bad_tables_by_name_get_one_sentence() -> None:
    with pytest.raises(UsageError, match="orders is of the type dict"):
        refgraph.read(pl.DataFrame({"id": ["a"]}), orders={"customer": ["a"]})


def test_a_result_goes_on_to_other_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    result = refgraph.run("recommenders", refgraph.read(pl.DataFrame({"id": ["a", "b"], "referred_by": [None, "a"]})))
    assert pa.table(result).num_rows == result.frame.height == len(result.to_pandas()) == 1
    assert pl.DataFrame(result).equals(result.frame)
    monkeypatch.setitem(sys.modules, "pandas", None)
    monkeypatch.setattr(pl.DataFrame, "to_pandas", lambda frame: __import__("pandas"))
    with pytest.raises(UsageError, match="refgraph\\[pandas\\]"):
        result.to_pandas()
