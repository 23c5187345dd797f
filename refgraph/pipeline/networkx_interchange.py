"""Exchange with networkx: a Graph becomes a ``DiGraph``, and `refgraph.read` reads it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from typing import Any

import polars as pl

from refgraph.errors import UsageError
from refgraph.graph.extra_columns import EXTRA_COLUMN, read_extra_columns
from refgraph.model.fields import COLUMN_OF_PARTY, SIDE_TABLES
from refgraph.model.graph import ARC_COLUMNS, PARTY_COLUMNS, Graph
from refgraph.model.message import message
from refgraph.model.parameter_values import convert_value
from refgraph.model.settings import Settings
from refgraph.pipeline.flat_network import flatten_network

GRAPH_ATTRIBUTE = "refgraph"
"""Graph attribute that holds what belongs to no node: units, settings, the columns recorded."""
SETTINGS_TABLES = tuple(table.name for table in fields(Settings) if table.name != "columns")
"""The settings that a graph keeps; headers of columns mean nothing there."""


def to_networkx(graph: Graph, *, flat: bool = False) -> Any:
    """A ``networkx.DiGraph``: one node per party, one edge per referral, referrer to referred.

    Nodes are party ids; columns become attributes, and values not recorded are left out. Dates are
    ``datetime.date``, amounts are floats in the unit of the Graph. The rows of other tables are
    lists of dicts on their customer; a party that appears only in referrals is marked ``stub``. All
    referrals in scope are included with their recorded shares, also those that are not counted or
    were removed to break a cycle.
    flat: a graph that ``networkx.write_graphml`` and ``write_gexf`` accept: dates as ISO text,
    the rows of other tables as their number, no attributes of the graph, control characters written
    as ``\\x01``, and a ``_`` behind names that these formats reserve.
    Raises UsageError ``not-yes-or-no``, ``nodes-alike`` if ids differ in control characters only.
    """
    is_flat = convert_value(flat, bool, "flat")
    network = _build_network(graph)
    return flatten_network(network) if is_flat else network


def _build_network(graph: Graph) -> Any:
    import networkx

    network = networkx.DiGraph(**{GRAPH_ATTRIBUTE: _collect_metadata(graph)})
    ids = graph.parties["id"].to_list()
    parties = graph.parties.with_columns(role="role_given")
    computed = {*PARTY_COLUMNS, "id", "file", "line"} - {"stub"}
    network.add_nodes_from(zip(ids, _to_dicts(parties, computed), strict=True))

    if graph.orders is not None:
        customer_ids = graph.parties["id"].gather(graph.orders["customer"])
        _nest_rows(network, "orders", graph.orders.with_columns(id=customer_ids))
    if graph.affiliations is not None:
        _nest_rows(network, "affiliations", graph.affiliations.with_columns(id="customer"))
    for table in SIDE_TABLES:
        rows = getattr(graph, table)
        if rows is not None:
            _nest_rows(network, table, rows.rename({COLUMN_OF_PARTY[table]: "id"}))

    arcs = graph.arcs.with_columns(share="share_given")
    referrers = [ids[k] for k in arcs["referrer"].to_list()]
    referred = [ids[k] for k in arcs["referred"].to_list()]
    attributes = _to_dicts(arcs, {*ARC_COLUMNS, "referrer", "referred", "file", "line"})
    network.add_edges_from(zip(referrers, referred, attributes, strict=True))
    return network


def read_settings(source: Any) -> Settings | None:
    """The settings that `to_networkx` stored in a graph, None in any other graph.

    Raises UsageError ``table-unreadable`` if they are damaged.
    """
    metadata = source.graph.get(GRAPH_ATTRIBUTE)
    if metadata is None:
        return None
    try:
        return Settings.from_tables({name: metadata[name] for name in SETTINGS_TABLES})
    except (TypeError, ValueError, KeyError) as error:
        raise UsageError(
            "table-unreadable",
            file=f"graph[{GRAPH_ATTRIBUTE!r}]",
            why=message("phrase.table-settings"),
        ) from error


def read_recorded_columns(source: Any) -> list[str]:
    """The ``table.column`` names that the data had; empty unless `to_networkx` made the graph."""
    metadata = source.graph.get(GRAPH_ATTRIBUTE)
    if not isinstance(metadata, Mapping):
        return []
    return sorted(str(name) for name in metadata.get("recorded", ()))


def _collect_metadata(graph: Graph) -> dict[str, object]:
    """Settings, units of the Graph and recorded columns, as values that node-link JSON can hold."""
    metadata = asdict(replace(graph.settings, units=dict(graph.units), columns={}))
    del metadata["columns"]
    return {**metadata, "recorded": sorted(graph.recorded)}


def _nest_rows(network: Any, table: str, frame: pl.DataFrame) -> None:
    """Add the rows of a table as lists of dicts to the nodes that column ``id`` names."""
    rows = _to_dicts(frame, {"id", "customer", "file", "line"})
    for party, row in zip(frame["id"].to_list(), rows, strict=True):
        network.nodes[party].setdefault(table, []).append(row)


def _to_dicts(frame: pl.DataFrame, without: set[str]) -> list[dict[str, object]]:
    """One dict per row, without nulls; ``stub`` only where it is true."""
    columns = [column for column in frame.columns if column not in {*without, EXTRA_COLUMN}]
    rows = []
    for row in frame.select(*columns, *read_extra_columns(frame)).iter_rows(named=True):
        recorded = {name: value for name, value in row.items() if value is not None}
        if not recorded.get("stub"):
            recorded.pop("stub", None)
        rows.append(recorded)
    return rows
