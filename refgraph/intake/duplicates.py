"""Rows with the same id: equal ones are one row, conflicting ones are set aside."""

from __future__ import annotations

import polars as pl

from refgraph.intake.typed import reject
from refgraph.model.raw import no_rejects


def customers(frame: pl.DataFrame, policy: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One row an id. policy ``reject`` sets all conflicting rows of an id aside, ``first`` all but the first read."""
    return _one_each(frame, "id", policy)


def orders(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One row an ``order_id``; orders without one are never duplicates (two equal orders are two orders)."""
    unnamed = frame.filter(pl.col("order_id").is_null())
    named, aside = _one_each(frame.filter(pl.col("order_id").is_not_null()), "order_id", "reject")
    return (pl.concat([named, unnamed]) if unnamed.height else named), aside


def _one_each(frame: pl.DataFrame, key: str, policy: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    if frame[key].n_unique() == frame.height:
        return frame, no_rejects()
    content = [c for c in frame.columns if c not in ("file", "line")]
    distinct = frame.unique(content, keep="first", maintain_order=True)
    conflict = distinct[key].is_duplicated()
    if policy == "first":
        later = ~distinct[key].is_first_distinct()
        other = frame.join(distinct.filter(later), on=content, how="semi", nulls_equal=True)
        return distinct.filter(~later), reject(other, "conflicting-duplicate", key, key)
    ids = distinct.filter(conflict)[key].unique()
    aside = frame.filter(pl.col(key).is_in(ids.implode()))
    return distinct.filter(~conflict), reject(aside, "conflicting-duplicate", key, key)
