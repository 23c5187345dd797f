"""Lists that the server returns -> frames."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from refgraph.engines.neo4j.connection import Database, Rows
from refgraph.engines.neo4j.load_record import NULL_TEXT
from refgraph.engines.neo4j.slots import find_slot
from refgraph.engines.queries import Cypher
from refgraph.model.dataset import PolarsType

PAGES_IN_FLIGHT = 2
"""Pages requested at a time: the server collects the next while one is converted here."""
NULL_INTEGER = -1
"""Stands for null among integers, which are line and row numbers and counts; NaN among floats."""


def read_pages(
    database: Database, text: Cypher, ranges: Sequence[Mapping[str, object]]
) -> Iterator[tuple[Any, ...]]:
    """The columns of each page, in the order of the ranges.

    ranges: parameters of the statement for each page.
    """
    pending: list[Callable[[], Rows]] = []
    for bounds in ranges:
        rows = pending.pop(0)() if len(pending) == PAGES_IN_FLIGHT else []
        pending.append(database.begin_read(text, null_text=NULL_TEXT, **bounds))
        yield from rows
    for await_rows in pending:
        yield from await_rows()


def build_frame(
    pages: Iterator[tuple[Any, ...]], names: Sequence[str], types: Mapping[str, PolarsType]
) -> pl.DataFrame:
    """The columns of all pages as one frame.

    names: the columns of a page in their order. types: type of each.
    """
    frames = [pl.DataFrame(schema={name: types[name] for name in names})]
    for page in pages:
        columns = []
        for name, values in zip(names, page, strict=True):
            columns.append(_to_series(name, values, types[name]))
        frames.append(pl.DataFrame(columns))
    return pl.concat(frames).rechunk()


def _to_series(name: str, values: list[Any], type: PolarsType) -> pl.Series:
    read = _SERIES_READERS.get(find_slot(type))
    return read(name, values) if read else pl.Series(name, values, dtype=type)


def _to_text_series(name: str, values: list[str]) -> pl.Series:
    series = pl.Series(name, values, dtype=pl.String)
    is_null = series == NULL_TEXT
    return series.set(is_null, None) if is_null.any() else series


def _to_date_series(name: str, values: list[str]) -> pl.Series:
    return _to_text_series(name, values).str.to_date("%Y-%m-%d")


def _to_float_series(name: str, values: list[float]) -> pl.Series:
    return pl.Series(name, values, dtype=pl.Float64).fill_nan(None)


def _to_integer_series(name: str, values: list[int]) -> pl.Series:
    series = pl.Series(name, values, dtype=pl.Int64)
    return series.set(series == NULL_INTEGER, None)


_SERIES_READERS: dict[str, Callable[[str, list[Any]], pl.Series]] = {
    "text": _to_text_series,
    "date": _to_date_series,
    "float": _to_float_series,
    "integer": _to_integer_series,
}
"""Slot -> reader; other types need no marker for null."""
