"""Which rows of the data make a figure, and which are left out of it and why."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import polars as pl

from refgraph.graph.value import select_window
from refgraph.measures.channel_costs import list_costs
from refgraph.model.graph import Graph
from refgraph.model.tally import Quantity, TableName, Tally, Term

LISTED_SCHEMA = {
    "table": pl.String,
    "row": pl.Int64,
    "role": pl.String,
    "weight": pl.Float64,
    "amount": pl.Float64,
}
"""A row of a table of the Graph, and how it enters a figure; amount: null if it only counts."""
BOTH = "numerator-denominator"
"""Role of a row that stands in numerator and denominator alike."""
PARTY_AND_DAY = {
    "customers": ("place", "since"),
    "referrals": ("referred", "at"),
    "orders": ("customer", "at"),
    "settings": ("nobody", "never"),
}
"""Table -> its columns with the party that a row is about, and the date."""
ROLES = (BOTH, "counted", "numerator", "denominator", "reference-numerator", "reference")
"""In the order in which they are listed."""


def list_rows(graph: Graph, tally: Tally, group: int) -> pl.DataFrame:
    """The rows behind one figure, see `LISTED_SCHEMA`, sorted by role, table and row.

    An amount that orders make up is listed order by order.
    """
    frames = [_list_term(graph, term, group) for term in tally.terms]
    rows = pl.concat([pl.DataFrame(schema=LISTED_SCHEMA), *frames])
    rows = _merge_roles(rows, "numerator", "denominator")
    rank = pl.col("role").replace_strict(ROLES, range(len(ROLES)), return_dtype=pl.Int8)
    return rows.sort(rank, "table", "row", maintain_order=True)


def _list_term(graph: Graph, term: Term, group: int) -> pl.DataFrame:
    row, weight = _join_repeated(*term.list_rows(group))
    quantity, table = term.quantity, term.members.table
    if quantity is not None and quantity.order_column:
        listed = _list_orders(graph, quantity, row, weight)
        table = "orders"
    else:
        amount = None if quantity is None else quantity.scaled[row] / quantity.scale
        listed = pl.DataFrame({"row": row, "weight": weight}).with_columns(
            amount=pl.lit(None, pl.Float64) if amount is None else pl.Series(amount)
        )
    return listed.select(
        pl.lit(table).alias("table"),
        pl.col("row").cast(pl.Int64),
        pl.lit(term.role).alias("role"),
        "weight",
        "amount",
    )


def _join_repeated(row: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each row once, with the sum of its weights: a party may have several referrers."""
    rows, place = np.unique(row, return_inverse=True)
    sums = np.bincount(place, weights=weight, minlength=len(rows))
    return rows, sums.astype(np.float64)


def _list_orders(
    graph: Graph, quantity: Quantity, party: np.ndarray, weight: np.ndarray
) -> pl.DataFrame:
    """The orders in the window of these parties, with the weight of their party."""
    assert graph.orders is not None
    column, by_party = quantity.order_column, np.full(len(graph), np.nan)
    by_party[party] = weight
    orders = graph.orders.with_row_index("row")
    if quantity.order_mask is None:
        orders = select_window(orders, graph.scope)
    else:
        orders = orders.filter(pl.Series(quantity.order_mask))
    orders = orders.select(
        "row", amount=column, weight=pl.Series(by_party[orders["customer"].to_numpy()])
    )
    return orders.filter(pl.col("weight").is_not_nan() & pl.col("amount").is_not_null())


def _merge_roles(rows: pl.DataFrame, one: str, other: str) -> pl.DataFrame:
    """A row that stands in both roles, equal in all else, is listed once."""
    keys = ["table", "row", "weight", "amount"]
    is_pair = pl.col("role").is_in([one, other])
    pairs, rest = rows.filter(is_pair), rows.filter(~is_pair)
    merged = pairs.group_by(keys, maintain_order=True).agg(
        pl.when(pl.col("role").n_unique() > 1)
        .then(pl.lit(BOTH))
        .otherwise(pl.col("role").first())
        .alias("role")
    )
    return pl.concat([rest, merged.select(rest.columns)])


