"""What the integrity rules look at: parties with their worth, counted referrals, groups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import polars as pl

from refgraph.graph import shared_contacts


@dataclass(frozen=True)
class IntegrityInput:
    """Input of the integrity rules.

    people: parties by index, with ``worth`` (any unit; 0 = nothing). arcs: counted referrals with
    their row ``arc``. groups: ``place``, ``group`` of every party in a group of companies.
    """

    people: pl.DataFrame
    arcs: pl.DataFrame
    groups: pl.DataFrame
    as_of: date | None

    @cached_property
    def contacts(self) -> pl.DataFrame:
        """``place`` and the normalized contacts of each party."""
        return shared_contacts.normalize_contacts(self.people)

    @cached_property
    def clusters(self) -> pl.Series:
        """int32[n]: the label of each party's cluster of shared contacts."""
        return pl.Series("label", shared_contacts.find_clusters(self.contacts))


def build_integrity_input(
    people: pl.DataFrame,
    arcs: pl.DataFrame,
    affiliations: pl.DataFrame | None,
    as_of: date | None,
    worth: np.ndarray | None = None,
) -> IntegrityInput:
    """The input of the rules; worth: default, the number of orders."""
    if worth is not None:
        worth_column = pl.Series("worth", worth)
    else:
        worth_column = people["orders"].cast(pl.Float64).alias("worth")
    return IntegrityInput(
        people=people.with_columns(worth_column),
        arcs=arcs.with_row_index("arc").filter("counted"),
        groups=_list_group_members(people, affiliations),
        as_of=as_of,
    )


def _list_group_members(people: pl.DataFrame, affiliations: pl.DataFrame | None) -> pl.DataFrame:
    """``place``, ``group``, by the customers table and by affiliations other than associations."""
    members = people.select("place", "group").drop_nulls()
    if affiliations is not None:
        affiliated = affiliations.filter(pl.col("relation").ne_missing("association")).join(
            people.select("id", "place"), left_on="customer", right_on="id"
        )
        members = pl.concat([members, affiliated.select("place", "group")])
    return members.unique()
