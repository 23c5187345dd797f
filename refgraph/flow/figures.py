"""The key figures at the top of a page: a handful of numbers that a board reads first, taken from the answers below them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from refgraph.graphs.periods import basis
from refgraph.model.graph import Graph
from refgraph.model.message import message
from refgraph.model.result import Figure, Result


def of_report(graph: Graph, answers: Mapping[str, Result]) -> tuple[Figure, ...]:
    """Referral share with its interval, its bounds, value share, top recommender, longest chain, most valuable tree."""
    return tuple([*_share(graph, answers["effect"].frame.row(0, named=True)), *_people(graph, answers)])


def _share(graph: Graph, row: Mapping[str, float]) -> Iterator[Figure]:
    if not row["customers"]:
        return
    yield Figure("share", message("figure.share-value", share=row["share"]), message(
        "figure.share-detail", referred=row["referred"], customers=row["customers"], low=row["share_low"],
        high=row["share_high"]), (row["share"], row["share_low"], row["share_high"]))  # fmt: skip
    if row["unknown"]:
        yield Figure("bounds", message("figure.bounds-value", low=row["bound_low"], high=row["bound_high"]),
                     message("figure.bounds-detail", unknown=row["unknown"]),
                     (row["bound_low"], row["bound_low"], row["bound_high"]))  # fmt: skip
    if row["value_share"] is not None and graph.value.basis != "customers":
        yield Figure("value-share", message("figure.value-share-value", share=row["value_share"]), message(
            "figure.value-share-detail", theirs=graph.value.amount(row["referred_value"]),
            value=graph.value.amount(row["value"]), basis=basis(graph)))  # fmt: skip


def _people(graph: Graph, answers: Mapping[str, Result]) -> Iterator[Figure]:
    for best in answers["recommenders"].frame.head(1).iter_rows(named=True):
        yield Figure("top", message("figure.name", name=best["name"]), message(
            "figure.top-detail", closed=best["closed"], value=graph.value.amount(best["direct_value"]),
            recommenders=answers["recommenders"].frame.height))  # fmt: skip
    for best in answers["chains"].frame.head(1).iter_rows(named=True):
        yield Figure("chain", message("figure.chain-value", length=best["length"]), message(
            "figure.chain-detail", first=best["first_name"], last=best["last_name"]))  # fmt: skip
    for best in answers["trees"].frame.head(1).iter_rows(named=True):
        yield Figure("tree", message("figure.name", name=best["name"]), message(
            "figure.tree-detail", parties=best["parties"], customers=best["customers"],
            value=graph.value.amount(best["value"]), trees=answers["trees"].frame.height))  # fmt: skip


def of_party(graph: Graph, ranks: pl.DataFrame) -> tuple[Figure, ...]:
    """Own value, parties referred, credit earned and reach of one party, each with its rank."""
    rows = {row["measure"]: row for row in ranks.iter_rows(named=True)}
    found = []
    for measure in ("own_value", "direct", "direct_value", "credit_earned"):
        row = rows[measure]
        amount = row["number"] if row["amount"] is None else graph.value.amount(row["amount"])
        ranked = message(f"figure.rank-{row['among']}", rank=row["rank"], of=row["of"]) if row["rank"] else message(
            "figure.not-ranked")
        if amount is not None:
            found.append(Figure(measure, message("figure.amount", amount=amount), ranked))
    return tuple(found)
