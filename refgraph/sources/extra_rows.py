"""Rows that are no data: blank ones, a title or header that is printed again, footers.

Works on columns of text c0, c1 ... with the line of each row; knows nothing of file formats.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from refgraph.model.vocabulary import FOOTER_LABEL, FOOTER_NOTICE, TOTAL_PATTERN
from refgraph.sources.layout import Row, clean_header, is_blank

_NEAR_ROWS = 100
"""Rows at the end of a file, and before each repeated header, in which a footer may stand."""
_MIN_COLUMNS = 3
"""Tables with fewer columns may hold data in a single cell; below others, such a row is a note."""
_SENTENCE = r"[\s:：，。；;.]"


Integers = np.ndarray[tuple[int], np.dtype[np.int64]]


class Body(NamedTuple):
    """The rows below a header.

    frame: text columns c0, c1 ... line: Int64, the line on which each row begins.
    misfits: rows whose number of cells is not that of the header: ``line``, and ``cells``, a list
    of their filled cells.
    """

    frame: pl.DataFrame
    line: pl.Series
    misfits: pl.DataFrame


class Skipped(NamedTuple):
    """body: the rows that remain. counts: code -> rows skipped. misfits: whether each is one."""

    body: Body
    counts: Counter[str]
    misfits: pl.Series


def make_no_misfits() -> pl.DataFrame:
    """`Body.misfits` of a table whose rows all have the same number of cells."""
    return pl.DataFrame(schema={"line": pl.Int64, "cells": pl.List(pl.String)})


def make_misfits(line: pl.Series, cells: pl.Series) -> pl.DataFrame:
    """The rows of `Body.misfits` from all their cells."""
    if not len(line):
        return make_no_misfits()
    trimmed = cells.list.eval(pl.element().str.strip_chars())
    filled = trimmed.list.eval(pl.element().filter(pl.element() != ""))
    return pl.DataFrame({"line": line, "cells": filled.cast(pl.List(pl.String))})


def skip_extra_rows(body: Body, above: Sequence[Row], width: int) -> Skipped:
    """Leave out the rows that are no data.

    above: the rows down to the header and including it. width: columns with a header.
    Codes: ``blank-row``; ``repeated-header``, for titles too; ``footer``; among the misfits also
    ``total-row``: intake finds the others.
    """
    printed = [[clean_header(cell) for cell in row] for row in above if not is_blank(row)]
    is_empty = _find_blank_rows(body.frame)
    is_repeated = _find_repeated_rows(body.frame, printed)
    repeated_at = np.flatnonzero(is_repeated.to_numpy())
    note_line = _find_note_line(body, is_empty | is_repeated)
    is_footer = _find_footers(body, is_empty | is_repeated, repeated_at, note_line, width)
    code = _classify_misfits(body.misfits, printed, note_line, width)
    counts = Counter(code.drop_nulls().to_list())
    for name, found in (
        ("blank-row", is_empty),
        ("repeated-header", is_repeated),
        ("footer", is_footer),
    ):
        counts[name] += int(found.sum())
    is_kept = ~(is_empty | is_repeated | is_footer)
    if not is_kept.all():
        body = body._replace(frame=body.frame.filter(is_kept), line=body.line.filter(is_kept))
    body = body._replace(misfits=body.misfits.filter(code.is_null()))
    return Skipped(body, +counts, code.is_not_null())


def _find_blank_rows(frame: pl.DataFrame) -> pl.Series:
    """Rows without any content but white space."""
    is_empty = frame.select(pl.all_horizontal(pl.all().is_null()).alias("is_empty")).to_series()
    first = frame.to_series(0)
    may_be_space = (first.str.strip_chars() == "").fill_null(True) & ~is_empty
    if not may_be_space.any():
        return is_empty
    cells = pl.all().str.strip_chars().fill_null("") == ""
    is_space = frame.filter(may_be_space).select(pl.all_horizontal(cells)).to_series()
    return is_empty | _scatter(may_be_space, is_space)


def _find_repeated_rows(frame: pl.DataFrame, printed: Sequence[Sequence[str]]) -> pl.Series:
    """Rows that repeat a row above the data cell by cell."""
    found = pl.repeat(False, frame.height, eager=True)
    for row in printed:
        key = next(k for k, cell in enumerate(row) if cell)
        if key >= frame.width:
            continue
        candidates = (frame.to_series(key).str.strip_chars() == row[key]).fill_null(False)
        if not candidates.any():
            continue
        cells = list(row[: frame.width]) + [""] * (frame.width - len(row))
        equal = [
            pl.col(name).fill_null("").str.strip_chars() == cell
            for name, cell in zip(frame.columns, cells, strict=True)
        ]
        is_equal = frame.filter(candidates).select(pl.all_horizontal(equal)).to_series()
        found = found | _scatter(candidates, is_equal)
    return found


def _scatter(candidates: pl.Series, values: pl.Series) -> pl.Series:
    """`values` at the candidates, False elsewhere."""
    spread = np.zeros(len(candidates), bool)
    spread[candidates.to_numpy()] = values.to_numpy()
    return pl.Series(spread)


def _find_footers(
    body: Body,
    is_other: pl.Series,
    repeated_at: Integers,
    note_line: int | None,
    width: int,
) -> pl.Series:
    """Footers at the end, and above headers that are printed again.

    is_other: rows that are skipped anyway. repeated_at: positions of repeated headers.
    note_line: see `_find_note_line`.
    """
    height = body.frame.height
    ends = [height, *repeated_at.tolist()]
    near = sorted({k for end in ends for k in range(max(0, end - _NEAR_ROWS), end)})
    candidates = np.zeros(height, bool)
    candidates[near] = True
    is_candidate = pl.Series(candidates) & ~is_other
    part = body.frame.filter(is_candidate)
    cells = part.select(pl.concat_list(pl.all().fill_null("")).alias("cells")).to_series()
    rows = make_misfits(body.line.filter(is_candidate), cells)
    return _scatter(is_candidate, _match_footers(rows, note_line, width))


def _classify_misfits(
    rows: pl.DataFrame, printed: Sequence[Sequence[str]], note_line: int | None, width: int
) -> pl.Series:
    """The code of each misfit that is no data, null for the others."""
    if not rows.height:
        return pl.Series([], dtype=pl.String)
    is_footer = _match_footers(rows, note_line, width)
    above = ["\n".join(cell for cell in row if cell) for row in printed]
    first, text = pl.col("cells").list.first(), pl.col("cells").list.join("\n")
    return rows.select(
        pl.when(pl.col("cells").list.len() == 0)
        .then(pl.lit("blank-row"))
        .when(text.is_in(above))
        .then(pl.lit("repeated-header"))
        .when(first.str.contains(TOTAL_PATTERN))
        .then(pl.lit("total-row"))
        .when(pl.lit(is_footer))
        .then(pl.lit("footer"))
    ).to_series()


def _find_note_line(body: Body, is_other: pl.Series) -> int | None:
    """The first line on which a note may stand: below the last row of several cells and a gap.

    None if none of the last rows has several cells.
    """
    tail, skipped = body.frame.tail(_NEAR_ROWS), is_other.tail(_NEAR_ROWS)
    filled = tail.select(pl.sum_horizontal(pl.all().is_not_null()).alias("filled")).to_series()
    full = np.flatnonzero(((filled > 1) & ~skipped).to_numpy())
    if not len(full):
        return None
    last = int(full[-1])
    breaks = sum((cell or "").count("\n") for cell in tail.row(last))
    return int(body.line.tail(_NEAR_ROWS)[last]) + breaks + 2


def _match_footers(rows: pl.DataFrame, note_line: int | None, width: int) -> pl.Series:
    """Which rows, columns as `Body.misfits`, are footers."""
    first, filled = pl.col("cells").list.first(), pl.col("cells").list.len()
    is_notice = first.str.contains(FOOTER_NOTICE)
    if note_line is not None and width >= _MIN_COLUMNS:
        is_notice |= (pl.col("line") >= note_line) & first.str.contains(_SENTENCE)
    is_footer = first.str.contains(FOOTER_LABEL) | (is_notice & (filled == 1))
    return rows.select(is_footer.fill_null(False)).to_series()
