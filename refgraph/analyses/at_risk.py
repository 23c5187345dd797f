"""Who is likely to leave next, what would be lost with them, and who to call this month?"""

from __future__ import annotations

from typing import Literal

import numpy as np
import polars as pl

from refgraph.analyses.at_risk_headline import build_headline
from refgraph.analyses.at_risk_loss import Loss, compute_loss, find_following
from refgraph.analyses.at_risk_notes import build_notes
from refgraph.analyses.at_risk_reasons import list_reasons
from refgraph.analyses.columns import make_empty_frame, select_columns
from refgraph.graph.phrases import as_of_phrase
from refgraph.measures.leaving_model import LeavingModel, fit_leaving
from refgraph.measures.leaving_signs import LeavingSigns, SignReader, find_last_day
from refgraph.model.graph import Graph
from refgraph.model.message import message
from refgraph.model.parameter_values import Proportion
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import analysis

RiskFilter = Literal["signs", "all"]
COLUMNS = (
    Column("customer", Unit.ID, detail=True),
    Column("name", Unit.TEXT),
    Column("contact", Unit.TEXT),
    Column("owner", Unit.TEXT),
    Column("why", Unit.REASON, key="risk_why"),
    Column("chance", Unit.SHARE, "M53", key="risk_chance"),
    Column("chance_low", Unit.SHARE, "M53", key="risk_chance_low", detail=True),
    Column("chance_high", Unit.SHARE, "M53", key="risk_chance_high", detail=True),
    Column("own", Unit.VALUE, "M53", key="risk_own"),
    Column("direct", Unit.VALUE, "M53s", "reach", key="risk_direct"),
    Column("downstream", Unit.VALUE, "M53s", "reach", key="risk_downstream"),
    Column("loss_if", Unit.VALUE, "M53", "reach", key="risk_loss_if"),
    Column("loss_if_high", Unit.VALUE, "M53", "reach", key="risk_loss_if_high", detail=True),
    Column("expected", Unit.VALUE, "M53", "reach", key="risk_expected"),
    Column("scenario", Unit.VALUE, "M53s", "reach", key="risk_scenario"),
    Column("silent_days", Unit.DAYS, key="risk_silent_days", detail=True),
    Column("usual_days", Unit.DAYS, key="risk_usual_days", detail=True),
)
LOSSES = ("own", "direct", "downstream", "loss_if", "loss_if_high", "scenario")
"""Columns that are fields of a `Loss`."""


@analysis(grain="customer", columns=COLUMNS, order=(), formulas=("M53",), needs_referrals=False)
def at_risk(graph: Graph, *, follow: Proportion = 0.1, only: RiskFilter = "signs") -> Answer:
    """Existing customers, the largest expected loss first; those with a sign of leaving.

    why: what speaks for leaving. chance: of leaving within 12 months, learned from those who left;
    null below 20 leavers, then the order is silence (days since the last order / usual interval) x
    own value. own, direct, downstream: value of the last 12 months of the customer, of those it
    referred, and of all below it. loss_if: what is lost if it leaves: own, and of each customer
    below it the part that follows, if `churn` shows that leaving follows leaving. expected = chance
    x loss_if; never added over customers. scenario: own + downstream x follow^distance, an
    assumption. only: ``all`` lists customers without a sign too.
    """
    if find_last_day(graph) is None or not graph.existing.any():
        headline = message("headline.at-risk-cannot", standing=as_of_phrase(graph))
        return Answer(make_empty_frame(COLUMNS, why=pl.List(pl.String)), headline)
    day = find_last_day(graph)
    assert day is not None
    reader = SignReader(graph)
    signs = reader.read(np.flatnonzero(graph.existing), day)
    model = fit_leaving(graph, reader, signs)
    following = find_following(graph)
    loss = compute_loss(graph, signs, model, following, follow)
    frame = _build_rows(graph, signs, model, loss)
    with_signs = frame.filter(pl.col("why").is_not_null())
    headline = build_headline(graph, frame.height, with_signs, model)
    notes = build_notes(graph, signs, model, following, follow)
    chosen = with_signs if only == "signs" else frame
    return Answer(select_columns(chosen, COLUMNS), headline, tuple(notes))


def _build_rows(
    graph: Graph, signs: LeavingSigns, model: LeavingModel | None, loss: Loss
) -> pl.DataFrame:
    """All existing customers in order: by expected loss, else by silence x own value."""
    unknown = np.full(len(signs.customer), np.nan)
    chance, low, high = (model.chance, model.low, model.high) if model else (unknown,) * 3
    silence = signs.silence if signs.has_orders else np.ones(len(unknown))
    expected = chance * loss.loss_if
    rows = signs.customer
    parties = graph.parties[pl.Series(rows)]
    who = pl.DataFrame({"customer": parties["id"], "name": graph.names.gather(pl.Series(rows))})
    who = who.with_columns(parties["contact"], parties["owner"], list_reasons(signs).alias("why"))
    chances = pl.DataFrame({"chance": chance, "chance_low": low, "chance_high": high})
    losses = pl.DataFrame({name: getattr(loss, name) for name in LOSSES})
    order = expected if model else silence * loss.own
    rest = {"expected": expected, "silent_days": signs.silent, "usual_days": signs.usual}
    parts = (who, chances, losses, pl.DataFrame({**rest, "order": order}))
    frame = pl.concat(parts, how="horizontal").with_columns(pl.col(pl.Float64).fill_nan(None))
    return frame.sort("order", "customer", descending=[True, False], nulls_last=True)
