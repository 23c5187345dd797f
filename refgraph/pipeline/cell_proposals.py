"""Cells that only a declaration can read, and the line for refgraph.toml that reads them."""

from __future__ import annotations

from collections.abc import Mapping

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


def propose_declarations(data: Dataset) -> list[Message]:
    """One sentence per column: its cells by kind, an example of each, and the line to paste."""
    located = locate_rejects(data).filter(pl.col("code").is_in(_CODES))
    columns = located.sort("target", "code").partition_by("target", maintain_order=True)
    return [_describe_column(cells) for cells in columns]


def _describe_column(cells: pl.DataFrame) -> Message:
    column = str(cells["target"][0])
    kinds = {
        str(code): list(values)
        for code, values in cells.group_by("code", maintain_order=True).agg("value").iter_rows()
    }
    forms = [form for code, form in _DATE_FORMS.items() if code in kinds]
    choices = _list_choices(kinds)
    declared = [*choices[:1], *forms]
    parts: dict[str, object] = {
        "column": column,
        "cells": cells.height,
        "kinds": [
            message("report.kind-of-cell", example=values[0].strip(), fault=Label(code))
            for code, values in kinds.items()
        ],
        "line": _write_line("ambiguous-number" in kinds, column, declared),
    }
    if len(choices) < 2:
        return message("report.declare-one", **parts)
    return message("report.declare-choice", **parts, others=choices[1:], proposal=choices[0])


def _write_line(is_number: bool, column: str, forms: list[str]) -> str:
    table = "decimal" if is_number else "date_format"
    return write_setting(f"{table}.{column}", forms[0] if len(forms) == 1 else forms)


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
