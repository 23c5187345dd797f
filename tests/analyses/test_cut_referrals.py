"""A referral cut to break a cycle is a referral made: every analysis counts the same ones.

Random companies with cycles; expected numbers come from the referrals as they were written.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from functools import cache

import polars as pl
import pytest
from support import oracles, toys
from support.oracles import Arc

from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.measures import party_profile
from refgraph.model.result import Result
from refgraph.model.scope import Scope

COMPANIES, LETTERS = 20, "abcdefgh"
JOINED = {
    f"{k:02}{x}": f"20{10 + n}-01-01" for k in range(COMPANIES) for n, x in enumerate(LETTERS)
}
FIRST_DAY = date(2020, 1, 1)


def draw_arcs() -> set[Arc]:
    """Referrals of twenty companies without ties among them, each with at least one cycle."""
    dice = random.Random(5)
    arcs: set[Arc] = set()
    for k in range(COMPANIES):
        own = {("a", "b"), ("b", "a")}
        while len(own) < 6 + k % 5:
            one, two = dice.sample(LETTERS, 2)
            own.add((one, two))
        arcs |= {(f"{k:02}{u}", f"{k:02}{v}") for u, v in own}
    return arcs


def build_engine(arcs: set[Arc]) -> OfflineEngine:
    """All of them customers with orders, all referrals on different days of 2020."""
    people: dict[str, dict[str, object]] = {
        x: {"status": "closed", "joined": day, "sector": x[:2]} for x, day in JOINED.items()
    }
    referrals = [
        {"referrer": u, "referred": v, "at": (FIRST_DAY + timedelta(days=k)).isoformat()}
        for k, (u, v) in enumerate(sorted(arcs))
    ]
    orders = [
        {"customer": x, "at": f"{year}-12-31", "revenue": 10 + k}
        for k, x in enumerate(JOINED)
        for year in (2019, 2020)
    ]
    return OfflineEngine(toys.company(people, referrals, orders))


def run(engine: OfflineEngine, name: str, **parameters: object) -> Result:
    return pipeline.run(engine, name, parameters)


@cache
def build_case() -> tuple[set[Arc], Counter[str], OfflineEngine]:
    """The referrals, how many each party made, and the companies behind an engine."""
    arcs = draw_arcs()
    uncut = oracles.cut(arcs, JOINED)
    assert len({u[:2] for u, _ in arcs - uncut}) == COMPANIES
    return arcs, Counter(u for u, _ in arcs), build_engine(arcs)


def test_cut_referrals_of_twenty_random_companies_count_for_each_recommender() -> None:
    arcs, made, engine = build_case()
    graph = engine.graph(Scope())

    for name in ("recommenders", "influence"):
        frame = run(engine, name).frame
        assert dict(frame.select("customer", "direct").iter_rows()) == made, name
    assert run(engine, "recommenders").headline.values["referred"] == len({v for _, v in arcs})
    for name, column in (("rfm", "direct"), ("accounts", "recommended")):
        frame = run(engine, name).frame
        assert +Counter(dict(frame.select("customer", column).iter_rows())) == made, name
    for one, two in (("00a", "00b"), ("01c", "02d")):
        frame = run(engine, "compare", of=(one, two)).frame
        direct = frame.row(by_predicate=pl.col("element") == "direct", named=True)
        assert (direct["first"], direct["second"]) == (made[one], made[two])
    for place, x in list(enumerate(JOINED))[:10]:
        ranks = party_profile.compute_ranks(graph, place)
        row = ranks.row(by_predicate=pl.col("measure") == "direct", named=True)
        assert (row["number"], row["of"]) == (made[x], len(made))


def test_cut_referrals_of_twenty_random_companies_count_in_every_total() -> None:
    arcs, made, engine = build_case()
    counted = run(engine, "concentration").frame.row(-1, named=True)
    assert (counted["parties"], counted["direct"]) == (len(made), len(arcs))
    assert run(engine, "segments").frame["recommenders"].sum() == len(made)
    flows = run(engine, "flows", by="sector").frame
    by_company = Counter(u[:2] for u, _ in arcs)
    flows = flows.filter(pl.col("referrals") > 0)
    assert dict(flows.select("referrer_group", "referrals").iter_rows()) == by_company
    assert flows["compared"].to_list() == flows["referrals"].to_list()
    chance = run(engine, "chance")
    assert chance.frame["referrals"].sum() == len(arcs)
    (compared,) = [note for note in chance.notes if note.id == "note.chance-compared"]
    assert compared.values["recommenders"] == len(made)
    growth = run(engine, "growth").frame
    assert growth["referrals"].sum() == len(arcs)
    assert growth["participation"][0] * growth["customers_end"][0] == pytest.approx(len(made))
    cohorts = run(engine, "cohorts").frame
    assert (cohorts["recommenders"].sum(), cohorts["referrals"].sum()) == (len(made), len(arcs))
    assert run(engine, "integrity").headline.values["referrals"] == len(arcs)
    assert run(engine, "effect").frame["referred"][0] == len({v for _, v in arcs})


def test_cut_referral_of_a_pair_counts_but_passes_no_value() -> None:
    engine = OfflineEngine(
        toys.company(
            {
                "A": {"joined": "2015-01-01", "revenue": 10},
                "B": {"joined": "2016-01-01", "revenue": 20},
            },
            [("A", "B"), ("B", "A")],
        )
    )
    frame = run(engine, "recommenders").frame.sort("customer")
    columns = ["direct", "direct_value", "downstream", "credit_earned"]
    assert frame.select(columns).rows() == [(1, 20.0, 1, 10.0), (1, 0.0, 0, 0.0)]
    (note,) = [n for n in run(engine, "recommenders").notes if n.id == "note.loops-cut"]
    assert note.values == {"loops": 1, "cuts": 1}
    credit = run(engine, "credit").frame
    assert dict(credit.select("customer", "ecr").iter_rows()) == {"A": 30.0, "B": 20.0}
