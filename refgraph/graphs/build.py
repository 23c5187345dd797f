"""The whole way from a Dataset and a Scope to a Graph, one step a line."""

from __future__ import annotations

from datetime import date

import polars as pl

from refgraph.graphs import amounts, arcs, flows, keys, parties, suspicions
from refgraph.graphs.prepared import prepared
from refgraph.graphs.rollup import rolled
from refgraph.model.census import Census
from refgraph.model.dataset import Dataset
from refgraph.model.graph import Graph
from refgraph.model.scope import Scope


def build(dataset: Dataset, scope: Scope, census: Census | None = None) -> Graph:
    """The Graph of a Dataset under a Scope. census: of what the Dataset holds a part of; only under the plain scope.

    Raises UsageError for a value basis or role that is unknown, DataError when the basis is not in the data.
    """
    as_of, groups = scope.as_of or (census.as_of if census else latest(dataset)), rolled(dataset) if scope.roll_up else None
    dataset = groups.dataset if groups else dataset
    orders = parties.orders_until(prepared(dataset).orders, as_of)
    people = parties.staged(dataset, orders, as_of)
    referrals = arcs.placed(dataset, people, as_of, scope)
    people = parties.awaited(people, referrals)
    value, value_notes = amounts.of(dataset, people, orders, scope, census)
    people = people.with_columns(keys.of(dataset, people, orders, value, as_of, census))
    referrals = suspicions.without(referrals, people, dataset.affiliations, as_of, value.whole, scope.exclude)
    referrals, loops, loop_notes = flows.without_loops(referrals, people, scope.exclude)
    referrals, share_notes = flows.shared(referrals)
    return Graph(
        parties=people,
        arcs=referrals,
        orders=orders,
        affiliations=dataset.affiliations,
        findings=pl.concat([dataset.findings, loops]).sort("code", pl.col("members").list.join("\x00"), "file", "line"),
        value=value,
        flow=flows.compressed(referrals, people.height),
        forest=flows.forest(referrals, people.height),
        as_of=as_of,
        scope=scope,
        settings=dataset.settings,
        recorded=dataset.recorded,
        units=dataset.units,
        notes=census.notes if census else (*arcs.notes(referrals), *loop_notes, *share_notes, *value_notes),
        rejects=dataset.rejects,
        stands_for=groups.stands_for if groups else {},
        census=census,
    )


def latest(dataset: Dataset) -> date | None:
    """The latest of all joining, referral and order dates; None when there are none."""
    columns = [dataset.customers["joined"], dataset.referrals["at"]]
    if dataset.orders is not None:
        columns.append(dataset.orders["at"])
    days = [d for d in (c.max() for c in columns) if isinstance(d, date)]
    return max(days, default=None)
