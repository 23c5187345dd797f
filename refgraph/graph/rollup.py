"""Roll up subsidiaries: every group of companies becomes one party before a Graph is built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from refgraph.graph.group_members import find_members
from refgraph.graph.memo import cached_on_first_argument
from refgraph.graph.value import BASES, to_exact_integers
from refgraph.model.dataset import Dataset
from refgraph.model.fields import COLUMN_OF_PARTY, SIDE_TABLES

_IS_INTO_LATER_MEMBER = "\x00is_into_later_member"


@dataclass(frozen=True, eq=False)
class RollUp:
    """A Dataset with one party per group.

    groups: of two or more parties. parties: in these groups. inside_groups: referrals within a
    group, not counted. into_later_members: referrals from outside into a member other than the
    first of a group that was already a customer, not counted. representative_of: id, and name if it
    is unique, of each member -> id of the first member.
    """

    dataset: Dataset
    groups: int = 0
    parties: int = 0
    inside_groups: int = 0
    into_later_members: int = 0
    representative_of: Mapping[str, str] = field(default_factory=dict)


@cached_on_first_argument
def roll_up_groups(dataset: Dataset) -> RollUp:
    """Roll up the groups of a Dataset; the result is stored on it.

    Who belongs to a group, and who is its first member, is defined in `group_members`. The first
    member stands for all: it keeps its id, source and everything of its own, takes the name of the
    group, has left when all have, and gets the sum of their amounts, orders and referrals made. How
    the group came is how its first member came: referrals within the group, and from outside into
    later members of a group that is a customer, are left out and counted; if the group's first day
    is unknown, those from outside stay.
    """
    members = find_members(dataset)
    if not members.height:
        return RollUp(dataset)
    referrals, inside_groups, into_later_members = _roll_up_referrals(dataset.referrals, members)
    orders = dataset.orders
    rolled_up = replace(
        dataset,
        customers=_roll_up_customers(dataset.customers, members),
        referrals=referrals,
        orders=None if orders is None else _replace_member_ids(orders, members, "customer"),
        affiliations=_roll_up_affiliations(dataset.affiliations, members),
        **_roll_up_side_tables(dataset, members),
    )
    return RollUp(
        dataset=rolled_up,
        groups=members["first"].n_unique(),
        parties=members.height,
        inside_groups=inside_groups,
        into_later_members=into_later_members,
        representative_of=_map_members_to_first(dataset.customers, members),
    )


def _map_members_to_first(customers: pl.DataFrame, members: pl.DataFrame) -> dict[str, str]:
    """Id of each member, and its name if no other party has it -> id of the first member."""
    has_unique_name = pl.col("name").is_not_null() & pl.col("name").is_unique()
    unique_names = customers.filter(has_unique_name).select("id", "name")
    named = members.join(unique_names, on="id", how="inner", maintain_order="left")
    by_name = dict(named.select("name", "first").iter_rows())
    return by_name | dict(members.select("id", "first").iter_rows())


def _roll_up_customers(customers: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Without the later members; the first ones with name, leaving date and amounts of the group.

    A group that has not left as a whole has neither a leaving date nor somewhere it left to.
    """
    later = members.filter(pl.col("id") != pl.col("first"))
    left_of_closed = pl.col("left").filter("closed")
    has_left = left_of_closed.null_count() == 0
    groups = members.group_by("first").agg(
        pl.col("group_name").first(), group_left=pl.when(has_left).then(left_of_closed.max())
    )
    rows = customers.join(later, on="id", how="anti", maintain_order="left")
    for of_group in (groups, _sum_amounts(customers, members)):
        rows = rows.join(
            of_group, left_on="id", right_on="first", how="left", maintain_order="left"
        )
    is_group = pl.col("group_name").is_not_null()
    is_present_group = is_group & pl.col("group_left").is_null()
    left = pl.when(is_group).then("group_left").otherwise("left")
    left_to = pl.when(is_present_group).then(None).otherwise("left_to")
    amounts = {name: pl.when(is_group).then(f"{name}_of_group").otherwise(name) for name in BASES}
    rows = rows.with_columns(
        name=pl.coalesce("group_name", "name"),
        left=left,
        left_to=left_to,
        returned=pl.when(~is_group).then("returned"),
        **amounts,
    )
    return rows.select(customers.columns)


