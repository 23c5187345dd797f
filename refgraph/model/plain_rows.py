"""Rows of text without a file's title and footer -> a raw table; rows with impossible cells out."""

from __future__ import annotations

import polars as pl

from refgraph.model.raw import (
    MAX_CELL_CHARS,
    REJECTS_SCHEMA,
    RawTable,
    make_empty_rejects,
    shorten_raw_text,
)


def to_plain_table(frame: pl.DataFrame, file: str) -> RawTable:
    """A frame of text as a raw table in which every row is data, cited by its number from 1.

    Rows with a NUL or too long a cell become rejects; an empty text is null, as in a file.
    """
    named = frame.with_columns(pl.all().replace("", None))
    lines = pl.int_range(1, named.height + 1, dtype=pl.Int64, eager=True).alias("line")
    codes = find_row_faults(named)
    is_faulty = codes.is_not_null()
    return RawTable(
        file=file,
        frame=named.filter(~is_faulty),
        line=lines.filter(~is_faulty),
        rows_read=named.height,
        rejects=build_rejects(named.filter(is_faulty), lines.filter(is_faulty), codes, file),
    )


def build_rejects(
    frame: pl.DataFrame, lines: pl.Series, codes: pl.Series, file: str
) -> pl.DataFrame:
    """The faulty rows as rejects. codes: of all rows, null for sound ones."""
    if not frame.height:
        return make_empty_rejects()
    raw = pl.concat_str(pl.all().fill_null(""), separator=",").alias("raw")
    rejects = frame.select(raw).with_columns(
        file=pl.lit(file),
        line=lines,
        code=codes.drop_nulls(),
        column=pl.lit(None),
        value=pl.lit(None),
        raw=shorten_raw_text(pl.col("raw")),
        loss=pl.lit("row"),
        at=pl.lit(None),
    )
    return rejects.select(*REJECTS_SCHEMA).cast(REJECTS_SCHEMA)  # type: ignore[arg-type]


def find_row_faults(frame: pl.DataFrame) -> pl.Series:
    """The code of the fault of each row, null for a sound one."""
    if not frame.width:
        return pl.Series("code", [None] * frame.height, dtype=pl.String)
    has_nul = pl.any_horizontal(pl.all().str.contains("\0", literal=True).fill_null(False))
    too_long = (pl.all().str.len_chars() > MAX_CELL_CHARS).fill_null(False)
    code = (
        pl.when(has_nul)
        .then(pl.lit("nul-character"))
        .when(pl.any_horizontal(too_long))
        .then(pl.lit("field-too-long"))
    )
    return frame.select(code.alias("code")).to_series()
