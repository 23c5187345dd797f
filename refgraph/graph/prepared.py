"""Tables that no scope changes, computed once per Dataset: parties by id, arcs and orders sorted.

A table over many periods builds one Graph per period; all of them filter these tables, and a
filter keeps the order of the rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.graph.extra_columns import pack_extra_columns
from refgraph.graph.frames import read_column, reorder_rows
from refgraph.graph.memo import cached_on_first_argument
from refgraph.kernels import cycle_cuts
from refgraph.kernels.adjacency import sort_by_pair
from refgraph.kernels.id_index import IdIndex, sort_ids
from refgraph.model.dataset import CustomerRows, Dataset
from refgraph.model.graph import Ints
from refgraph.model.vocabulary import TIES_BY_ROLE, UNKNOWN_WORD, build_alias_map

CYCLE_COLUMN = "\x00is_in_cycle"
"""Column of arcs that may lie on a cycle under some scope; missing if there is no cycle at all."""
_UNKNOWN_DAY = 2**31 - 1
"""Sorts orders without a date last."""


@dataclass(frozen=True, eq=False)
class PreparedTables:
    """The tables of a Dataset with indexes in place of ids.

    people: customers sorted by id, with ``place`` (the index), ``role_given``, and ``role`` filled.
    arcs: all referrals, sorted by referred and referrer, with ``kind`` and ``valid``; a scope can
    only make fewer of them valid. orders: sorted by customer, date and then everything else; None
    without orders.
    """

    people: pl.DataFrame
    arcs: pl.DataFrame
    orders: pl.DataFrame | None


@cached_on_first_argument
def prepare_dataset(dataset: Dataset) -> PreparedTables:
    """The prepared tables, stored on the Dataset."""
    order = sort_ids(dataset.customers["id"])
    people = pack_extra_columns(dataset.customers, "customers")
    index_of_row = np.arange(people.height, dtype=np.int32)
    if (order != index_of_row).any():
        people = reorder_rows(people, order)
        index_of_row[order] = np.arange(people.height, dtype=np.int32)
    people = people.select(pl.int_range(pl.len(), dtype=pl.Int32).alias("place"), pl.all())
    role = pl.col("role")
    is_blank = not people.select(role.count()).item()
    filled = pl.lit("customer").alias("role") if is_blank else role.fill_null("customer")
    people = people.with_columns(role.alias("role_given"), filled)
    rows = find_customer_rows(dataset)
    arcs = _prepare_referrals(dataset, people, index_of_row, rows)
    return PreparedTables(people, arcs, _prepare_orders(dataset, index_of_row, rows))


@cached_on_first_argument
def find_customer_rows(dataset: Dataset) -> CustomerRows:
    """The rows that ids refer to; looked up for a Dataset that was changed after intake."""
    rows = dataset.customer_rows
    if rows is not None and rows.is_valid_for(dataset):
        return rows
    lookup, orders = IdIndex(dataset.customers["id"]), dataset.orders
    return CustomerRows(
        customers=dataset.customers,
        referrals=dataset.referrals,
        orders=orders,
        referrer=lookup.find_indices(dataset.referrals["referrer"]),
        referred=lookup.find_indices(dataset.referrals["referred"]),
        customer=None if orders is None else lookup.find_indices(orders["customer"]),
    )


def _replace_ids_by_index(
    frame: pl.DataFrame, index_of_row: Ints, rows: dict[str, pl.Series]
) -> pl.DataFrame:
    """The frame with indexes for ids, without rows that name an unknown party.

    rows: column of ids -> row of the customers table that each id stands for, null = unknown.
    """
    is_known = [column.is_not_null() for column in rows.values()]
    if not all(column.all() for column in is_known):
        is_complete = pl.select(pl.all_horizontal(*is_known)).to_series()
        frame = frame.filter(is_complete)
        rows = {name: column.filter(is_complete) for name, column in rows.items()}
    indexes = {
        name: pl.Series(name, index_of_row[column.to_numpy()], dtype=pl.Int32)
        for name, column in rows.items()
    }
    return frame.drop(*rows).with_columns(**indexes)


def _prepare_referrals(
    dataset: Dataset, people: pl.DataFrame, index_of_row: Ints, rows: CustomerRows
) -> pl.DataFrame:
    ends = {"referrer": rows.referrer, "referred": rows.referred}
    referrals = pack_extra_columns(dataset.referrals, "referrals")
    arcs = _replace_ids_by_index(referrals, index_of_row, ends)
    arcs = arcs.with_columns(kind=_classify_kinds(arcs, read_column(people, "role_given")))
    arcs = arcs.with_columns(valid=_find_valid_referrals(arcs, people))
    arcs = arcs.with_columns(pl.col("valid") & (pl.col("kind") != "authority"))
    order = sort_by_pair(people.height, arcs["referred"].to_numpy(), arcs["referrer"].to_numpy())
    if order is not None:
        arcs = reorder_rows(arcs, order)
    arcs = arcs.with_columns(pl.col("referred").set_sorted())
    return _mark_cyclic_arcs(arcs, people.height)


def _mark_cyclic_arcs(arcs: pl.DataFrame, n: int) -> pl.DataFrame:
    """The arcs with `CYCLE_COLUMN`, if valid arcs form a cycle at all."""
    valid = np.flatnonzero(arcs["valid"].to_numpy())
    source, target = arcs["referrer"].to_numpy()[valid], arcs["referred"].to_numpy()[valid]
    cyclic = valid[cycle_cuts.find_cyclic_arcs(n, source, target)]
    if not len(cyclic):
        return arcs
    is_cyclic = np.zeros(arcs.height, bool)
    is_cyclic[cyclic] = True
    return arcs.with_columns(pl.Series(CYCLE_COLUMN, is_cyclic))


def _classify_kinds(arcs: pl.DataFrame, role_given: pl.Series) -> pl.Series | pl.Expr:
    """customer, staff, partner or authority: by the referrer's role, else by the tie."""
    sources: list[pl.Expr | pl.Series] = []
    if role_given.null_count() < len(role_given):
        roles = role_given.drop_nulls().unique().sort()
        is_outside = pl.col("kind").is_in(["outside", UNKNOWN_WORD])
        kind = pl.when(is_outside).then(pl.lit("customer")).otherwise("kind")
        kind_of_role = roles.to_frame("kind").select(kind).to_series()
        role_code = role_given.cast(pl.Enum(roles)).to_physical()
        sources.append(kind_of_role.gather(role_code.gather(arcs["referrer"])))
    if arcs.select(pl.col("tie").count()).item():
        kind_of_tie = build_alias_map(TIES_BY_ROLE)
        tie = pl.col("tie").str.strip_chars().str.to_lowercase()
        sources.append(tie.replace_strict(kind_of_tie, default=None, return_dtype=pl.String))
    if not sources:
        return pl.lit("customer")
    kinds = pl.coalesce(*sources, pl.lit("customer"))
    return arcs.select(kinds.alias("kind")).to_series()


