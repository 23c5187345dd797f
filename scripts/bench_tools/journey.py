"""`recommenders` end to end: from frames in memory, and from CSV beside what polars takes to read the same bytes as text."""

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
def folder(case: Case) -> Iterator[str]:
    """The case as CSV in a folder that is gone afterwards."""
    place = tempfile.mkdtemp(prefix="refgraph-bench-")
    try:
        yield str(files.folder(case, Path(place)))
    finally:
        shutil.rmtree(place)


@contextmanager
def named(case: Case) -> Iterator[str]:
    """Enough to make the case again."""
    yield f"{case.shape} {case.n}"


def _frames(state: str) -> Any:
    shape, n = state.split()
    return files.frames(graphs.make(shape, int(n)))


def _from_csv(place: str) -> Any:
    from refgraph import flow

    engine = flow.open_source(place)
    return engine.dataset(), flow.run(engine, "recommenders")


def _from_frames(tables: Any) -> Any:
    import refgraph

    data = refgraph.read(customers=tables[0], referrals=tables[1])
    return data, refgraph.run("recommenders", data)


def _text(place: str) -> Any:
    import polars as pl

    return [pl.read_csv(Path(place) / f"{name}.csv", infer_schema=False) for name in ("customers", "referrals")]


def _rows(_: Any, answer: Any) -> Any:
    """How many customers and referrals were read."""
    found = answer[0] if hasattr(answer[0], "customers") else None
    customers, referrals = (found.customers, found.referrals) if found else answer
    return (np.array([customers.height, referrals.height]),)


CSV = Operation("recommenders from CSV", (
    Tool("refgraph", lambda case: case, _from_csv, _rows, "whole journey"),
    Tool("polars", lambda case: case, _text, _rows, "read_csv as text only"),
), most=10_000_000, alone=folder)  # fmt: skip
ARRAYS = Operation("recommenders from frames", (
    Tool("refgraph", lambda case: case, _from_frames, _rows, "whole journey", ready=_frames),
), most=10_000_000, alone=named)  # fmt: skip
OPERATIONS = (CSV, ARRAYS)
