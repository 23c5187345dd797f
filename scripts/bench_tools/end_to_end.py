"""`recommenders` end to end, from frames in memory and from CSV.

For comparison: the time that polars takes to read the same bytes as text.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from bench_tools import files, graphs
from bench_tools.graphs import Case
from bench_tools.timing import Operation, Tool


@contextmanager
def make_csv_folder(case: Case) -> Iterator[str]:
    """The case as CSV in a temporary folder."""
    folder = tempfile.mkdtemp(prefix="refgraph-bench-")
    try:
        yield str(files.write_folder(case, Path(folder)))
    finally:
        shutil.rmtree(folder)


@contextmanager
def describe_case(case: Case) -> Iterator[str]:
    """What is needed to make the case again."""
    yield f"{case.shape} {case.n}"


def _make_frames(state: str) -> Any:
    shape, n = state.split()
    return files.make_frames(graphs.make_case(shape, int(n)))


def _run_from_csv(folder: str) -> Any:
    from refgraph import pipeline

    engine = pipeline.open_source(folder)
    return engine.dataset(), pipeline.run(engine, "recommenders")


def _run_from_frames(tables: Any) -> Any:
    import refgraph

    data = refgraph.read(customers=tables[0], referrals=tables[1])
    return data, refgraph.run("recommenders", data)


def _read_as_text(folder: str) -> Any:
    import polars as pl

    return [
        pl.read_csv(Path(folder) / f"{name}.csv", infer_schema=False)
        for name in ("customers", "referrals")
    ]


def _count_rows(_: Any, answer: Any) -> Any:
    """How many customers and referrals were read."""
    found = answer[0] if hasattr(answer[0], "customers") else None
    customers, referrals = (found.customers, found.referrals) if found else answer
    return (np.array([customers.height, referrals.height]),)


CSV = Operation(
    "recommenders from CSV",
    (
        Tool("refgraph", lambda case: case, _run_from_csv, _count_rows, "whole journey"),
        Tool("polars", lambda case: case, _read_as_text, _count_rows, "read_csv as text only"),
    ),
    most=10_000_000,
    alone=make_csv_folder,
)
ARRAYS = Operation(
    "recommenders from frames",
    (
        Tool(
            "refgraph",
            lambda case: case,
            _run_from_frames,
            _count_rows,
            "whole journey",
            prepare=_make_frames,
        ),
    ),
    most=10_000_000,
    alone=describe_case,
)
OPERATIONS = (CSV, ARRAYS)
