"""Hidden key accounts (M18) against the definition, customer by customer."""

from __future__ import annotations

from statistics import median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import companies, toys

from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.graph import build_graph
from refgraph.measures.quadrants import compute_quadrants, mark_top_tenth
from refgraph.model.graph import Graph
from refgraph.model.message import Names
from refgraph.model.scope import Scope
from refgraph.model.settings import Settings

BY_REVENUE = Settings.from_tables({"key_account": {"measure": "revenue", "over": 100}})


def find_hidden(graph: Graph) -> set[str]:
    """The definition in a loop over customers."""
    quadrants = compute_quadrants(graph)
    ids, is_key = graph.parties["id"].to_list(), graph.parties["key"].to_list()
    existing = [k for k in range(len(graph)) if graph.existing[k]]
    own = {k: float(graph.value.numbers[k]) for k in existing}
    cut = median([value for value in own.values() if value > 0] or [float("inf")])
    earned = {k: quadrants.earned[k] for k in existing if quadrants.earned[k] > 0}
    main_keys = dict.fromkeys(existing, 0)
    for arc in graph.active_arcs.iter_rows(named=True):
        if is_key[arc["referred"]] and arc["share"] >= 0.5 and arc["referrer"] in main_keys:
            main_keys[arc["referrer"]] += 1
    seats = max(1, len(earned) // 10)
    found = set()
    for k in existing:
        rank = 1 + sum(other > earned.get(k, 0.0) for other in earned.values())
        is_top = k in earned and rank <= seats
        if own[k] < cut and (main_keys[k] >= 2 or is_top):
            found.add(ids[k])
    return found


@pytest.mark.parametrize("knobs", [{"size": 300, "seed": 5}, {"size": 400, "seed": 2}])
def test_hidden_key_accounts_of_companies_equal_the_definition(knobs: dict[str, int]) -> None:
    graph = companies.graph(companies.company(several=0.3, **knobs))
    quadrants = compute_quadrants(graph)
    hidden = set(graph.parties["id"].filter(quadrants.hidden))
    assert hidden == find_hidden(graph)
    seats = max(1, int((quadrants.earned[graph.existing] > 0).sum()) // 10)
    by_keys = int((quadrants.main_keys >= 2).sum())
    assert 0 < len(hidden) <= seats + by_keys + 1


@given(st.lists(st.integers(0, 6), min_size=1, max_size=40), st.integers(0, 2**40 - 1))
def test_top_tenth_equals_ranks_with_ties_in(numbers: list[int], bits: int) -> None:
    earned = np.array(numbers, np.float64)
    existing = np.array([bool(bits >> k & 1) for k in range(len(numbers))])
    candidates = [x for x, is_in in zip(numbers, existing, strict=True) if is_in and x > 0]
    seats = max(1, len(candidates) // 10)
    expected = [
        bool(is_in) and x > 0 and 1 + sum(y > x for y in candidates) <= seats
        for x, is_in in zip(numbers, existing, strict=True)
    ]
    assert mark_top_tenth(earned, existing).tolist() == expected


@pytest.mark.parametrize(("share", "is_hidden"), [(0.5, True), (0.4, False)])
def test_hidden_key_account_holds_half_of_each_key_account(share: float, is_hidden: bool) -> None:
    """Low own value, two key accounts referred with another; somebody else earned more credit."""
    revenues = {"s": 1, "t": 5000, "k1": 200, "k2": 200, "m": 90, "z": 9000}
    arcs: list[dict[str, object]] = [
        {"referrer": who, "referred": key, "share": part}
        for key in ("k1", "k2")
        for who, part in (("s", share), ("t", 1 - share))
    ]
    arcs.append({"referrer": "m", "referred": "z", "share": 1})
    people: dict[str, dict[str, object]] = {x: {"revenue": r} for x, r in revenues.items()}
    data = toys.company(people, arcs, settings=BY_REVENUE)
    graph = build_graph(data, Scope())
    hidden = dict(zip(graph.parties["id"], compute_quadrants(graph).hidden.tolist(), strict=True))
    assert hidden == {**dict.fromkeys(revenues, False), "s": is_hidden, "m": True}


def test_hidden_key_accounts_in_the_headline_are_few_names_and_the_count() -> None:
    """Seven hidden by two key accounts each: three names, and how many more."""
    people: dict[str, dict[str, object]] = {f"s{k}": {"revenue": 1} for k in range(7)}
    people |= {f"k{k}": {"revenue": 200} for k in range(14)}
    arcs = [(f"s{k}", f"k{2 * k + j}") for k in range(7) for j in (0, 1)]
    data = toys.company(people, arcs, settings=BY_REVENUE)
    head = pipeline.run(OfflineEngine(data), "quadrants").headline.values["head"]
    assert head.values["hidden"] == 7
    assert head.values["names"] == Names(("s0", "s1", "s2"), 4)


def test_hidden_without_a_rule_goes_by_credit_alone() -> None:
    people: dict[str, dict[str, object]] = {f"s{k}": {"revenue": 1} for k in range(3)}
    people |= {f"k{k}": {"revenue": 200 + k} for k in range(6)}
    arcs = [(f"s{k}", f"k{2 * k + j}") for k in range(3) for j in (0, 1)]
    frame = pipeline.run(OfflineEngine(toys.company(people, arcs)), "quadrants").frame
    assert frame.filter("hidden")["customer"].to_list() == ["s2"]
    assert frame["keys_brought"].null_count() == frame.height
