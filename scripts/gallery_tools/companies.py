"""Companies with one referral tree of a given shape and size; the same rows every time."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from refgraph import generator
from refgraph.engines.base import Engine
from refgraph.pipeline.inputs import open_objects
from refgraph.pipeline.options import SourceOptions

ROOT = "P0"
SHAPES = ("tree", "star", "chain", "network")
SEED, FIRST_DAY, DAYS = 20, date(2017, 1, 2), 3_000
STATES = ("closed", "negotiating", "contacted", "prospect", "lost")
STATE_SHARES = (0.5, 0.12, 0.13, 0.17, 0.08)
PLACES = {
    "en": ["Harbour", "North", "River", "Stone", "Blue", "Granite", "Maple", "Silver", "Lake"],
    "zh": ["河北", "山东", "江苏", "辽宁", "浙江", "湖北", "陕西", "四川", "云南", "安徽", "重庆"],
}
TRADES = {
    "en": ["Steel Ltd", "Power", "Foods Inc", "Logistics", "Cement", "Packaging GmbH"],
    "zh": ["钢铁", "电力", "机械集团", "石化股份", "食品有限公司", "重工", "能源装备有限公司"],
}
TIES = {"en": ["classmate", "fair", "supplier"], "zh": ["同学", "展会", "供应商"]}
Indexes = npt.NDArray[np.int64]


def make_company(shape: str, n: int, lang: str) -> Engine:
    """A company in which party P0 is the root of a tree of n parties."""
    random = np.random.default_rng(SEED)
    source = _choose_referrers(shape, n, random)
    target: Indexes = np.arange(1, n)
    if shape == "network":
        source, target = _add_referrals(source, target, n, random)
    tables: dict[str, object] = {
        "customers": _make_customers(n, random, lang),
        "referrals": _make_referrals(source, target, random, lang),
    }
    return open_objects(None, SourceOptions(), tables)


def make_generated_company(parties: int) -> Engine:
    """A generated company with years of orders and referrals, for charts."""
    company = generator.build_company(generator.Plan(size=parties, seed=SEED))
    return open_objects(None, SourceOptions(), dict(generator.build_frames(company)))


def _choose_referrers(shape: str, n: int, random: np.random.Generator) -> Indexes:
    """Who referred parties 1 .. n-1. In a tree, who has referred is likelier to refer again."""
    if shape == "star":
        return np.zeros(n - 1, np.int64)
    if shape == "chain":
        return np.arange(n - 1)
    parent = np.zeros(n, np.int64)
    for v in range(2, n):
        u = int(random.integers(0, v))
        parent[v] = parent[u] if u and random.random() < 0.5 else u
    return parent[1:]


def _add_referrals(
    source: Indexes, target: Indexes, n: int, random: np.random.Generator
) -> tuple[Indexes, Indexes]:
    """Further referrals in any direction, one for ten parties."""
    ends = random.integers(0, n, (2, max(2, n // 10)))
    ends = ends[:, ends[0] != ends[1]]
    return np.concatenate((source, ends[0])), np.concatenate((target, ends[1]))


def _make_customers(n: int, random: np.random.Generator, lang: str) -> pl.DataFrame:
    places, trades = np.array(PLACES[lang]), np.array(TRADES[lang])
    place, trade = (
        places[random.integers(0, len(places), n)],
        trades[random.integers(0, len(trades), n)],
    )
    state = random.choice(STATES, n, p=STATE_SHARES)
    state[0] = "closed"
    revenue = np.round(random.lognormal(11.5, 1.2, n)).astype(int)
    space = " " if lang == "en" else ""
    return pl.DataFrame(
        {
            "id": [f"P{k}" for k in range(n)],
            "name": [f"{a}{space}{b}" for a, b in zip(place, trade, strict=True)],
            "status": state,
            "joined": _draw_days(n, random),
            "revenue": [
                str(r) if s == "closed" else "0" for r, s in zip(revenue, state, strict=True)
            ],
            "sector": trade,
            "region": place,
        }
    )


def _make_referrals(
    source: Indexes, target: Indexes, random: np.random.Generator, lang: str
) -> pl.DataFrame:
    ties = np.array(TIES[lang])[random.integers(0, 3, len(source))]
    return pl.DataFrame(
        {
            "referrer": [f"P{k}" for k in source],
            "referred": [f"P{k}" for k in target],
            "date": _draw_days(len(source), random),
            "relation": ties,
        }
    )


def _draw_days(n: int, random: np.random.Generator) -> list[str]:
    days = np.datetime64(FIRST_DAY) + random.integers(0, DAYS, n)
    return [str(day) for day in days]
