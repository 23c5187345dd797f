"""Who is likely to leave next, what would be lost with them, and who to call this month?"""

from __future__ import annotations

from typing import Literal

import numpy as np
import polars as pl

from refgraph.analyses.at_risk_headline import build_headline
from refgraph.analyses.at_risk_loss import compute_loss, find_following
from refgraph.analyses.at_risk_notes import build_notes
from refgraph.analyses.at_risk_reasons import list_reasons
from refgraph.analyses.columns import make_empty_frame, select_columns
from refgraph.graph.phrases import as_of_phrase
from refgraph.measures.leaving_model import LeavingModel, fit_leaving
from refgraph.measures.leaving_signs import LeavingSigns, SignReader, find_last_day
from refgraph.measures.members import Members, number_parties
from refgraph.measures.tallies import build_columns
from refgraph.model.graph import Graph
from refgraph.model.message import message
from refgraph.model.parameter_values import Proportion
from refgraph.model.result import Answer, Column
from refgraph.model.tally import Tallies, Tally
from refgraph.model.units import Unit
from refgraph.registry import analysis

RiskFilter = Literal["signs", "all"]
COLUMNS = (
    Column("customer", Unit.ID, detail=True),
    Column("name", Unit.TEXT),
    Column("contact", Unit.TEXT),
    Column("owner", Unit.TEXT),
    Column("why", Unit.REASON, key="risk_why"),
    Column("chance", Unit.SHARE, "M53", key="risk_chance", closed="model"),
    Column("chance_low", Unit.SHARE, "M53", key="risk_chance_low", detail=True, closed="model"),
    Column("chance_high", Unit.SHARE, "M53", key="risk_chance_high", detail=True, closed="model"),
    Column("own", Unit.VALUE, "M53", key="risk_own"),
    Column("direct", Unit.VALUE, "M53s", "reach", key="risk_direct"),
    Column("downstream", Unit.VALUE, "M53s", "reach", key="risk_downstream"),
    Column("loss_if", Unit.VALUE, "M53", "reach", key="risk_loss_if"),
    Column("loss_if_high", Unit.VALUE, "M53", "reach", key="risk_loss_if_high", detail=True),
    Column("expected", Unit.VALUE, "M53", "reach", key="risk_expected"),
    Column("scenario", Unit.VALUE, "M53s", "reach", key="risk_scenario"),
    Column("silent_days", Unit.DAYS, key="risk_silent_days", detail=True, inputs=True),
    Column("usual_days", Unit.DAYS, key="risk_usual_days", detail=True, inputs=True),
)


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
    tallies = compute_loss(graph, signs, model, following, follow) | _tally_rhythm(graph, signs)
    frame = _build_rows(graph, signs, model, tallies)
    with_signs = frame.filter(pl.col("why").is_not_null())
    headline = build_headline(graph, frame.height, with_signs, model)
    notes = build_notes(graph, signs, model, following, follow)
    chosen = with_signs if only == "signs" else frame
    opened = Tallies(tallies, chosen["place"].to_numpy())
    return Answer(select_columns(chosen, COLUMNS), headline, tuple(notes), opened)


def _tally_rhythm(graph: Graph, signs: LeavingSigns) -> dict[str, Tally]:
    """Days without an order, and usual days between orders, by party: from its own rows."""
    orders, rows = graph.orders, number_parties(len(graph))
    terms = list(rows.count().terms)
    if orders is not None:
        terms += Members("orders", orders["customer"].to_numpy(), len(graph)).count().terms
    figures = {}
    for name, days in (("silent_days", signs.silent), ("usual_days", signs.usual)):
        numbers = np.full(len(graph), np.nan)
        numbers[signs.customer] = days
        figures[name] = Tally(method="inputs", numbers=numbers, terms=tuple(terms))
    return figures


def _build_rows(
    graph: Graph, signs: LeavingSigns, model: LeavingModel | None, tallies: dict[str, Tally]
) -> pl.DataFrame:
    """All existing customers in order: by expected loss, else by silence x own value."""
    unknown = np.full(len(signs.customer), np.nan)
    chance, low, high = (model.chance, model.low, model.high) if model else (unknown,) * 3
    silence = signs.silence if signs.has_orders else np.ones(len(unknown))
    rows = pl.Series(signs.customer)
    figures = pl.DataFrame(build_columns(tallies))[rows]
    parties = graph.parties[rows]
    who = pl.DataFrame({"customer": parties["id"], "name": graph.names.gather(rows)})
    who = who.with_columns(parties["contact"], parties["owner"], list_reasons(signs).alias("why"))
    chances = pl.DataFrame({"chance": chance, "chance_low": low, "chance_high": high})
    order = figures["expected"] if model else pl.Series(silence) * figures["own"]
    parts = (who, chances, figures, pl.DataFrame({"place": rows, "order": order}))
    frame = pl.concat(parts, how="horizontal").with_columns(pl.col(pl.Float64).fill_nan(None))
    return frame.sort("order", "customer", descending=[True, False], nulls_last=True)
