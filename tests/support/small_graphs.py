"""Graphs of seven parties for property tests, and what to draw for them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from hypothesis import strategies as st

from refgraph.graph import build_graph
from refgraph.model.graph import Graph
from refgraph.model.scope import Scope
from support.toys import company

PEOPLE = "abcdefg"
PAIRS = st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)).filter(lambda x: x[0] != x[1])
DAYS = st.one_of(st.none(), st.integers(1, 4).map(lambda k: f"202{k}-01-01"))
TENTHS = st.one_of(st.none(), st.integers(1, 10).map(lambda k: Fraction(k, 10)))


def referral(
    pair: tuple[str, str], share: object = None, at: str | None = None
) -> dict[str, object]:
    """A row of the referrals table."""
    return {"referrer": pair[0], "referred": pair[1], "share": share, "at": at}


def build_small_graph(
    rows: Sequence[dict[str, object]], joined: Sequence[str | None] = ()
) -> Graph:
    """The Graph of `PEOPLE`, with revenue 10 and perhaps a joining date each."""
    joining = dict(zip(PEOPLE, joined, strict=False))
    people = {x: {"revenue": 10, "joined": joining.get(x)} for x in PEOPLE}
    return build_graph(company(people, rows), Scope())


def list_active(graph: Graph) -> dict[tuple[str, str], float]:
    """Active arcs -> share."""
    rows = graph.active_arcs.select("referrer", "referred", "share").iter_rows()
    return {(PEOPLE[u], PEOPLE[v]): share for u, v, share in rows}
