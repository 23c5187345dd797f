"""Cells that only a declaration can read, and the line for refgraph.toml that reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from refgraph.intake.dates import read_dates
from refgraph.model.dataset import Dataset
from refgraph.model.date_forms import DAY_ORDERS
from refgraph.model.message import Label, Message, message
from refgraph.model.setting_lines import write_setting
from refgraph.pipeline.rejected_cells import locate_rejects

_DATE_FORMS = {"month-only-date": "month", "serial-date": "excel", "unix-date": "unix"}
"""Code of a rejected cell -> the form that reads it."""
_CODES = (*_DATE_FORMS, "ambiguous-date", "ambiguous-number")


class Declaration(NamedTuple):
    """What would read the rejected cells of a column.

    table: of refgraph.toml, ``date_format`` or ``decimal``. choices: what an unclear cell may be,
    the likeliest first. forms: what other cells are. examples: code of a fault -> a cell.
    """

    column: str
    table: str
    choices: list[str]
    forms: list[str]
    examples: dict[str, str]
    cells: int

    @property
    def value(self) -> str | list[str]:
        """The likeliest choice and the forms, as a line declares them."""
        declared = [*self.choices[:1], *self.forms]
        return declared[0] if len(declared) == 1 else declared


def list_declarations(data: Dataset) -> list[Declaration]:
    """One entry per column with cells that only a declaration can read."""
    located = locate_rejects(data).filter(pl.col("code").is_in(_CODES))
    columns = located.sort("target", "code").partition_by("target", maintain_order=True)
    return [_make_declaration(cells) for cells in columns]


def _make_declaration(cells: pl.DataFrame) -> Declaration:
    kinds = {
        str(code): list(values)
        for code, values in cells.group_by("code", maintain_order=True).agg("value").iter_rows()
    }
    return Declaration(
        column=str(cells["target"][0]),
        table="decimal" if "ambiguous-number" in kinds else "date_format",
        choices=_list_choices(kinds),
        forms=[form for code, form in _DATE_FORMS.items() if code in kinds],
        examples={code: values[0].strip() for code, values in kinds.items()},
        cells=cells.height,
    )


def propose_declarations(data: Dataset) -> list[Message]:
    """One sentence per column: its cells by kind, an example of each, and the line to paste."""
    return [_describe_column(declaration) for declaration in list_declarations(data)]


def _describe_column(found: Declaration) -> Message:
    parts: dict[str, object] = {
        "column": found.column,
        "cells": found.cells,
        "kinds": [
            message("report.kind-of-cell", example=example, fault=Label(code))
            for code, example in found.examples.items()
        ],
        "line": write_setting(f"{found.table}.{found.column}", found.value),
    }
    choices = found.choices
    if len(choices) < 2:
        return message("report.declare-one", **parts)
    return message("report.declare-choice", **parts, others=choices[1:], proposal=choices[0])


def _list_choices(kinds: Mapping[str, list[str]]) -> list[str]:
    """What an unclear cell may be: for dates, the orders in which most of the cells are dates."""
    if "ambiguous-number" in kinds:
        return ["point", "comma"]
    if "ambiguous-date" not in kinds:
        return []
    cells = pl.Series(kinds["ambiguous-date"])
    dates = {order: read_dates(cells, (order,)).values for order in DAY_ORDERS}
    read = {order: values.len() - values.null_count() for order, values in dates.items()}
    return [order for order in DAY_ORDERS if read[order] == max(read.values())]
