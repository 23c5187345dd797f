"""The headline of `value-gap`: the gap with its interval, or why it is unknown."""

from __future__ import annotations

from collections.abc import Sequence

from refgraph.analyses.gap_rows import GapRow
from refgraph.estimates.gap import MIN_SIDE, Gap
from refgraph.graph.phrases import as_of_phrase, value_basis_phrase
from refgraph.measures.gap_comparison import GapData
from refgraph.measures.gap_outcomes import Outcome, OutcomeName
from refgraph.model.graph import Graph
from refgraph.model.message import Amount, Label, Message, message

MAIN_METHODS = ("gap-spline", "gap-adjusted")
"""The headline states the first of these that has an interval."""


def build_headline(
    graph: Graph, outcome: OutcomeName, outcomes: Outcome, data: GapData, rows: Sequence[GapRow]
) -> Message:
    """The adjusted gap; without one, the raw gap and why it is not comparable."""
    by_method = {row.method: row for row in rows}
    raw = by_method["gap-raw"]
    reason = outcomes.reason or _find_reason(raw.gap)
    if reason:
        return message(
            "headline.value-gap-cannot",
            reason=describe_reason(reason, raw.gap),
            standing=as_of_phrase(graph),
        )
    main = find_main_row(rows)
    values = {
        "outcome": Label(f"outcome-{outcome}"),
        "raw": describe_gap(graph, outcome, raw),
        "basis": value_basis_phrase(graph),
        "standing": as_of_phrase(graph),
    }
    if main is None:
        why = data.size_reason or by_method["gap-adjusted"].gap.reason
        values |= _count(raw.gap) | {"reason": describe_reason(why, by_method["gap-adjusted"].gap)}
        name = "headline.value-gap-raw" + ("-unknown" if raw.gap.is_unknown else "")
        return message(name, **values)
    values |= _count(main.gap) | {"gap": describe_gap(graph, outcome, main)}
    values["alike"] = _describe_alike(graph)
    if main.gap.is_unknown:
        smallest = describe_amount(graph, outcome, main, main.gap.detectable)
        return message("headline.value-gap-unknown", smallest=smallest, **values)
    return message("headline.value-gap", **values)


def find_main_row(rows: Sequence[GapRow]) -> GapRow | None:
    """The row whose gap the headline states; None if no adjusted gap has an interval."""
    by_method = {row.method: row for row in rows}
    known = [by_method[m] for m in MAIN_METHODS if m in by_method and by_method[m].gap.has_interval]
    return known[0] if known else None


def describe_reason(reason: str, gap: Gap) -> Message:
    """Why there is no number, in words; gap: with its counts."""
    return message(f"phrase.gap-{reason}", least=MIN_SIDE, **_count(gap))


def describe_gap(graph: Graph, outcome: OutcomeName, row: GapRow) -> Message:
    """ "16 % higher (95 % confidence interval 2 to 32 %)"; without an interval the reason."""
    gap = row.gap
    if gap.reason:
        return message("phrase.gap-without-interval", reason=describe_reason(gap.reason, gap))
    side = "higher" if gap.gap > 0 else "lower"
    if row.is_ratio:
        ends = {"gap": abs(gap.gap), "low": gap.low, "high": gap.high}
        return message(f"phrase.gap-{side}", **ends)
    amounts = {
        "gap": describe_amount(graph, outcome, row, abs(gap.gap)),
        "low": describe_amount(graph, outcome, row, gap.low),
        "high": describe_amount(graph, outcome, row, gap.high),
    }
    return message(f"phrase.gap-amount-{side}", **amounts)


def describe_amount(graph: Graph, outcome: OutcomeName, row: GapRow, number: float) -> object:
    """A gap in its unit: a share of the others, money, points of margin, or orders."""
    if row.is_ratio:
        return message("phrase.gap-share", share=number)
    if outcome == "margin":
        return message("phrase.gap-points", points=number)
    if outcome == "profit":
        return Amount(number, graph.units.get("money", ""), True)
    return graph.value.amount(number) if outcome != "orders" else Amount(number)


def _describe_alike(graph: Graph) -> Message:
    """What the customers compared have in common."""
    sector = "-sector" if graph.has("customers.sector") else ""
    is_dated = graph.parties["since"].null_count() < len(graph)
    return message(f"phrase.alike-size{sector}{'-year' if is_dated else ''}")


def _find_reason(raw: Gap) -> str:
    """Why not even the raw gap has a number; empty if it has one."""
    if not raw.referred:
        return "nobody-referred"
    return "all-referred" if not raw.others else raw.reason


def _count(gap: Gap) -> dict[str, object]:
    return {
        "referred": gap.referred,
        "others": gap.others,
        "customers": gap.referred + gap.others,
        "trees": gap.trees,
        "effective": gap.known_effective,
    }
