"""Shares that add up to one, loops cut, primary referrers: against exact fractions and plain networkx."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import cut
from toys import company, loop

from refgraph.graphs import build, measures
from refgraph.model.graph import Graph
from refgraph.model.scope import Scope

PEOPLE = "abcdefg"
PAIRS = st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)).filter(lambda x: x[0] != x[1])
DAYS = st.one_of(st.none(), st.integers(1, 4).map(lambda k: f"202{k}-01-01"))
TENTHS = st.one_of(st.none(), st.integers(1, 10).map(lambda k: Fraction(k, 10)))


def referral(pair: tuple[str, str], share: object = None, at: str | None = None) -> dict[str, object]:
    return {"referrer": pair[0], "referred": pair[1], "share": share, "at": at}


def made(rows: Sequence[dict[str, object]], joined: Sequence[str | None] = ()) -> Graph:
    days = dict(zip(PEOPLE, joined, strict=False))
    return build(company({x: {"revenue": 10, "joined": days.get(x)} for x in PEOPLE}, rows), Scope())


def flowing(graph: Graph) -> dict[tuple[str, str], float]:
    rows = graph.arcs.filter("counted", ~graph.arcs["cut"]).select("referrer", "referred", "share").iter_rows()
    return {(PEOPLE[u], PEOPLE[v]): s for u, v, s in rows}


def settled(told: dict[tuple[str, str], Fraction | None]) -> tuple[dict[tuple[str, str], Fraction], int]:
    """Shares as they should be, and the number of parties whose given ones were changed."""
    out, changed = {}, 0
    for referred in {v for _, v in told}:
        mine = {pair: s for pair, s in told.items() if pair[1] == referred}
        named, blanks = sum((s for s in mine.values() if s), Fraction(0)), [p for p, s in mine.items() if s is None]
        for pair, share in mine.items():
            if not blanks:
                out[pair] = Fraction(share or 0) / named
            elif named < 1:
                out[pair] = (1 - named) / len(blanks) if share is None else share
            else:
                out[pair] = Fraction(1, len(mine))
        changed += named != 1 if not blanks else named >= 1
    return out, changed


@settings(deadline=None)
@given(st.dictionaries(PAIRS.filter(lambda x: x[0] < x[1]), TENTHS, max_size=14))
def test_shares_add_up_to_one_and_a_note_counts_what_changed(told: dict[tuple[str, str], Fraction | None]) -> None:
    graph = made([referral(pair, None if s is None else float(s)) for pair, s in told.items()])
    expected, changed = settled(told)
    assert flowing(graph) == pytest.approx({pair: float(s) for pair, s in expected.items()})
    noted = [n.values["customers"] for n in graph.notes if n.id == "note.shares-renormalised"]
    assert noted == ([changed] if changed else [])


def test_rounding_leaves_nothing_to_a_blank() -> None:
    graph = made([referral(("a", "d"), 0.7), referral(("b", "d"), 0.2), referral(("c", "d"), 0.1), referral(("e", "d"))])
    assert 0.7 + 0.2 + 0.1 != 1.0
    assert set(flowing(graph).values()) == {0.25}
    assert "note.shares-renormalised" in [n.id for n in graph.notes]


@settings(deadline=None)
@given(st.sets(PAIRS, max_size=22), st.lists(DAYS, min_size=len(PEOPLE), max_size=len(PEOPLE)))
def test_loops_are_cut_where_the_definition_says(arcs: set[tuple[str, str]], joined: list[str | None]) -> None:
    graph = made([referral(pair) for pair in sorted(arcs)], joined)
    left = cut(arcs, dict(zip(PEOPLE, joined, strict=True)))
    assert set(flowing(graph)) == left
    codes = graph.findings["code"].to_list()
    whole = [sorted(c) for c in nx.strongly_connected_components(nx.DiGraph(list(arcs))) if len(c) > 1]
    members = graph.findings.filter(graph.findings["code"] == "referral-loop")["members"].to_list()
    assert (sorted(members), codes.count("loop-cut")) == (sorted(whole), len(arcs - left))
    noted = [(n.values["loops"], n.values["cuts"]) for n in graph.notes if n.id == "note.loops-cut"]
    assert noted == ([(len(whole), len(arcs - left))] if whole else [])


@settings(deadline=None)
@given(st.dictionaries(PAIRS, st.tuples(TENTHS, DAYS), max_size=16))
def test_the_primary_referrer_has_the_largest_share_then_the_earliest_day(told: dict[tuple[str, str], tuple[Fraction | None, str | None]]) -> None:
    rows = [referral(pair, None if s is None else float(s), at) for pair, (s, at) in told.items()]
    graph = made(rows)
    shares = flowing(graph)
    for v, x in enumerate(PEOPLE):
        mine = sorted((-s, told[pair][1] or "9999", pair[0]) for pair, s in shares.items() if pair[1] == x)
        assert graph.forest.parent[v] == (PEOPLE.index(mine[0][2]) if mine else -1)


@settings(deadline=None)
@given(st.sets(PAIRS, max_size=20), st.randoms(use_true_random=False))
def test_both_compressed_forms_hold_the_same_arcs_in_any_order_of_rows(arcs: set[tuple[str, str]], chance: object) -> None:
    rows = [referral(pair) for pair in sorted(arcs)]
    graph = made(rows)
    chance.shuffle(rows)  # type: ignore[attr-defined]
    again, flow, n = made(rows).flow, graph.flow, len(PEOPLE)
    into = list(zip(flow.in_src, np.repeat(np.arange(n), np.diff(flow.in_ptr)), flow.in_share, flow.in_arc, strict=True))
    out = list(zip(np.repeat(np.arange(n), np.diff(flow.out_ptr)), flow.out_dst, flow.out_share, flow.out_arc, strict=True))
    assert sorted(into) == sorted(out)
    assert {(PEOPLE[u], PEOPLE[v]): s for u, v, s, _ in into} == flowing(graph)
    assert flow.in_share.tobytes() == again.in_share.tobytes()
    assert flow.out_dst.tobytes() == again.out_dst.tobytes()


def test_a_ring_of_three_opens_before_the_one_who_joined_first() -> None:
    graph = build(loop(), Scope())
    assert graph.arcs.filter("cut").select("referrer", "referred").rows() == [(2, 0)]
    assert graph.forest.parent.tolist() == [-1, 0, 1]
    assert measures.reach(graph).downstream.tolist() == [2, 1, 0]
    assert graph.findings.filter(graph.findings["code"] == "referral-loop")["detail"].to_list() == ["3"]
