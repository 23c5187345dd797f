"""Both compressed forms hold the active arcs, and the forest the primary referrers."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from support.small_graphs import (
    DAYS,
    PAIRS,
    PEOPLE,
    TENTHS,
    build_small_graph,
    list_active,
    referral,
)


@settings(deadline=None)
@given(st.dictionaries(PAIRS, st.tuples(TENTHS, DAYS), max_size=16))
def test_build_forest_takes_largest_share_then_earliest_date_then_id(
    arcs: dict[tuple[str, str], tuple[Fraction | None, str | None]],
) -> None:
    rows = [referral(pair, None if s is None else float(s), at) for pair, (s, at) in arcs.items()]
    graph = build_small_graph(rows)
    candidates: dict[str, list[tuple[float, str, str]]] = {x: [] for x in PEOPLE}
    for (referrer, referred), share in list_active(graph).items():
        date = arcs[referrer, referred][1] or "9999"
        candidates[referred].append((-share, date, referrer))
    for index, person in enumerate(PEOPLE):
        primary = PEOPLE.index(min(candidates[person])[2]) if candidates[person] else -1
        assert graph.forest.parent[index] == primary


@settings(deadline=None)
@given(st.sets(PAIRS, max_size=20), st.randoms(use_true_random=False))
def test_build_adjacency_in_any_order_of_rows_holds_the_same_arcs_both_ways(
    arcs: set[tuple[str, str]], dice: random.Random
) -> None:
    rows = [referral(pair) for pair in sorted(arcs)]
    graph = build_small_graph(rows)
    adjacency, n = graph.adjacency, len(PEOPLE)
    in_dst = np.repeat(np.arange(n), np.diff(adjacency.in_ptr))
    out_src = np.repeat(np.arange(n), np.diff(adjacency.out_ptr))
    incoming = (adjacency.in_src, in_dst, adjacency.in_share, adjacency.in_arc)
    outgoing = (out_src, adjacency.out_dst, adjacency.out_share, adjacency.out_arc)
    arcs_in = sorted(zip(*incoming, strict=True))
    assert arcs_in == sorted(zip(*outgoing, strict=True))
    shares = {(PEOPLE[u], PEOPLE[v]): share for u, v, share, _ in arcs_in}
    assert shares == list_active(graph)
    dice.shuffle(rows)
    shuffled = build_small_graph(rows).adjacency
    assert adjacency.in_share.tobytes() == shuffled.in_share.tobytes()
    assert adjacency.out_dst.tobytes() == shuffled.out_dst.tobytes()


@settings(deadline=None)
@given(st.sets(PAIRS, max_size=20))
def test_graph_degrees_of_any_graph_count_all_arcs_and_sources_the_active_ones(
    arcs: set[tuple[str, str]],
) -> None:
    graph = build_small_graph([referral(pair) for pair in sorted(arcs)])
    active = list(list_active(graph))
    assert graph.out_degree.tolist() == [sum(u == x for u, _ in arcs) for x in PEOPLE]
    assert graph.in_degree.tolist() == [sum(v == x for _, v in arcs) for x in PEOPLE]
    assert graph.adjacency.has_referrer.tolist() == [x in {v for _, v in active} for x in PEOPLE]
    lists = graph.referral_lists
    made = zip(lists.referrer.tolist(), lists.referred.tolist(), strict=True)
    assert [(PEOPLE[u], PEOPLE[v]) for u, v in made] == sorted(arcs)
    assert graph.arcs["referred"].gather(lists.arc).to_list() == lists.referred.tolist()
    pairs = zip(graph.arc_source.tolist(), graph.adjacency.out_dst.tolist(), strict=True)
    assert [(PEOPLE[u], PEOPLE[v]) for u, v in pairs] == sorted(active)
