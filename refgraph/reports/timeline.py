"""One question asked of every period: the answers in one table, newest period first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import polars as pl

from refgraph.engines.base import Engine
from refgraph.measures.conversion import UNDATED_NOTES
from refgraph.model.message import Label, Message, message
from refgraph.model.result import Column, Result
from refgraph.model.scope import Scope
from refgraph.model.units import Unit
from refgraph.pipeline import run
from refgraph.reports.periods import Period, PeriodLength, split_into_periods

PERIOD_COLUMN = Column("period", Unit.ID)


def compute_timeline(
    engine: Engine,
    name: str,
    parameters: Mapping[str, object] | None = None,
    scope: Scope = Scope(),
    every: PeriodLength = "year",
    top: int | None = None,
) -> Result:
    """The rows of an analysis for each period, as of the period's last day and with it as window.

    So stocks (who is a customer, who has referred) are those at its end; orders and events are
    those within it. Periods run from the first date in the data, or ``scope.since``, to the as-of
    day, or ``scope.until``. top: rows per period. One graph is built per period, so the cost is
    that of the analysis times the number of periods; files are read once. Without dates: no rows.
    Raises UsageError ``too-many-periods``, and as `run`.
    """
    periods = _list_periods(engine, scope, every)
    results = [run(engine, name, parameters, period.narrow_scope(scope)) for period in periods]
    if results:
        latest = results[-1]
        frames = [
            _add_period(result.frame.head(top or result.frame.height), period.label)
            for period, result in zip(periods, results, strict=True)
        ]
        frame = pl.concat(frames[::-1], how="vertical_relaxed")
        headline = _build_headline(name, every, periods, latest)
    else:
        latest = run(engine, name, parameters, scope)
        frame = _add_period(latest.frame.clear(), "")
        headline = message("headline.timeline-none", analysis=name)
    return replace(
        latest,
        analysis="timeline",
        parameters={"analysis": name, "every": every, **latest.parameters},
        scope=scope,
        frame=frame,
        opener=None,
        columns=(PERIOD_COLUMN, *latest.columns),
        headline=headline,
        notes=(message("note.timeline-window"), *list_undated_notes(results), *latest.notes),
    )


def list_undated_notes(results: Sequence[Result]) -> tuple[Message, ...]:
    """What is blank in earlier answers for lack of dates, unless the last one says so too."""
    notes = {note.id: note for result in results[:-1] for note in result.notes}
    said = {note.id for note in results[-1].notes} if results else set()
    return tuple(notes[id] for id in UNDATED_NOTES if id in notes and id not in said)


def _add_period(frame: pl.DataFrame, label: str) -> pl.DataFrame:
    """The rows with the period in front."""
    return frame.select(pl.lit(label).alias(PERIOD_COLUMN.name), pl.all())


def _build_headline(
    name: str, every: PeriodLength, periods: Sequence[Period], latest: Result
) -> Message:
    return message(
        "headline.timeline" if len(periods) > 1 else "headline.timeline-single",
        analysis=name,
        every=Label(f"every-{every}"),
        periods=len(periods),
        first=periods[0].label,
        last=periods[-1].label,
        latest=latest.headline,
    )


def _list_periods(engine: Engine, scope: Scope, every: PeriodLength) -> list[Period]:
    """The periods to ask for; none where the data has no dates up to the as-of day."""
    last = engine.graph(scope).as_of
    if last and scope.until:
        last = min(last, scope.until)
    first = scope.since or _find_first_date(engine)
    if first is None or last is None or first > last:
        return []
    return split_into_periods(first, last, every)


def _find_first_date(engine: Engine) -> date | None:
    """The first day on which a customer joined, or a referral or an order was made."""
    data = engine.dataset()
    columns = [data.customers["joined"], data.referrals["at"]]
    if data.orders is not None:
        columns.append(data.orders["at"])
    dates = [day for day in (column.min() for column in columns) if isinstance(day, date)]
    return min(dates, default=None)
