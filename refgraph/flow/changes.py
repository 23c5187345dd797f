"""One question asked of two days or periods: what rose, what fell, who is new, who is gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from refgraph import analyses
from refgraph.engines.base import Engine
from refgraph.flow import run
from refgraph.flow.spans import named
from refgraph.model.message import Message, message
from refgraph.model.result import Column, Result
from refgraph.model.scope import Scope
from refgraph.model.units import Unit
from refgraph.registry import Analysis

ENDS = ("_low", "_high")
"""Ends of intervals are left out: a difference of them is none of the interval."""
RANKS = (Column("rank_then", Unit.COUNT), Column("rank_now", Unit.COUNT), Column("rank_change", Unit.COUNT))


def changes(engine: Engine, name: str, then: str, now: str, parameters: Mapping[str, object] | None = None,
            scope: Scope = Scope()) -> Result:
    """The rows of an analysis at two moments, found again by the keys of its grain: one row for each in either.

    then, now: a day (all up to it) or a period such as 2024, 2024-Q3, 2024-07 (as of its end, orders and events within it).
    ``change`` = new, gone or same; numbers stand as NAME_then, NAME_now and NAME_change = now - then, null where one is missing;
    other columns as they are now, else as they were. Analyses that rank also have ranks, rank_change above 0 = risen.
    Raises UsageError ``bad-span``, and as `run`.
    """
    what, spans = analyses.load(name), (named(then, "then"), named(now, "now"))
    old, new = (run(engine, name, parameters, span.within(scope)) for span in spans)
    ranked = bool(what.order) and what.order[0][0] not in what.keys
    kept = [c for c in new.columns if c.name not in (*what.keys, "rank") and not c.name.endswith(ENDS)]
    frame = _joined(what, _placed(what, old), _placed(what, new))
    number = {c.name: new.frame[c.name].dtype.is_numeric() for c in kept}
    shown = [c for c in kept if c.name == "name"], [c for c in kept if c.name != "name"]
    columns = [c for c in new.columns if c.name in what.keys]
    columns += [*shown[0], Column("change", Unit.LABEL), *(RANKS if ranked else ())]
    for column in shown[1]:
        columns += _three(column) if number[column.name] else [replace(column, detail=True)]
    frame = frame.select(_values(columns, number)).pipe(_sorted, what, ranked)
    headline = _headline(name, spans[0].label, spans[1].label, frame, new, ranked)
    asked = {"analysis": name, "then": then, "now": now, **new.parameters}
    return replace(new, analysis="changes", parameters=asked, scope=scope, frame=frame, columns=tuple(columns), headline=headline,
                   notes=(message("note.changes-span"), *new.notes))


def _placed(what: Analysis, result: Result) -> pl.DataFrame:
    """With the place in the order of rows, and a count that keeps rows of one key apart."""
    again = pl.int_range(pl.len()).over(what.keys) if result.frame.height else pl.lit(0, pl.Int64)
    return result.frame.with_columns(_rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int64), _again=again)


def _joined(what: Analysis, old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    on = [*what.keys, "_again"]
    both = old.with_columns(_then=True).join(new.with_columns(_now=True), on=on, how="full", coalesce=True, suffix="@now",
                                             nulls_equal=True)  # fmt: skip
    word = pl.when(pl.col("_then").is_null()).then(pl.lit("new")).when(pl.col("_now").is_null()).then(pl.lit("gone"))
    return both.with_columns(change=word.otherwise(pl.lit("same")), rank_then=pl.col("_rank"), rank_now=pl.col("_rank@now"),
                             rank_change=pl.col("_rank") - pl.col("_rank@now"))


def _three(column: Column) -> list[Column]:
    return [replace(column, name=f"{column.name}_{when}", key=f"{column.text}@{when}", detail=column.detail or when == "then",
                    family="" if when == "change" else column.family) for when in ("then", "now", "change")]  # fmt: skip


def _values(columns: list[Column], number: Mapping[str, bool]) -> list[pl.Expr]:
    """One expression a column, in order."""
    out = []
    for column in columns:
        base, _, when = column.name.rpartition("_")
        if column in RANKS or base not in number or when not in ("then", "now", "change"):
            other = f"{column.name}@now"
            out.append(pl.coalesce(other, column.name).alias(column.name) if column.name in number else pl.col(column.name))
            continue
        old, new = pl.col(base), pl.col(f"{base}@now")
        if column.unit in (Unit.COUNT, Unit.DEPTH):  # a difference of unsigned counts may be below 0
            old, new = old.cast(pl.Int64), new.cast(pl.Int64)
        out.append({"then": old, "now": new, "change": new - old}[when].alias(column.name))
    return out


def _sorted(frame: pl.DataFrame, what: Analysis, ranked: bool) -> pl.DataFrame:
    keys = list(what.keys)
    if ranked:
        return frame.sort("rank_now", "rank_then", *keys, nulls_last=True)
    descending = [dict(what.order).get(key, False) for key in keys]
    return frame.sort(keys, descending=descending, nulls_last=True) if what.order else frame


def _headline(name: str, then: str, now: str, frame: pl.DataFrame, new: Result, ranked: bool) -> Message:
    counts = {word: int((frame["change"] == word).sum()) for word in ("same", "new", "gone")}
    moved: object = ""
    if ranked and frame["rank_change"].drop_nulls().abs().max():
        label = "name" if "name" in frame.columns else frame.columns[0]
        best = frame.sort(pl.col("rank_change").abs(), "rank_now", descending=[True, False], nulls_last=True).row(0, named=True)
        moved = message("phrase.changes-moved", name=best[label], then=best["rank_then"], now=best["rank_now"])
    return message("headline.changes", analysis=name, then=then, now=now, **counts, moved=moved, latest=new.headline)
