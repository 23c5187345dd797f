"""What do the referral chains look like? Each one from its first referrer to its last customer."""

from __future__ import annotations

from typing import Annotated

import numpy as np
import polars as pl

from refgraph.analyses.columns import select_columns
from refgraph.graph.phrases import as_of_phrase, value_basis_phrase
from refgraph.kernels import passes
from refgraph.measures.tallies import build_columns
from refgraph.measures.tree_tallies import tally_chains
from refgraph.model.graph import Bools, Graph, Ints, Longs
from refgraph.model.message import Message, message
from refgraph.model.parameter_values import Limits
from refgraph.model.result import Answer, Column
from refgraph.model.tally import Tallies
from refgraph.model.units import Unit
from refgraph.registry import DESCENDING, analysis

COLUMNS = (
    Column("first", Unit.ID, key="chain_first", detail=True),
    Column("first_name", Unit.TEXT),
    Column("last", Unit.ID, key="chain_last", detail=True),
    Column("last_name", Unit.TEXT),
    Column("length", Unit.DEPTH, key="chain_length"),
    Column("people", Unit.COUNT),
    Column("value", Unit.VALUE, key="chain_value"),
    Column("closed", Unit.COUNT, key="chain_closed", detail=True),
    Column("days", Unit.DAYS, key="chain_days", detail=True),
    Column("path", Unit.TEXT),
)
MAX_END_NAMES = 25
"""Names shown at each end of a path; the middle of a longer path is left out."""


@analysis(
    grain="chain",
    columns=COLUMNS,
    order=(("length", DESCENDING), ("value", DESCENDING), ("last", False)),
)
def chains(graph: Graph, *, paths: Annotated[int, Limits(0)] = 1000) -> Answer:
    """Chains of primary referrers, from a root to a customer that has no customers below it.

    length: referrals; people = length + 1. value and closed: sums over the people of the chain.
    Chains share their upper parts, so neither may be added over chains. ``path`` is filled for the
    first ``paths`` chains.
    """
    forest = graph.forest
    is_customer = graph.customers[forest.order].astype(np.float64)
    customers_in_subtree = passes.sum_up(forest.preorder_parent, is_customer)
    is_last = (is_customer == 1) & (customers_in_subtree == 1) & (forest.depth > 0)
    last = np.flatnonzero(is_last)
    frame = _build_rows(graph, last).sort("length", "value", "last", descending=[True, True, False])

    path = _format_paths(graph, frame["preorder_index"].head(paths).to_numpy())
    frame = frame.with_columns(path=path.extend_constant(None, frame.height - len(path)))
    return Answer(
        select_columns(frame, COLUMNS),
        _build_headline(graph, frame),
        tuple(_build_notes(frame, len(path))),
        Tallies(tally_chains(graph), forest.order[frame["preorder_index"].to_numpy()]),
    )


def _build_rows(graph: Graph, last: Longs) -> pl.DataFrame:
    """One row per chain; last int64[c]: preorder index of its last customer."""
    forest = graph.forest
    first = passes.find_roots(forest.preorder_parent)[last]
    parties = graph.parties.select("id", name=graph.names)
    start, end = parties[forest.order[first]], parties[forest.order[last]]
    figures = pl.DataFrame(build_columns(tally_chains(graph)))[forest.order[last]]
    return figures.with_columns(
        first=start["id"],
        first_name=start["name"],
        last=end["id"],
        last_name=end["name"],
        preorder_index=pl.Series(last),
    )


def _format_paths(graph: Graph, last: Longs) -> pl.Series:
    """Names along each chain, root first.

    last int64[c]: preorder index of its last customer. A chain of more than 50 names shows the
    first 25, how many are left out, and the last 25.
    """
    depth = graph.forest.depth[last]
    is_long = depth >= 2 * MAX_END_NAMES
    columns = _list_names_from_root(graph, last, is_long)
    if is_long.any():
        columns.append(_format_gaps(depth, is_long))
        columns += _list_names_to_last(graph, last, is_long)
    if not columns:
        return pl.Series([], dtype=pl.String)
    table = pl.DataFrame([c.alias(str(k)) for k, c in enumerate(columns)])
    joined = pl.concat_str(pl.all(), separator=" → ", ignore_nulls=True)
    return table.select(joined).to_series()


def _list_names_from_root(graph: Graph, last: Longs, is_long: Bools) -> list[pl.Series]:
    """A column of names per depth, from the root on; of a long chain only the first ones."""
    forest = graph.forest
    depth = forest.depth[last]
    columns = []
    for level in range(min(2 * MAX_END_NAMES, int(depth.max(initial=-1)) + 1)):
        # In preorder the ancestor at a depth is the last node of that depth up to the node itself.
        at_level = np.flatnonzero(forest.depth == level)
        ancestor = at_level[np.searchsorted(at_level, last, side="right") - 1]
        is_shown = (level <= depth) & ((level < MAX_END_NAMES) | ~is_long)
        columns.append(_mask_names(graph.names, forest.order[ancestor], is_shown))
    return columns


def _list_names_to_last(graph: Graph, last: Longs, is_long: Bools) -> list[pl.Series]:
    """A column of names per step for the ends of the long chains, the last customer last."""
    forest = graph.forest
    columns, node = [], last.copy()
    for _ in range(MAX_END_NAMES):
        columns.append(_mask_names(graph.names, forest.order[node], is_long))
        node = np.where(is_long, forest.preorder_parent[node], node)
    return columns[::-1]


def _format_gaps(depth: Ints, is_long: Bools) -> pl.Series:
    """How many names are left out of each long chain; null for a short one."""
    left_out = (pl.col("depth") + 1 - 2 * MAX_END_NAMES).cast(pl.String)
    gap = pl.concat_str(pl.lit("… ("), left_out, pl.lit(") …"))
    table = pl.DataFrame({"depth": depth, "is_long": is_long})
    return table.select(pl.when("is_long").then(gap)).to_series()


def _mask_names(names: pl.Series, parties: Ints, is_shown: Bools) -> pl.Series:
    """The names of these parties, null where they are not shown."""
    frame = pl.DataFrame({"name": names.gather(parties), "is_shown": is_shown})
    return frame.select(pl.when("is_shown").then("name")).to_series()


def _build_headline(graph: Graph, frame: pl.DataFrame) -> Message:
    if not frame.height:
        return message("headline.chains-none", standing=as_of_phrase(graph))
    longest = frame.row(0, named=True)
    return message(
        "headline.chains",
        length=longest["length"],
        people=longest["people"],
        first=longest["first_name"],
        last=longest["last_name"],
        value=graph.value.amount(longest["value"]),
        chains=frame.height,
        basis=value_basis_phrase(graph),
        standing=as_of_phrase(graph),
    )


def _build_notes(frame: pl.DataFrame, paths: int) -> list[Message]:
    """paths: chains whose path is shown."""
    notes = []
    if frame.height > 1:
        notes.append(message("note.chains-overlap"))
    if (frame["people"].head(paths) > 2 * MAX_END_NAMES).any():
        notes.append(message("note.paths-elided", ends=MAX_END_NAMES))
    if paths < frame.height:
        notes.append(message("note.paths-left-out", shown=paths, rest=frame.height - paths))
    return notes
