"""Picture: one referral tree, or the part of it below a party, as plain data; no ink, no positions."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from refgraph.model.message import Amount, Message

STATES = ("closed", "former", "negotiating", "contacted", "new", "lost", "void", "other")
"""What a party is in a picture: closed and former (left again) are customers who closed; negotiating, contacted, new
and lost are prospects; void was entered by mistake; other is staff, a partner, an authority or an outside party."""
CLOSED = ("closed", "former")
"""The states that are marked red."""
NODES: dict[str, pl.DataType | type[pl.DataType]] = {
    "parent": pl.Int32, "depth": pl.Int32, "id": pl.String, "name": pl.String, "state": pl.String, "value": pl.Float64,
    "downstream": pl.Int64, "downstream_closed": pl.Int64, "downstream_value": pl.Float64, "key": pl.Boolean,
    "channel": pl.String, "date": pl.Date, "also": pl.List(pl.String), "source": pl.String, "sector": pl.String,
    "region": pl.String, "kind": pl.String, "ownership": pl.String,
}  # fmt: skip
"""Columns of `Picture.nodes`.

parent: place of the primary referrer, -1 for the root at place 0. depth: referrals from the root. name: the id where
there is none. value: own value. downstream, downstream_closed, downstream_value: parties below along primary
referrers, those of them who closed, and their value. key: key account, null = cannot tell. channel, date: tie and day
of the primary referral. also: names of further counted referrers who are not in the picture, null for none.
"""
EXTRAS: dict[str, pl.DataType | type[pl.DataType]] = {"source": pl.Int32, "target": pl.Int32, "cut": pl.Boolean, "at": pl.Date}
"""Columns of `Picture.extras`: places of referrer and referred; cut = the referral was cut to open a loop."""


@dataclass(frozen=True, eq=False)
class Picture:
    """A tree in preorder (parents before children, each subtree a slice, children by date of referral, then id).

    nodes, extras: frames with the columns of `NODES` and `EXTRAS`. title and caption: what stands above and below.
    basis: revenue, profit, volume or customers; unit, money: how amounts are spoken. depth: referrals below the root
    that the picture shows, None = all; nodes hold all parties all the same, so that what is folded can be counted.
    """

    nodes: pl.DataFrame
    extras: pl.DataFrame
    title: Message
    caption: tuple[Message, ...]
    basis: str
    unit: str = ""
    money: bool = False
    depth: int | None = None

    def __len__(self) -> int:
        return self.nodes.height

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
