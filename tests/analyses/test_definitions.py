"""Definitions at their edges: exact thresholds, half rewards, second referrers, late dates."""

from __future__ import annotations

import random

import networkx as nx
import pytest
from support import toys
from support.small_graphs import PEOPLE, build_small_graph, referral

from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.measures.reach_and_credit import compute_generations, compute_reach
from refgraph.model.dataset import Dataset
from refgraph.model.result import Result
from refgraph.texts import format_message, get_label

Order = dict[str, object]


def run(data: Dataset, name: str, **parameters: object) -> Result:
    return pipeline.run(OfflineEngine(data), name, parameters)


def get_notes(result: Result, name: str) -> list[dict[str, object]]:
    return [dict(n.values) for n in result.notes if n.id == f"note.{name}"]


def label_account(orders: list[Order]) -> dict[str, object]:
    """The row of `accounts` of one customer with these orders in 2024."""
    people: dict[str, dict[str, object]] = {"a": {"joined": "2024-01-01"}}
    rows = [{"customer": "a", **order} for order in orders]
    return run(toys.company(people, [], rows), "accounts").frame.row(0, named=True)


def build_order(month: int, volume: float, profit: float = 100.0, **more: object) -> Order:
    row = {"at": f"2024-{month:02}-28", "revenue": 1000, "profit": profit, "volume": volume}
    return row | more


def test_accounts_net_takes_off_rebate_returns_service_and_credit_of_365_days() -> None:
    costs = {"rebate": 10, "returns": 20, "service_cost": 30, "credit_days": 100}
    row = label_account([build_order(12, 10, 1000.0, **costs) | {"revenue": 36500}])
    assert row["net"] == pytest.approx(1000 - 60 - 36500 * 100 * 0.06 / 365)
    assert row["net"] == pytest.approx(340)


@pytest.mark.parametrize(
    ("volumes", "false_by"), [((100, 100), "bulk"), ((100, 100, 1), None), ((101, 100, 1), "bulk")]
)
def test_accounts_bulk_includes_a_largest_order_of_exactly_half(
    volumes: tuple[int, ...], false_by: str | None
) -> None:
    orders = [build_order(12 - k, volume) for k, volume in enumerate(volumes)]
    assert label_account(orders)["false_by"] == false_by


@pytest.mark.parametrize(("profit", "false_by"), [(10.0, None), (9.99, "no-profit")])
def test_accounts_margin_of_exactly_the_floor_is_not_false(
    profit: float, false_by: str | None
) -> None:
    orders = [build_order(12 - k, 50, profit) for k in range(3)]
    assert label_account(orders)["false_by"] == false_by


def test_accounts_all_reasons_of_a_false_account_are_listed() -> None:
    row = label_account([build_order(12 - k, 50, -1.0) for k in range(3)])
    assert row["false_by"] == "no-profit+exploiter"
    why = row["why"]
    assert isinstance(why, list)
    assert {"no-profit -0.001 < 0.01", "exploiter -3 < 0"} <= set(why)
    label = get_label("no-profit+exploiter", "en")
    assert label == f"{get_label('no-profit', 'en')} + {get_label('exploiter', 'en')}"


def test_effect_reward_of_one_half_is_paid() -> None:
    rewards = {"b": 0.5, "c": 0, "d": None, "e": 2}
    arcs = [{"referrer": "a", "referred": x, "reward": r} for x, r in rewards.items()]
    row = run(toys.company({x: {} for x in "abcde"}, arcs), "effect").frame.row(0, named=True)
    assert (row["paid"], row["unpaid"]) == (2, 1)


def test_effect_tells_how_many_are_referred_only_after_the_first_contract() -> None:
    people: dict[str, dict[str, object]] = {x: {"joined": "2020-01-01"} for x in "abcde"}
    people["e"] = {}
    arcs = [
        {"referrer": u, "referred": v, "at": at}
        for u, v, at in (
            ("a", "b", "2020-01-02"),
            ("a", "c", "2020-01-01"),
            ("a", "d", "2021-01-01"),
            ("b", "d", "2019-01-01"),
            ("a", "e", "2022-01-01"),
        )
    ]
    result = run(toys.company(people, arcs), "effect")
    assert get_notes(result, "effect-late") == [{"customers": 1, "referred": 4}]


