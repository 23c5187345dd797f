"""What is planted as a count is found again, exactly, by the rooms that know nothing of the generator."""

from __future__ import annotations

from typing import Any

import companies
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refgraph.errors import UsageError
from refgraph.generator import Company, Plan, build, ids, plain
from refgraph.graphs.arrivals import DEFINITIONS, arrived, unsourced
from refgraph.model.scope import Scope

KNOBS = {
    "default": {"size": 3000},
    "many faults": {"size": 4000, "seed": 7, "loops": 12, "loop_length": 10, "self_referrals": 9, "strangers": 0.1, "farms": 0.05,
                    "bursts": 8, "referral_share": 0.5, "several": 0.3},
    "chained, all but stay": {"size": 2000, "seed": 3, "chain": 0.8, "churn": 0.0, "nameless": 0.4, "shuffle_ids": True},
    "few come by referral": {"size": 2000, "seed": 4, "referral_share": 0.02, "farms": 0.0, "loops": 0, "bursts": 0},
    "everybody leaves early": {"size": 3000, "seed": 5, "churn": 0.8, "retention": 2.0, "staff": 0.2, "partners": 0.1},
}  # fmt: skip
EACH = pytest.mark.parametrize("knobs", KNOBS.values(), ids=KNOBS)


def holds(made: Company) -> None:
    """Every count of truth.json, recounted from the Dataset and its graph."""
    truth, data, graph = companies.truth(made), companies.dataset(made), companies.graph(made)
    counts, existing = truth["counts"], graph.existing
    stages = dict(graph.parties.filter(~pl.col("stub"))["stage"].value_counts().iter_rows())
    assert len(graph) == counts["parties"] + counts["stranger"]
    assert counts["parties"] == made.plan.size == data.ledger["read"][0]
    named = {"existing": "existing", "former": "former", "prospect": "prospects"}
    assert {s: stages.get(s, 0) for s in named} == {s: counts[name] for s, name in named.items()}
    assert stages.get("other", 0) == sum(counts[f"{kind}_parties"] for kind in ("staff", "partner", "authority"))
    found = [int((arrived(graph, kinds) & existing).sum()) for kinds in DEFINITIONS.values()]
    staff, partners = counts["staff"], counts["partners"]
    assert found == [counts["referred"], counts["referred"] + staff, counts["referred"] + staff + partners]
    assert counts["referred"] == round(made.plan.referral_share * counts["existing"])
    assert int((unsourced(graph) & existing).sum()) == counts["unknown"]
    assert data.referrals.height + made.plan.self_referrals == counts["referral_rows"]
    assert str(graph.as_of) == truth["as_of"]


def faults(made: Company) -> None:
    """What is set aside and what is flagged: the planted, no more, no less, and by member."""
    truth, data, graph = companies.truth(made), companies.dataset(made), companies.graph(made)
    assert dict(data.rejects["code"].value_counts().iter_rows()) == truth["expected"]["set_aside"]
    assert dict(graph.findings["code"].value_counts().iter_rows()) == truth["expected"]["findings"]
    assert sorted(data.rejects["value"]) == sorted(truth["self_referrals"])
    loops = graph.findings.filter(pl.col("code") == "referral-loop")["members"].to_list()
    assert sorted(loops) == sorted(sorted(loop) for loop in truth["loops"])
    strangers = graph.findings.filter(pl.col("code") == "unknown-party")["members"].explode().to_list()
    assert sorted(strangers) == sorted(truth["strangers"]) == sorted(graph.parties.filter("stub")["id"])
    assert not data.warnings
    assert data.ledger["deduplicated"].sum() == 0


@EACH
def test_counts_are_as_planted(knobs: dict[str, Any]) -> None:
    holds(companies.company(**knobs))


@EACH
def test_faults_are_those_planted(knobs: dict[str, Any]) -> None:
    faults(companies.company(**knobs))


@EACH
def test_conversion_is_as_planned(knobs: dict[str, Any]) -> None:
    made = companies.company(**knobs)
    told, graph = companies.truth(made)["conversion"], companies.graph(made)
    referred = graph.parties[graph.arcs.filter("counted")["referred"].unique().to_list()]
    lost = referred.filter(pl.col("status") == "lost").height
    closed = referred.filter(pl.col("stage").is_in(["existing", "former"])).height
    assert (closed, lost, referred.height - closed - lost) == (told["closed"], told["lost"], told["open"])
    assert abs(closed / (closed + lost) - made.plan.conversion) <= 1 / (closed + lost)


