"""Every figure in which a party counts, and where it could count but does not, with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from refgraph import analyses
from refgraph.engines.base import Engine
from refgraph.errors import DataError, UsageError
from refgraph.graph.lookup import find_party_index
from refgraph.graph.phrases import as_of_phrase
from refgraph.measures.member_lists import is_about_others
from refgraph.measures.party_reasons import Lack, list_lacks
from refgraph.measures.row_tables import find_parties
from refgraph.model.graph import Graph, Longs
from refgraph.model.message import message
from refgraph.model.result import Column, Result
from refgraph.model.scope import Scope
from refgraph.model.tally import Tally, Term
from refgraph.model.units import Unit
from refgraph.pipeline import run
from refgraph.pipeline.opening import Opener

COLUMNS = (
    Column("analysis", Unit.TEXT, key="why_analysis"),
    Column("row", Unit.LABEL, key="why_row"),
    Column("column", Unit.TEXT, key="why_column"),
    Column("counts", Unit.LABEL, key="why_counts"),
    Column("weight", Unit.RATIO, key="rows_weight"),
    Column("why", Unit.REASON, key="rows_why"),
)
PartyCell = tuple[str, str, str, str, float | None, list[str] | None]
"""A row of the answer."""


def explain_party(
    engine: Engine, party: str, scope: Scope = Scope(), within: str | None = None
) -> Result:
    """The figures in which a party counts, of all analyses that need no options, or of one.

    Raises UsageError ``unknown-party``, ``unknown-analysis``.
    """
    graph = engine.graph(scope)
    index = find_party_index(graph, party)
    names = analyses.NAMES if within is None else (analyses.load(within).name,)
    cells: list[PartyCell] = []
    origin = run(engine, names[0], None, scope)
    lacks = list_lacks(graph, index)
    for name in names:
        cells += _list_figures(engine, graph, name, index, lacks, scope)
    schema = {c.name: c.dtype for c in COLUMNS} | {"why": pl.List(pl.String)}
    frame = pl.DataFrame(cells, schema=schema, orient="row")
    counted = frame.filter(pl.col("counts") == "yes")
    headline = message(
        "headline.why",
        name=graph.names[index],
        figures=counted.height,
        analyses=counted["analysis"].n_unique(),
        others=frame.height - counted.height,
        standing=as_of_phrase(graph),
    )
    return replace(
        origin,
        analysis="why",
        parameters={"party": graph.parties["id"][index], "in": within},
        frame=frame,
        columns=COLUMNS,
        grain="figure",
        headline=headline,
        notes=(message("note.why-first"),),
        opener=None,
    )


def _list_figures(
    engine: Engine, graph: Graph, name: str, party: int, lacks: Sequence[Lack], scope: Scope
) -> Iterator[PartyCell]:
    """The figures of one analysis; none if it needs options, or the data lack what it needs."""
    try:
        result = run(engine, name, None, scope)
    except (UsageError, DataError):
        return
    assert isinstance(result.opener, Opener)
    analysis = analyses.load(name)
    _, answer = result.opener.graph_and_answer
    keys = [answer.frame[key] for key in analysis.keys]
    rows_of_table = _find_rows(graph, party)
    for column, tally in answer.tallies.by_column.items():
        if column not in result.frame.columns:
            continue  # only an option adds it
        if isinstance(tally, Tally):
            found = _find_cells(tally, answer.tallies.groups, rows_of_table, answer.frame.height)
        else:
            found = [(row, row_tally, 0) for row, row_tally in enumerate(tally.rows) if row_tally]
        shown = result.frame[column]
        for row, row_tally, group in found:
            if shown[row] is None and row_tally.get_number(group) is not None:
                continue  # a small cell
            cell = _describe_cell(graph, row_tally.terms[0], group, rows_of_table, lacks)
            if cell is not None:
                label = " ".join(str(key[row]) for key in keys)
                yield (name, label, column, *cell)


def _find_rows(graph: Graph, party: int) -> dict[str, np.ndarray]:
    """The rows of each table that are about the party: itself, its referrals, its orders."""
    rows = {
        "customers": np.array([party]),
        "referrals": np.flatnonzero(graph.arcs["referred"].to_numpy() == party),
        "orders": np.empty(0, np.int64),
    }
    if graph.orders is not None:
        rows["orders"] = np.flatnonzero(graph.orders["customer"].to_numpy() == party)
    return rows


def _find_cells(
    tally: Tally, groups: np.ndarray | None, rows: dict[str, np.ndarray], height: int
) -> list[tuple[int, Tally, int]]:
    """The rows of the answer whose group has the party as a member."""
    if not tally.terms or is_about_others(tally.terms[0].members):
        return []
    members = tally.terms[0].members
    lists = [members.list_groups(int(row)) for row in rows[members.table]]
    wanted = np.unique(np.concatenate(lists)) if lists else np.empty(0, np.int64)
    shown = np.arange(height) if groups is None else groups
    return [(int(row), tally, int(shown[row])) for row in np.flatnonzero(np.isin(shown, wanted))]


def _describe_cell(
    graph: Graph, term: Term, group: int, rows: dict[str, np.ndarray], lacks: Sequence[Lack]
) -> tuple[str, float | None, list[str] | None] | None:
    """Whether the party counts, with which weight, or why not; None if it is no member at all."""
    of_party = rows[term.members.table]
    members = term.members.get_rows(term.members.list_members(group))
    if not np.isin(of_party, members).any():
        return None
    listed = term.list_rows(group)
    is_counted = np.isin(listed.row, of_party)
    if not is_counted.any():
        return "no", None, [_find_reason(graph, term.members.table, members, listed.row, lacks)]
    return "yes", float(listed.weight[is_counted].sum()), None


def _find_reason(
    graph: Graph, table: str, members: Longs, listed: Longs, lacks: Sequence[Lack]
) -> str:
    """The quality that all rows counted have, and no other member, and the party lacks."""
    party = find_parties(graph, table, members)
    is_listed = np.isin(members, listed)
    for lack in lacks:
        if np.array_equal(lack.has_it[party], is_listed):
            return lack.words
    return "out-not-met"
