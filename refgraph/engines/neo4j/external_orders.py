"""Orders of a graph that refgraph did not load: nodes, alone or at customers, or relationships."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from refgraph.engines.neo4j import external_names as names
from refgraph.engines.neo4j.external_lists import read_lists
from refgraph.engines.neo4j.external_reader import (
    CustomerLabel,
    Reader,
    count_elsewhere,
    rename_properties,
)
from refgraph.model.raw import RawTable

OWNER_COLUMN = ("customer",)


def read_orders(reader: Reader, labels: Sequence[CustomerLabel]) -> list[RawTable]:
    """Orders that are nodes (alone, or at customers), or relationships."""
    orders, type = reader.graph.orders_label, reader.graph.orders_type
    properties = reader.select_properties("orders", OWNER_COLUMN if type else ())
    if not type:
        frame = read_lists(
            reader.database,
            "read/external_nodes",
            properties,
            label=orders,
            other=[],
            text=properties,
        )
        return [reader.finish("orders", frame, f"(:{orders})")]
    columns = [*OWNER_COLUMN, *rename_properties(properties, OWNER_COLUMN)]
    slots: dict[str, str | Sequence[str]] = {"type": type, "text": properties}
    if orders:
        statement, slots["orders"], place = "read/external_orders", orders, f"(:{orders})"
    else:
        statement, slots["customers"] = "read/external_purchases", reader.graph.labels
        place = f"[:{type}]"
    frames = [
        read_lists(
            reader.database,
            statement,
            columns,
            each.indexed,
            label=each.label,
            key=each.key,
            other=each.others,
            **slots,
        )
        for each in labels
    ]
    if orders:
        frames.append(_read_lone_orders(reader, properties))
    frame = pl.concat(frames)
    if not frame.height:
        raise names.describe_missing_type(reader.database, type, reader.graph.labels)
    table = reader.finish("orders", frame, place, OWNER_COLUMN)
    return [table if orders else count_elsewhere(reader.database, type, table)]


def _read_lone_orders(reader: Reader, properties: Sequence[str]) -> pl.DataFrame:
    """Orders without a customer: intake rejects them, so that they are counted."""
    frame = read_lists(
        reader.database,
        "read/external_lone_orders",
        rename_properties(properties, OWNER_COLUMN),
        type=reader.graph.orders_type,
        orders=reader.graph.orders_label,
        label=reader.graph.labels,
        text=properties,
    )
    owner = pl.lit(None, pl.String).alias(OWNER_COLUMN[0])
    return frame.select(owner, pl.all())
