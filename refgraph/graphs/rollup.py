"""Subsidiaries rolled up: every group of companies becomes one party before a Graph is built of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from refgraph.graphs.amounts import BASES, whole
from refgraph.model.dataset import Dataset

_PLACE = "refgraph.graphs.rollup"
_RANK = {"closed": 0, "negotiating": 1, "contacted": 2, "prospect": 3, "lost": 4}
_STILL = 3
"""The rank of a blank status without contract or order: that of a prospect."""


@dataclass(frozen=True, eq=False)
class Rolled:
    """dataset: with one party a group. groups: of two or more parties. parties: in them. inside: referrals within one group.
    late: referrals from outside into a member other than the first of a group that was a customer by then. stands_for: id, and
    name that is no other's, of each member -> id of the first."""

    dataset: Dataset
    groups: int = 0
    parties: int = 0
    inside: int = 0
    late: int = 0
    stands_for: Mapping[str, str] = field(default_factory=dict)


def rolled(dataset: Dataset) -> Rolled:
    """Found once, and kept with the Dataset.

    A party is of the group that its column ``group`` names, else of the one to which an affiliation binds it as owned (relation
    ``owner`` or blank; suppliers, buyers and members of associations are no subsidiaries). Only parties of role customer that
    are not void are rolled up. The first member stands for all: customers before prospects, by first contract or order, then by
    id. It keeps its id, source and all that is its own, bears the name of the group, has left when all have, and holds the sum
    of their amounts, orders and referrals made. How the group came is how its first member came: referrals from outside into
    later members of a customer, and all within the group, are left out and counted; without any day, those from outside stay.
    """
    found = dataset.__dict__.get(_PLACE)
    if not isinstance(found, Rolled):
        found = dataset.__dict__[_PLACE] = _rolled(dataset)
    return found


def _rolled(dataset: Dataset) -> Rolled:
    members = _members(dataset)
    if not members.height:
        return Rolled(dataset)
    referrals, inside, late = _referrals(dataset.referrals, members)
    orders, bound = dataset.orders, dataset.affiliations
    return Rolled(
        replace(dataset, customers=_customers(dataset.customers, members), referrals=referrals,
                orders=None if orders is None else _renamed(orders, members),
                affiliations=None if bound is None else _renamed(bound, members).unique(
                    ["customer", "group", "relation"], keep="first", maintain_order=True)),
        members["first"].n_unique(), members.height, inside, late, _stands_for(dataset.customers, members))  # fmt: skip


def _stands_for(customers: pl.DataFrame, members: pl.DataFrame) -> dict[str, str]:
    """Id of each member, and its name where nobody else bears it -> id of the first member."""
    named = customers.filter(pl.col("name").is_not_null() & pl.col("name").is_unique()).select("id", "name")
    told = members.join(named, on="id", how="left", maintain_order="left")
    by_name = told.drop_nulls("name").select("name", "first")
    return dict(by_name.iter_rows()) | dict(members.select("id", "first").iter_rows())


def _members(dataset: Dataset) -> pl.DataFrame:
    """One row a party in a group of two or more, the first of a group before the others: ``id``, ``bound`` (name of the group),
    ``first`` (id of its first member), ``closed``, ``dated`` (the first is a customer since a known day)."""
    people = dataset.customers.select("id", "role", "status", "joined", "left", "stub", bound=_named("group"))
    if dataset.affiliations is not None:
        owned = dataset.affiliations.filter(pl.col("relation").eq_missing("owner") | pl.col("relation").is_null())
        owned = owned.select(id="customer", owned=_named("group"), how="relation").drop_nulls("owned")
        owned = owned.sort("id", "how", "owned", nulls_last=True).unique("id", keep="first").select("id", "owned")
        people = people.join(owned, on="id", how="left").with_columns(pl.coalesce("bound", "owned"))
    of_group = pl.col("bound").is_not_null() & (pl.col("role").fill_null("customer") == "customer")
    people = people.filter(of_group & pl.col("status").ne_missing("void") & ~pl.col("stub").fill_null(False))
    people = people.filter(pl.len().over("bound") > 1)
    since = pl.col("joined")
    if dataset.orders is not None:
        days = dataset.orders.group_by("customer").agg(pl.col("at").min().alias("ordered"))
        people = people.join(days, left_on="id", right_on="customer", how="left")
        since = pl.coalesce("joined", "ordered")
    blank = pl.when(since.is_not_null() | (not dataset.has("customers.status"))).then(0).otherwise(_STILL)
    rank = pl.col("status").replace_strict(_RANK, default=None, return_dtype=pl.Int32)
    people = people.with_columns(since=since, rank=pl.coalesce(rank, blank))
    people = people.sort("bound", "rank", "since", "id", nulls_last=True)
    first = {name: pl.col(name).first().over("bound") for name in ("id", "rank", "since")}
    return people.select("id", "bound", "left", first=first["id"], closed=pl.col("rank") == 0,
                         dated=(first["rank"] == 0) & first["since"].is_not_null())  # fmt: skip


