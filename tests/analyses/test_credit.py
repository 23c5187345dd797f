"""Credit by four rules against exact rationals.

The game itself is counted coalition by coalition, for up to ten parties.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import product
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import l96, toys
from support.random_cases import cases

from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.errors import UsageError
from refgraph.texts import format_message

CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"
IDS = "abcdefghij"
Worth = dict[str, Fraction]
Arcs = dict[tuple[str, str], Fraction]
"""(referrer, referred) -> share."""


def find_above(arcs: Arcs, worth: Worth) -> dict[str, set[str]]:
    graph = nx.DiGraph(list(arcs))
    graph.add_nodes_from(worth)
    return {x: nx.ancestors(graph, x) for x in worth}


def game(arcs: Arcs, worth: Worth) -> Worth:
    """The Shapley value, as defined, of v(S) = worth of those in S with all ancestors in S."""
    ids, need = sorted(worth), find_above(arcs, worth)
    bit = {x: 1 << k for k, x in enumerate(ids)}
    whole = [bit[x] | sum(bit[y] for y in need[x]) for x in ids]
    value = [
        sum((worth[x] for k, x in enumerate(ids) if whole[k] & s == whole[k]), Fraction(0))
        for s in range(1 << len(ids))
    ]
    n, out = len(ids), {}
    weight = [
        Fraction(math.factorial(k) * math.factorial(n - k - 1), math.factorial(n)) for k in range(n)
    ]
    for x in ids:
        without = [s for s in range(1 << n) if not s & bit[x]]
        out[x] = sum(
            (weight[s.bit_count()] * (value[s | bit[x]] - value[s]) for s in without), Fraction(0)
        )
    return out


def compute_expectation(arcs: Arcs, worth: Worth, rule: Callable[[Arcs, Worth], Worth]) -> Worth:
    """The expectation of a rule over forests: each party has one of its referrers, by its share."""
    choices = [
        [(p, s) for p, s in arcs.items() if p[1] == x] or [(None, Fraction(1))]
        for x in sorted(worth)
    ]
    out = dict.fromkeys(worth, Fraction(0))
    for chosen in product(*choices):
        chance = math.prod((s for _, s in chosen), start=Fraction(1))
        part = rule({p: Fraction(1) for p, _ in chosen if p}, worth)
        out = {x: out[x] + chance * part[x] for x in worth}
    return out


def decay(arcs: Arcs, worth: Worth) -> Worth:
    """On a forest: each worth over its owner and all above, halved with each step."""
    up = {v: u for u, v in arcs}
    out = dict.fromkeys(worth, Fraction(0))
    for x, w in worth.items():
        line = [x]
        while line[-1] in up:
            line.append(up[line[-1]])
        total = sum((Fraction(1, 2**k) for k in range(len(line))), Fraction(0))
        for k, y in enumerate(line):
            out[y] += w * Fraction(1, 2**k) / total
    return out


def direct(arcs: Arcs, worth: Worth) -> Worth:
    """Each worth to its referrers by share; the unreferred keep their own."""
    referred = {v for _, v in arcs}
    out = {x: Fraction(0) if x in referred else w for x, w in worth.items()}
    for (u, v), share in arcs.items():
        out[u] += share * worth[v]
    return out


ORACLES: Mapping[str, Callable[[Arcs, Worth], Worth]] = {
    "shapley": lambda arcs, worth: compute_expectation(arcs, worth, game),
    "conjunctive": game,
    "decay": lambda arcs, worth: compute_expectation(arcs, worth, decay),
    "direct": direct,
}


@st.composite
def networks(draw: st.DrawFn, most: int) -> tuple[Worth, Arcs]:
    """Forests, and networks where a few parties have two or three referrers with own shares."""
    ids = IDS[: draw(st.integers(1, most))]
    worth = {x: Fraction(draw(st.integers(-20, 100)), 4) for x in ids}
    arcs: Arcs = {}
    forks = 0
    for k, x in enumerate(ids[1:], 1):
        count = draw(st.sampled_from([0, 1, 1, 2, 3] if forks < 3 else [0, 1]))
        chosen = sorted(
            draw(st.sets(st.sampled_from(ids[:k]), min_size=min(count, k), max_size=min(count, k)))
        )
        forks += len(chosen) > 1
        parts = draw(st.lists(st.integers(1, 4), min_size=len(chosen), max_size=len(chosen)))
        arcs |= {(u, x): Fraction(p, sum(parts)) for u, p in zip(chosen, parts, strict=True)}
    return worth, arcs


def engine(worth: Worth, arcs: Arcs) -> OfflineEngine:
    referrals = [
        {"referrer": u, "referred": v, "share": repr(float(s))}
        for (u, v), s in sorted(arcs.items())
    ]
    return OfflineEngine(
        toys.company({x: {"revenue": float(w)} for x, w in worth.items()}, referrals)
    )


def check_credit(network: tuple[Worth, Arcs], split: str) -> None:
    worth, arcs = network
    expected = ORACLES[split](arcs, worth)
    frame = pipeline.run(engine(worth, arcs), "credit", {"split": split}).frame
    size = float(sum(abs(w) for w in worth.values())) or 1.0
    assert set(frame["customer"]) == set(worth)
    for row in frame.iter_rows(named=True):
        x = row["customer"]
        assert row["credit"] == pytest.approx(float(expected[x]), rel=1e-12, abs=1e-12 * size)
        assert row["ecr"] == pytest.approx(
            float(worth[x] + sum((worth[v] for u, v in arcs if u == x), Fraction(0)))
        )
    assert float(frame["credit"].sum()) == pytest.approx(
        float(sum(worth.values())), rel=1e-9, abs=1e-9 * size
    )
    keys = [
        (-row["credit_earned"], -row["credit"], row["customer"])
        for row in frame.iter_rows(named=True)
    ]
    assert keys == sorted(keys)


@pytest.mark.parametrize("split", ORACLES)
@settings(max_examples=cases(40), deadline=None)
@given(networks(6))
def test_credit_random_networks_equal_exact_rationals(
    split: str, network: tuple[Worth, Arcs]
) -> None:
    check_credit(network, split)


@pytest.mark.parametrize("split", ORACLES)
@settings(max_examples=4, deadline=None)
@given(networks(10).filter(lambda made: len(made[0]) > 8))
def test_credit_ten_parties_equal_exact_rationals(split: str, network: tuple[Worth, Arcs]) -> None:
    check_credit(network, split)


@pytest.mark.parametrize(
    ("split", "expected"),
    [
        ("shapley", {"a": 55 / 3, "b": 25 / 3, "c": 10 / 3}),
        ("conjunctive", {"a": 55 / 3, "b": 25 / 3, "c": 10 / 3}),
        ("direct", {"a": 20, "b": 10, "c": 0}),
        ("decay", {"a": 310 / 21, "b": 200 / 21, "c": 40 / 7}),
    ],
)
def test_credit_chain_of_three_splits_as_published(split: str, expected: dict[str, float]) -> None:
    frame = pipeline.run(OfflineEngine(toys.chain()), "credit", {"split": split}).frame
    assert dict(zip(frame["customer"], frame["credit"], strict=True)) == pytest.approx(expected)
    assert frame.sort("customer")["ecr"].to_list() == [20, 20, 10]


def test_credit_two_referrers_share_by_the_rule() -> None:
    found = {}
    for split in ORACLES:
        frame = pipeline.run(
            OfflineEngine(toys.two_referrers()), "credit", {"split": split}
        ).frame.sort("customer")
        found[split] = frame["credit"].to_list()
    assert found["shapley"] == pytest.approx([2.5, 2.5, 5])
    assert found["conjunctive"] == pytest.approx([10 / 3] * 3)
    assert found["direct"] == [5, 5, 0]


@pytest.mark.parametrize(("delta", "split"), [(1.0, "shapley"), (0.0, "own")])
def test_credit_decay_limits_equal_other_rules(delta: float, split: str) -> None:
    case = pipeline.open_source(CASE)
    found = pipeline.run(case, "credit", {"split": "decay", "delta": delta}).frame.sort("customer")
    other = pipeline.run(case, "credit").frame.sort("customer")
    assert found["credit"].to_list() == pytest.approx(
        other["credit" if split == "shapley" else "own_value"].to_list()
    )


@pytest.mark.parametrize("delta", [-0.1, 1.5, math.nan])
def test_credit_delta_outside_range_raises_usage_error(delta: float) -> None:
    with pytest.raises(UsageError, match="delta"):
        pipeline.run(OfflineEngine(toys.pair()), "credit", {"split": "decay", "delta": delta})


def test_credit_classic_case_states_double_counting_of_ecr() -> None:
    result = pipeline.run(pipeline.open_source(CASE), "credit")
    frame = result.frame
    total, extended = frame["own_value"].sum(), frame["ecr"].sum()
    assert total == pytest.approx(frame["credit"].sum())
    assert f"{100 * (extended / total - 1):.1f} % too much" in format_message(result.headline, "en")
    value = dict(zip(frame["customer"], frame["own_value"], strict=True))
    shared = {
        "C067": 0.4,
        "C039": 0.6,
    }  # what the direct rule leaves of C070 to the other one of its two referrers
    for row in frame.iter_rows(named=True):
        whole = row["direct_value"] + shared.get(row["customer"], 0.0) * value["C070"]
        assert row["ecr"] == pytest.approx(row["own_value"] + whole)
    assert frame["customer"][0] == l96.HIDDEN


def test_credit_total_of_zero_has_undefined_shares() -> None:
    engine = OfflineEngine(toys.worth({"a": -10, "b": 10}, [("a", "b")]))
    result = pipeline.run(engine, "credit")
    assert "shares of a total of zero or less are undefined" in format_message(
        result.headline, "en"
    )
    assert "合计不大于 0" in format_message(result.headline, "zh")
    assert result.frame["share_of_credit"].null_count() == result.frame.height
