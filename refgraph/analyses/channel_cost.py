"""What does a customer cost per source, and what comes back for it?"""

from __future__ import annotations

import math

import numpy as np
import polars as pl

from refgraph.analyses.columns import build_frame, make_empty_frame
from refgraph.estimates.event_sum import compute_sum_interval
from refgraph.estimates.ratio import compute_rate_interval
from refgraph.graph.phrases import as_of_phrase, value_basis_phrase
from refgraph.measures.channels import classify_channels
from refgraph.model.graph import Bools, Graph
from refgraph.model.message import Label, Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import analysis

COLUMNS = (
    Column("channel", Unit.LABEL, key="cost_channel"),
    Column("year", Unit.TEXT, key="cost_year"),
    Column("cost", Unit.MONEY, "M65", key="cost_cost"),
    Column("customers", Unit.COUNT, key="cost_customers"),
    Column("per_customer", Unit.MONEY, "M65", key="cost_per_customer"),
    Column("per_customer_low", Unit.MONEY, "M65", key="cost_per_customer_low"),
    Column("per_customer_high", Unit.MONEY, "M65", key="cost_per_customer_high"),
    Column("value", Unit.VALUE, key="cost_value"),
    Column("per_cost", Unit.RATIO, "M65", key="value_per_cost"),
    Column("per_cost_low", Unit.RATIO, "M65", key="value_per_cost_low"),
    Column("per_cost_high", Unit.RATIO, "M65", key="value_per_cost_high"),
)
ALL_YEARS = "all"
Cells = dict[str, object]


@analysis(
    grain="channel-year",
    columns=COLUMNS,
    order=(),
    formulas=("M65",),
    key=("channel", "year"),
    needs_referrals=False,
)
def channel_cost(graph: Graph) -> Answer:
    """Costs of ``[channels.cost]`` in refgraph.toml, by source and year, with a row for all years.

    customers: those of the source that joined in the year, former ones included. per_customer =
    cost / customers; per_cost = their value so far / cost; intervals as if the number of customers
    were chance (Poisson). A source is named by its own words or by a family of `channels`.
    """
    costs = graph.settings.channels.cost
    if not costs or graph.as_of is None:
        headline = message("headline.channel-cost-none", standing=as_of_phrase(graph))
        return Answer(make_empty_frame(COLUMNS), headline)
    years = graph.parties["since"].dt.year().cast(pl.String)
    rows: list[Cells] = []
    for source, amounts in sorted(costs.items()):
        is_source = _mark_source(graph, source)
        for year, cost in sorted(amounts.items()):
            is_then = is_source & (years == year).fill_null(False).to_numpy()
            rows.append(_build_row(graph, source, year, float(cost), is_then))
        is_any = is_source & years.is_in(list(amounts)).fill_null(False).to_numpy()
        rows.append(_build_row(graph, source, ALL_YEARS, sum(amounts.values()), is_any))
    notes = [message("note.channel-cost-young"), message("note.channel-cost-scope")]
    return Answer(build_frame(rows, COLUMNS), _build_headline(graph, rows), tuple(notes))


def _mark_source(graph: Graph, source: str) -> Bools:
    """bool[n]: customers, existing or former, that came through a source or family."""
    word = source.strip().lower()
    named = [classify_channels(graph, graph.parties["source"], level) for level in ("", "family")]
    is_source = (named[0].str.to_lowercase() == word) | (named[1] == word)
    return np.asarray(is_source.fill_null(False).to_numpy() & graph.customers, np.bool_)


def _build_row(graph: Graph, source: str, year: str, cost: float, who: Bools) -> Cells:
    customers, worth = int(who.sum()), np.maximum(graph.value.numbers[who], 0.0)
    value, ends = float(graph.value.numbers[who].sum()), compute_sum_interval(worth)
    low, high = compute_rate_interval(customers, 1.0)
    cells: Cells = {"channel": source, "year": year, "cost": cost, "customers": customers}
    cells["per_customer"] = cost / customers if customers else math.nan
    cells["per_customer_low"] = cost / high
    cells["per_customer_high"] = cost / low if low > 0 else math.nan
    cells["value"] = value
    for name, number in (
        ("per_cost", value),
        ("per_cost_low", ends[0]),
        ("per_cost_high", ends[1]),
    ):
        cells[name] = number / cost if cost > 0 else math.nan
    return cells


def _build_headline(graph: Graph, rows: list[Cells]) -> Message:
    """The source with the most value per cost over all its years."""
    sums = [row for row in rows if row["year"] == ALL_YEARS]
    ranked = [
        row for row in sums if not math.isnan(float(str(row["per_cost"]))) and row["customers"]
    ]
    totals = {"channels": len(sums), "standing": as_of_phrase(graph)}
    if not ranked or graph.value.basis in ("customers", "volume"):
        return message("headline.channel-cost-unranked", **totals)
    best = max(ranked, key=lambda row: (float(str(row["per_cost"])), str(row["channel"])))
    return message(
        "headline.channel-cost",
        channel=Label(str(best["channel"])),
        ratio=best["per_cost"],
        low=best["per_cost_low"],
        high=best["per_cost_high"],
        customers=best["customers"],
        basis=value_basis_phrase(graph),
        **totals,
    )
