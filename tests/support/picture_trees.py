"""Pictures of any size for tests: random companies as plain frames, without files or graphs."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from refgraph.kernels import passes
from refgraph.kernels.forest import to_preorder
from refgraph.model.message import Amount, Label, message
from refgraph.model.picture import CLOSED_STATES, EXTRA_SCHEMA, NODE_SCHEMA, STATES, Picture

PLACES = [
    "河北",
    "山东",
    "江苏",
    "辽宁",
    "浙江",
    "湖北",
    "陕西",
    "四川",
    "云南",
    "安徽",
    "重庆",
    "贵州",
]
TRADES = [
    "钢铁",
    "电力",
    "机械集团",
    "石化股份",
    "食品有限公司",
    "重工",
    "水泥",
    "纺织有限公司",
    "物流",
    "汽车集团",
    "能源装备有限公司",
    "药业",
]
CHANNELS = ["老客户", "展会", "微信", "电话", "官网", None]
SHARES = {
    "closed": 0.3,
    "former": 0.05,
    "negotiating": 0.15,
    "contacted": 0.15,
    "new": 0.2,
    "lost": 0.1,
    "other": 0.05,
}


def grow_tree(n: int, seed: int = 0) -> np.ndarray:
    """int32[n]: a random tree in preorder; who has referred is likelier to refer again."""
    random = np.random.default_rng(seed)
    parent = np.full(n, -1, np.int32)
    for v in range(1, n):
        u = int(random.integers(0, v))
        parent[v] = parent[u] if u and random.random() < 0.5 else u
    return to_preorder(parent).parent


def draw_columns(n: int, random: np.random.Generator, lang: str) -> dict[str, object]:
    """Columns of words and dates for n parties."""
    pick = lambda words: [words[k] for k in random.integers(0, len(words), n)]  # noqa: E731
    state = list(random.choice(list(SHARES), n, p=list(SHARES.values())))
    return {
        "id": [f"C{k:05d}" for k in range(n)],
        "name": [a + b for a, b in zip(pick(PLACES), pick(TRADES), strict=True)]
        if lang == "zh"
        else [
            f"{a} {b}"
            for a, b in zip(
                pick(["Harbour", "Acme", "North", "River", "Stone", "Blue"]),
                pick(["Steel Ltd", "Power", "Foods Inc", "Logistics", "Cement"]),
                strict=True,
            )
        ],
        "state": state,
        "key": list(random.random(n) < 0.06),
        "channel": pick(CHANNELS),
        "date": [date(2019, 1, 1) + timedelta(days=int(d)) for d in random.integers(0, 2500, n)],
        "also": [["别处公司"] if x else None for x in random.random(n) < 0.02],
        "source": pick(["展会", "官网", "老客户"]),
        "sector": pick(TRADES),
        "region": pick(PLACES),
        "kind": [None] * n,
        "ownership": pick(["state", "private", None]),
    }


def draw_arcs(n: int, random: np.random.Generator, extras: int) -> pl.DataFrame:
    """Additional arcs between any of n parties, some of them cut."""
    ends = random.integers(0, n, (2, extras), dtype=np.int32)
    return pl.DataFrame(
        {
            "source": ends[0],
            "target": ends[1],
            "cut": random.random(extras) < 0.3,
            "at": [None] * extras,
        },
        schema=EXTRA_SCHEMA,
    )


def picture(
    parent: np.ndarray, seed: int = 0, extras: int = 0, lang: str = "zh", **given: list[object]
) -> Picture:
    """A Picture of a tree in preorder with random words.

    given: columns to replace. extras: number of additional arcs, some of them cut.
    """
    n, random = len(parent), np.random.default_rng(seed)
    columns = draw_columns(n, random, lang) | given
    closed = np.array([s in CLOSED_STATES for s in columns["state"]])  # type: ignore[attr-defined]
    value = np.where(closed, np.round(random.lognormal(11.5, 1.2, n)), 0.0)
    value = np.asarray(columns.pop("value", value), np.float64)
    laid = to_preorder(parent)
    columns |= {
        "parent": parent,
        "depth": laid.depth,
        "value": value,
        "downstream": laid.size - 1,
        "downstream_closed": passes.sum_up(parent, closed.astype(float)) - closed,
        "downstream_value": passes.sum_up(parent, value) - value,
    }
    nodes = pl.DataFrame(columns, strict=False).select(
        pl.col(c).cast(t) for c, t in NODE_SCHEMA.items()
    )
    return Picture(
        nodes=nodes,
        extras=draw_arcs(n, random, extras),
        title=message("picture.title", name=nodes["name"][0], parties=n),
        caption=(_headline(nodes, closed),),
        basis="revenue",
        unit="元",
        money=True,
    )


def _headline(nodes: pl.DataFrame, closed: np.ndarray) -> object:
    counts = {s: int((nodes["state"] == s).sum()) for s in STATES}
    return message(
        "picture.counts-former",
        parties=nodes.height,
        closed=int(closed.sum()),
        former=counts["former"],
        open=counts["new"] + counts["contacted"] + counts["negotiating"],
        lost=counts["lost"],
        generations=int(nodes["depth"].max()),
        value=Amount(float(nodes["value"].sum()), "元", True),
        basis=message("phrase.basis-column", basis=Label("revenue")),
        standing=message("phrase.as-of", day=date(2025, 12, 31)),
    )
