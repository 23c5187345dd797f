"""Key figures at the top of a page: the few numbers to read first, taken from the answers below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from refgraph.graph.phrases import value_basis_phrase
from refgraph.model.graph import Graph
from refgraph.model.message import message
from refgraph.model.result import Figure, Result

PARTY_MEASURES = ("own_value", "direct", "direct_value", "credit_earned")
"""Measures of one party that are shown, in this order."""


def build_report_figures(graph: Graph, answers: Mapping[str, Result]) -> tuple[Figure, ...]:
    """Referral share, bounds, value share, top recommender, longest chain, most valuable tree."""
    effect = answers["effect"].frame.row(0, named=True)
    return (
        *_build_share_figures(graph, effect),
        *_build_recommender_figures(graph, answers),
        *_build_chain_figures(answers["chains"].frame),
        *_build_tree_figures(graph, answers["trees"].frame),
    )


def _build_share_figures(graph: Graph, effect: Mapping[str, float]) -> Iterator[Figure]:
    """None without customers or with hidden counts; bounds where some sources are unknown."""
    if not effect["customers"] or effect["share"] is None:
        return
    share, low, high = effect["share"], effect["share_low"], effect["share_high"]
    yield Figure(
        "share",
        message("figure.share-value", share=share),
        message(
            "figure.share-detail",
            referred=effect["referred"],
            customers=effect["customers"],
            low=low,
            high=high,
        ),
        (share, low, high),
        ("effect", "share"),
    )
    if effect["unknown"] and effect["bound_low"] is not None:
        low, high = effect["bound_low"], effect["bound_high"]
        yield Figure(
            "bounds",
            message("figure.bounds-value", low=low, high=high),
            message("figure.bounds-detail", unknown=effect["unknown"]),
            (low, low, high),
            ("effect", "bound_high"),
        )
    if effect["value_share"] is not None and graph.value.basis != "customers":
        yield Figure(
            "value-share",
            message("figure.value-share-value", share=effect["value_share"]),
            message(
                "figure.value-share-detail",
                theirs=graph.value.amount(effect["referred_value"]),
                value=graph.value.amount(effect["value"]),
                basis=value_basis_phrase(graph),
            ),
            opens=("effect", "value_share"),
        )


def _build_recommender_figures(graph: Graph, answers: Mapping[str, Result]) -> Iterator[Figure]:
    """The first recommender by count and value, and whether that is more than chance."""
    recommenders, chance = answers["recommenders"].frame, answers["chance"].frame
    above = dict(chance.select("customer", "above_chance").rows())
    words = {True: "-above", False: "-within", None: ""}
    for best in recommenders.head(1).iter_rows(named=True):
        yield Figure(
            "top",
            message("figure.name", name=best["name"]),
            message(
                f"figure.top-detail{words[above.get(best['customer'])]}",
                closed=best["closed"],
                value=graph.value.amount(best["direct_value"]),
                recommenders=recommenders.height,
            ),
            opens=("recommenders", "direct_value"),
        )


def _build_chain_figures(chains: pl.DataFrame) -> Iterator[Figure]:
    for longest in chains.head(1).iter_rows(named=True):
        yield Figure(
            "chain",
            message("figure.chain-value", length=longest["length"]),
            message("figure.chain-detail", first=longest["first_name"], last=longest["last_name"]),
            opens=("chains", "people"),
        )


def _build_tree_figures(graph: Graph, trees: pl.DataFrame) -> Iterator[Figure]:
    for best in trees.head(1).iter_rows(named=True):
        yield Figure(
            "tree",
            message("figure.name", name=best["name"]),
            message(
                "figure.tree-detail",
                parties=best["parties"],
                customers=best["customers"],
                value=graph.value.amount(best["value"]),
                trees=trees.height,
            ),
            opens=("trees", "value"),
        )


def build_party_figures(graph: Graph, ranks: pl.DataFrame) -> tuple[Figure, ...]:
    """Own value, parties referred, their value and credit earned, each with its rank.

    ranks: as `measures.party_profile.compute_ranks`. Measures that are unknown are left out.
    """
    rows = {row["measure"]: row for row in ranks.iter_rows(named=True)}
    figures = []
    for measure in PARTY_MEASURES:
        row = rows[measure]
        amount = row["number"]
        if row["amount"] is not None:
            amount = graph.value.amount(row["amount"])
        rank = message("figure.not-ranked")
        if row["rank"]:
            rank = message(f"figure.rank-{row['among']}", rank=row["rank"], of=row["of"])
        if amount is not None:
            figures.append(Figure(measure, message("figure.amount", amount=amount), rank))
    return tuple(figures)
