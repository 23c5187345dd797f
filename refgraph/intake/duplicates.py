"""Rows with the same id: equal ones are one row, conflicting ones are set aside."""

from __future__ import annotations

import polars as pl

from refgraph.intake.sifted import Sifted, unsifted
from refgraph.intake.typed import reject
from refgraph.kernels.encoder import Lookup


def customers(frame: pl.DataFrame, policy: str, lookup: Lookup) -> Sifted:
    """One row an id. policy ``reject`` sets all conflicting rows of an id aside, ``first`` all but the first read.

    lookup: of all the ids, so that one table finds who comes twice and, later, who is meant.
    """
    return unsifted(frame) if lookup.distinct else _one_each(frame, "id", policy)


def orders(frame: pl.DataFrame) -> Sifted:
    """One row an ``order_id``; orders without one are never duplicates (two equal orders are two orders)."""
    unnamed = frame.filter(pl.col("order_id").is_null())
    named = _one_each(frame.filter(pl.col("order_id").is_not_null()), "order_id", "reject")
    return named._replace(kept=pl.concat([named.kept, unnamed])) if unnamed.height else named


def _one_each(frame: pl.DataFrame, key: str, policy: str) -> Sifted:
    if frame[key].n_unique() == frame.height:
        return unsifted(frame)
    content = [c for c in frame.columns if c not in ("file", "line")]
    leader = frame.filter(pl.col(key).is_first_distinct())
    like = frame.with_row_index("row").join(leader, on=content, how="semi", nulls_equal=True)["row"]
    odd = ~pl.int_range(frame.height, eager=True).is_in(like.implode())
    if policy == "reject":
        odd = frame[key].is_in(frame.filter(odd)[key].implode())
    first = frame[key].is_first_distinct()
    return Sifted(frame.filter(first & ~odd), reject(frame.filter(odd), "conflicting-duplicate", key, key),
                  frame.filter(~first & ~odd))  # fmt: skip
