"""The sentences about an opened figure: how it follows from its rows, and who is not counted."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from refgraph.measures.figure_rows import BOTH
from refgraph.model.graph import Graph
from refgraph.model.message import Amount, Label, Message, message
from refgraph.model.result import Column
from refgraph.model.tally import Tally
from refgraph.model.units import Unit


class OpenedFigure(NamedTuple):
    """A figure with its rows.

    listed: as from `figure_rows.list_rows`; absent: as from `list_left_out`. formula: its id, or
    empty.
    """

    graph: Graph
    column: Column
    tally: Tally
    group: int
    listed: pl.DataFrame
    absent: pl.DataFrame
    formula: str = ""


def build_headline(opened: OpenedFigure) -> Message:
    """How the figure follows from its rows, in one sentence."""
    number = opened.tally.get_number(opened.group)
    values: dict[str, object] = {
        "value": describe_figure(opened.column, number),
        "title": message(f"title.{opened.column.text}"),
        "rows": opened.listed.height,
        "left_out": _describe_left_out(opened),
    }
    if number is None:
        return message("headline.rows-unknown", **values)
    method = opened.tally.method
    if method in ("ratio", "low", "high"):
        values |= _describe_ratio(opened)
        form = "counts" if opened.listed["amount"].null_count() == opened.listed.height else "sums"
        return message(f"headline.rows-{method}-{form}", **values)
    return message(f"headline.rows-{method}", **values)


def build_notes(opened: OpenedFigure, is_left_out: bool) -> tuple[Message, ...]:
    """What lists the other rows, and the formula of the figure if it has one."""
    formula, others = opened.formula, opened.absent.height and not is_left_out
    notes = [message("note.rows-left-out")] if others else []
    if formula:
        notes.append(message("note.rows-formula", formula=formula))
    return tuple(notes)


def describe_figure(column: Column, number: object) -> object:
    """A cell as a sentence shows it."""
    if number is None:
        return None
    if column.unit in (Unit.MONEY, Unit.QUANTITY):
        return Amount(float(str(number)), column.symbol, column.unit is Unit.MONEY)
    if column.unit is Unit.DATE:
        return number
    return message(f"phrase.figure-{column.unit.value}", number=number)


def _describe_ratio(opened: OpenedFigure) -> dict[str, object]:
    """Numerator and denominator, and how many rows are in both or only in one."""
    listed, role = opened.listed, pl.col("role")
    worth = pl.col("weight") * pl.col("amount").fill_null(1.0)
    part = listed.filter(role.is_in([BOTH, "numerator"]))
    whole = listed.filter(role.is_in([BOTH, "denominator"]))
    return {
        "part": float(part.select(worth.sum()).item()),
        "whole": float(whole.select(worth.sum()).item()),
        "inside": part.height,
        "rest": listed.filter(role == "denominator").height,
    }


def _describe_left_out(opened: OpenedFigure) -> Message:
    """How many rows of the table are not counted, by reason, the most frequent first."""
    counts = opened.absent.group_by("why").agg(pl.len().cast(pl.Int64).alias("n"))
    counts = counts.sort("n", "why", descending=[True, False])
    if not counts.height:
        return message("phrase.rows-none-left-out")
    reasons = [message(f"phrase.out-{why}", n=n) for why, n in counts.iter_rows()]
    table = Label(f"rows-of-{opened.absent['table'][0]}")
    return message("phrase.rows-left-out", n=opened.absent.height, table=table, reasons=reasons)
