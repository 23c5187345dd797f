"""The Graph: one scope of a Dataset, with indexes in place of ids; the input of every analysis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from refgraph.model.arrays import Bools as Bools
from refgraph.model.arrays import Floats as Floats
from refgraph.model.arrays import Ints as Ints
from refgraph.model.arrays import Longs as Longs
from refgraph.model.graph_summary import WholeGraphSummary
from refgraph.model.message import Amount, Message
from refgraph.model.raw import make_empty_rejects
from refgraph.model.referral_lists import ReferralLists, sort_by_referrer
from refgraph.model.representation import Described, describe_object
from refgraph.model.scope import Scope
from refgraph.model.settings import Settings
from refgraph.model.units import Unit

PARTY_COLUMNS = (
    *("place", "role_given", "first_order", "orders", "since", "left_before", "back", "stage"),
    *("key", "stub"),
)
ARC_COLUMNS = (
    *("kind", "valid", "counted", "cut", "share_given", "referrer_role", "referred_role"),
    *("referrer_stage", "referred_stage"),
)
"""Columns that a Graph adds."""
_UNIT_OF_BASIS = {"volume": Unit.QUANTITY, "customers": Unit.COUNT}


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Value(Described):
    """The value of each party under the scope.

    basis: revenue, profit, volume, or ``customers`` (every existing or former customer counts 1).
    unit: the symbol of amounts. scaled: float64[n], the value times ``scale``; whole numbers if the
    decimals allow, so that sums are exact: divide once, at the end. since, until: dates that the
    orders cover, None = a column of customers. missing: customers without (they count 0).
    """

    basis: str
    unit: str
    scaled: Floats
    scale: int
    since: date | None
    until: date | None
    missing: int = 0
    is_from_orders: bool = False

    @property
    def kind(self) -> Unit:
        """MONEY, QUANTITY or COUNT."""
        return _UNIT_OF_BASIS.get(self.basis, Unit.MONEY)

    @cached_property
    def numbers(self) -> Floats:
        """float64[n]: the value in ``unit``."""
        return self.scaled / self.scale

    def amount(self, number: float) -> Amount:
        """A number in ``unit``, ready for a sentence."""
        return Amount(float(number), self.unit, self.kind is Unit.MONEY)


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Adjacency(Described):
    """The active arcs in both directions, as compressed rows; they form no cycle.

    Active: counted and not cut. n parties, a active arcs.
    in_ptr int64[n+1], in_src int32[a], in_share float64[a], in_arc int64[a]: referrers of a party.
    out_ptr, out_dst, out_share, out_arc: parties that a party referred.
    The arcs of party k are ptr[k] .. ptr[k+1]-1; in_arc and out_arc are rows of ``Graph.arcs``.
    """

    in_ptr: Longs
    in_src: Ints
    in_share: Floats
    in_arc: Longs
    out_ptr: Longs
    out_dst: Ints
    out_share: Floats
    out_arc: Longs

    @property
    def is_forest(self) -> bool:
        """Whether no party has more than one referrer."""
        return bool((np.diff(self.in_ptr) <= 1).all())

    @property
    def has_referrer(self) -> Bools:
        """bool[n]: with an active arc into it, so that its value flows to somebody."""
        return np.asarray(np.diff(self.in_ptr) > 0, np.bool_)


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Forest(Described):
    """Primary referrers in preorder: parents before children, every subtree a slice.

    parent int32[n], by party: index of its primary referrer, -1 = root. order int32[n]: the party
    at each preorder index. preorder_parent, size, depth int32[n], by preorder index: that of the
    parent, parties in the subtree, generation (0 = root).
    """

    parent: Ints
    order: Ints
    preorder_parent: Ints
    size: Ints
    depth: Ints

    def scatter(self, by_preorder: np.ndarray) -> np.ndarray:
        """An array by preorder index, rearranged by party."""
        by_party = np.empty_like(by_preorder)
        by_party[self.order] = by_preorder
        return by_party


@dataclass(frozen=True, eq=False, kw_only=True)
class Graph:
    """One scope of a Dataset: n parties, in order of their ids, and the m referrals among them.

    parties: one row per party: the columns of customers, ``place`` (the index), ``stage``
    (existing, former, prospect, void, other), ``stub`` (only referrals name it), ``key`` (null =
    unknown), ``orders`` (number in scope), ``since`` (first contract, else first order); of a
    customer that came back, ``left`` is null, and ``left_before`` and ``back`` are the days. In all
    tables, columns that refgraph does not know stand apart (`graph.extra_columns`).
    arcs: one row per referral, sorted by referred, referrer: ``referrer``, ``referred`` (indexes),
    ``share``, ``at``, ``kind`` (customer, staff, partner, authority), ``tie``, ``contact``,
    ``reward``, ``valid`` (between parties that can refer and be referred, not void), ``counted``
    (valid, of a kind in scope), ``cut`` (to break a cycle), ``file``, ``line``.
    orders: sorted by customer and date: ``customer`` (index), ``at``, amounts; None without orders.
    contacts, events: as in the Dataset, of these parties, up to ``as_of``. rejects: rows rejected
    by intake. representative_of: id or name of a member of a group that is rolled up -> id of its
    first member; confirmed spelling -> id. recorded: columns that the data has, ``table.column``.
    as_of: None if the data has no dates. undated_lost, undated_open: parties lost or still open on
    an unrecorded day, if the data goes on after ``as_of``. whole_graph_summary: facts of all.
    """

    parties: pl.DataFrame
    arcs: pl.DataFrame
    orders: pl.DataFrame | None
    affiliations: pl.DataFrame | None
    findings: pl.DataFrame
    value: Value
    adjacency: Adjacency
    forest: Forest
    as_of: date | None
    scope: Scope
    settings: Settings
    recorded: frozenset[str]
    units: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Message, ...] = ()
    rejects: pl.DataFrame = field(default_factory=make_empty_rejects)
    representative_of: Mapping[str, str] = field(default_factory=dict)
    whole_graph_summary: WholeGraphSummary | None = None
    undated_lost: int = 0
    undated_open: int = 0
    contacts: pl.DataFrame | None = None
    events: pl.DataFrame | None = None

    def __len__(self) -> int:
        return self.parties.height

    def __repr__(self) -> str:
        sizes = f"{len(self):,} parties, {self.arcs.height:,} referrals"
        return describe_object(self, sizes, f"as of {self.as_of}", self.value.basis)

    def to_networkx(self, *, flat: bool = False) -> Any:
        """A ``networkx.DiGraph``; see `refgraph.to_networkx`. `refgraph.read` reads it back."""
        import refgraph  # the public names are lazy: the model imports no higher layer

        return refgraph.to_networkx(self, flat=flat)

    def has(self, column: str) -> bool:
        """Whether the data has the column, given as ``table.column``."""
        return column in self.recorded

    @property
    def has_referral_data(self) -> bool:
        """Whether the data say who was referred: a column or table of referrals, or a source."""
        return self.has("referrals.referrer") or self.has("customers.source")

    @cached_property
    def existing(self) -> Bools:
        """bool[n]: existing customers, the n of every share."""
        return (self.parties.select("stage").to_series() == "existing").to_numpy()

    @cached_property
    def customers(self) -> Bools:
        """bool[n]: customers, existing or former: the parties that have closed."""
        return self.parties.select("stage").to_series().is_in(["existing", "former"]).to_numpy()

    @cached_property
    def out_degree(self) -> Longs:
        """int64[n]: how many parties each party referred, along counted arcs."""
        return np.diff(self.referral_lists.ptr)

    @cached_property
    def in_degree(self) -> Longs:
        """int64[n]: how many referrers each party has, along counted arcs."""
        return np.bincount(self.referral_lists.referred, minlength=len(self)).astype(np.int64)

    @cached_property
    def arc_source(self) -> Ints:
        """int32[a]: the referrer of each active arc, in the order of ``adjacency.out_dst``."""
        degree = np.diff(self.adjacency.out_ptr)
        return np.repeat(np.arange(len(self), dtype=np.int32), degree)

    @cached_property
    def referral_lists(self) -> ReferralLists:
        """The counted arcs by referrer; those of the adjacency unless cycles were cut."""
        active = self.adjacency
        if not self.arcs["cut"].any():
            return ReferralLists(
                ptr=active.out_ptr,
                referrer=self.arc_source,
                referred=active.out_dst,
                arc=active.out_arc,
            )
        return sort_by_referrer(self.arcs, len(self))

    @cached_property
    def counted_arcs(self) -> pl.DataFrame:
        """The arcs that are counted, cut ones included: the referrals made."""
        return self.arcs if self.arcs["counted"].all() else self.arcs.filter("counted")

    @cached_property
    def active_arcs(self) -> pl.DataFrame:
        """The arcs that are counted and not cut, in the order of ``arcs``."""
        is_active = self.arcs["counted"] & ~self.arcs["cut"]
        return self.arcs if is_active.all() else self.arcs.filter(is_active)

    @cached_property
    def names(self) -> pl.Series:
        """The name of each party, its id if it has none."""
        filled = ["name"] if self.parties.select(pl.col("name").count()).item() else []
        return self.parties.select(pl.coalesce(*filled, "id").alias("name"))["name"]

    @property
    def is_key_account_known(self) -> bool:
        """Whether there is a rule for key accounts, and the data has what it needs."""
        whole = self.whole_graph_summary
        return whole.is_key_account_known if whole else self.parties["key"].count() > 0
