"""One question asked of two days or periods: what rose, what fell, what is new and what is gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import polars as pl

from refgraph import analyses
from refgraph.engines.base import Engine
from refgraph.model.message import Message, message
from refgraph.model.result import Column, Result
from refgraph.model.scope import Scope
from refgraph.model.units import Unit
from refgraph.pipeline import run
from refgraph.registry import Analysis
from refgraph.reports.periods import parse_period
from refgraph.reports.timeline import list_undated_notes

INTERVAL_SUFFIXES = ("_low", "_high")
"""Ends of intervals are left out: their differences are not the interval of the difference."""
CHANGE_COLUMN = Column("change", Unit.LABEL)
RANK_COLUMNS = (
    Column("rank_then", Unit.COUNT),
    Column("rank_now", Unit.COUNT),
    Column("rank_change", Unit.COUNT),
)
REPEAT = "_repeat"
"""Number of a row among those with the same keys, so that each is joined to one row."""


class ComparedColumn(NamedTuple):
    """A column of the analysis, and the names of its values then, now and of their difference."""

    column: Column
    then: str
    now: str
    change: str
    is_number: bool


def compare_periods(
    engine: Engine,
    name: str,
    then: str,
    now: str,
    parameters: Mapping[str, object] | None = None,
    scope: Scope = Scope(),
) -> Result:
    """The rows of an analysis at two moments, matched by the keys of its grain.

    then, now: a day (everything up to it) or a period such as 2024, 2024-Q3, 2024-07 (as of its
    end, with the orders and events within it). The column ``change`` is new, gone or same. A number
    X becomes X_then, X_now and X_change = now - then, null where a value is missing; other columns
    hold their value now, otherwise then. Analyses that rank also have ranks; rank_change above 0 =
    risen. Raises UsageError ``bad-span``, and as `run`.
    """
    analysis = analyses.load(name)
    periods = parse_period(then, "then"), parse_period(now, "now")
    old, new = (run(engine, name, parameters, period.narrow_scope(scope)) for period in periods)
    is_ranked = bool(analysis.order) and analysis.order[0][0] not in analysis.keys
    compared = _list_compared_columns(analysis, new)
    frame = _join_rows(analysis, compared, old.frame, new.frame)
    columns = _list_columns(analysis, new, compared, is_ranked)
    frame = _sort_rows(frame.select(column.name for column in columns), analysis, is_ranked)
    labels = {"analysis": name, "then": periods[0].label, "now": periods[1].label}
    notes = (message("note.changes-span"), *list_undated_notes((old, new)), *new.notes)
    return replace(
        new,
        analysis="changes",
        parameters={"analysis": name, "then": then, "now": now, **new.parameters},
        scope=scope,
        frame=frame,
        opener=None,
        columns=columns,
        headline=_build_headline(labels, frame, new, is_ranked),
        notes=notes,
    )


def _list_compared_columns(analysis: Analysis, new: Result) -> list[ComparedColumn]:
    """All columns but keys, ranks and ends of intervals."""
    excluded = (*analysis.keys, "rank")
    return [
        _compare_column(column, new.frame)
        for column in new.columns
        if column.name not in excluded and not column.name.endswith(INTERVAL_SUFFIXES)
    ]


def _compare_column(column: Column, frame: pl.DataFrame) -> ComparedColumn:
    name = column.name
    return ComparedColumn(
        column=column,
        then=f"{name}_then",
        now=f"{name}_now",
        change=f"{name}_change",
        is_number=frame[name].dtype.is_numeric(),
    )


def _join_rows(
    analysis: Analysis,
    compared: Sequence[ComparedColumn],
    old: pl.DataFrame,
    new: pl.DataFrame,
) -> pl.DataFrame:
    """Every row of either answer, with all columns that `_list_columns` may ask for."""
    then_names = {record.column.name: record.then for record in compared}
    now_names = {record.column.name: record.now for record in compared}
    joined = _select_side(analysis, old, then_names, "rank_then").join(
        _select_side(analysis, new, now_names, "rank_now"),
        on=[*analysis.keys, REPEAT],
        how="full",
        coalesce=True,
        nulls_equal=True,
    )
    is_new, is_gone = pl.col("rank_then").is_null(), pl.col("rank_now").is_null()
    new_or_gone = pl.when(is_new).then(pl.lit("new")).when(is_gone).then(pl.lit("gone"))
    change = new_or_gone.otherwise(pl.lit("same"))
    return joined.with_columns(
        change.alias(CHANGE_COLUMN.name),
        (pl.col("rank_then") - pl.col("rank_now")).alias("rank_change"),
        *(expression for record in compared for expression in _build_value_exprs(record)),
    )


def _select_side(
    analysis: Analysis, frame: pl.DataFrame, names: Mapping[str, str], rank: str
) -> pl.DataFrame:
    """The rows of one answer: keys, `REPEAT`, row number as ``rank``, and the columns renamed."""
    repeat = pl.int_range(pl.len()).over(analysis.keys) if frame.height else pl.lit(0, pl.Int64)
    row_number = pl.int_range(1, pl.len() + 1, dtype=pl.Int64)
    values = [pl.col(old_name).alias(name) for old_name, name in names.items()]
    return frame.select(*analysis.keys, repeat.alias(REPEAT), row_number.alias(rank), *values)


def _build_value_exprs(record: ComparedColumn) -> list[pl.Expr]:
    """Values then and now and their difference, which may be below 0; of text one value."""
    column, then, now = record.column, pl.col(record.then), pl.col(record.now)
    if not record.is_number:
        return [pl.coalesce(now, then).alias(column.name)]
    if column.unit in (Unit.COUNT, Unit.DEPTH):
        then, now = then.cast(pl.Int64), now.cast(pl.Int64)
    return [then, now, (now - then).alias(record.change)]


def _list_columns(
    analysis: Analysis, new: Result, compared: Sequence[ComparedColumn], is_ranked: bool
) -> tuple[Column, ...]:
    """Keys, name, change, ranks, then the rest; text is a detail."""
    columns = [column for column in new.columns if column.name in analysis.keys]
    columns += [record.column for record in compared if record.column.name == "name"]
    columns += [CHANGE_COLUMN, *(RANK_COLUMNS if is_ranked else ())]
    for record in compared:
        if record.is_number:
            columns += _split_column(record)
        elif record.column.name != "name":
            columns.append(replace(record.column, detail=True))
    return tuple(columns)


def _split_column(record: ComparedColumn) -> list[Column]:
    """The columns of the value then, the value now and their difference."""
    column = record.column
    then = replace(column, name=record.then, key=f"{column.text}@then", detail=True)
    now = replace(column, name=record.now, key=f"{column.text}@now")
    change = replace(column, name=record.change, key=f"{column.text}@change", family="")
    if column.unit is Unit.SHARE:
        change = replace(change, unit=Unit.POINTS)
    return [then, now, change]


def _sort_rows(frame: pl.DataFrame, analysis: Analysis, is_ranked: bool) -> pl.DataFrame:
    keys = list(analysis.keys)
    if is_ranked:
        return frame.sort("rank_now", "rank_then", *keys, nulls_last=True)
    if not analysis.order:
        return frame
    order = dict(analysis.order)
    descending = [order.get(key, False) for key in keys]
    return frame.sort(keys, descending=descending, nulls_last=True)


def _build_headline(
    labels: Mapping[str, str], frame: pl.DataFrame, new: Result, is_ranked: bool
) -> Message:
    counts = {word: int((frame["change"] == word).sum()) for word in ("same", "new", "gone")}
    moved: object = ""
    if is_ranked and frame["rank_change"].drop_nulls().abs().max():
        moved = _describe_largest_move(frame)
    return message("headline.changes", **labels, **counts, moved=moved, latest=new.headline)


def _describe_largest_move(frame: pl.DataFrame) -> Message:
    """The row whose rank changed most; of equals the one that ranks highest now."""
    distance = pl.col("rank_change").abs()
    ordered = frame.sort(distance, "rank_now", descending=[True, False], nulls_last=True)
    row = ordered.row(0, named=True)
    label = "name" if "name" in frame.columns else frame.columns[0]
    return message(
        "phrase.changes-moved", name=row[label], then=row["rank_then"], now=row["rank_now"]
    )
