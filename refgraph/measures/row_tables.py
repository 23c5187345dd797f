"""The tables whose rows make figures: who and when each row is about, its file and line."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import polars as pl

from refgraph.graph.memo import cached_on_first_argument
from refgraph.measures.channel_costs import list_costs
from refgraph.model.arrays import Longs
from refgraph.model.graph import Graph

PARTY_AND_DAY = {
    "customers": ("place", "since"),
    "referrals": ("referred", "at"),
    "orders": ("customer", "at"),
    "settings": ("nobody", "never"),
}
"""Table -> its columns with the party that a row is about, and the date."""


def _get_table(graph: Graph, table: str) -> pl.DataFrame:
    if table == "settings":
        blank = {"line": pl.Int64, "nobody": pl.Int64, "never": pl.Date}
        nothing = {name: pl.lit(None, dtype) for name, dtype in blank.items()}
        return list_costs(graph).with_columns(**nothing)
    frame = {"customers": graph.parties, "referrals": graph.arcs, "orders": graph.orders}[table]
    return cast(pl.DataFrame, frame)


def get_height(graph: Graph, table: str) -> int:
    """How many rows a table has."""
    return _get_table(graph, table).height


@cached_on_first_argument
def code_absence(graph: Graph, table: str) -> tuple[list[str], Longs]:
    """Why each row of a table is in no row of an answer, as far as its own cells tell.

    The words, and for each row the place of its word, int64.
    """
    words = _explain_absence(graph, table).fill_null("unknown")
    known = words.unique().sort()
    code = words.replace_strict(known, np.arange(len(known)), return_dtype=pl.Int64)
    return known.to_list(), code.to_numpy().astype(np.int64)


def _explain_absence(graph: Graph, table: str) -> pl.Series:
    if table == "customers":
        return graph.parties["stage"]
    if table in ("orders", "settings"):
        return pl.repeat("outside", get_height(graph, table), dtype=pl.String, eager=True)
    is_cut, is_counted = pl.col("cut").fill_null(False), pl.col("counted")
    why: Any = pl.when(~pl.col("valid")).then(pl.lit("not-valid"))
    why = why.when(~is_counted).then(pl.lit("not-counted")).when(is_cut).then(pl.lit("cut"))
    return graph.arcs.select(why.otherwise(pl.lit("outside")).alias("why"))["why"]


def find_parties(graph: Graph, table: str, rows: Longs) -> Longs:
    """The party that each row of a table is about."""
    party = _get_table(graph, table)[PARTY_AND_DAY[table][0]]
    return party.gather(rows).cast(pl.Int64).to_numpy()


def describe_rows(graph: Graph, rows: pl.DataFrame) -> pl.DataFrame:
    """``file``, ``line``, ``party``, ``name``, ``referrer``, ``date`` and the columns of ``rows``.

    rows: ``table`` and ``row``. party: the customer of an order, the party referred by a referral.
    """
    frames = [
        _describe_table(graph, str(table), part)
        for (table,), part in rows.with_row_index("place").group_by("table", maintain_order=True)
    ]
    if not frames:
        return _describe_table(graph, "customers", rows.with_row_index("place")).drop("place")
    return pl.concat(frames, how="vertical_relaxed").sort("place").drop("place")


def _describe_table(graph: Graph, table: str, part: pl.DataFrame) -> pl.DataFrame:
    frame = _get_table(graph, table)[part["row"]]
    nobody = pl.repeat(None, part.height, dtype=pl.Int64, eager=True)
    index, day = (frame[name] for name in PARTY_AND_DAY[table])
    referrer = frame["referrer"] if table == "referrals" else nobody
    return part.with_columns(
        file=frame["file"],
        line=frame["line"],
        party=graph.parties["id"].gather(index),
        name=graph.names.gather(index),
        referrer=graph.names.gather(referrer),
        date=day,
    )
