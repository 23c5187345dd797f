"""Pictures: one referral tree, or the part of it below a party, as data without layout."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from refgraph.model.message import Amount, Message
from refgraph.model.representation import count_things, describe_object

STATES = ("closed", "former", "negotiating", "contacted", "new", "lost", "void", "other")
"""What a party is in a picture.

closed and former (left again) are customers who closed; negotiating, contacted, new and lost are
prospects; void was entered by mistake; other is staff, a partner, an authority or an outside party.
"""
CLOSED_STATES = ("closed", "former")
"""The states drawn in red: customers who closed."""
Schema = dict[str, pl.DataType | type[pl.DataType]]
TREE_SCHEMA: Schema = {
    "parent": pl.Int32,
    "depth": pl.Int32,
    "id": pl.String,
    "name": pl.String,
    "state": pl.String,
    "value": pl.Float64,
    "downstream": pl.Int64,
    "downstream_closed": pl.Int64,
    "downstream_value": pl.Float64,
}
REFERRAL_SCHEMA: Schema = {"channel": pl.String, "date": pl.Date, "also": pl.List(pl.String)}
GROUPING_COLUMNS = ("source", "sector", "region", "kind", "ownership")
NODE_SCHEMA: Schema = {
    **TREE_SCHEMA,
    "key": pl.Boolean,
    **REFERRAL_SCHEMA,
    **dict.fromkeys(GROUPING_COLUMNS, pl.String),
}
"""Columns of `Picture.nodes`.

parent: row of the primary referrer, -1 for the root in row 0. depth: referrals from the root.
name: the id if the party has no name. value: own value. downstream, downstream_closed,
downstream_value: the descendants along primary referrers, those who closed, and their value.
key: whether it is a key account, null = unknown. channel, date: tie and date of the primary
referral. also: names of further counted referrers who are not in the picture, null for none.
"""
EXTRA_SCHEMA: Schema = {
    "source": pl.Int32,
    "target": pl.Int32,
    "cut": pl.Boolean,
    "at": pl.Date,
}
"""Columns of `Picture.extras`, referrals other than the primary ones.

source, target: rows of referrer and referred. cut: whether it was removed to break a cycle.
"""


@dataclass(frozen=True, eq=False, kw_only=True)
class Picture:
    """A tree in preorder: parents before children, every subtree a slice.

    Children are ordered by the date of their referral, then id.
    nodes, extras: columns `NODE_SCHEMA` and `EXTRA_SCHEMA`. title, caption: texts above and below;
    the title is a finding, the label says what the picture is.
    basis: revenue, profit, volume or customers. unit, money: how amounts are written.
    depth: generations below the root to show, None = all; `nodes` holds all of them, so that hidden
    ones can be counted.
    """

    nodes: pl.DataFrame
    extras: pl.DataFrame
    title: Message
    caption: tuple[Message, ...]
    basis: str
    unit: str = ""
    money: bool = False
    depth: int | None = None
    label: Message | None = None

    def __len__(self) -> int:
        return self.nodes.height

    def __repr__(self) -> str:
        parties = count_things(len(self), "party", "parties")
        return describe_object(self, self.id if len(self) else None, parties)

    @property
    def id(self) -> str:
        """Id of the root."""
        return str(self.nodes["id"][0])

    @property
    def name(self) -> str:
        """Name of the root."""
        return str(self.nodes["name"][0])

    def amount(self, number: float) -> Amount:
        """A value of the picture, ready for a sentence."""
        return Amount(float(number), self.unit, self.money)