def _named(column: str) -> pl.Expr:
    text = pl.col(column).str.strip_chars()
    return pl.when(text != "").then(text)


def _customers(customers: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Without the later members; the first ones with the name, the leaving and the amounts of their groups."""
    gone = pl.col("left").filter("closed").null_count() > 0
    groups = members.group_by("first").agg(
        pl.col("bound").first(), pl.when(~gone).then(pl.col("left").filter("closed").max()).alias("gone"))
    amounts = _sums(customers, members)
    kept = customers.join(members.filter(pl.col("id") != pl.col("first")), on="id", how="anti", maintain_order="left")
    kept = kept.join(groups, left_on="id", right_on="first", how="left", maintain_order="left")
    kept = kept.join(amounts, left_on="id", right_on="first", how="left", maintain_order="left")
    one = pl.col("bound").is_not_null()
    still = pl.when(one & pl.col("gone").is_null()).then(None)
    return kept.with_columns(
        pl.coalesce("bound", "name").alias("name"), pl.when(one).then("gone").otherwise("left").alias("left"),
        still.otherwise("left_to").alias("left_to"),
        *(pl.when(one).then(f"{name}_of_all").otherwise(name).alias(name) for name in BASES)).select(customers.columns)


def _sums(customers: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Sum of each amount by first member, exact where decimals allow; null where no member has it."""
    held = members.select("id", "first").join(customers.select("id", *BASES), on="id", how="left", maintain_order="left")
    found = held.select("first").unique(maintain_order=True)
    for name in BASES:
        told = held.filter(pl.col(name).is_not_null()).select("first", name)
        numbers, scale = whole(told[name].to_numpy())
        each = told.with_columns(pl.Series(name, numbers)).group_by("first").agg(pl.col(name).sum())
        each = each.select("first", pl.Series(f"{name}_of_all", each[name].to_numpy() / scale))  # one rounding, unlike polars
        found = found.join(each, on="first", how="left", maintain_order="left")
    return found


def _renamed(frame: pl.DataFrame, members: pl.DataFrame, column: str = "customer") -> pl.DataFrame:
    """The first member in place of the others in a column of ids."""
    known = members.select(pl.col("id").alias(column), "first")
    return frame.join(known, on=column, how="left", maintain_order="left").with_columns(
        pl.coalesce("first", column).alias(column)).drop("first")


def _referrals(referrals: pl.DataFrame, members: pl.DataFrame) -> tuple[pl.DataFrame, int, int]:
    """The referrals between groups and others, and how many stand apart: inside a group, and into later members."""
    late = members.filter(pl.col("dated") & (pl.col("id") != pl.col("first"))).select(pl.col("id").alias("referred"))
    marked = referrals.with_columns(pl.col("referred").is_in(late["referred"].implode()).alias("\x00late"))
    told = _renamed(_renamed(marked, members, "referrer"), members, "referred").select(marked.columns)
    own, later = pl.col("referrer") == pl.col("referred"), pl.col("\x00late")
    said = pl.col("status").ne_missing("void")
    inside, after = (int(told.filter(what & said).height) for what in (own, ~own & later))
    return _single(told.filter(~own & ~later).drop("\x00late")), inside, after


def _single(referrals: pl.DataFrame) -> pl.DataFrame:
    """The same pair once, as intake keeps it: not void, earliest; its shares and rewards added up."""
    pair = ["referrer", "referred"]
    if not referrals.select(pair).is_duplicated().any():
        return referrals
    rest = [c for c in referrals.columns if c not in (*pair, "at", "file", "line")]
    void = pl.col("status").eq_missing("void")
    ordered = referrals.sort(void, "at", *rest, "file", "line", nulls_last=True, maintain_order=True)
    live = pl.col("status").ne_missing("void")
    share = pl.when(pl.col("share").filter(live).null_count().over(pair) == 0).then(pl.col("share").filter(live).sum().over(pair))
    reward = pl.when(pl.col("reward").filter(live).count().over(pair) > 0).then(pl.col("reward").filter(live).sum().over(pair))
    ordered = ordered.with_columns(pl.when(live).then(share).otherwise("share").alias("share"),
                                   pl.when(live).then(reward).otherwise("reward").alias("reward"))
    return ordered.unique(pair, keep="first", maintain_order=True)
