"""What no scope changes: parties in order of their ids, positions in place of ids, arcs and orders sorted. Once a Dataset.

A table over many periods builds one Graph for each; all of them filter what stands here, and a filter keeps the order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.graphs.rows import reordered
from refgraph.kernels import loops
from refgraph.kernels.adjacency import by_pair
from refgraph.kernels.encoder import Lookup, order
from refgraph.model.dataset import Dataset, Rows
from refgraph.model.graph import Ints
from refgraph.model.vocabulary import TIES_AS_ROLE, translation

LOOPING = "\x00looping"
"""Column of arcs: it may lie on a loop, whatever the scope; no column where there is no loop at all."""
_PLACE = "refgraph.graphs.prepared"


@dataclass(frozen=True, eq=False)
class Prepared:
    """people: the customers sorted by id, with ``place``, ``role_given``, and ``role`` filled.

    arcs: all referrals by positions, sorted by referred and referrer, with ``kind``, and ``valid`` as no scope makes it less.
    orders: by positions, sorted by customer, date, and then by all they say; None without orders.
    """

    people: pl.DataFrame
    arcs: pl.DataFrame
    orders: pl.DataFrame | None


def prepared(dataset: Dataset) -> Prepared:
    """Found once, and kept with the Dataset."""
    found = dataset.__dict__.get(_PLACE)
    if not isinstance(found, Prepared):
        found = dataset.__dict__[_PLACE] = _prepared(dataset)
    return found


def _prepared(dataset: Dataset) -> Prepared:
    at = order(dataset.customers["id"])
    people = dataset.customers
    place = np.arange(people.height, dtype=np.int32)
    if (at != place).any():
        people = reordered(people, at)
        place[at] = np.arange(people.height, dtype=np.int32)
    people = people.select(pl.int_range(pl.len(), dtype=pl.Int32).alias("place"), pl.all())
    people = people.with_columns(pl.col("role").alias("role_given"), pl.col("role").fill_null("customer"))
    rows = dataset.rows if dataset.rows and dataset.rows.are_of(dataset) else _looked_up(dataset)
    return Prepared(people, _arcs(dataset, people, place, rows), _orders(dataset, place, rows))


def _looked_up(dataset: Dataset) -> Rows:
    """For a Dataset that did not come from intake as it is."""
    lookup, orders = Lookup(dataset.customers["id"]), dataset.orders
    referrer, referred = (lookup.positions(dataset.referrals[end]) for end in ("referrer", "referred"))
    customer = None if orders is None else lookup.positions(orders["customer"])
    return Rows(dataset.customers, dataset.referrals, orders, referrer, referred, customer)


def _placed(frame: pl.DataFrame, place: Ints, rows: dict[str, pl.Series]) -> pl.DataFrame:
    """The frame with positions for ids, without rows that name somebody unknown."""
    known = [of.is_not_null() for of in rows.values()]
    if not all(of.all() for of in known):
        there = pl.select(pl.all_horizontal(*known)).to_series()
        frame, rows = frame.filter(there), {name: of.filter(there) for name, of in rows.items()}
    told = {name: pl.Series(name, place[of.to_numpy()], dtype=pl.Int32) for name, of in rows.items()}
    return frame.drop(*rows).with_columns(**told)


def _arcs(dataset: Dataset, people: pl.DataFrame, place: Ints, rows: Rows) -> pl.DataFrame:
    arcs = _placed(dataset.referrals, place, {"referrer": rows.referrer, "referred": rows.referred})
    arcs = arcs.with_columns(kind=_kinds(arcs, people["role_given"])).with_columns(valid=_valid(arcs, people))
    arcs = arcs.with_columns(pl.col("valid") & (pl.col("kind") != "authority"))
    source, target = arcs["referrer"].to_numpy(), arcs["referred"].to_numpy()
    sort = by_pair(people.height, target, source)
    if sort is not None:
        arcs = reordered(arcs, sort)
        source, target = arcs["referrer"].to_numpy(), arcs["referred"].to_numpy()
    arcs = arcs.with_columns(pl.col("referred").set_sorted())
    valid = np.flatnonzero(arcs["valid"].to_numpy())
    looping = valid[loops.core(people.height, source[valid], target[valid])]
    if not len(looping):
        return arcs
    mask = np.zeros(arcs.height, bool)
    mask[looping] = True
    return arcs.with_columns(pl.Series(LOOPING, mask))


def _kinds(arcs: pl.DataFrame, given: pl.Series) -> pl.Series:
    """customer, staff, partner or authority: by the role given to the referrer, where that is blank by the tie."""
    told: list[pl.Expr | pl.Series] = []
    if given.null_count() < len(given):
        words = given.drop_nulls().unique().sort()
        kinds = words.to_frame("kind").select(pl.when(pl.col("kind") == "outside").then(pl.lit("customer")).otherwise("kind"))
        told.append(kinds.to_series().gather(given.cast(pl.Enum(words)).to_physical().gather(arcs["referrer"])))
    if arcs["tie"].null_count() < arcs.height:
        told.append(pl.col("tie").str.strip_chars().str.to_lowercase().replace_strict(
            translation(TIES_AS_ROLE), default=None, return_dtype=pl.String))
    kind = pl.coalesce(*told, pl.lit("customer")) if told else pl.repeat("customer", pl.len())
    return arcs.select(kind.alias("kind")).to_series()


def _valid(arcs: pl.DataFrame, people: pl.DataFrame) -> pl.Series:
    """Into a party of role customer; neither end nor the referral itself void."""
    customer = pl.col("role") == "customer"
    void = customer & (pl.col("status") == "void").fill_null(False)
    able = people.select(referrer=~void, referred=customer & ~void)
    valid = arcs["status"].ne_missing("void")
    for end in ("referrer", "referred"):
        if not able[end].all():
            valid &= pl.Series(able[end].to_numpy()[arcs[end].to_numpy()])
    return valid.alias("valid")


def _orders(dataset: Dataset, place: Ints, rows: Rows) -> pl.DataFrame | None:
    if dataset.orders is None or rows.customer is None:
        return None
    return _sorted(_placed(dataset.orders, place, {"customer": rows.customer}))


def _sorted(orders: pl.DataFrame) -> pl.DataFrame:
    """By customer, date, and, where these are the same, by all else that counts; one number stands for the first two."""
    days = orders["at"].to_physical().cast(pl.Int64).fill_null(2**31 - 1).to_numpy()
    code = (orders["customer"].to_numpy().astype(np.int64) << 32) + (days + 2**31)
    at = np.argsort(code, kind="stable")
    code = code[at]
    again = np.flatnonzero(code[1:] == code[:-1])
    if len(again):
        tied = np.union1d(again, again + 1)
        keys = ["order_id", "revenue", "profit", "volume"]
        some = orders.select(keys)[at[tied]].with_columns(code=code[tied], row=at[tied])
        at[tied] = some.sort("code", *keys, nulls_last=True, maintain_order=True)["row"].to_numpy()
    return reordered(orders, at)
