"""One page about one party: verdict, facts, tree, ranks, referrers, referrals, findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from refgraph.engines.base import Engine
from refgraph.graph.lookup import find_party_index
from refgraph.graph.side_tables import DAYS
from refgraph.measures import party_profile
from refgraph.measures.conversion import list_stage_notes
from refgraph.model.graph import Graph
from refgraph.model.message import Message, message
from refgraph.model.result import Report, Result, Section
from refgraph.model.scope import Scope
from refgraph.pipeline import resolve_column
from refgraph.pipeline.intake_notes import collect_intake_notes
from refgraph.pipeline.provenance import describe_origin
from refgraph.reports.customer_sections import FACTS, SECTIONS_BELOW_TREE, SectionSpec
from refgraph.reports.customer_tree import build_tree_section
from refgraph.reports.customer_verdict import build_verdict
from refgraph.reports.key_figures import build_party_figures

MAX_ROWS = 40
"""Rows of a list on a page; data formats hold all rows."""


def build_customer_page(
    engine: Engine, customer: str, scope: Scope = Scope(), with_picture: bool = True
) -> Report:
    """The page about one party, named by its id or by a name that no other party has.

    with_picture: whether to draw its tree, for formats that show pictures. Raises UsageError
    ``unknown-party`` with the nearest names, ``ambiguous-party`` with the ids.
    """
    graph = engine.graph(scope)
    party = find_party_index(graph, customer)
    tree = build_tree_section(engine, graph, party, scope, with_picture)
    sections = (
        *_build_sections((FACTS,), engine, graph, party, scope),
        *([tree] if tree else []),
        *_build_sections(SECTIONS_BELOW_TREE, engine, graph, party, scope),
    )
    ranks = party_profile.compute_ranks(graph, party)
    return Report(
        title=message("page.title", name=graph.names[party], day=graph.as_of),
        sections=sections,
        notes=(
            *graph.notes,
            *_list_later_notes(engine, graph, party),
            *list_stage_notes(graph),
            *collect_intake_notes(engine.summarize_source()),
        ),
        figures=build_party_figures(graph, ranks),
        verdict=build_verdict(graph, party),
    )


def _list_later_notes(engine: Engine, graph: Graph, party: int) -> Iterator[Message]:
    """How many of its contacts and events are dated after the as-of day."""
    if (graph.contacts is None and graph.events is None) or graph.as_of is None:
        return
    data, id, later = engine.dataset(), graph.parties["id"][party], {}
    for table, column in DAYS.items():
        rows = getattr(data, table)
        is_later = (pl.col("party") == id) & (pl.col(column) > graph.as_of)
        later[table] = 0 if rows is None else rows.filter(is_later).height
    if any(later.values()):
        yield message("note.later-rows", **later, day=graph.as_of)


def _build_sections(
    specs: Iterable[SectionSpec], engine: Engine, graph: Graph, party: int, scope: Scope
) -> Iterator[Section]:
    for spec in specs:
        rows = spec.select_rows(graph, party)
        if not spec.is_shown(rows):
            continue
        frame = rows.select(column.name for column in spec.columns)
        columns = tuple(resolve_column(column, graph) for column in spec.columns)
        result = Result(
            analysis=spec.name,
            parameters={"id": graph.parties["id"][party]},
            scope=scope,
            frame=frame,
            columns=columns,
            grain="party",
            headline=spec.describe(graph, party, rows),
            notes=spec.list_notes(rows),
            origin=describe_origin(engine, graph),
        )
        yield Section(result, spec.name, MAX_ROWS)
