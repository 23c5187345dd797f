"""What intake rejected, skipped or changed: as notes of an answer, and as warnings of Python."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import polars as pl

from refgraph.model.dataset import Dataset
from refgraph.model.message import Label, Message, message
from refgraph.model.remarks import describe_remark, get_remark_code
from refgraph.model.source_summary import SourceSummary

CERTAIN = ("empty-word", "written-number")
"""Remarks on cells with one meaning; only `refgraph check` lists them."""
_DECIDED = ("match-undecided", "match-refused")
HARMLESS = ("matched-by-name", "property-unread", "sensitive", "shown-zeros", *_DECIDED, *CERTAIN)
"""Warnings of what changes no answer; they are no notes."""
_DATE_FAULTS = ("ambiguous-date", "serial-date", "unix-date", "month-only-date")
HINTS = dict.fromkeys(_DATE_FAULTS, "help.hint-date-format")
HINTS |= {"ambiguous-number": "help.hint-decimal"}
"""Code of a rejected row -> the sentence that says which option may accept it."""


class IntakeWarning(NamedTuple):
    """One kind of remark on the rows that were read, with the number of rows."""

    id: str
    rows: int
    sentence: Message


def collect_intake_notes(summary: SourceSummary) -> tuple[Message, ...]:
    """Per table the rejected rows and cells, then what was skipped or changed; none if nothing."""
    by_table = summary.ledger.group_by("table", maintain_order=True)
    sums = by_table.agg(pl.col("read", "rejected", "cells").sum()).rows()
    notes = [
        message("note.rows-rejected", table=Label(table), read=read, rejected=rejected)
        for table, read, rejected, _ in sums
        if rejected
    ]
    notes += [
        message("note.cells-rejected", table=Label(table), cells=cells)
        for table, *_, cells in sums
        if cells
    ]
    losses = [
        (code, count)
        for code, count in summary.warnings
        if get_remark_code(code) not in HARMLESS and count
    ]
    return (*notes, *(describe_remark(code, count) for code, count in losses))


def list_intake_warnings(data: Dataset) -> Iterator[IntakeWarning]:
    """One warning per file and kind of fault, then one per kind of repair, then ignored files."""
    read = dict(data.ledger.group_by("file").agg(pl.col("read").sum()).iter_rows())
    for fault in _count_faults(data.rejects).iter_rows(named=True):
        sentence = _describe_fault(fault, read.get(fault["file"], fault["rows"]))
        yield IntakeWarning(f"{fault['loss']}s-rejected", fault["rows"], sentence)
    for code, count in data.warnings:
        if get_remark_code(code) in CERTAIN:
            continue
        yield IntakeWarning(get_remark_code(code), count, describe_remark(code, count))
    for file in data.ignored:
        yield IntakeWarning("ignored", 1, message("report.ignored", file=file))


def _describe_fault(fault: dict[str, Any], read: int) -> Message:
    """The sentence for a row of `_count_faults`; read: how many rows its file has."""
    hint = HINTS.get(fault["code"])
    example = " = ".join(part for part in (fault["column"], fault["value"]) if part)
    return message(
        f"report.{fault['loss']}s-rejected",
        rows=fault["rows"],
        read=read,
        file=fault["file"],
        fault=Label(fault["code"]),
        line=fault["line"],
        example=example,
        hint=message(hint) if hint else "",
    )


def _count_faults(rejects: pl.DataFrame) -> pl.DataFrame:
    """One row per file, code and loss: distinct lines, and the first with column and value."""
    return (
        rejects.sort("file", "code", "loss", "line", maintain_order=True)
        .group_by("file", "code", "loss", maintain_order=True)
        .agg(
            pl.col("line").n_unique().alias("rows"),
            pl.col("line").first(),
            pl.col("column").first(),
            pl.col("value").str.slice(0, 40).first(),
        )
    )
