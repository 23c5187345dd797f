"""Reading files of other formats than plain CSV, and messy CSV beside clean ones.

Parquet: `recommenders` against polars, which reads the same columns and joins the ids. Workbooks:
reading one sheet against fastexcel alone. Messy: GBK, titles above the header and quoted cells.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from bench_tools import files
from bench_tools.graphs import Case
from bench_tools.timing import Operation, Tool

MAX_WORKBOOK_ROWS = 1_000_000
TITLE = "客户名单\n\n"


@contextmanager
def _make_folder() -> Iterator[Path]:
    folder = tempfile.mkdtemp(prefix="refgraph-bench-")
    try:
        yield Path(folder)
    finally:
        shutil.rmtree(folder)


@contextmanager
def make_parquet_folder(case: Case) -> Iterator[str]:
    """The case as Parquet in a temporary folder."""
    with _make_folder() as folder:
        for name, frame in zip(("customers", "referrals"), files.make_frames(case), strict=True):
            frame.write_parquet(folder / f"{name}.parquet")
        yield str(folder)


@contextmanager
def make_workbook(case: Case) -> Iterator[str]:
    """The customers of the case, with their primary referrers, as a workbook of one sheet."""
    with _make_folder() as folder:
        path = folder / "customers.xlsx"
        _make_customers(case).write_excel(path, worksheet="customers")
        yield str(path)


@contextmanager
def make_clean_and_messy_files(case: Case) -> Iterator[str]:
    """The same customers twice: clean in UTF-8, and messy."""
    with _make_folder() as folder:
        frame = _make_customers(case).rename(
            {"id": "客户编号", "revenue": "销售额", "referred_by": "推荐人"}
        )
        frame.write_csv(folder / "clean.csv")
        text = frame.write_csv(quote_style="always", line_terminator="\r\n")
        (folder / "messy.csv").write_bytes((TITLE + text).encode("gb18030"))
        yield str(folder)


def _make_customers(case: Case) -> Any:
    import polars as pl

    customers, referrals = files.make_frames(case)
    first = referrals.unique("referred", keep="first").rename({"referrer": "referred_by"})
    return customers.join(first, left_on="id", right_on="referred", how="left").with_columns(
        pl.col("revenue").round(2)
    )


def _run_recommenders(folder: str) -> Any:
    from refgraph import pipeline

    engine = pipeline.open_source(folder)
    return engine.dataset(), pipeline.run(engine, "recommenders")


def _read_and_join(folder: str) -> Any:
    import polars as pl

    customers, referrals = (
        pl.read_parquet(f"{folder}/{name}.parquet") for name in ("customers", "referrals")
    )
    numbered = customers.select("id", row=pl.int_range(pl.len(), dtype=pl.Int32))
    for end in ("referrer", "referred"):
        referrals = referrals.join(numbered, left_on=end, right_on="id", how="left", suffix=end)
    return customers, referrals


def _count_rows(_: Any, answer: Any) -> Any:
    """How many customers and referrals were read."""
    found = answer[0] if hasattr(answer[0], "customers") else None
    customers, referrals = (found.customers, found.referrals) if found else answer
    return (np.array([customers.height, referrals.height]),)


def _read_table(path: str) -> Any:
    """One file as a raw table, its header and encoding found by looking."""
    from refgraph.intake.mapping import build_header_counter, detect_tables
    from refgraph.model.settings import Settings
    from refgraph.sources import read_tables

    count_known = build_header_counter(Settings())
    tables = read_tables(path, detect_tables=detect_tables, count_known=count_known)
    return tables.by_name["customers"][0].frame


def _read_sheet_alone(path: str) -> Any:
    import fastexcel

    return fastexcel.read_excel(path).load_sheet(0, dtypes="string").to_polars()


def _read_named(folder: str, name: str) -> Any:
    import refgraph

    data = refgraph.read(f"{folder}/{name}.csv")
    return data.customers, data.referrals


def _count_cells(_: Any, frame: Any) -> Any:
    """Rows, and filled cells of each column."""
    return (
        np.array([frame.height, *(frame.height - frame[c].null_count() for c in frame.columns)]),
    )


PARQUET = Operation(
    "recommenders from Parquet",
    (
        Tool("refgraph", lambda case: case, _run_recommenders, _count_rows, "whole journey"),
        Tool("polars", lambda case: case, _read_and_join, _count_rows, "columns and joined ids"),
    ),
    most=10_000_000,
    alone=make_parquet_folder,
)
WORKBOOK = Operation(
    "sheet of a workbook",
    (
        Tool("refgraph", lambda case: case, _read_table, _count_cells, "checked, ids as shown"),
        Tool("fastexcel", lambda case: case, _read_sheet_alone, _count_cells, "cells as text"),
    ),
    most=MAX_WORKBOOK_ROWS,
    alone=make_workbook,
)
MESSY = Operation(
    "reading a messy file",
    tuple(
        Tool("refgraph", lambda case: case, partial(_read_named, name=name), _count_rows, name)
        for name in ("messy", "clean")
    ),
    most=10_000_000,
    alone=make_clean_and_messy_files,
)
OPERATIONS = (PARQUET, WORKBOOK, MESSY)
