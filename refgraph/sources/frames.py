"""Tables in memory -> raw tables of text: polars, pandas, and whatever hands out an Arrow stream.

Python objects pass the same door as files: their columns become text that says exactly the same, and the rules of
intake, its rejects and its findings are those of a file with that text. A row is cited by its number, from 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from refgraph.errors import DataError, UsageError
from refgraph.model.fields import Type
from refgraph.model.raw import REJECTS, RawTable
from refgraph.sources.blocks import LIMIT, RAW
from refgraph.sources.delimited import headed, header
from refgraph.sources.values import cells, column

Kinds = Callable[[Sequence[str]], Mapping[str, Type]]
"""Headers -> the type that each known one is read as; what names a party is an ID."""


def is_table(source: object) -> bool:
    """Whether `read` may know what to do with it."""
    return isinstance(source, (pl.DataFrame, pl.LazyFrame)) or _is_pandas(source) or hasattr(source, "__arrow_c_stream__")


def read(source: Any, file: str, kinds: Kinds) -> RawTable:
    """A polars frame (lazy or not), a pandas one, or an object with ``__arrow_c_stream__``, as a table of text.

    file: the name to cite. A pandas index with a name is a column. Rows with a NUL or a cell of more than
    `blocks.LIMIT` characters become rejects, as in files.
    Raises UsageError ``not-a-table``, ``table-unreadable``, ``float-ids``, ``cell-not-text``; DataError
    ``empty-file``, ``duplicate-header``, ``missing-header``.
    """
    if _is_pandas(source):
        names, columns = _of_pandas(source, file, kinds)
    else:
        frame = _polars(source, file)
        names = [header(name) for name in frame.columns]
        known = kinds(names)
        columns = [column(frame[old], known.get(new), file) for old, new in zip(frame.columns, names, strict=True)]
    return raw(names, columns, file)


def raw(names: Sequence[str], columns: Sequence[pl.Series], file: str) -> RawTable:
    """Columns of text under their names as a raw table; what it checks and raises is told at `read`."""
    if not names:
        raise DataError("empty-file", file=file)
    frame = headed(pl.DataFrame([c.alias(f"c{i}") for i, c in enumerate(columns)]), list(names), file)
    lines = pl.int_range(1, frame.height + 1, dtype=pl.Int64, eager=True).alias("line")
    nul = pl.any_horizontal(pl.all().str.contains("\0", literal=True).fill_null(False))
    long = pl.any_horizontal((pl.all().str.len_chars() > LIMIT).fill_null(False))
    code = pl.when(nul).then(pl.lit("nul-character")).when(long).then(pl.lit("field-too-long"))
    codes = frame.select(code.alias("code")).to_series()
    bad = codes.is_not_null()
    if not bad.any():
        return RawTable(file, frame, lines, frame.height, pl.DataFrame(schema=REJECTS))
    whole = frame.filter(bad).select(pl.concat_str(pl.all().fill_null(""), separator=",").alias("raw"))["raw"]
    kept = pl.when(pl.col("raw").str.len_chars() > RAW).then(pl.col("raw").str.head(RAW) + "\u2026").otherwise("raw")
    rejects = pl.DataFrame({"line": lines.filter(bad), "code": codes.filter(bad), "raw": whole}).select(
        pl.lit(file).alias("file"), "line", "code", pl.lit(None).alias("column"), pl.lit(None).alias("value"), kept.alias("raw"))
    return RawTable(file, frame.filter(~bad), lines.filter(~bad), frame.height, rejects.cast(REJECTS))  # type: ignore[arg-type]


def _is_pandas(source: object) -> bool:
    return type(source).__module__.partition(".")[0] == "pandas" and hasattr(source, "columns")


def _polars(source: Any, file: str) -> pl.DataFrame:
    try:
        if isinstance(source, pl.LazyFrame):
            return source.collect()
        return source if isinstance(source, pl.DataFrame) else pl.DataFrame(_Stream(source))
    except (Exception, pl.exceptions.PanicException) as error:  # whatever a stranger's stream may raise
        why = (str(error) or type(error).__name__).splitlines()[0]
        raise UsageError("table-unreadable", file=file, why=why) from error


class _Stream:
    """The Arrow stream of an object and nothing else of it, so that no library is asked for its own way."""

    def __init__(self, source: Any) -> None:
        self._source = source

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._source.__arrow_c_stream__(requested_schema)


def _of_pandas(source: Any, file: str, kinds: Kinds) -> tuple[list[str], list[pl.Series]]:
    """Names and columns of text; by pandas' own methods, so that pyarrow is not needed."""
    index = [source.index.get_level_values(k).to_series() for k, name in enumerate(source.index.names) if name is not None]
    series = index + [source.iloc[:, k] for k in range(source.shape[1])]
    names = [header(str(one.name)) for one in series]
    known = kinds(names)
    return names, [_pandas(s.rename(n), known.get(n), file) for s, n in zip(series, names, strict=True)]


def _pandas(series: Any, kind: Type | None, file: str) -> pl.Series:
    """One pandas column as text; NaN, NaT and NA are missing."""
    dtype, name, missing = series.dtype, str(series.name), np.asarray(series.isna(), bool)
    letter = getattr(dtype, "kind", "O")
    if type(dtype).__name__ == "CategoricalDtype":
        return _categories(series, kind, file)
    if type(dtype).__name__ == "ArrowDtype":
        return column(_polars(series.to_frame(), file).to_series().alias(name), kind, file)
    if letter == "M":
        moments = series.dt.tz_localize(None).to_numpy().astype("datetime64[us]")
        return column(pl.Series(name, moments), kind, file)
    if letter in "iufb" and (isinstance(dtype, np.dtype) or hasattr(dtype, "numpy_dtype")):
        filled = series if isinstance(dtype, np.dtype) else series.to_numpy(dtype=dtype.numpy_dtype, na_value=0)
        values = pl.Series(name, np.asarray(filled))
        return column(values.set(pl.Series(missing), None), kind, file)
    objects = np.array(series.astype(object).to_numpy(), dtype=object)
    objects[missing] = None
    return cells(objects.tolist(), name, kind, file)


def _categories(series: Any, kind: Type | None, file: str) -> pl.Series:
    words = _pandas(series.cat.categories.to_series().rename(series.name), kind, file)
    codes = pl.Series(np.asarray(series.cat.codes)).cast(pl.Int64)
    return words.gather(codes.set(codes < 0, None)).alias(str(series.name))
