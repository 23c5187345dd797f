"""Planted farms, bursts and loops are found, at the rates asked for.

The companies are generated, so their truth is known.
"""

from __future__ import annotations

import pytest
from support import companies

from refgraph.graph import integrity_rules
from refgraph.graph.integrity_input import build_integrity_input
from refgraph.model.graph import Graph

SEEDS = range(10)


def members(graph: Graph, code: str) -> list[list[str]]:
    """The ids of the members of each case of a code, in the order of the rule."""
    scene = build_integrity_input(
        graph.parties, graph.arcs, graph.affiliations, graph.as_of, graph.value.scaled
    )
    ids = graph.parties["id"]
    return [
        ids.gather(case).to_list() for case in integrity_rules.find_cases(scene, [code])["members"]
    ]


def test_integrity_planted_alias_farms_are_found() -> None:
    """Accounts found and planted over ten seeds: precision at least 0.95, recall at least 0.90."""
    right = found = planted = 0
    for seed in SEEDS:
        made = companies.company(size=4000, seed=seed)
        truth = {m for farm in companies.truth(made)["farms"] for m in farm["members"]}
        accused = {m for case in members(companies.graph(made), "alias-farm") for m in case[1:]}
        right, found, planted = (
            right + len(truth & accused),
            found + len(accused),
            planted + len(truth),
        )
    assert planted >= 10 * 4000 * 0.6 * 0.01 * 0.5
    assert right / found >= 0.95
    assert right / planted >= 0.90


@pytest.mark.parametrize("seed", SEEDS[:3])
def test_integrity_planted_bursts_are_found_and_honest_sharers_not(seed: int) -> None:
    made = companies.company(size=4000, seed=seed, farms=0.0, bursts=3)
    truth = companies.truth(made)
    graph = companies.graph(made)
    accused = {case[0]: set(case[1:]) for case in members(graph, "burst")}
    planted = {burst["referrer"]: set(burst["referred"]) for burst in truth["bursts"]}
    assert len(planted) == 3
    assert {who for who in planted if accused.get(who, set()) & planted[who]} == set(planted)
    assert members(graph, "alias-farm") == []
    shared = {frozenset(pair["parties"]) for pair in truth["shared_contacts"]}
    assert shared <= {frozenset(case) for case in members(graph, "alias")}


@pytest.mark.parametrize("loops", [0, 1, 7])
def test_integrity_planted_cycles_are_found_and_no_others(loops: int) -> None:
    made = companies.company(size=4000, seed=5, loops=loops, loop_length=10)
    found = companies.graph(made).findings.filter(code="referral-loop")["members"].to_list()
    assert sorted(map(sorted, found)) == sorted(map(sorted, companies.truth(made)["loops"]))
    assert len(found) == loops
