"""Graph -> networkx, the interchange with everything that speaks of nodes and edges; `refgraph.read` takes it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import polars as pl

from refgraph.errors import UsageError
from refgraph.model.graph import ARC_COLUMNS, PARTY_COLUMNS, Graph
from refgraph.model.settings import KeyAccountRule, OldCustomerRule, Settings

KEY = "refgraph"
"""Graph attribute under which `to_networkx` keeps what belongs to no node: units, settings, the columns recorded."""


def to_networkx(graph: Graph) -> Any:
    """A ``networkx.DiGraph``: a node is a party's id with its columns, an edge leads from referrer to referred.

    What is not recorded is no attribute. Days are ``datetime.date``, amounts floats in the unit of the Graph. Orders and
    affiliations are lists of dicts on their customer; a party that only referrals name is marked ``stub``. All arcs in
    scope are there, also those that do not count or were cut, with the shares as given.
    """
    import networkx

    found = networkx.DiGraph(**{KEY: _about(graph)})
    ids = graph.parties["id"].to_list()
    rows = _rows(graph.parties.with_columns(role="role_given"), {*PARTY_COLUMNS, "id", "file", "line"} - {"stub"})
    found.add_nodes_from(zip(ids, rows, strict=True))
    if graph.orders is not None:
        _nest(found, "orders", graph.orders.with_columns(id=graph.parties["id"].gather(graph.orders["customer"])))
    if graph.affiliations is not None:
        _nest(found, "affiliations", graph.affiliations.with_columns(id="customer"))
    arcs = graph.arcs.with_columns(share="share_given")
    ends = ([ids[k] for k in arcs[end].to_list()] for end in ("referrer", "referred"))
    told = _rows(arcs, {*ARC_COLUMNS, "referrer", "referred", "file", "line"})
    found.add_edges_from(zip(*ends, told, strict=True))
    return found


def settings_of(source: Any) -> Settings | None:
    """The settings that `to_networkx` left in a graph, None in any other. Raises UsageError where they are damaged."""
    about = source.graph.get(KEY)
    if about is None:
        return None
    try:
        rule = about["key_account"]
        return Settings(
            key_account=KeyAccountRule(**rule) if rule else None, old_customer=OldCustomerRule(**about["old_customer"]),
            units=dict(about["units"]), other=dict(about["other"]),
        )  # fmt: skip
    except (TypeError, ValueError, KeyError) as error:
        raise UsageError("table-unreadable", file=f"graph[{KEY!r}]", why=f"{type(error).__name__}: {error}") from error


def recorded_in(source: Any) -> list[str]:
    """``table.column`` that the data had, empty for a graph that `to_networkx` did not make."""
    about = source.graph.get(KEY)
    return sorted(str(name) for name in about.get("recorded", ())) if isinstance(about, Mapping) else []


def _about(graph: Graph) -> dict[str, object]:
    """Plain values only, so that node-link JSON can hold them; units are those of the Graph, not of the files."""
    told = asdict(replace(graph.settings, units=dict(graph.units), columns={}))
    del told["columns"]
    return {**told, "recorded": sorted(graph.recorded)}


def _nest(found: Any, table: str, frame: pl.DataFrame) -> None:
    """Rows of a table as lists of dicts on the node that column ``id`` names."""
    ids = frame["id"].to_list()
    for id, row in zip(ids, _rows(frame, {"id", "customer", "file", "line"}), strict=True):
        found.nodes[id].setdefault(table, []).append(row)


def _rows(frame: pl.DataFrame, without: set[str]) -> list[dict[str, object]]:
    """One dict a row, of what is recorded; ``stub`` only where it is true."""
    kept = frame.select(c for c in frame.columns if c not in without)
    return [{k: v for k, v in row.items() if v is not None and (k != "stub" or v)} for row in kept.iter_rows(named=True)]
