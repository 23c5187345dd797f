"""Planted counts are found again, exactly, by code that knows nothing of the generator."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from support import companies
from support.planted import assert_counts_hold, assert_faults_hold, assert_shares_hold, load

from refgraph.generator import Company, build_ids
from refgraph.model.graph import Graph
from refgraph.model.scope import Scope

KNOBS = {
    "default": {"size": 3000},
    "many faults": {
        "size": 4000,
        "seed": 7,
        "loops": 12,
        "loop_length": 10,
        "self_referrals": 9,
        "strangers": 0.1,
        "farms": 0.05,
        "bursts": 8,
        "referral_share": 0.5,
        "several": 0.3,
    },
    "chained, all but stay": {
        "size": 2000,
        "seed": 3,
        "chain": 0.8,
        "churn": 0.0,
        "nameless": 0.4,
        "shuffle_ids": True,
    },
    "few come by referral": {
        "size": 2000,
        "seed": 4,
        "referral_share": 0.02,
        "farms": 0.0,
        "loops": 0,
        "bursts": 0,
    },
    "everybody leaves early": {
        "size": 3000,
        "seed": 5,
        "churn": 0.8,
        "retention": 2.0,
        "staff": 0.2,
        "partners": 0.1,
    },
}
EVERY_PLAN = pytest.mark.parametrize("knobs", KNOBS.values(), ids=KNOBS)


@EVERY_PLAN
def test_counts_of_the_dataset_equal_the_planted_ones(knobs: dict[str, Any]) -> None:
    assert_counts_hold(companies.company(**knobs))


@EVERY_PLAN
def test_referral_share_equals_the_planted_one(knobs: dict[str, Any]) -> None:
    assert_shares_hold(companies.company(**knobs))


@EVERY_PLAN
def test_rejects_and_findings_are_those_planted(knobs: dict[str, Any]) -> None:
    assert_faults_hold(companies.company(**knobs))


@EVERY_PLAN
def test_conversion_is_as_planned(knobs: dict[str, Any]) -> None:
    company = companies.company(**knobs)
    truth, _, graph = load(company)
    indices = graph.arcs.filter("counted")["referred"].unique()
    referred = graph.parties[indices.to_list()]
    lost = referred.filter(pl.col("status") == "lost").height
    closed = referred.filter(pl.col("stage").is_in(["existing", "former"])).height
    conversion = truth["conversion"]
    assert (closed, lost) == (conversion["closed"], conversion["lost"])
    assert referred.height - closed - lost == conversion["open"]
    assert abs(closed / (closed + lost) - company.plan.conversion) <= 1 / (closed + lost)


def list_true_referrers(company: Company, graph: Graph) -> dict[str, str]:
    """Party -> its true referrer, for those recorded as referred by a customer and in no cycle."""
    ids = build_ids(company)
    arcs = graph.arcs.filter(pl.col("valid") & (pl.col("kind") == "customer"))
    recorded = set(graph.parties["id"].gather(arcs["referred"].unique()))
    recorded -= {id for cycle in companies.truth(company)["loops"] for id in cycle}
    return {
        ids[party]: ids[int(parent)]
        for party, parent in enumerate(company.parent)
        if parent >= 0 and ids[party] in recorded
    }


@EVERY_PLAN
def test_primary_referrers_are_the_true_ones(knobs: dict[str, Any]) -> None:
    company = companies.company(**knobs)
    truth, _, graph = load(company)
    index = {id: k for k, id in enumerate(graph.parties["id"])}
    true_referrers = list_true_referrers(company, graph)
    assert len(true_referrers) > 20
    strangers = set(truth["strangers"])
    for id, referrer in true_referrers.items():
        primary = graph.parties["id"][int(graph.forest.parent[index[id]])]
        assert primary in {referrer} | strangers


@EVERY_PLAN
def test_second_referrers_are_as_many_as_planted_and_shares_need_no_repair(
    knobs: dict[str, Any],
) -> None:
    company = companies.company(**knobs)
    truth, _, graph = load(company)
    referrers = graph.arcs.filter("counted")["referred"].value_counts()["count"]
    assert (referrers > 1).sum() == truth["counts"]["two_referrers"]
    assert referrers.max() == (2 if truth["counts"]["two_referrers"] else 1)
    if company.plan.referral_share > 0.1:
        assert truth["counts"]["two_referrers"] > 0
    assert not [note for note in graph.notes if "share" in note.id]


@EVERY_PLAN
def test_hidden_referrals_leave_no_trace(knobs: dict[str, Any]) -> None:
    truth, data, _ = load(companies.company(**knobs))
    hidden = [pair["referred"] for pair in truth["hidden"]]
    assert len(hidden) == truth["counts"]["hidden"]
    assert not set(hidden) & set(data.referrals["referred"])
    sources = data.customers.filter(pl.col("id").is_in(hidden))["source"]
    assert sources.null_count() == len(hidden)


@EVERY_PLAN
def test_genuine_share_lies_within_the_bounds(knobs: dict[str, Any]) -> None:
    truth = companies.truth(companies.company(**knobs))
    counts, (low, high) = truth["counts"], truth["share"]["bounds"]
    planted = (counts["looped"] + counts["thin"]) / counts["existing"]
    assert low <= truth["share"]["genuine"] + planted <= high


PATTERNS = ("loops", "farms", "bursts", "shared_contacts", "hidden", "strangers")


def test_plain_company_has_nothing_planted_but_its_share() -> None:
    company = companies.build_bare(size=2000)
    truth, _, graph = load(company)
    assert not truth["expected"]["findings"]
    assert not truth["expected"]["rejected"]
    assert not any(truth[name] for name in PATTERNS)
    assert set(graph.parties["role"]) == {"customer"}
    assert_counts_hold(company)
    assert_shares_hold(company)
    assert_faults_hold(company)


def test_scope_with_staff_and_partners_counts_their_recommendations() -> None:
    company = companies.company(size=3000)
    counts = companies.truth(company)["counts"]
    arcs = companies.graph(company, Scope(count=("partner", "staff"))).arcs
    kinds = dict(arcs.filter("valid")["kind"].value_counts().iter_rows())
    assert kinds["staff"] == counts["staff"]
    assert arcs.filter(pl.col("kind") == "authority").height == counts["authorities"]
    assert arcs.filter("counted").height == arcs.filter("valid").height
