"""The rows of a table, from its title to its footer -> a raw table.

A reader that has all rows as columns of text calls `read_grid`; one that reads the rows below the
header in its own way calls `locate_header`, then `assemble_table`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from refgraph.errors import DataError, RefgraphError, combine_errors
from refgraph.model.raw import USUAL_LAYOUT, FileLayout, RawTable, make_empty_rejects
from refgraph.model.vocabulary import TOTAL_PATTERN
from refgraph.sources.extra_rows import Body, make_no_misfits, skip_extra_rows
from refgraph.sources.layout import (
    MAX_HEAD_ROWS,
    Header,
    HeaderCounter,
    Row,
    check_is_header,
    count_no_headers,
    find_header,
    is_blank,
    number_columns,
)

MAX_COLUMNS = 16_384
"""Columns that a file may have; a spreadsheet has no more."""

NO_HEADER = 0
"""The header row of a table without one."""
_MISFIT = "ragged-row"
_INDEX = r"^\d{1,18}$"


@dataclass(frozen=True, kw_only=True)
class LocatedHeader:
    """A header and the rows above the data.

    above: rows down to the header and including it; empty without a header. line: of the header's
    first row, 0 without. is_found: whether rows above it were passed over, or it has two lines.
    """

    header: Header
    above: Sequence[Row]
    line: int
    is_found: bool


def locate_header(
    rows: Sequence[Row],
    lines: Sequence[int],
    file: str,
    header_row: int | None = None,
    count_known: HeaderCounter = count_no_headers,
) -> LocatedHeader:
    """The header among the first rows of a table.

    rows: at least `MAX_HEAD_ROWS` of them that are not blank, if there are as many. lines: the line
    of each, from 1. header_row: its line if it is known, 0 = the columns have no headers.
    Raises DataError ``empty-file``, ``header-is-data``, ``no-such-header-row``,
    ``too-many-columns``.
    """
    if header_row == NO_HEADER:
        header = number_columns(max((len(row) for row in rows), default=0))
        if not header.names:
            raise DataError("empty-file", file=file)
        return LocatedHeader(header=header, above=[], line=0, is_found=False)
    if header_row is not None:
        return _take_header_row(rows, lines, file, header_row, count_known)
    width = max((len(row) for row in rows), default=0)
    if width > MAX_COLUMNS:
        raise DataError("too-many-columns", file=file, found=width, most=MAX_COLUMNS)
    found = find_header(rows, count_known)
    if found is None:
        if not rows:
            raise DataError("empty-file", file=file)
        raise DataError("missing-header", file=file, columns=[1])
    line = lines[found.first]
    check_is_header(found, file, line)
    is_first = all(map(is_blank, rows[: found.last]))
    above = rows[: found.last + 1]
    return LocatedHeader(header=found, above=above, line=line, is_found=not is_first)


def _take_header_row(
    rows: Sequence[Row],
    lines: Sequence[int],
    file: str,
    header_row: int,
    count_known: HeaderCounter,
) -> LocatedHeader:
    """The header that begins on a given line, with the row below it if they complete each other."""
    start = next((k for k, line in enumerate(lines) if line == header_row), -1)
    if start < 0 or is_blank(rows[start]):
        raise DataError("no-such-header-row", file=file, row=header_row)
    found = find_header(rows[start : start + 1], count_known)
    pair = find_header(rows[start : start + 2], count_known)
    assert found is not None and pair is not None
    if pair.first == 0:
        found = pair
    header = found._replace(first=start, last=start + found.last)
    above = rows[: header.last + 1]
    return LocatedHeader(header=header, above=above, line=header_row, is_found=False)


def read_grid(
    grid: pl.DataFrame,
    line: pl.Series,
    file: str,
    header_row: int | None = None,
    count_known: HeaderCounter = count_no_headers,
) -> RawTable:
    """Read a table whose rows are all there, as those of a spreadsheet.

    grid: text columns c0, c1 ..., an empty cell is null. line: Int64, the number of each row, from
    1. header_row, count_known: see `locate_header`.
    Raises DataError as `locate_header` and `assemble_table`.
    """
    located = locate_grid_header(grid, line, file, header_row, count_known)
    start = len(located.above)
    body = Body(grid.slice(start), line.slice(start).cast(pl.Int64), make_no_misfits())
    return assemble_table(located, body, make_empty_rejects(), file)


def locate_grid_header(
    grid: pl.DataFrame,
    line: pl.Series,
    file: str,
    header_row: int | None = None,
    count_known: HeaderCounter = count_no_headers,
) -> LocatedHeader:
    """The header of a table whose rows are all there. Arguments and errors as of `read_grid`."""
    depth = _count_head_rows(grid, line, header_row)
    rows, lines = grid.head(depth).rows(), line.head(depth).to_list()
    return locate_header(rows, lines, file, header_row, count_known)


def _count_head_rows(grid: pl.DataFrame, line: pl.Series, header_row: int | None) -> int:
    """Rows from the top that hold the header: at least `MAX_HEAD_ROWS` that are not blank."""
    if header_row:
        return int((line <= header_row).sum()) + 1
    depth = MAX_HEAD_ROWS
    while depth < grid.height:
        filled = grid.head(depth).select(pl.any_horizontal(pl.all().is_not_null()))
        if int(filled.to_series().sum()) >= MAX_HEAD_ROWS:
            break
        depth *= 4
    return depth


def assemble_table(
    located: LocatedHeader,
    body: Body,
    rejects: pl.DataFrame,
    file: str,
    layout: FileLayout = USUAL_LAYOUT,
) -> RawTable:
    """A raw table of the rows below a header.

    body: all of them; its misfits are those of `rejects` with the code ``ragged-row``, in order.
    rejects: rows that are not well formed. Rows that are no data are skipped, those above the
    header too, and counted by code in the warnings; so is a column of row numbers without a header.
    Raises DataError ``duplicate-header``, ``missing-header``.
    """
    header = located.header
    titles = list(map(is_blank, located.above[: max(0, header.first)]))
    read = len(titles) + body.frame.height + rejects.height
    skipped = skip_extra_rows(body, located.above, sum(map(bool, header.names)))
    counts = Counter(skipped.counts)
    counts["above-header"] += titles.count(False)
    counts["blank-row"] += titles.count(True)
    rows_skipped = counts.total()
    is_misfit = rejects["code"] == _MISFIT
    kept = pl.concat(
        [rejects.filter(~is_misfit), rejects.filter(is_misfit).filter(~skipped.misfits)]
    )
    frame, dropped = _drop_index_column(skipped.body.frame, header.names)
    counts["index-column"] += dropped
    counts["merged-cells"] += _count_merged_cells(frame, header.names)
    counts["header-found"] += located.is_found
    counts["delimiter-found"] += bool(layout.delimiter)
    counts["encoding-found"] += bool(layout.encoding)
    if located.is_found:
        layout = layout._replace(header_line=located.line)
    return RawTable(
        file=file,
        frame=apply_headers(frame, header.names, file),
        line=skipped.body.line,
        rows_read=read,
        rejects=kept.sort("line", maintain_order=True),
        warnings=tuple(sorted((+counts).items())),
        rows_skipped=rows_skipped,
        layout=layout,
    )


def _drop_index_column(frame: pl.DataFrame, names: Sequence[str]) -> tuple[pl.DataFrame, int]:
    """Empty the first column if it has no header and numbers the rows; and how many it numbered."""
    if names[0] or len(names) < 2 or not frame.height:
        return frame, 0
    first = frame.to_series(0)
    if first.null_count() == len(first) or not first.str.contains(_INDEX).fill_null(True).all():
        return frame, 0
    numbers = first.drop_nulls().cast(pl.Int64)
    if (numbers.diff().drop_nulls() <= 0).any():
        return frame, 0
    return frame.with_columns(c0=pl.lit(None, pl.String)), 1


def _count_merged_cells(frame: pl.DataFrame, names: Sequence[str]) -> int:
    """Cells of the first column that are empty below a filled one, as merged cells leave them.

    0 unless the column begins filled, no value stands in it twice, and every row without it has a
    cell in the next column. Nothing is filled in: such a cell may be empty on purpose.
    """
    columns = [k for k, name in enumerate(names) if name][:2]
    if len(columns) < 2 or frame.height < 2:
        return 0
    first, second = (frame.to_series(k) for k in columns)
    if not first.null_count():
        return 0
    empty = int((first.is_null() & ~second.str.contains(TOTAL_PATTERN)).sum())
    if not empty or first[0] is None or second.null_count():
        return 0
    filled = first.drop_nulls()
    return 0 if filled.is_duplicated().any() else empty


def apply_headers(frame: pl.DataFrame, names: Sequence[str], file: str) -> pl.DataFrame:
    """Name the columns c0, c1 ... of a frame; an empty column without a header is dropped.

    Raises DataError ``duplicate-header``, ``missing-header``, both faults together.
    """
    faults: list[RefgraphError] = []
    duplicates = [name for name, count in Counter(names).items() if name and count > 1]
    if duplicates:
        faults.append(DataError("duplicate-header", file=file, headers=duplicates))
    is_empty = [column.null_count() == len(column) for column in frame]
    nameless = [i + 1 for i, name in enumerate(names) if not name and not is_empty[i]]
    if nameless or not any(names):
        faults.append(DataError("missing-header", file=file, columns=nameless or [1]))
    if faults:
        raise combine_errors(faults)
    return frame.select(pl.col(f"c{i}").alias(name) for i, name in enumerate(names) if name)