@EACH
def test_primary_referrers_are_the_true_ones_and_shares_need_no_repair(knobs: dict[str, Any]) -> None:
    made = companies.company(**knobs)
    graph, truth = companies.graph(made), companies.truth(made)
    called = ids(made)
    place = {id: k for k, id in enumerate(graph.parties["id"])}
    parent = graph.forest.parent
    looped = {id for loop in truth["loops"] for id in loop}
    arcs = graph.arcs.filter(pl.col("valid") & (pl.col("kind") == "customer"))
    told = set(graph.parties["id"].gather(arcs["referred"].unique())) - looped
    named = [(called[k], called[int(made.parent[k])]) for k in range(made.plan.size) if called[k] in told and made.parent[k] >= 0]
    strangers = set(truth["strangers"])
    at_odds = [child for child, referrer in named if graph.parties["id"][int(parent[place[child]])] not in {referrer} | strangers]
    assert len(named) > 20
    assert not at_odds
    twice = graph.arcs.filter(pl.col("counted"))["referred"].value_counts().filter(pl.col("count") > 1)
    assert twice.height == truth["counts"]["two_referrers"] > (0 if made.plan.referral_share > 0.1 else -1)
    assert twice["count"].max() in (None, 2)
    assert not [note for note in graph.notes if "share" in note.id]


@EACH
def test_hidden_referrals_leave_no_trace(knobs: dict[str, Any]) -> None:
    made = companies.company(**knobs)
    truth, data = companies.truth(made), companies.dataset(made)
    hidden = [pair["referred"] for pair in truth["hidden"]]
    assert len(hidden) == truth["counts"]["hidden"]
    assert not set(hidden) & set(data.referrals["referred"])
    assert data.customers.filter(pl.col("id").is_in(hidden))["source"].null_count() == len(hidden)
    low, high = truth["share"]["bounds"]
    genuine = truth["share"]["genuine"] + (truth["counts"]["looped"] + truth["counts"]["thin"]) / truth["counts"]["existing"]
    assert low <= genuine <= high


def test_a_plain_company_has_nothing_but_its_share() -> None:
    made = companies.bare(size=2000)
    truth, graph = companies.truth(made), companies.graph(made)
    assert not truth["expected"]["findings"]
    assert not truth["expected"]["set_aside"]
    assert not [truth[name] for name in ("loops", "farms", "bursts", "shared_contacts", "hidden", "strangers") if truth[name]]
    assert set(graph.parties["role"]) == {"customer"}
    holds(made)
    faults(made)


def test_counting_staff_and_partners_adds_theirs() -> None:
    made = companies.company(size=3000)
    counts = companies.truth(made)["counts"]
    graph = companies.graph(made, Scope(count=("partner", "staff")))
    kinds = graph.arcs.filter("valid")["kind"].value_counts()
    assert dict(kinds.iter_rows())["staff"] == counts["staff"]
    assert graph.arcs.filter(pl.col("kind") == "authority").height == counts["authorities"]
    assert graph.arcs.filter("counted").height == graph.arcs.filter("valid").height


shares = st.floats(0.0, 0.3)


@given(size=st.integers(10, 400), seed=st.integers(0, 2**63 - 1), referral_share=st.floats(0.0, 0.9), missing_sources=shares,
       nameless=shares, strangers=shares, staff=shares, loops=st.integers(0, 3), loop_length=st.integers(2, 6),
       self_referrals=st.integers(0, 4), heterogeneity=st.floats(0.0, 5.0), chain=st.none() | st.floats(0.0, 0.95),
       several=st.floats(0.0, 0.5), churn=st.floats(0.0, 1.0), retention=st.floats(0.0, 10.0), farms=st.sampled_from([0.0, 0.05]),
       bursts=st.integers(0, 3), conversion=st.floats(0.05, 1.0), history_years=st.integers(2, 60), growth=st.floats(1.0, 5.0),
       order_years=st.integers(0, 60), shared_contacts=st.floats(0.0, 0.2))  # fmt: skip
@settings(max_examples=30, deadline=None)
def test_any_small_company_is_what_it_says_or_is_refused(**knobs: Any) -> None:
    try:
        made = build(plain(**knobs))
    except UsageError as error:
        assert error.id in ("generate-too-much", "generate-too-few-referred")
        return
    holds(made)
    faults(made)


def test_a_range_is_kept_and_all_faults_are_told_together() -> None:
    assert Plan(size=10).size == 10
    assert Plan(size=10_000_000).size == 10_000_000
    for wrong in ({"size": 9}, {"size": 10_000_001}, {"referral_share": 0.91}, {"seed": -1}, {"chain": 0.96}):
        with pytest.raises(UsageError, match="it goes from"):
            Plan(**wrong)
    with pytest.raises(UsageError) as found:
        Plan(size=1, churn=2.0, value_gap=-1.0)
    assert [e.values["knob"] for e in (found.value, *found.value.others)] == ["--size", "--churn", "--value-gap"]


def test_what_does_not_fit_is_refused_in_one_sentence() -> None:
    with pytest.raises(UsageError, match="need 70 referred customers"):
        build(plain(size=100, loops=7, loop_length=10))
    with pytest.raises(UsageError, match="the company has room for"):
        build(plain(size=1000, referral_share=0.8, missing_sources=0.3))
