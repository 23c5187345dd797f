"""`compare` against the other analyses, the oracles, and Newcombe's published numbers."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import l96
import oracles
import toys
from refgraph import flow
from refgraph.engines.offline import Offline
from refgraph.estimates.proportion import newcombe
from test_recommenders import companies

SAMPLES = Path(__file__).parent.parent.parent / "sample_data"
Company = tuple[dict[str, int], dict[str, str | None], set[tuple[str, str]]]


def elements(engine: Offline, **asked: object) -> dict[str, dict[str, float]]:
    """Rows by element."""
    return {r["element"]: r for r in flow.run(engine, "compare", asked).frame.iter_rows(named=True)}


@settings(max_examples=80, deadline=None)
@given(companies(), st.data())
def test_two_parties_equal_the_oracles(company: Company, data: st.DataObject) -> None:
    worth, joined, arcs = company
    if len(worth) < 2:
        return
    pair = data.draw(st.permutations(sorted(worth)))[:2]
    engine = Offline(toys.company({x: {"revenue": w, "joined": joined[x]} for x, w in worth.items()}, sorted(arcs)))
    rows, left = elements(engine, of=tuple(pair)), oracles.cut(arcs, joined)
    exact = {x: Fraction(w) for x, w in worth.items()}
    reach, direct, credit = (f(left, exact) for f in (oracles.reach, oracles.direct_value, oracles.credit))
    for side, x in zip(("first", "second"), pair, strict=True):
        assert rows["own_value"][side] == worth[x]
        assert rows["direct"][side] == sum(u == x for u, _ in left)
        assert (rows["downstream"][side], rows["downstream_value"][side]) == (reach[x][0], float(reach[x][1]))
        assert rows["direct_value"][side] == pytest.approx(float(direct[x]))
        assert rows["credit"][side] == pytest.approx(float(credit[x]))
        assert rows["value_rank"][side] == 1 + sorted(worth, key=lambda y: (-worth[y], y)).index(x)
    assert all(r["difference"] == r["first"] - r["second"] for r in rows.values()
               if r["first"] is not None and r["second"] is not None)  # fmt: skip


def test_groups_of_the_classic_case() -> None:
    rows = elements(flow.open_source(SAMPLES / "l96"), by="key", of=("key_account", "other_account"))
    assert (rows["customers"]["first"], rows["customers"]["second"]) == (30, 66)
    both = len(l96.LARGE_AND_REFERRED)
    assert rows["referred_share"]["first"] == both / 30
    expected = newcombe(both, 30, 30 - both, 66)
    found = rows["referred_share"]
    assert (found["difference"], found["difference_low"], found["difference_high"]) == pytest.approx(tuple(expected))
    assert rows["former"]["second"] == 4
    assert rows["closed"]["first"] + rows["closed"]["second"] == 33  # 31 arcs to the existing referred, 2 to former ones


def test_newcombe_as_published() -> None:
    people = {"a": {"sector": "x"}, "b": {"sector": "y"}}
    people |= {f"{u}{k:02d}": {"sector": "z", "status": "closed" if k < won else "lost"}
               for u, won, n in (("a", 56, 70), ("b", 48, 80)) for k in range(n)}  # fmt: skip
    told = [(x[0], x) for x in people if len(x) > 1]
    for id in "ab":
        people[id]["status"] = "closed"
    row = elements(Offline(toys.company(people, told)), by="sector", of=("x", "y"))["conversion"]
    assert (row["difference"], row["difference_low"], row["difference_high"]) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


def test_credit_of_groups_adds_up() -> None:
    people = {x: {"revenue": 10, "sector": "x" if x in "ab" else "y"} for x in "abcd"}
    rows = elements(Offline(toys.company(people, [("a", "b"), ("b", "c"), ("a", "d")])), by="sector", of=("x", "y"))
    assert rows["credit"]["first"] + rows["credit"]["second"] == pytest.approx(40)
    assert (rows["downstream"]["first"], rows["downstream"]["second"]) == (2, 0)
    assert rows["conversion"]["first"] is None


def test_a_field_that_is_not_recorded_cannot_be_told() -> None:
    result = flow.run(Offline(toys.chain()), "compare", {"by": "region", "of": ("north", "south")})
    assert (result.headline.id, result.frame.height) == ("headline.flows-cannot-tell", 0)
