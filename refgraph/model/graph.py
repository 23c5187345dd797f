"""The Graph: one scope of a Dataset with positions in place of ids; what every analysis is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import polars as pl

from refgraph.model.census import Census
from refgraph.model.message import Amount, Message
from refgraph.model.raw import no_rejects
from refgraph.model.scope import Scope
from refgraph.model.settings import Settings
from refgraph.model.units import Unit

Ints = np.ndarray[tuple[int], np.dtype[np.int32]]
Longs = np.ndarray[tuple[int], np.dtype[np.int64]]
Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
Bools = np.ndarray[tuple[int], np.dtype[np.bool_]]

PARTY_COLUMNS = ("place", "role_given", "first_order", "orders", "since", "stage", "key", "stub")
ARC_COLUMNS = ("kind", "valid", "counted", "cut", "share_given", "referrer_role", "referred_role", "referrer_stage",
               "referred_stage")  # fmt: skip
"""Columns that a Graph adds to those of customers and referrals; a column of the data with such a name gets a ``*``."""


@dataclass(frozen=True, eq=False)
class Value:
    """What a party is worth under the scope.

    basis: revenue, profit, volume, or ``customers`` (every existing or former customer counts 1).
    whole: float64[n], whole numbers as long as the column allows it: the value times ``scale``, so that sums are
    exact below 2**53; divide once, at the end. since, until: the years or days the orders cover, None = lifetime
    of the column. missing: customers whose value is not recorded (they count 0).
    """

    basis: str
    unit: str
    whole: Floats
    scale: int
    since: date | None
    until: date | None
    missing: int = 0

    @property
    def kind(self) -> Unit:
        """MONEY, QUANTITY or COUNT."""
        return {"volume": Unit.QUANTITY, "customers": Unit.COUNT}.get(self.basis, Unit.MONEY)

    @cached_property
    def numbers(self) -> Floats:
        """float64[n] in ``unit``."""
        return self.whole / self.scale

    def amount(self, number: float) -> Amount:
        """A number in ``unit``, ready for a sentence."""
        return Amount(float(number), self.unit, self.kind is Unit.MONEY)


@dataclass(frozen=True, eq=False)
class Flow:
    """The counted, uncut arcs both ways, as compressed rows; an acyclic graph.

    in_ptr int64[n+1], in_src int32[m], in_share float64[m], in_arc int64[m]: the referrers of each party.
    out_ptr, out_dst, out_share, out_arc: whom each party referred. *_arc is the row of ``Graph.arcs``.
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
        """Whether nobody has more than one referrer."""
        return bool((np.diff(self.in_ptr) <= 1).all())


@dataclass(frozen=True, eq=False)
class Forest:
    """Primary referrers in preorder: parents before children, a subtree is a slice.

    parent int32[n]: position of the primary referrer, -1 = root. order int32[n]: the party at each place.
    place_parent, size, depth int32[n]: by place: place of the parent, parties in the subtree, generation.
    """

    parent: Ints
    order: Ints
    place_parent: Ints
    size: Ints
    depth: Ints

    def scatter(self, by_place: np.ndarray) -> np.ndarray:
        """From an array by place to one by position."""
        out = np.empty_like(by_place)
        out[self.order] = by_place
        return out


@dataclass(frozen=True, eq=False)
class Graph:
    """Parties at positions 0..n-1 in order of their ids, and what flows between them.

    parties: one row a position: the customers' columns, and ``stage`` (existing, former, prospect, later, other),
    ``stub``, ``key`` (null = cannot tell), ``orders`` (number in scope), ``since`` (first contract or first order).
    arcs: one row a referral, sorted by referred, referrer: ``referrer``, ``referred`` (positions), ``share``, ``at``,
    ``kind`` (customer, staff, partner, authority, none), ``tie``, ``contact``, ``reward``, ``valid`` (between parties that can
    refer, not void), ``counted`` (valid and of a kind that the scope counts), ``cut``, ``file``, ``line``.
    orders: sorted by customer and date: ``customer`` (position), ``at`` and the amounts; None without orders.
    rejects: rows that intake set aside. census: of the whole of which these are a part, None = they are all.
    stands_for: id or name of a member of a group that is rolled up -> id of its first.
    recorded: columns that the data has, as ``table.column``. as_of: None when the data has no dates.
    """

    parties: pl.DataFrame
    arcs: pl.DataFrame
    orders: pl.DataFrame | None
    affiliations: pl.DataFrame | None
    findings: pl.DataFrame
    value: Value
    flow: Flow
    forest: Forest
    as_of: date | None
    scope: Scope
    settings: Settings
    recorded: frozenset[str]
    units: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Message, ...] = ()
    rejects: pl.DataFrame = field(default_factory=no_rejects)
    stands_for: Mapping[str, str] = field(default_factory=dict)
    census: Census | None = None

    export: ClassVar[Callable[[Graph], Any] | None] = None
    """Hook by which ``flow`` lets a Graph become one of networkx."""

    def __len__(self) -> int:
        return self.parties.height

    def to_networkx(self) -> Any:
        """A ``networkx.DiGraph`` of parties and referrals with their columns; `refgraph.read` takes it back.

        Raises RuntimeError where ``refgraph.flow`` has not been loaded.
        """
        if Graph.export is None:
            raise RuntimeError("import refgraph.flow.face first")
        return Graph.export(self)

    def has(self, column: str) -> bool:
        """Whether the data has the column, given as ``table.column``."""
        return column in self.recorded

    @cached_property
    def existing(self) -> Bools:
        """bool[n]: existing customers, the n of every share."""
        return (self.parties["stage"] == "existing").to_numpy()

    @cached_property
    def customers(self) -> Bools:
        """bool[n]: customers, existing or former: those who closed."""
        return self.parties["stage"].is_in(["existing", "former"]).to_numpy()

    @cached_property
    def names(self) -> pl.Series:
        """The name of each party, its id where it has none."""
        return self.parties.select(pl.coalesce("name", "id").alias("name"))["name"]

    @property
    def key_recorded(self) -> bool:
        """Whether the rule for key accounts could be applied."""
        return self.parties.height == 0 or self.parties["key"].null_count() < self.parties.height
