"""Cycles are cut and shares normalized as defined, against exact fractions and plain networkx."""

from __future__ import annotations

from fractions import Fraction

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.oracles import cut
from support.small_graphs import (
    DAYS,
    PAIRS,
    PEOPLE,
    TENTHS,
    build_small_graph,
    list_active,
    referral,
)
from support.toys import loop

from refgraph.graph import build_graph
from refgraph.measures import reach_and_credit
from refgraph.model.scope import Scope

Shares = dict[tuple[str, str], Fraction | None]


def normalize(given: Shares) -> tuple[dict[tuple[str, str], Fraction], int]:
    """Shares as defined, and for how many parties the given ones had to be changed."""
    normalized, changed = {}, 0
    for referred in {pair[1] for pair in given}:
        shares = {pair: share for pair, share in given.items() if pair[1] == referred}
        total = sum((share for share in shares.values() if share), Fraction(0))
        missing = sum(share is None for share in shares.values())
        for pair, share in shares.items():
            if not missing:
                normalized[pair] = Fraction(share or 0) / total
            elif total < 1:
                normalized[pair] = (1 - total) / missing if share is None else share
            else:
                normalized[pair] = Fraction(1, len(shares))
        changed += total >= 1 if missing else total != 1
    return normalized, changed


@settings(deadline=None)
@given(st.dictionaries(PAIRS.filter(lambda x: x[0] < x[1]), TENTHS, max_size=14))
def test_normalize_shares_of_any_shares_adds_up_to_one_and_notes_changes(given: Shares) -> None:
    rows = [referral(pair, None if s is None else float(s)) for pair, s in given.items()]
    graph = build_small_graph(rows)
    expected, changed = normalize(given)
    assert list_active(graph) == pytest.approx({pair: float(s) for pair, s in expected.items()})
    notes = [n.values["customers"] for n in graph.notes if n.id == "note.shares-renormalised"]
    assert notes == ([changed] if changed else [])


def test_normalize_shares_with_rounding_error_leaves_nothing_to_a_blank() -> None:
    assert 0.7 + 0.2 + 0.1 != 1.0
    shares = {"a": 0.7, "b": 0.2, "c": 0.1, "e": None}
    graph = build_small_graph([referral((x, "d"), share) for x, share in shares.items()])
    assert set(list_active(graph).values()) == {0.25}
    assert "note.shares-renormalised" in [n.id for n in graph.notes]


@settings(deadline=None)
@given(st.sets(PAIRS, max_size=22), st.lists(DAYS, min_size=len(PEOPLE), max_size=len(PEOPLE)))
def test_cut_cycles_of_any_graph_cuts_as_the_oracle(
    arcs: set[tuple[str, str]], joined: list[str | None]
) -> None:
    graph = build_small_graph([referral(pair) for pair in sorted(arcs)], joined)
    uncut = cut(arcs, dict(zip(PEOPLE, joined, strict=True)))
    assert set(list_active(graph)) == uncut
    components = nx.strongly_connected_components(nx.DiGraph(list(arcs)))
    cycles = sorted(sorted(c) for c in components if len(c) > 1)
    cuts = len(arcs - uncut)
    findings = graph.findings.filter(graph.findings["code"] == "referral-loop")
    assert sorted(findings["members"].to_list()) == cycles
    assert graph.findings["code"].to_list().count("loop-cut") == cuts
    notes = [(n.values["loops"], n.values["cuts"]) for n in graph.notes if n.id == "note.loops-cut"]
    assert notes == ([(len(cycles), cuts)] if cycles else [])


def test_cut_cycles_of_a_ring_cuts_the_referral_into_the_first_to_join() -> None:
    graph = build_graph(loop(), Scope())
    assert graph.arcs.filter("cut").select("referrer", "referred").rows() == [(2, 0)]
    assert graph.forest.parent.tolist() == [-1, 0, 1]
    assert reach_and_credit.compute_reach(graph).downstream.tolist() == [2, 1, 0]
    findings = graph.findings.filter(graph.findings["code"] == "referral-loop")
    assert findings["detail"].to_list() == ["3"]
