"""Frames in memory give the Dataset of a file with the same content; ids are exact or refused."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import refgraph
from refgraph.errors import RefgraphError, UsageError
from refgraph.model.dataset import Dataset

AWKWARD = [
    "001",
    "1",
    " 1 ",
    str(2**63),
    "1e5",
    "01.0",
    "NaN",
    "null",
    "ä",
    "𠮷",
    "a,b",
    'q"q',
    "x\ny",
]
TEXTS = st.one_of(
    st.none(),
    st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), min_size=1, max_size=6
    ),
)
CENTS = st.integers(-(10**9), 10**9).map(lambda c: Decimal(c) / 100)
CUSTOMERS = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.sampled_from(AWKWARD),
            "name": TEXTS,
            "joined": st.none() | st.dates(date(1, 1, 1)),
            "revenue": st.none() | CENTS,
            "note": TEXTS,
            "Number": st.none() | st.integers(-(2**63), 2**63 - 1),
        }
    ),
    min_size=1,
    max_size=12,
)
REFERRALS = st.lists(
    st.fixed_dictionaries(
        {
            "referrer": st.sampled_from(AWKWARD),
            "referred": st.sampled_from(AWKWARD),
            "at": st.none() | st.dates(date(1, 1, 1)),
        }
    ),
    min_size=1,
    max_size=12,
)
SCHEMA = {
    "id": pl.String,
    "name": pl.String,
    "joined": pl.Date,
    "revenue": pl.Decimal(15, 2),
    "note": pl.String,
    "Number": pl.Int64,
    "referrer": pl.String,
    "referred": pl.String,
    "at": pl.Date,
}
Rows = list[dict[str, Any]]


def make_polars_frame(rows: Rows) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={name: SCHEMA[name] for name in rows[0]})


class OnlyStream:
    """An object that offers an Arrow stream and nothing else, like a duckdb result."""

    def __init__(self, rows: Rows) -> None:
        self.table = make_polars_frame(rows)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.table.__arrow_c_stream__(requested_schema)


def categories(rows: Rows) -> pd.DataFrame:
    frame = pd.DataFrame(rows, dtype=object)
    return frame.astype({c: "category" for c in frame if frame[c].notna().any()})


def make_pandas_column(name: str, cells: list[Any]) -> Any:
    """The column in the type that pandas would choose, whole numbers with gaps as Int64."""
    if name == "Number":
        return pd.array(cells, dtype="Int64")
    return pd.array(cells, dtype="str") if SCHEMA[name] == pl.String else cells


MAKERS: dict[str, Callable[[Rows], Any]] = {
    "polars": make_polars_frame,
    "lazy": lambda rows: make_polars_frame(rows).lazy(),
    "categorical": lambda rows: make_polars_frame(rows).with_columns(
        pl.col(pl.String).cast(pl.Categorical)
    ),
    "pandas objects": lambda rows: pd.DataFrame(rows, dtype=object),
    "pandas": lambda rows: pd.DataFrame(
        {name: make_pandas_column(name, [row[name] for row in rows]) for name in rows[0]}
    ),
    "pandas arrow": lambda rows: make_polars_frame(rows).to_pandas(
        use_pyarrow_extension_array=True
    ),
    "pandas categories": categories,
    "pyarrow": lambda rows: make_polars_frame(rows).to_arrow(),
    "stream": OnlyStream,
}


def write_file(rows: Rows, path: Path) -> Path:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(rows[0])
    writer.writerows(
        [["" if cell is None else str(cell) for cell in map(row.get, rows[0])] for row in rows]
    )
    path.write_bytes(out.getvalue().encode())
    return path


def summarize(data: Dataset) -> object:
    """What must not depend on the form: content, counts, codes of rejects and findings."""
    return (
        data.fingerprint,
        data.recorded,
        data.ledger.drop("file").rows(),
        data.rejects["code"].to_list(),
        sorted(data.findings["code"].to_list()),
        data.customers.drop("file", "line").sort("id").rows(),
    )


@pytest.mark.parametrize("maker", MAKERS)
@settings(max_examples=2, deadline=None)
@given(customers=CUSTOMERS, referrals=REFERRALS)
def test_read_frame_equals_file_of_same_content(
    tmp_path_factory: pytest.TempPathFactory, maker: str, customers: Rows, referrals: Rows
) -> None:
    folder = tmp_path_factory.mktemp("case")
    write_file(customers, folder / "customers.csv")
    write_file(referrals, folder / "referrals.csv")
    make = MAKERS[maker]
    found = refgraph.read(customers=make(customers), referrals=make(referrals))
    assert summarize(found) == summarize(refgraph.read(folder))
    assert (
        refgraph.read(make(customers), referrals=folder / "referrals.csv").fingerprint
        == found.fingerprint
    )


@pytest.mark.parametrize(
    ("frame", "id"),
    [
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
    ],
)
def test_read_unusable_object_raises_one_line_error(frame: Any, id: str) -> None:
    with pytest.raises(RefgraphError) as caught:
        refgraph.read(frame)
    assert caught.value.id == id
    assert "\n" not in str(caught.value)


def test_read_unusable_named_table_raises_one_line_error() -> None:
    with pytest.raises(UsageError, match="orders is of type dict"):
        refgraph.read(pl.DataFrame({"id": ["a"]}), orders={"customer": ["a"]})


def test_result_converts_to_pandas_pyarrow_and_polars(monkeypatch: pytest.MonkeyPatch) -> None:
    result = refgraph.run(
        "recommenders", refgraph.read(pl.DataFrame({"id": ["a", "b"], "referred_by": [None, "a"]}))
    )
    assert pa.table(result).num_rows == result.frame.height == len(result.to_pandas()) == 1
    assert pl.DataFrame(result).equals(result.frame)
    monkeypatch.setitem(sys.modules, "pandas", None)
    monkeypatch.setattr(pl.DataFrame, "to_pandas", lambda frame: __import__("pandas"))
    with pytest.raises(UsageError, match="refgraph\\[pandas\\]"):
        result.to_pandas()
