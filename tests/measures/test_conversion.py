"""Outcomes of referrals and their conversion, against plain counts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.toys import company

from refgraph.estimates.proportion import wilson
from refgraph.graph import build_graph
from refgraph.measures.conversion import (
    count_contradicted_statuses,
    count_outcomes,
    count_referred_where,
    is_lost,
    tally_conversion,
)
from refgraph.measures.members import Members
from refgraph.model.graph import Graph
from refgraph.model.scope import Scope
from refgraph.model.tally import Tally

STATUSES = ("closed", "lost", "negotiating", "contacted", "prospect", "void")
IDS = "abcdefg"
PAIR = st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)).filter(lambda p: p[0] < p[1])


def build_example() -> Graph:
    """a referred b (closed), c (lost), d (open); b referred e (closed)."""
    statuses = {"a": "closed", "b": "closed", "c": "lost", "d": "contacted", "e": "closed"}
    people = {id: {"status": status} for id, status in statuses.items()}
    arcs = [("a", "b"), ("a", "c"), ("a", "d"), ("b", "e")]
    return build_graph(company(people, arcs), Scope())


@pytest.mark.parametrize(
    ("status", "count"),
    [("closed", 0), ("void", 0), ("", 0), ("lost", 1), ("contacted", 1), ("prospect", 1)],
)
def test_count_contradicted_statuses_counts_unclosed_referrals_of_customers(
    status: str, count: int
) -> None:
    people = {"a": {"status": "closed"}, "b": {"status": "closed"}, "c": {"status": "contacted"}}
    ends = ({"referrer": "a", "referred": "b"}, {"referrer": "a", "referred": "c"})
    rows = [{**pair, "status": status} for pair in ends]
    assert count_contradicted_statuses(build_graph(company(people, rows), Scope())) == count


def test_count_outcomes_of_the_example_counts_referred_closed_and_lost() -> None:
    outcomes = count_outcomes(build_example())
    assert outcomes.referred.tolist() == [3, 1, 0, 0, 0]
    assert outcomes.closed.tolist() == [1, 1, 0, 0, 0]
    assert outcomes.lost.tolist() == [1, 0, 0, 0, 0]


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(STATUSES), min_size=len(IDS), max_size=len(IDS)),
    st.sets(PAIR, max_size=14),
)
def test_count_outcomes_of_any_company_equals_a_plain_count(
    statuses: list[str], arcs: set[tuple[str, str]]
) -> None:
    status = dict(zip(IDS, statuses, strict=True))
    people = {id: {"status": word} for id, word in status.items()}
    graph = build_graph(company(people, sorted(arcs)), Scope())
    valid = [(u, v) for u, v in arcs if "void" not in (status[u], status[v])]
    outcomes = count_outcomes(graph)
    for index, id in enumerate(IDS):
        words = [status[v] for u, v in valid if u == id]
        assert outcomes.referred[index] == len(words)
        assert outcomes.closed[index] == words.count("closed")
        assert outcomes.lost[index] == words.count("lost")


def test_count_referred_where_without_arcs_is_zero() -> None:
    graph = build_graph(company({"a": {}, "b": {}}, []), Scope())
    assert count_referred_where(graph, np.ones(2, np.bool_)).tolist() == [0, 0]


def test_is_lost_of_staff_with_status_lost_is_false() -> None:
    people: dict[str, dict[str, object]] = {
        "a": {"status": "lost"},
        "s": {"status": "lost", "role": "staff"},
    }
    assert is_lost(build_graph(company(people, []), Scope())).tolist() == [True, False]


def count_one(hits: int, total: int) -> Tally:
    """A count of ``hits`` of ``total`` rows, as a tally of one group."""
    rows = Members("customers", np.zeros(total, np.int64), 1)
    return rows.count(np.arange(total) < hits)


def test_tally_conversion_gives_shares_with_wilson_intervals() -> None:
    conversion = tally_conversion(build_example(), count_one(3, 4), count_one(1, 4))
    low, high = wilson(3, 4)
    columns = {name: tally.get_number() for name, tally in conversion.items()}
    assert columns == {"conversion": 0.75, "conversion_low": low, "conversion_high": high}
    undecided = tally_conversion(build_example(), count_one(0, 1), count_one(0, 1))
    assert [tally.get_number() for tally in undecided.values()] == [None] * 3


def test_tally_conversion_without_status_is_unknown() -> None:
    graph = build_graph(company({"a": {}}, []), Scope())
    conversion = tally_conversion(graph, count_one(3, 4), count_one(1, 4))
    assert [tally.get_number() for tally in conversion.values()] == [None] * 3
