"""Contacts and events of a Graph: those up to its as-of date, and events as arrays."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from refgraph.graph.memo import cached_on_first_argument
from refgraph.kernels.id_index import IdIndex
from refgraph.model.dataset import Dataset
from refgraph.model.event_kinds import EVENT_KINDS
from refgraph.model.graph import Graph, Ints

KINDS = tuple(EVENT_KINDS)
"""Kinds of events in the order of their codes."""
DAYS = {"contacts": "since", "events": "at"}
"""Table -> its column of days."""


class EventArrays(NamedTuple):
    """Events sorted by party, day and kind; arrays of one length.

    party int32: index in ``Graph.parties``. day int32: days since 1970-01-01. kind int32: place in
    `KINDS`, -1 = unknown.
    """

    party: Ints
    day: Ints
    kind: Ints

    def select_kind(self, kind: str) -> EventArrays:
        """The events of one kind, a word of `KINDS`."""
        is_kind = self.kind == KINDS.index(kind)
        return EventArrays(self.party[is_kind], self.day[is_kind], self.kind[is_kind])


def select_side_tables(
    dataset: Dataset, ids: pl.Series | None, as_of: date | None
) -> dict[str, Any]:
    """Contacts and events of the parties with these ids, dated up to a day or undated.

    ids: None = all parties. as_of: None = any day.
    """
    return {table: _select(getattr(dataset, table), day, ids, as_of) for table, day in DAYS.items()}


def _select(
    rows: pl.DataFrame | None, day: str, ids: pl.Series | None, as_of: date | None
) -> pl.DataFrame | None:
    if rows is not None and as_of is not None:
        is_later = (pl.col(day) > as_of).fill_null(False)
        rows = rows.filter(~is_later)
    if rows is None or ids is None:
        return rows
    return rows.filter(pl.col("party").is_in(ids.implode()))


@cached_on_first_argument
def list_events(graph: Graph) -> EventArrays:
    """The events of a Graph as arrays; empty without events."""
    if graph.events is None:
        nothing = np.empty(0, np.int32)
        return EventArrays(nothing, nothing, nothing)
    code = pl.col("kind").replace_strict(
        {kind: code for code, kind in enumerate(KINDS)}, default=-1, return_dtype=pl.Int32
    )
    rows = graph.events.select(
        IdIndex(graph.parties["id"]).find_indices(graph.events["party"]).alias("party"),
        pl.col("at").to_physical().cast(pl.Int32),
        code.fill_null(-1),
    ).sort("party", "at", "kind")
    return EventArrays(*(rows[name].to_numpy() for name in ("party", "at", "kind")))
