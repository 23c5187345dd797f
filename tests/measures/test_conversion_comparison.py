"""Who counts as one cluster, and when two conversions are compared."""

from __future__ import annotations

import numpy as np
import pytest
from support.toys import company

from refgraph.graph import build_graph
from refgraph.measures.conversion_comparison import (
    NOT_COMPARED,
    compare_conversion,
    count_clusters,
    list_decided,
    note_design_effect,
)
from refgraph.model.graph import Graph
from refgraph.model.scope import Scope
from refgraph.model.settings import FunnelSettings, Settings


def build_forks() -> Graph:
    """b is referred by a and c, d by nobody that counts, e by staff, f has no outcome yet."""
    people: dict[str, dict[str, object]] = {
        "a": {"status": "closed", "joined": "2018-01-01"},
        "b": {"status": "closed", "joined": "2020-01-01", "entered_at": "2019-12-31"},
        "c": {"status": "closed", "joined": "2020-01-01", "entered_at": "2020-01-01"},
        "d": {"status": "lost", "entered_at": "2019-01-01"},
        "e": {"status": "lost"},
        "f": {"status": "contacted"},
        "s": {"role": "staff"},
    }
    arcs = [
        {"referrer": "a", "referred": "b", "share": 0.4},
        {"referrer": "c", "referred": "b", "share": 0.6},
        {"referrer": "a", "referred": "d", "status": "void"},
        {"referrer": "s", "referred": "e"},
        {"referrer": "a", "referred": "f"},
        {"referrer": "c", "referred": "a"},
    ]
    return build_graph(company(people, arcs), Scope())


def test_clusters_are_the_primary_referrers_of_any_kind() -> None:
    graph = build_forks()
    ids = graph.parties["id"].to_list()
    found = {
        ids[party]: (cluster if cluster < 0 else ids[cluster], closed, early)
        for party, cluster, closed, early in list_decided(graph).iter_rows()
    }
    assert found == {
        "a": ("c", True, False),
        "b": ("c", True, True),
        "c": (-3, True, False),
        "d": (-4, False, False),
        "e": ("s", False, False),
    }
    everyone = count_clusters(graph, np.ones(len(graph), bool))
    assert everyone.select("closed", "decided", "entered_first").sum().row(0) == (3, 5, 1)
    assert everyone.height == 4


@pytest.mark.parametrize(
    ("at", "referrer"), [(("2019-01-01", None), "a"), ((None, "2019-01-01"), "b")]
)
def test_of_equal_shares_the_dated_referrer_is_primary(
    at: tuple[str | None, str | None], referrer: str
) -> None:
    people: dict[str, dict[str, object]] = {x: {"status": "closed"} for x in "abx"}
    arcs = [{"referrer": r, "referred": "x", "at": t} for r, t in zip("ab", at, strict=True)]
    graph = build_graph(company(people, arcs), Scope())
    (cluster,) = list_decided(graph).filter(party=2)["cluster"]
    assert graph.parties["id"][cluster] == referrer


@pytest.mark.parametrize("losses", [(4, 9), (5, 9), (9, 4), (9, 5), (9, 0), (0, 9)])
@pytest.mark.parametrize("closed", [(3, 9), (1, 1), (40, 40)])
def test_reason_is_the_plainest_one(losses: tuple[int, int], closed: tuple[int, int]) -> None:
    people: dict[str, dict[str, object]] = {}
    for side, lost, won in zip("xy", losses, closed, strict=True):
        people |= {f"{side}{k}": {"status": "lost"} for k in range(lost)}
        people |= {f"{side}w{k}": {"status": "closed"} for k in range(won)}
    rules = Settings(funnel=FunnelSettings(complete=True))
    graph = build_graph(company(people, [], settings=rules), Scope())
    is_x = graph.parties["id"].str.starts_with("x").to_numpy()
    sides = count_clusters(graph, is_x), count_clusters(graph, ~is_x)
    found = compare_conversion(graph, *sides)
    decided = [a + b for a, b in zip(losses, closed, strict=True)]
    expected = ""
    if min(decided) < 5:
        expected = "few-decided"
    elif min(losses) < 5:
        expected = "few-lost" if losses[1] else "no-lost"
    assert found.reason == expected and (found.difference is None) is bool(expected)
    assert expected in (*NOT_COMPARED, "")
    assert note_design_effect(found.first) == []
