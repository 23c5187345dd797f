"""Tables of rejected rows: made by the checks, joined, and given the text of their row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from refgraph.model.raw import MAX_RAW_CHARS, REJECTS_SCHEMA, RawTable, make_empty_rejects


def make_rejects(rows: pl.DataFrame, code: str, column: str, value: str = "") -> pl.DataFrame:
    """Reject the rows of a typed frame, without their raw text yet.

    column: the column at fault. value: the column to cite a value from, "" = none.
    """
    cited = pl.col(value).cast(pl.String) if value else pl.lit(None, pl.String)
    return rows.select(
        file="file",
        line="line",
        code=pl.lit(code),
        column=pl.lit(column),
        value=cited,
        raw=pl.lit(None, pl.String),
        loss=pl.lit("row"),
        at=pl.col("at").cast(pl.String) if "at" in rows.columns else pl.lit(None),
    ).cast(REJECTS_SCHEMA)  # type: ignore[arg-type]


def concatenate_rejects(rejects: Mapping[str, Sequence[pl.DataFrame]]) -> pl.DataFrame:
    """Rejects of all tables one after the other, with a column ``table``."""
    frames = [make_empty_rejects().with_columns(table=pl.lit(None, pl.String))]
    for table, parts in rejects.items():
        frames += [part.with_columns(table=pl.lit(table)) for part in parts]
    return pl.concat(frames)


def fill_raw_text(rejects: pl.DataFrame, raws: Mapping[str, Sequence[RawTable]]) -> pl.DataFrame:
    """Sort rejects by file and line; cite the cells of their row if the reader gave no raw text."""
    schema = {"file": pl.String, "line": pl.Int64, "cells": pl.String}
    rows = [pl.DataFrame(schema=schema)]
    for group in raws.values():
        for raw in group:
            without_text = (pl.col("file") == raw.file) & pl.col("raw").is_null()
            lines = rejects.filter(without_text)["line"]
            if lines.len():
                rows.append(_join_cells(raw, lines))
    cells = pl.concat(rows).unique(["file", "line"])
    filled = rejects.join(cells, on=["file", "line"], how="left")
    filled = filled.with_columns(raw=pl.coalesce("raw", "cells")).drop("cells")
    return filled.sort("file", "line", "column", "code", "value")


def _join_cells(raw: RawTable, lines: pl.Series) -> pl.DataFrame:
    """The rows on these lines as text: columns ``file``, ``line``, ``cells``."""
    is_wanted = raw.line.is_in(lines.implode())
    cells = pl.concat_str(pl.all().fill_null(""), separator=",").str.slice(0, MAX_RAW_CHARS)
    return raw.frame.filter(is_wanted).select(
        file=pl.lit(raw.file),
        line=raw.line.filter(is_wanted).cast(pl.Int64),
        cells=cells,
    )
