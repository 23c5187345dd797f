"""Curves of time-to-refer and retention against their plain answers; shapes against networkx."""

from __future__ import annotations

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from support import toys
from support.program import CASE
from support.random_cases import cases

from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.estimates.survival import compute_event_share, kaplan_meier, tabulate_event_share
from refgraph.renderers.charts.tree_thumbnails import read_shape

SPELLS = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 20), st.booleans()), min_size=1, max_size=30
)


@settings(max_examples=cases(100), deadline=None)
@given(SPELLS)
def test_tabulated_curve_is_the_curve_at_each_time(rows: list[tuple[int, int, bool]]) -> None:
    entry, end, event = (np.array(column) for column in zip(*rows, strict=True))
    curve = kaplan_meier(entry, end, event)
    table = tabulate_event_share(curve, 2.0)
    watched = [row for row in rows if row[0] < row[1] or row[0] == 0]
    if not watched:
        assert not table
        return
    longest = max(last for _, last, _ in watched)
    assert [row[0] for row in table] == [2.0 * k for k in range(longest // 2 + 1)]
    for time, at_risk, *figures in table:
        there = sum(first < time <= last or (first == 0 == time) for first, last, _ in watched)
        assert at_risk == there
        assert np.allclose(figures, compute_event_share(curve, time), equal_nan=True)


def test_curve_of_time_to_refer_keeps_the_figures_of_its_brackets() -> None:
    engine = pipeline.open_source(CASE)
    plain = pipeline.run(engine, "time-to-refer")
    curve = pipeline.run(engine, "time-to-refer", {"curve": True})
    names = [column.name for column in plain.columns]
    assert curve.frame.select(names).unique(maintain_order=True).equals(plain.frame)
    assert curve.frame["years"].to_list() == [k / 4 for k in range(curve.frame.height)]
    at_risk = curve.frame["at_risk"].to_list()
    assert at_risk[0] > 80 and at_risk[-1] < 20
    shares = curve.frame["referred"].drop_nulls().to_list()
    assert shares == sorted(shares) and curve.headline == plain.headline


PARENTS = st.lists(st.integers(0, 10**6), min_size=2, max_size=40).map(
    lambda draws: [-1] + [d % k for k, d in enumerate(draws, 1)]
)


@settings(max_examples=cases(100), deadline=None)
@given(PARENTS)
def test_shape_of_a_tree_is_read_back_as_the_same_tree(parents: list[int]) -> None:
    ids = [f"{k:03d}" for k in range(len(parents))]
    pairs = [(ids[p], ids[k]) for k, p in enumerate(parents) if p >= 0]
    people: dict[str, dict[str, object]] = {id: {"revenue": 1} for id in ids}
    engine = OfflineEngine(toys.company(people, pairs))
    shape = pipeline.run(engine, "trees", {"shape": True}).frame["shape"].to_list()
    assert len(shape) == 1
    parent, is_closed = read_shape(shape[0])
    drawn = nx.DiGraph([(int(p), k) for k, p in enumerate(parent) if p >= 0])
    wanted = nx.DiGraph([(p, k) for k, p in enumerate(parents) if p >= 0])
    assert nx.is_isomorphic(drawn, wanted)
    assert is_closed.all()


def test_shape_of_a_large_tree_tells_its_first_thousand_parties() -> None:
    people: dict[str, dict[str, object]] = {f"{k:05d}": {} for k in range(3000)}
    pairs = [("00000", id) for id in list(people)[1:]]
    engine = OfflineEngine(toys.company(people, pairs))
    shape = pipeline.run(engine, "trees", {"shape": True}).frame["shape"][0]
    assert len(shape.split()) == 1000 and shape.startswith("2999")
    assert len(read_shape(shape)[0]) == 1000
