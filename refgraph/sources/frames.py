"""Tables in memory -> raw tables: polars, pandas, and anything that offers an Arrow stream.

Python objects are treated like files: their columns become text that means exactly the same, and
the rules of intake, its rejects and its findings are those of a file with that text. A row is cited
by its number, from 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from refgraph.errors import DataError, UsageError
from refgraph.model.field_types import FieldType
from refgraph.model.message import message
from refgraph.model.plain_rows import build_rejects, find_row_faults
from refgraph.model.raw import RawTable
from refgraph.sources.assembly import apply_headers
from refgraph.sources.extra_rows import Body, make_no_misfits, skip_extra_rows
from refgraph.sources.layout import clean_header
from refgraph.sources.values import cells_to_text, column_to_text

TypeLookup = Callable[[Sequence[str]], Mapping[str, FieldType]]
"""Headers -> the type that each known one is read as; a column that names a party is an ID."""


def is_table(source: object) -> bool:
    """Whether `read` may be able to read it."""
    is_polars = isinstance(source, (pl.DataFrame, pl.LazyFrame))
    return is_polars or _is_pandas(source) or hasattr(source, "__arrow_c_stream__")


def read(source: Any, file: str, find_types: TypeLookup) -> RawTable:
    """Read a polars frame (lazy or not), a pandas one, or an object with ``__arrow_c_stream__``.

    file: the name to cite. A named pandas index is a column. Rows with a NUL or a cell of more than
    `MAX_CELL_CHARS` characters become rejects, as in files.
    Raises UsageError ``table-unreadable``, ``float-ids``, ``cell-not-text``; DataError
    ``empty-file``, ``duplicate-header``, ``missing-header``.
    """
    if _is_pandas(source):
        names, columns = _convert_pandas(source, file, find_types)
        return to_raw_table(names, columns, file)
    frame = _to_polars(source, file)
    names = [clean_header(name) for name in frame.columns]
    types = find_types(names)
    columns = [
        column_to_text(column, types.get(name), file)
        for name, column in zip(names, frame.get_columns(), strict=True)
    ]
    return to_raw_table(names, columns, file)


def to_raw_table(
    names: Sequence[str],
    columns: Sequence[pl.Series],
    file: str,
    lines: pl.Series | None = None,
) -> RawTable:
    """Columns of text and their names as a raw table. Checks headers and rows as `read` says.

    lines: where each row begins, None = rows count from 1.
    """
    if not names:
        raise DataError("empty-file", file=file)
    unnamed = pl.DataFrame([column.alias(f"c{i}") for i, column in enumerate(columns)])
    named = apply_headers(unnamed, list(names), file)
    if lines is None:
        lines = pl.int_range(1, named.height + 1, dtype=pl.Int64, eager=True).alias("line")
    codes = find_row_faults(named)
    is_faulty = codes.is_not_null()
    body = Body(unnamed.filter(~is_faulty), lines.filter(~is_faulty), make_no_misfits())
    skipped = skip_extra_rows(body, [], named.width)
    return RawTable(
        file=file,
        frame=apply_headers(skipped.body.frame, list(names), file),
        line=skipped.body.line,
        rows_read=named.height,
        rejects=build_rejects(named.filter(is_faulty), lines.filter(is_faulty), codes, file),
        warnings=tuple(sorted(skipped.counts.items())),
        rows_skipped=skipped.counts.total(),
    )


def _is_pandas(source: object) -> bool:
    return type(source).__module__.partition(".")[0] == "pandas" and hasattr(source, "columns")


def _to_polars(source: Any, file: str) -> pl.DataFrame:
    try:
        if isinstance(source, pl.LazyFrame):
            return source.collect()
        return source if isinstance(source, pl.DataFrame) else pl.DataFrame(_ArrowStream(source))
    except (Exception, pl.exceptions.PanicException) as error:  # any library may stand behind it
        why = message("phrase.table-kind", kind=type(error).__name__)
        raise UsageError("table-unreadable", file=file, why=why) from error


class _ArrowStream:
    """The Arrow stream of an object and nothing else of it.

    polars would otherwise recognize some libraries and convert their objects in other ways.
    """

    def __init__(self, source: Any) -> None:
        self._source = source

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._source.__arrow_c_stream__(requested_schema)


def _convert_pandas(
    source: Any, file: str, find_types: TypeLookup
) -> tuple[list[str], list[pl.Series]]:
    """Names and columns of text, by pandas' own methods, so that pyarrow is not needed."""
    index = [
        source.index.get_level_values(level).to_series()
        for level, name in enumerate(source.index.names)
        if name is not None
    ]
    series = index + [source.iloc[:, k] for k in range(source.shape[1])]
    names = [clean_header(str(column.name)) for column in series]
    types = find_types(names)
    columns = [
        _convert_pandas_column(column.rename(name), types.get(name), file)
        for name, column in zip(names, series, strict=True)
    ]
    return names, columns


def _convert_pandas_column(series: Any, field_type: FieldType | None, file: str) -> pl.Series:
    """One pandas column as text; NaN, NaT and NA are null."""
    dtype, name = series.dtype, str(series.name)
    kind = getattr(dtype, "kind", "O")
    if type(dtype).__name__ == "CategoricalDtype":
        return _convert_categories(series, field_type, file)
    if type(dtype).__name__ == "ArrowDtype":
        column = _to_polars(series.to_frame(), file).to_series().alias(name)
        return column_to_text(column, field_type, file)
    if kind == "M":
        moments = series.dt.tz_localize(None).to_numpy().astype("datetime64[us]")
        return column_to_text(pl.Series(name, moments), field_type, file)
    is_missing = np.asarray(series.isna(), bool)
    is_numpy = isinstance(dtype, np.dtype)
    if kind in "iufb" and (is_numpy or hasattr(dtype, "numpy_dtype")):
        if not is_numpy:
            series = series.to_numpy(dtype=dtype.numpy_dtype, na_value=0)
        numbers = pl.Series(name, np.asarray(series)).set(pl.Series(is_missing), None)
        return column_to_text(numbers, field_type, file)
    objects = np.array(series.astype(object).to_numpy(), dtype=object)
    objects[is_missing] = None
    return cells_to_text(objects.tolist(), name, field_type, file)


def _convert_categories(series: Any, field_type: FieldType | None, file: str) -> pl.Series:
    categories = series.cat.categories.to_series().rename(series.name)
    words = _convert_pandas_column(categories, field_type, file)
    codes = pl.Series(np.asarray(series.cat.codes)).cast(pl.Int64)
    return words.gather(codes.set(codes < 0, None)).alias(str(series.name))
