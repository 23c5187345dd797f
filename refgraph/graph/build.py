"""From a Dataset and a Scope to a Graph, one step per line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from refgraph.graph import adjacency, cycles, integrity_rules, parties
from refgraph.graph.as_of import cut_dataset, find_latest_date
from refgraph.graph.key_accounts import flag_key_accounts
from refgraph.graph.prepared import prepare_dataset
from refgraph.graph.referrals import collect_notes, collect_unknown_notes, select_referrals
from refgraph.graph.rollup import RollUp, roll_up_groups
from refgraph.graph.side_tables import select_side_tables
from refgraph.graph.unmatched import collect_unmatched_notes
from refgraph.graph.value import compute_value
from refgraph.model.dataset import Dataset
from refgraph.model.graph import Graph
from refgraph.model.graph_summary import WholeGraphSummary
from refgraph.model.message import Message
from refgraph.model.scope import Scope


def build_graph(dataset: Dataset, scope: Scope, summary: WholeGraphSummary | None = None) -> Graph:
    """The Graph of a Dataset under a Scope.

    summary: facts about the whole company if the Dataset holds only a part of it; only valid under
    the plain scope. Raises UsageError for an unknown value basis, role or code to exclude,
    DataError if the value basis is not in the data.
    """
    as_of = scope.as_of or (summary.as_of if summary else find_latest_date(dataset))
    standing = cut_dataset(dataset, as_of)
    is_cut = standing.dataset.customers.height < dataset.customers.height
    groups = (roll_up_groups if scope.roll_up else RollUp)(standing.dataset)
    dataset = groups.dataset
    orders = parties.select_dated_orders(prepare_dataset(dataset).orders, as_of)
    people = parties.assign_stages(dataset, orders, as_of)
    orders = parties.select_customer_orders(people, orders)
    arcs = select_referrals(dataset, people, scope)
    value, value_notes = compute_value(dataset, people, orders, scope, summary)
    sides = select_side_tables(dataset, people["id"] if is_cut else None, as_of)
    people = people.with_columns(flag_key_accounts(dataset, people, orders, as_of, summary))
    arcs = integrity_rules.exclude_cases(
        arcs, people, sides["affiliations"], as_of, value.scaled, scope.exclude
    )
    arcs, cycle_findings, cycle_notes = cycles.cut_cycles(arcs, people, scope.exclude)
    arcs, share_notes = cycles.normalize_shares(arcs)
    party_notes = _collect_party_notes(dataset, people, arcs)
    return Graph(
        parties=people,
        arcs=arcs,
        orders=orders,
        findings=_merge_findings(dataset.findings, cycle_findings),
        value=value,
        adjacency=adjacency.build_adjacency(arcs, people.height),
        forest=adjacency.build_forest(arcs, people.height),
        as_of=as_of,
        scope=scope,
        settings=dataset.settings,
        recorded=dataset.recorded,
        units=dataset.units,
        notes=_join_notes(summary, party_notes, cycle_notes, share_notes, value_notes),
        rejects=_cut_rejects(dataset.rejects, scope.as_of),
        representative_of=dataset.confirmed_names | dict(groups.representative_of),
        whole_graph_summary=summary,
        undated_lost=0 if summary else standing.undated_lost,
        undated_open=0 if summary else standing.undated_open,
        **sides,
    )


def _cut_rejects(rejects: pl.DataFrame, day: date | None) -> pl.DataFrame:
    """Without those of rows dated after a day; all of them if no day was asked for."""
    if day is None:
        return rejects
    return rejects.filter((pl.col("at") <= day.isoformat()).fill_null(True))


def _collect_party_notes(
    dataset: Dataset, people: pl.DataFrame, arcs: pl.DataFrame
) -> tuple[Message, ...]:
    """Notes on unmatched, unknown and undated parties, and on referrals and orders left out."""
    return (
        *collect_unmatched_notes(dataset, people, arcs),
        *collect_unknown_notes(people, arcs),
        *collect_notes(arcs),
        *parties.note_orders_not_closed(people),
    )


def _join_notes(
    summary: WholeGraphSummary | None, *groups: Sequence[Message]
) -> tuple[Message, ...]:
    """All notes; those of the whole graph if this is a part of it."""
    return summary.notes if summary else tuple(note for group in groups for note in group)


def _merge_findings(of_dataset: pl.DataFrame, of_cycles: pl.DataFrame) -> pl.DataFrame:
    """All findings, sorted by code, members, file and line."""
    members = pl.col("members").list.join("\x00")
    return pl.concat([of_dataset, of_cycles]).sort("code", members, "file", "line")