def _sum_amounts(customers: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """``first``, and the sum of each amount of a group; null if no member has it.

    Exact if the decimals allow: whole numbers are summed and rounded once, which polars would not.
    """
    amounts = members.select("id", "first").join(
        customers.select("id", *BASES), on="id", how="left", maintain_order="left"
    )
    sums = amounts.select("first").unique(maintain_order=True)
    for name in BASES:
        recorded = amounts.filter(pl.col(name).is_not_null()).select("first", name)
        numbers, scale = to_exact_integers(recorded[name].to_numpy())
        recorded = recorded.with_columns(pl.Series(name, numbers))
        totals = recorded.group_by("first").agg(pl.col(name).sum())
        sum_of_group = pl.Series(f"{name}_of_group", totals[name].to_numpy() / scale)
        totals = totals.select("first", sum_of_group)
        sums = sums.join(totals, on="first", how="left", maintain_order="left")
    return sums


def _replace_member_ids(frame: pl.DataFrame, members: pl.DataFrame, column: str) -> pl.DataFrame:
    """The frame with the first member in place of the others in a column of ids."""
    first = members.select(pl.col("id").alias(column), "first")
    frame = frame.join(first, on=column, how="left", maintain_order="left")
    return frame.with_columns(pl.coalesce("first", column).alias(column)).drop("first")


def _roll_up_affiliations(
    affiliations: pl.DataFrame | None, members: pl.DataFrame
) -> pl.DataFrame | None:
    if affiliations is None:
        return None
    affiliations = _replace_member_ids(affiliations, members, "customer")
    key = ["customer", "group", "relation"]
    return affiliations.unique(key, keep="first", maintain_order=True)


def _roll_up_side_tables(dataset: Dataset, members: pl.DataFrame) -> dict[str, Any]:
    """Contacts and events; those of all members are those of the group."""
    frames = {table: getattr(dataset, table) for table in SIDE_TABLES}
    return {
        table: _replace_member_ids(frame, members, COLUMN_OF_PARTY[table])
        for table, frame in frames.items()
        if frame is not None
    }


def _roll_up_referrals(
    referrals: pl.DataFrame, members: pl.DataFrame
) -> tuple[pl.DataFrame, int, int]:
    """The referrals between groups and other parties.

    And how many are not counted, void ones apart: within a group, and into later members.
    """
    is_later = pl.col("dated") & (pl.col("id") != pl.col("first"))
    later_members = members.filter(is_later)["id"]
    is_into_later = pl.col("referred").is_in(later_members.implode())
    marked = referrals.with_columns(is_into_later.alias(_IS_INTO_LATER_MEMBER))
    rolled_up = _replace_member_ids(marked, members, "referrer")
    rolled_up = _replace_member_ids(rolled_up, members, "referred").select(marked.columns)
    is_inside = pl.col("referrer") == pl.col("referred")
    is_into_later = ~is_inside & pl.col(_IS_INTO_LATER_MEMBER)
    not_void = rolled_up.filter(pl.col("status").ne_missing("void"))
    between = rolled_up.filter(~is_inside & ~is_into_later).drop(_IS_INTO_LATER_MEMBER)
    inside_groups = not_void.filter(is_inside).height
    into_later_members = not_void.filter(is_into_later).height
    return _merge_duplicate_pairs(between), inside_groups, into_later_members


def _merge_duplicate_pairs(referrals: pl.DataFrame) -> pl.DataFrame:
    """Each pair once: not void, the earliest, as intake keeps it; shares and rewards summed."""
    pair = ["referrer", "referred"]
    if not referrals.select(pair).is_duplicated().any():
        return referrals
    not_void = pl.col("status").ne_missing("void")
    other_columns = [c for c in referrals.columns if c not in (*pair, "at", "file", "line")]
    ordered = referrals.sort(
        ~not_void, "at", *other_columns, "file", "line", nulls_last=True, maintain_order=True
    )
    share, reward = pl.col("share").filter(not_void), pl.col("reward").filter(not_void)
    has_all_shares, has_reward = share.null_count() == 0, reward.count() > 0
    share_sum = pl.when(has_all_shares.over(pair)).then(share.sum().over(pair))
    reward_sum = pl.when(has_reward.over(pair)).then(reward.sum().over(pair))
    ordered = ordered.with_columns(
        pl.when(not_void).then(share_sum).otherwise("share").alias("share"),
        pl.when(not_void).then(reward_sum).otherwise("reward").alias("reward"),
    )
    return ordered.unique(pair, keep="first", maintain_order=True)
