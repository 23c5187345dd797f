"""Notes on the list of customers to ask: back-test, who is left out, what is assumed."""

from __future__ import annotations

import numpy as np

from refgraph.measures.ask_backtest import BackTest
from refgraph.measures.ask_touches import measure_touches
from refgraph.measures.referral_forecast import Forecast
from refgraph.model.graph import Bools, Graph
from refgraph.model.message import Label, Message, message


def build_ask_notes(
    graph: Graph,
    forecast: Forecast,
    backtest: BackTest | None,
    barred: dict[str, Bools],
    worth: float | None,
) -> tuple[Message, ...]:
    """All notes of a list."""
    notes = [_describe_backtest(backtest), message("note.ask-not-uplift")]
    for reason, mask in barred.items():
        customers = int((mask & graph.existing).sum())
        if customers:
            notes.append(message("note.ask-barred", customers=customers, reason=Label(reason)))
    if not graph.has("customers.consent"):
        notes.append(message("note.ask-no-consent-column"))
    if graph.events is None:
        notes.append(message("note.ask-no-events"))
    notes += _describe_touches(graph)
    if forecast.active >= 1.0:
        notes.append(message("note.ask-nobody-left"))
    if worth is None:
        notes.append(message("note.ask-no-worth"))
    else:
        notes.append(message("note.ask-worth", worth=graph.value.amount(worth)))
    undated = int(graph.counted_arcs["at"].null_count())
    if undated:
        notes.append(message("note.ask-undated", referrals=undated))
    return tuple(notes)


def _describe_touches(graph: Graph) -> list[Message]:
    """Medians of what came before a first referral, or how many customers are too few for them."""
    touches = measure_touches(graph)
    if touches is None:
        return []
    if not touches.medians:
        return [message("note.ask-touches-few", customers=touches.customers)]
    medians = [
        message("phrase.ask-touches", kind=Label(kind), times=times)
        for kind, times in touches.medians.items()
    ]
    return [message("note.ask-touches", customers=touches.customers, medians=medians)]


def describe_missing(graph: Graph) -> list[str]:
    """The columns that a forecast needs and the data lack."""
    missing = [] if graph.has("referrals.at") else ["referrals.at"]
    if not np.asarray(graph.parties["since"].is_not_null()).any():
        missing.append("customers.joined")
    return missing


def _describe_backtest(backtest: BackTest | None) -> Message:
    if backtest is None:
        return message("note.ask-no-backtest")
    return message(
        "note.ask-backtest",
        top=backtest.top,
        model=backtest.precision["model"],
        last_year=backtest.precision["last-year"],
        rfm=backtest.precision["rfm"],
        degree=backtest.precision["degree"],
        low=backtest.low,
        high=backtest.high,
        expected=backtest.expected,
        came=backtest.came,
    )
