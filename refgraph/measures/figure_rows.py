"""Which rows of the data make a figure, and how many are left out of it and why."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from refgraph.graph.memo import cached_on_first_argument
from refgraph.graph.value import select_window
from refgraph.measures.row_tables import code_absence, get_height
from refgraph.model.arrays import Floats, Longs
from refgraph.model.figure_opener import FigureRows
from refgraph.model.graph import Graph
from refgraph.model.tally import Quantity, TableName, Tally, Term

BOTH = "numerator-denominator"
"""Role of a row that stands in numerator and denominator alike."""
ROLES = (BOTH, "counted", "numerator", "denominator", "reference-numerator", "reference")
"""In the order in which they are listed; a code is a place among them."""
TABLES: tuple[TableName, ...] = ("customers", "orders", "referrals", "settings")
"""A code is a place among them."""
NOT_MET, OTHER_ROW = "not-met", "other-row"


def build_frame(rows: FigureRows) -> pl.DataFrame:
    """``table``, ``row``, ``role``, ``weight`` and ``amount``, null if the row only counts."""
    codes = {"table": (TABLES, rows.table), "role": (ROLES, rows.role)}
    words = {
        name: pl.Series(np.array(known)[code], dtype=pl.String)
        for name, (known, code) in codes.items()
    }
    amount = pl.Series(rows.amount, nan_to_null=True)
    columns = {"row": rows.row, "weight": rows.weight, "amount": amount}
    return pl.DataFrame({**words, **columns}).select("table", "row", "role", "weight", "amount")


def list_rows(graph: Graph, tally: Tally, group: int) -> FigureRows:
    """The rows behind one figure; an amount that orders make up is listed order by order."""
    parts = [_list_term(graph, term, group) for term in tally.terms]
    rows = FigureRows._make(np.concatenate(columns) for columns in zip(*parts, strict=True))
    rows = _merge_roles(rows)
    return rows.take(np.lexsort((rows.row, rows.table, rows.role)))


def _list_term(graph: Graph, term: Term, group: int) -> FigureRows:
    row, weight = _join_repeated(*term.list_rows(group))
    quantity, table = term.quantity, term.members.table
    if quantity is not None and quantity.order_column:
        row, weight, amount = _list_orders(graph, quantity, row, weight)
        table = "orders"
    elif quantity is not None:
        amount = quantity.scaled[row] / quantity.scale
    else:
        amount = np.full(len(row), np.nan)
    codes = (np.full(len(row), known.index(word)) for known, word in _name_codes(table, term.role))
    table_code, role = codes
    return FigureRows(table_code, row, role, weight, amount)


def _name_codes(table: str, role: str) -> tuple[tuple[tuple[str, ...], str], ...]:
    return (TABLES, table), (ROLES, role)


def _join_repeated(row: Longs, weight: Floats) -> tuple[Longs, Floats]:
    """Each row once, with the sum of its weights: a party may have several referrers."""
    rows, place = np.unique(row, return_inverse=True)
    sums = np.bincount(place, weights=weight, minlength=len(rows))
    return rows.astype(np.int64), sums.astype(np.float64)


class _Orders(NamedTuple):
    """The orders in the window of the scope. row, customer: int64; amount: float64, nan = blank."""

    row: Longs
    customer: Longs
    amount: Floats


@cached_on_first_argument
def _read_orders(graph: Graph, column: str) -> _Orders:
    assert graph.orders is not None
    window = select_window(graph.orders.with_row_index("row"), graph.scope)
    amount = window[column].cast(pl.Float64).fill_null(np.nan).to_numpy()
    row, customer = (window[name].cast(pl.Int64).to_numpy() for name in ("row", "customer"))
    return _Orders(row, customer, amount)


@cached_on_first_argument
def _read_all_orders(graph: Graph, column: str) -> _Orders:
    assert graph.orders is not None
    amount = graph.orders[column].cast(pl.Float64).fill_null(np.nan).to_numpy()
    customer = graph.orders["customer"].cast(pl.Int64).to_numpy()
    return _Orders(np.arange(len(customer)), customer, amount)


def _list_orders(
    graph: Graph, quantity: Quantity, party: Longs, weight: Floats
) -> tuple[Longs, Floats, Floats]:
    """The orders of these parties in the window, or in the mask of the quantity; the weight of
    their party; and the amounts.
    """
    read = _read_orders if quantity.order_mask is None else _read_all_orders
    orders = read(graph, quantity.order_column)
    by_party = np.full(len(graph), np.nan)
    by_party[party] = weight
    weights = by_party[orders.customer]
    is_listed = ~np.isnan(weights) & ~np.isnan(orders.amount)
    if quantity.order_mask is not None:
        is_listed &= quantity.order_mask
    return orders.row[is_listed], weights[is_listed], orders.amount[is_listed]


def _merge_roles(rows: FigureRows) -> FigureRows:
    """A row in numerator and denominator, equal in all else, is listed once."""
    numerator, denominator = ROLES.index("numerator"), ROLES.index("denominator")
    is_part, is_whole = rows.role == numerator, rows.role == denominator
    if not (is_part.any() and is_whole.any()):
        return rows
    pair = np.flatnonzero(is_part | is_whole)
    keys = (rows.amount[pair], rows.weight[pair], rows.row[pair], rows.table[pair])
    order = pair[np.lexsort((rows.role[pair], *keys))]
    first, second = order[:-1], order[1:]
    is_same = rows.role[first] != rows.role[second]
    for column in (rows.table, rows.row, rows.weight):
        is_same &= column[first] == column[second]
    one, other = rows.amount[first], rows.amount[second]
    is_same &= (one == other) | (np.isnan(one) & np.isnan(other))
    role = rows.role.copy()
    role[first[is_same]] = ROLES.index(BOTH)
    is_kept = np.ones(len(role), np.bool_)
    is_kept[second[is_same]] = False
    return rows._replace(role=role).take(np.flatnonzero(is_kept))


class LeftOut(NamedTuple):
    """The rows of the table of a figure that it does not count, int64, and a code of the reason
    for each, its place in ``reasons``.

    reasons: ``not-met`` (in the row of the answer, but not what this column counts), ``other-row``,
    or what keeps it out of the question altogether: its stage, its kind, or ``outside``.
    """

    table: TableName
    row: Longs
    code: Longs
    reasons: tuple[str, ...]

    def count_reasons(self) -> list[tuple[str, int]]:
        """How many there are by reason, the most frequent first."""
        counts = np.bincount(self.code, minlength=len(self.reasons)).tolist()
        found = [(why, n) for why, n in zip(self.reasons, counts, strict=True) if n]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))

    def to_frame(self) -> pl.DataFrame:
        """``table``, ``row`` and ``why``."""
        why = pl.Series(np.array(self.reasons)[self.code], dtype=pl.String)
        frame = pl.DataFrame({"row": self.row, "why": why})
        return frame.select(pl.lit(self.table).alias("table"), "row", "why")


def list_left_out(graph: Graph, tally: Tally, group: int) -> LeftOut:
    """The rows of the table of a figure that it does not count, and why."""
    table = tally.terms[-1].members.table
    terms = [term for term in tally.terms if term.members.table == table]
    words, absence = code_absence(graph, table)
    is_listed, code = np.zeros(get_height(graph, table), np.bool_), absence + 2
    for term in terms:
        is_listed[term.list_rows(group).row] = True
        code[term.members.get_rows(term.members.list_all())] = 1
    for term in terms:
        code[term.members.get_rows(term.members.list_members(group))] = 0
    row = np.flatnonzero(~is_listed)
    return LeftOut(table, row, code[row], (NOT_MET, OTHER_ROW, *words))