def _find_valid_referrals(arcs: pl.DataFrame, people: pl.DataFrame) -> pl.Series:
    """Into a party of role customer; neither end nor the referral itself is void.

    Referrals of parties with an unknown role or status are not valid either.
    """
    is_customer = pl.col("role") == "customer"
    is_void = is_customer & (pl.col("status") == "void").fill_null(False)
    is_unknown = pl.col("role").eq_missing(UNKNOWN_WORD)
    is_unknown |= is_customer & pl.col("status").eq_missing(UNKNOWN_WORD)
    can_be = people.select(
        referrer=~is_void & ~is_unknown, referred=is_customer & ~is_void & ~is_unknown
    )
    valid = arcs.select(pl.col("status").ne_missing("void")).to_series()
    for end in ("referrer", "referred"):
        if not can_be[end].all():
            valid &= pl.Series(can_be[end].to_numpy()[arcs[end].to_numpy()])
    return valid.alias("valid")


def _prepare_orders(
    dataset: Dataset, index_of_row: Ints, rows: CustomerRows
) -> pl.DataFrame | None:
    if dataset.orders is None or rows.customer is None:
        return None
    orders = pack_extra_columns(dataset.orders, "orders")
    return _sort_orders(_replace_ids_by_index(orders, index_of_row, {"customer": rows.customer}))


def _sort_orders(orders: pl.DataFrame) -> pl.DataFrame:
    """Sorted by customer and date, and only where both are equal by everything else that counts.

    Customer and date are packed into one int64, which sorts faster than two columns.
    """
    days = orders["at"].to_physical().cast(pl.Int64).fill_null(_UNKNOWN_DAY).to_numpy()
    code = (orders["customer"].to_numpy().astype(np.int64) << 32) + (days + 2**31)
    order = np.argsort(code, kind="stable")
    code = code[order]
    repeated = np.flatnonzero(code[1:] == code[:-1])
    if len(repeated):
        tied = np.union1d(repeated, repeated + 1)
        keys = ["order_id", "revenue", "profit", "volume"]
        ties = orders.select(keys)[order[tied]].with_columns(code=code[tied], row=order[tied])
        ties = ties.sort("code", *keys, nulls_last=True, maintain_order=True)
        order[tied] = ties["row"].to_numpy()
    return reorder_rows(orders, order)
