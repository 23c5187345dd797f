"""The sentences about an opened figure: how it follows from its rows, and who is not counted."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from refgraph.measures.figure_rows import BOTH, ROLES, LeftOut
from refgraph.model.figure_opener import FigureRows
from refgraph.model.message import Amount, Label, Message, message
from refgraph.model.result import Column
from refgraph.model.tally import Tally
from refgraph.model.units import Unit


class OpenedFigure(NamedTuple):
    """A figure with its rows, and those of its table that it does not count.

    formula: its id, or empty.
    """

    column: Column
    tally: Tally
    group: int
    listed: FigureRows
    absent: LeftOut
    formula: str = ""


def build_headline(opened: OpenedFigure) -> Message:
    """How the figure follows from its rows, in one sentence."""
    number = opened.tally.get_number(opened.group)
    values: dict[str, object] = {
        "value": describe_figure(opened.column, number),
        "title": message(f"title.{opened.column.text}"),
        "rows": len(opened.listed.row),
        "left_out": _describe_left_out(opened),
    }
    if number is None:
        return message("headline.rows-unknown", **values)
    method = opened.tally.method
    if method in ("ratio", "low", "high"):
        values |= _describe_ratio(opened)
        form = "counts" if np.isnan(opened.listed.amount).all() else "sums"
        return message(f"headline.rows-{method}-{form}", **values)
    return message(f"headline.rows-{method}", **values)


def build_notes(opened: OpenedFigure, is_left_out: bool) -> tuple[Message, ...]:
    """What lists the other rows, and the formula of the figure if it has one."""
    formula, others = opened.formula, len(opened.absent.row) and not is_left_out
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
    _, _, role, weight, amount = opened.listed
    worth = weight * np.where(np.isnan(amount), 1.0, amount)
    both, part, whole = (ROLES.index(word) for word in (BOTH, "numerator", "denominator"))
    is_part, is_whole = (role == both) | (role == part), (role == both) | (role == whole)
    return {
        "part": float(worth[is_part].sum()),
        "whole": float(worth[is_whole].sum()),
        "inside": int(is_part.sum()),
        "rest": int((role == whole).sum()),
    }


def _describe_left_out(opened: OpenedFigure) -> Message:
    """How many rows of the table are not counted, by reason, the most frequent first."""
    counts = opened.absent.count_reasons()
    if not counts:
        return message("phrase.rows-none-left-out")
    reasons = [message(f"phrase.out-{why}", n=n) for why, n in counts]
    table = Label(f"rows-of-{opened.absent.table}")
    return message("phrase.rows-left-out", n=len(opened.absent.row), table=table, reasons=reasons)
