"""What each source cost in each year, as the settings say it."""

from __future__ import annotations

import polars as pl

from refgraph.model.graph import Graph

SETTINGS_FILE = "refgraph.toml"


def list_costs(graph: Graph) -> pl.DataFrame:
    """``source``, ``year`` (text), ``cost`` and ``file`` of ``[channels.cost]``, sorted."""
    costs = graph.settings.channels.cost
    rows = [
        (source, year, float(cost), SETTINGS_FILE)
        for source, amounts in sorted(costs.items())
        for year, cost in sorted(amounts.items())
    ]
    schema = {"source": pl.String, "year": pl.String, "cost": pl.Float64, "file": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")
