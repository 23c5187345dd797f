"""The size of a customer before it was referred: employees, registered capital, or a column."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.errors import UsageError
from refgraph.graph.extra_columns import read_column, read_extra_columns
from refgraph.model.field_types import FieldType
from refgraph.model.fields import FIELDS_BY_TABLE
from refgraph.model.graph import Floats, Graph
from refgraph.model.parameter_values import describe_value, suggest_nearest

NUMBER_TYPES = (FieldType.NUMBER, FieldType.MONEY, FieldType.QUANTITY)
DEFAULT_SIZES = ("employees", "registered_capital")
OUTCOMES = ("revenue", "profit", "volume", "level", "orders", "first_order", "key")
OUTCOME_WORDS = (
    *("first_revenue", "first_volume", "first_order_value", "tier", "account_tier", "grade"),
    *(
        "首单",
        "首单金额",
        "首单额",
        "首次订单金额",
        "等级",
        "客户级别",
        "客户等级",
        "销量",
        "销售额",
    ),
)
"""Columns that a referral can change, so that a comparison by them hides what it looks for."""


@dataclass(frozen=True, eq=False)
class CustomerSize:
    """name: the column, empty if none is recorded. log: float64[n], nan where it is not recorded
    or not above 0.
    """

    name: str
    log: Floats


def read_size(graph: Graph, column: str | None) -> CustomerSize:
    """The logarithm of the size of each party.

    column: None = the first of `DEFAULT_SIZES` that the data has. Raises UsageError
    ``size-is-outcome`` for what a referral can change, ``unknown-size`` for no column.
    """
    if column is None:
        recorded = [name for name in DEFAULT_SIZES if graph.has(f"customers.{name}")]
        if not recorded:
            return CustomerSize("", np.full(len(graph), np.nan))
        column = recorded[0]
    name = _find_column(graph, column)
    size = read_numbers(graph, name)
    is_above = size > 0.0
    return CustomerSize(name, np.where(is_above, np.log(np.where(is_above, size, 1.0)), np.nan))


def read_numbers(graph: Graph, name: str) -> Floats:
    """float64[n]: a column of the parties as numbers, nan where a cell holds none."""
    numbers = read_column(graph.parties, name)
    if numbers.dtype == pl.String:
        numbers = numbers.str.replace_all(r"[,，\s]", "").cast(pl.Float64, strict=False)
    return numbers.cast(pl.Float64).fill_null(np.nan).to_numpy()


def _find_column(graph: Graph, column: str) -> str:
    """The column of the parties that a canonical name or a header names."""
    known = list_number_columns(graph)
    word = column.strip().lower()
    matching = [name for name in known if name.lower() == word]
    name = matching[0] if matching else word
    plain = word.replace(" ", "_").replace("-", "_")
    if name in OUTCOMES or plain in OUTCOMES or plain in OUTCOME_WORDS:
        raise UsageError("size-is-outcome", column=describe_value(column))
    if not matching:
        shown, near = describe_value(column), suggest_nearest(column, known)
        raise UsageError("unknown-size", column=shown, known=known or None, near=near)
    return name


def list_number_columns(graph: Graph) -> list[str]:
    """Columns of the parties: numbers that the data has, and those unknown to refgraph (text)."""
    known = [
        field.name
        for field in FIELDS_BY_TABLE["customers"]
        if field.type in NUMBER_TYPES and graph.has(f"customers.{field.name}")
    ]
    names = [*known, *read_extra_columns(graph.parties).columns]
    return [name for name in names if name not in OUTCOMES]