def list_left_out(graph: Graph, tally: Tally, group: int) -> pl.DataFrame:
    """``table``, ``row`` and ``why``: the rows of the table of a figure that it does not count.

    why: ``not-met`` (in the row of the answer, but not what this column counts), ``other-row``, or
    what keeps it out of the question altogether: its stage, its kind, or ``outside``.
    """
    table = tally.terms[-1].members.table
    terms = [term for term in tally.terms if term.members.table == table]
    height = _get_table(graph, table).height
    is_listed, is_near, is_known = (np.zeros(height, np.bool_) for _ in range(3))
    for term in terms:
        is_listed[term.list_rows(group).row] = True
        is_near[term.members.get_rows(term.members.list_members(group))] = True
        is_known[term.members.get_rows(term.members.list_all())] = True
    why: Any = pl.when(pl.Series(is_near)).then(pl.lit("not-met"))
    why = why.when(pl.Series(is_known)).then(pl.lit("other-row"))
    reasons = pl.select(why.otherwise(_explain_absence(graph, table))).to_series()
    frame = pl.DataFrame({"row": np.arange(height), "why": reasons.alias("why")})
    left_out = frame.filter(pl.Series(~is_listed))
    return left_out.select(pl.lit(table).alias("table"), "row", "why")


def _explain_absence(graph: Graph, table: TableName) -> pl.Series:
    """Why each row of a table is in no row of an answer, as far as its own cells show."""
    if table == "customers":
        return graph.parties["stage"]
    if table in ("orders", "settings"):
        height = _get_table(graph, table).height
        return pl.repeat("outside", height, dtype=pl.String, eager=True)
    is_cut, is_counted = pl.col("cut").fill_null(False), pl.col("counted")
    why: Any = pl.when(~pl.col("valid")).then(pl.lit("not-valid"))
    why = why.when(~is_counted).then(pl.lit("not-counted")).when(is_cut).then(pl.lit("cut"))
    return graph.arcs.select(why.otherwise(pl.lit("outside")).alias("why"))["why"]


def _get_table(graph: Graph, table: str) -> pl.DataFrame:
    if table == "settings":
        return list_costs(graph).with_columns(line=pl.lit(None, pl.Int64))
    frame = {"customers": graph.parties, "referrals": graph.arcs, "orders": graph.orders}[table]
    return cast(pl.DataFrame, frame)


def find_parties(graph: Graph, table: str, rows: np.ndarray) -> np.ndarray:
    """The party that each row of a table is about: int64."""
    party = _get_table(graph, table)[PARTY_AND_DAY[table][0]]
    return party.gather(rows).cast(pl.Int64).to_numpy()


def describe_rows(graph: Graph, rows: pl.DataFrame) -> pl.DataFrame:
    """``file``, ``line``, ``party``, ``name``, ``referrer``, ``date`` and the columns of ``rows``.

    rows: ``table`` and ``row``. party: the customer of an order, the party referred by a referral.
    """
    frames = [
        _describe_table(graph, str(table), part)
        for (table,), part in rows.with_row_index("place").group_by("table", maintain_order=True)
    ]
    if not frames:
        return _describe_table(graph, "customers", rows.with_row_index("place")).drop("place")
    return pl.concat(frames, how="vertical_relaxed").sort("place").drop("place")


def _describe_table(graph: Graph, table: str, part: pl.DataFrame) -> pl.DataFrame:
    frame = _get_table(graph, table)[part["row"]]
    nobody = pl.repeat(None, part.height, dtype=pl.Int64, eager=True)
    if table == "settings":
        frame = frame.with_columns(nobody=nobody, never=pl.lit(None, pl.Date))
    index, day = (frame[name] for name in PARTY_AND_DAY[table])
    referrer = frame["referrer"] if table == "referrals" else nobody
    return part.with_columns(
        file=frame["file"],
        line=frame["line"],
        party=graph.parties["id"].gather(index),
        name=graph.names.gather(index),
        referrer=graph.names.gather(referrer),
        date=day,
    )
