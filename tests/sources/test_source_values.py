"""Values in memory as cells: ids keep every digit, moments become days, bad rows are rejected."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import refgraph


def ids(frame: Any) -> list[str]:
    return refgraph.read(frame).customers["id"].to_list()


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (
            pd.DataFrame({"id": ["001", "1", 2, 2**63, " 1 "]}, dtype=object),
            ["001", "1", "2", str(2**63), " 1 "],
        ),
        (
            pl.DataFrame({"id": pl.Series([2**63, 2**64 - 1], dtype=pl.UInt64)}),
            [str(2**63), str(2**64 - 1)],
        ),
        (pl.DataFrame({"id": pl.Series([2**70, -1], dtype=pl.Int128)}), [str(2**70), "-1"]),
        (pl.DataFrame({"id": pl.Series([2**53 + 1], dtype=pl.Decimal(20, 0))}), [str(2**53 + 1)]),
        (pd.DataFrame({"id": pd.array([2**53 + 1, 7], dtype="Int64")}), [str(2**53 + 1), "7"]),
        (pd.DataFrame({"id": np.array([2**63 + 1], np.uint64)}), [str(2**63 + 1)]),
        (pd.DataFrame({"id": pd.Categorical([2**53 + 1, 5])}), [str(2**53 + 1), "5"]),
        (pa.table({"id": pa.array([2**63 - 1], pa.int64())}), [str(2**63 - 1)]),
        (
            pa.table({"id": pa.array(["001", "1"], pa.large_string()).dictionary_encode()}),
            ["001", "1"],
        ),
        (
            pd.DataFrame({"name": ["A", "B"]}, index=pd.Index([2**53 + 1, 5], name="id")),
            [str(2**53 + 1), "5"],
        ),
    ],
)
def test_read_integer_ids_keeps_every_digit(frame: Any, expected: list[str]) -> None:
    assert ids(frame) == expected


def test_read_id_as_number_and_text_is_one_id() -> None:
    found = refgraph.read(
        pd.DataFrame({"id": ["1", 1, None], "name": ["A", "B", "C"]}, dtype=object)
    )
    assert sorted(found.rejects["code"]) == [
        "conflicting-duplicate",
        "conflicting-duplicate",
        "missing-id",
    ]
    assert found.rejects.filter(pl.col("code") == "missing-id")["line"].to_list() == [3]


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pl.Series([datetime(2024, 5, 6, 23, 30)]), date(2024, 5, 6)),
        (
            pl.Series([datetime(2024, 5, 6, 23, 30)]).dt.replace_time_zone("Asia/Shanghai"),
            date(2024, 5, 6),
        ),
        (
            pd.Series(pd.to_datetime(["2024-05-06 23:30"]).tz_localize("Asia/Shanghai")),
            date(2024, 5, 6),
        ),
        (pd.Series(np.array(["2024-05-06"], "datetime64[s]")), date(2024, 5, 6)),
        (
            pd.Series([np.datetime64("2024-05-06T01:02"), None], dtype=object).head(1),
            date(2024, 5, 6),
        ),
        (
            pd.Series(
                [datetime(2024, 5, 6, 23, tzinfo=timezone(timedelta(hours=9)))], dtype=object
            ),
            date(2024, 5, 6),
        ),
        (pd.Series([pd.NaT], dtype="datetime64[ns]"), None),
        (pd.Series([pd.NA], dtype=object), None),
        (pl.Series(["2024/5/6"]), date(2024, 5, 6)),
    ],
)
def test_read_moment_in_date_column_gives_day_in_own_time_zone(
    column: Any, expected: date | None
) -> None:
    frame = (pl.DataFrame if isinstance(column, pl.Series) else pd.DataFrame)(
        {"id": ["a"], "joined": column}
    )
    assert refgraph.read(frame).customers["joined"].to_list() == [expected]


def test_read_nan_is_null_from_pandas_and_rejected_from_polars() -> None:
    assert refgraph.read(pd.DataFrame({"id": ["a"], "revenue": [np.nan]})).customers[
        "revenue"
    ].to_list() == [None]
    frame = refgraph.read(pl.DataFrame({"id": ["a", "b"], "revenue": [float("nan"), 1.5]}))
    assert frame.rejects["code"].to_list() == ["bad-number"]
    assert frame.customers["revenue"].to_list() == [None, 1.5]


def test_read_frame_with_nul_or_long_cell_rejects_row() -> None:
    found = refgraph.read(
        pl.DataFrame({"id": ["a", "b\0", "c"], "name": ["x", "y", "z" * 1_000_001]})
    )
    assert found.rejects.select("file", "line", "code").rows() == [
        ("customers", 2, "nul-character"),
        ("customers", 3, "field-too-long"),
    ]
    assert found.ledger.select("read", "used", "rejected").row(0) == (3, 1, 2)


def test_read_several_frames_of_one_table_numbers_them(tmp_path: Path) -> None:
    orders = [
        pl.DataFrame({"customer": ["a"], "at": [date(2024, 1, k)], "revenue": [Decimal("0.10")]})
        for k in (1, 2, 3)
    ]
    orders[2].write_csv(tmp_path / "o.csv")
    found = refgraph.read(pl.DataFrame({"id": ["a"]}), orders=[*orders[:2]])
    assert found.ledger.filter(pl.col("table") == "orders")["file"].to_list() == [
        "orders-1",
        "orders-2",
    ]
    assert refgraph.run("concentration", found).origin["parties"] == 1
    assert (
        refgraph.read(pl.DataFrame({"id": ["a"]}), orders=str(tmp_path / "o.csv")).orders
        is not None
    )
