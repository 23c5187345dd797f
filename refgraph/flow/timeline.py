"""One question asked of every period: the answers in one table, newest period first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import polars as pl

from refgraph.engines.base import Engine
from refgraph.flow import run
from refgraph.flow.spans import Every, Span, cut
from refgraph.model.message import Label, message
from refgraph.model.result import Column, Result
from refgraph.model.scope import Scope
from refgraph.model.units import Unit

PERIOD = Column("period", Unit.ID)


def timeline(engine: Engine, name: str, parameters: Mapping[str, object] | None = None, scope: Scope = Scope(),
             every: Every = "year", top: int | None = None) -> Result:
    """The rows of an analysis for each period, each as of the period's last day, with the period as window.

    So stocks (who is a customer, who has referred) stand at its end, and orders and events are those within it. Periods run from
    the first date in the data, or ``scope.since``, to the as-of day, or ``scope.until``. top: rows of each period. One graph a
    period: the cost is that of the analysis times the periods; files are read once.
    Without dates: no rows. Raises UsageError ``too-many-periods``, and as `run`.
    """
    spans = _spans(engine, scope, every)
    results = [run(engine, name, parameters, span.within(scope)) for span in spans]
    if not results:
        whole = run(engine, name, parameters, scope)
        return _whole(whole, name, every, scope, pl.DataFrame({PERIOD.name: pl.Series([], dtype=pl.String)}).hstack(
            whole.frame.clear().get_columns()), message("headline.timeline-none", analysis=name))  # fmt: skip
    frames = [r.frame.head(top or r.frame.height).select(pl.lit(span.label).alias(PERIOD.name), pl.all())
              for span, r in zip(spans, results, strict=True)]  # fmt: skip
    last = results[-1]
    headline = message("headline.timeline", analysis=name, every=Label(f"every-{every}"), periods=len(spans),
                       first=spans[0].label, last=spans[-1].label, latest=last.headline)
    return _whole(last, name, every, scope, pl.concat(frames[::-1], how="vertical_relaxed"), headline)


def _whole(last: Result, name: str, every: Every, scope: Scope, frame: pl.DataFrame, headline: object) -> Result:
    notes = (message("note.timeline-window"), *last.notes)
    return replace(last, analysis="timeline", parameters={"analysis": name, "every": every, **last.parameters}, scope=scope,
                   frame=frame, columns=(PERIOD, *last.columns), headline=headline, notes=notes)  # type: ignore[arg-type]


def _spans(engine: Engine, scope: Scope, every: Every) -> list[Span]:
    """The periods to ask for; none where the data has no dates up to the as-of day."""
    graph, data = engine.graph(scope), engine.dataset()
    last = min(graph.as_of, scope.until) if graph.as_of and scope.until else graph.as_of
    columns = [data.customers["joined"], data.referrals["at"], *([data.orders["at"]] if data.orders is not None else [])]
    first = scope.since or min((d for d in (c.min() for c in columns) if isinstance(d, date)), default=None)
    return cut(first, last, every) if first and last and first <= last else []
