"""Which parties form a group of companies, and which member comes first."""

from __future__ import annotations

import polars as pl

from refgraph.model.dataset import Dataset

_STATUS_RANK = {"closed": 0, "negotiating": 1, "contacted": 2, "prospect": 3, "lost": 4}
_BLANK_STATUS_RANK = _STATUS_RANK["prospect"]
"""Rank of a blank status without a contract or an order."""


def find_members(dataset: Dataset) -> pl.DataFrame:
    """One row per party in a group of two or more, the first member of a group before the others.

    A party belongs to the group in its column ``group``, else to the one that owns it by an
    affiliation (relation ``owner`` or blank; suppliers, buyers and members of associations are no
    subsidiaries). Only parties of role customer that are not void count. Members are ordered by
    status (customers before prospects), first contract or order, then id.

    Columns: ``id``, ``group_name``, ``left``, ``first`` (id of the first member), ``closed``,
    ``dated`` (the first member is a customer since a known day).
    """
    people = _list_group_parties(dataset)
    people = _order_members(dataset, people)
    first = pl.col("id", "rank", "since").first().over("group_name").name.prefix("first_")
    people = people.with_columns(first)
    is_dated = (pl.col("first_rank") == 0) & pl.col("first_since").is_not_null()
    return people.select(
        "id",
        "group_name",
        "left",
        first="first_id",
        closed=pl.col("rank") == 0,
        dated=is_dated,
    )


def _list_group_parties(dataset: Dataset) -> pl.DataFrame:
    """Customers in a group of two or more, with ``group_name``."""
    people = dataset.customers.select(
        "id",
        "role",
        "status",
        "joined",
        "stub",
        left=_drop_returned(),
        group_name=_blank_to_null("group"),
    )
    if dataset.affiliations is not None:
        owners = _list_owners(dataset.affiliations)
        people = people.join(owners, on="id", how="left")
        people = people.with_columns(pl.coalesce("group_name", "owner_name"))
    is_customer = pl.col("role").fill_null("customer") == "customer"
    people = people.filter(
        pl.col("group_name").is_not_null(),
        is_customer,
        pl.col("status").ne_missing("void"),
        ~pl.col("stub").fill_null(False),
    )
    return people.filter(pl.len().over("group_name") > 1)


def _drop_returned() -> pl.Expr:
    """The day of leaving; null for who came back."""
    return pl.when((pl.col("returned") >= pl.col("left")).not_().fill_null(True)).then("left")


def _list_owners(affiliations: pl.DataFrame) -> pl.DataFrame:
    """``id``, ``owner_name``: the group that owns each party by its affiliations."""
    is_owner = pl.col("relation").is_null() | (pl.col("relation") == "owner")
    owners = affiliations.filter(is_owner).select(
        "relation", id="customer", owner_name=_blank_to_null("group")
    )
    owners = owners.drop_nulls("owner_name").sort("id", "relation", "owner_name", nulls_last=True)
    return owners.unique("id", keep="first").select("id", "owner_name")


def _order_members(dataset: Dataset, people: pl.DataFrame) -> pl.DataFrame:
    """Sorted by group and rank of the member; adds ``since`` and ``rank``."""
    since = pl.col("joined")
    if dataset.orders is not None:
        first_orders = dataset.orders.group_by("customer").agg(first_order=pl.col("at").min())
        people = people.join(first_orders, left_on="id", right_on="customer", how="left")
        since = pl.coalesce("joined", "first_order")
    is_customer_if_blank = since.is_not_null() | (not dataset.has("customers.status"))
    blank_rank = pl.when(is_customer_if_blank).then(0).otherwise(_BLANK_STATUS_RANK)
    rank = pl.col("status").replace_strict(_STATUS_RANK, default=None, return_dtype=pl.Int32)
    people = people.with_columns(since=since, rank=pl.coalesce(rank, blank_rank))
    return people.sort("group_name", "rank", "since", "id", nulls_last=True)


def _blank_to_null(column: str) -> pl.Expr:
    text = pl.col(column).str.strip_chars()
    return pl.when(text != "").then(text)