def test_effect_old_customers_need_no_value() -> None:
    joined = {"a": "2010-01-01", "b": "2020-01-01", "c": "2020-06-01"}
    arcs = [
        {"referrer": "a", "referred": "b", "at": "2019-01-01"},
        {"referrer": "b", "referred": "c", "at": "2020-05-01"},
    ]
    data = toys.company({x: {"joined": day} for x, day in joined.items()}, arcs)
    result = run(data, "effect")
    assert get_notes(result, "split-old-only") == [{"old": 1, "referred": 2}]
    groups = run(data, "funnel").frame["group"].to_list()
    assert "through-old" in groups and "through-key" not in groups


def test_credit_a_blank_share_beside_nine_tenths_is_exactly_one_tenth() -> None:
    arcs = [
        {"referrer": "a", "referred": "c", "share": 0.9},
        {"referrer": "b", "referred": "c"},
    ]
    data = toys.company({"a": {"revenue": 0}, "b": {"revenue": 0}, "c": {"revenue": 100}}, arcs)
    frame = run(data, "recommenders").frame
    assert dict(frame.select("customer", "direct_value").iter_rows()) == {"a": 90.0, "b": 10.0}


def test_generations_of_a_second_referrer_are_above_zero() -> None:
    data = toys.worth(dict.fromkeys("abcd", 1), [("a", "c"), ("b", "c"), ("c", "d")])
    frame = run(data, "recommenders").frame
    assert dict(frame.select("customer", "generations").iter_rows()) == {"a": 2, "b": 2, "c": 1}
    compared = run(data, "compare", of=("a", "b")).frame
    row = compared.filter(element="generations").row(0, named=True)
    assert (row["first"], row["second"]) == (2, 2)


@pytest.mark.parametrize("seed", range(30))
def test_generations_random_networks_equal_the_longest_path_below(seed: int) -> None:
    dice = random.Random(seed)
    arcs = {tuple(dice.sample(PEOPLE, 2)) for _ in range(dice.randint(1, 12))}
    graph = build_small_graph([referral((u, v)) for u, v in sorted(arcs)])
    active = graph.active_arcs.select("referrer", "referred").rows()
    network = nx.DiGraph(active)
    network.add_nodes_from(range(len(PEOPLE)))
    below = [
        nx.dag_longest_path_length(network.subgraph({x, *nx.descendants(network, x)}))
        for x in range(len(PEOPLE))
    ]
    assert compute_generations(graph).tolist() == below
    assert [g > 0 for g in below] == (compute_reach(graph).downstream > 0).tolist()


def test_flows_two_complementary_pairs_are_one_test() -> None:
    people: dict[str, dict[str, object]] = {
        f"{s}{k:02}": {"sector": s, "joined": "2010-01-01"} for s in "xy" for k in range(20)
    }
    people |= {f"n{k:02}": {"sector": "y", "joined": "2021-01-01"} for k in range(20)}
    arcs = [
        {"referrer": f"x{k:02}", "referred": f"n{k:02}", "at": f"2020-01-{k + 1:02}"}
        for k in range(20)
    ]
    result = run(toys.company(people, arcs), "flows", by="sector")
    rows = {
        (r["referrer_group"], r["referred_group"]): r for r in result.frame.iter_rows(named=True)
    }
    one, other = rows["x", "y"], rows["y", "y"]
    assert one["chance"] == pytest.approx(other["chance"])
    assert (one["against_chance"], other["against_chance"]) == ("more", "same_test")
    assert get_notes(result, "flows-looks") == [{"looks": 1, "marked": 1}]


def test_segments_headline_names_the_figures_in_their_places() -> None:
    people: dict[str, dict[str, object]] = {
        x: {"sector": "mill" if x in "ab" else "shop", "joined": joined, "revenue": revenue}
        for x, joined, revenue in (
            ("a", "2015-01-01", 70),
            ("b", "2019-01-01", 30),
            ("c", "2019-06-01", 5),
        )
    }
    text = format_message(run(toys.company(people, []), "segments", by="sector").headline, "en")
    assert text.startswith(
        "3 customers in 2 groups by sector. The most valuable, mill, has 2 customers worth 100; "
        "1 has been a customer for more than two years, the longest for 4.4 years ("
    )
