"""What does a customer cost per source, and what comes back for it?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from refgraph.analyses.columns import build_frame, make_empty_frame
from refgraph.estimates.event_sum import compute_sum_interval
from refgraph.estimates.ratio import compute_rate_interval
from refgraph.graph.phrases import as_of_phrase, value_basis_phrase
from refgraph.measures.channel_costs import list_costs
from refgraph.measures.channels import classify_channels
from refgraph.measures.members import select_members
from refgraph.measures.own_cells import measure_cells
from refgraph.measures.tallies import compute_ratio, measure_value, read_figures, stack_rows
from refgraph.model.graph import Bools, Graph
from refgraph.model.message import Label, Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.tally import Tally
from refgraph.model.units import Unit
from refgraph.registry import analysis

COLUMNS = (
    Column("channel", Unit.LABEL, key="cost_channel"),
    Column("year", Unit.TEXT, key="cost_year"),
    Column("cost", Unit.MONEY, "M65", key="cost_cost"),
    Column("customers", Unit.COUNT, key="cost_customers"),
    Column("per_customer", Unit.MONEY, "M65", key="cost_per_customer"),
    Column("per_customer_low", Unit.MONEY, "M65", key="cost_per_customer_low", inputs=True),
    Column("per_customer_high", Unit.MONEY, "M65", key="cost_per_customer_high", inputs=True),
    Column("value", Unit.VALUE, key="cost_value"),
    Column("per_cost", Unit.RATIO, "M65", key="value_per_cost"),
    Column("per_cost_low", Unit.RATIO, "M65", key="value_per_cost_low", inputs=True),
    Column("per_cost_high", Unit.RATIO, "M65", key="value_per_cost_high", inputs=True),
)
ALL_YEARS = "all"
Cells = dict[str, Any]


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
    costs = list_costs(graph)
    if not costs.height or graph.as_of is None:
        headline = message("headline.channel-cost-none", standing=as_of_phrase(graph))
        return Answer(make_empty_frame(COLUMNS), headline)
    years = graph.parties["since"].dt.year().cast(pl.String)
    rows: list[Cells] = []
    for source in costs["source"].unique().sort():
        is_source, is_named = _mark_source(graph, source), costs["source"] == source
        paid = costs.filter(is_named)["year"].to_list()
        for year, then in [*((year, [year]) for year in paid), (ALL_YEARS, paid)]:
            is_then = is_source & years.is_in(then).fill_null(False).to_numpy()
            is_paid = (is_named & costs["year"].is_in(then)).to_numpy()
            tallies = _compute_tallies(graph, costs["cost"], is_paid, is_then)
            rows.append({"channel": source, "year": year, **tallies})
    cells = read_figures(rows)
    notes = [message("note.channel-cost-young"), message("note.channel-cost-scope")]
    frame, headline = build_frame(cells, COLUMNS), _build_headline(graph, cells)
    return Answer(frame, headline, tuple(notes), stack_rows(rows))


def _mark_source(graph: Graph, source: str) -> Bools:
    """bool[n]: customers, existing or former, that came through a source or family."""
    word = source.strip().lower()
    named = [classify_channels(graph, graph.parties["source"], level) for level in ("", "family")]
    is_source = (named[0].str.to_lowercase() == word) | (named[1] == word)
    return np.asarray(is_source.fill_null(False).to_numpy() & graph.customers, np.bool_)


def _compute_tallies(
    graph: Graph, costs: pl.Series, is_paid: Bools, who: Bools
) -> dict[str, Tally]:
    """The figures of a source; is_paid: the costs, who: the customers that they brought."""
    spent = select_members("settings", is_paid).add_up(measure_cells(costs)[0])
    source, worth = select_members("customers", who), np.maximum(graph.value.numbers[who], 0.0)
    customers, value = source.count(), source.add_up(measure_value(graph))
    cost, is_some = float(spent.numbers[0]), bool(spent.numbers[0] > 0)
    low, high = compute_rate_interval(int(customers.numbers[0]), 1.0)
    ends = compute_sum_interval(worth)

    def list_inputs(end: float) -> Tally:
        return replace(source.list_inputs(end), terms=(*spent.terms, *customers.terms))

    return {
        "cost": spent,
        "customers": customers,
        "per_customer": compute_ratio(spent, customers),
        "per_customer_low": list_inputs(cost / high),
        "per_customer_high": list_inputs(cost / low if low > 0 else np.nan),
        "value": value,
        "per_cost": compute_ratio(value, spent),
        "per_cost_low": list_inputs(ends[0] / cost if is_some else np.nan),
        "per_cost_high": list_inputs(ends[1] / cost if is_some else np.nan),
    }


def _build_headline(graph: Graph, rows: list[Cells]) -> Message:
    """The source with the most value per cost over all its years."""
    sums = [row for row in rows if row["year"] == ALL_YEARS]
    ranked = [row for row in sums if row["per_cost"] is not None and row["customers"]]
    totals = {"channels": len(sums), "standing": as_of_phrase(graph)}
    if not ranked or graph.value.basis in ("customers", "volume"):
        return message("headline.channel-cost-unranked", **totals)
    best = max(ranked, key=lambda row: (row["per_cost"], row["channel"]))
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
