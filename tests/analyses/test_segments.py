"""Segments are disjoint and total, and say of the large thirty what was planted."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from support import l96
from support.toys import company, empty

from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.measures.groups import AccountField, GroupField
from refgraph.model.result import Result
from refgraph.model.scope import Scope

CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"


@pytest.fixture(scope="module")
def engine() -> OfflineEngine:
    found = pipeline.open_source(CASE)
    assert isinstance(found, OfflineEngine)
    return found


def ask(engine: OfflineEngine, by: str, of: str = "all") -> Result:
    return pipeline.run(engine, "segments", {"by": by, "of": of})


@pytest.mark.parametrize("by", (*get_args(GroupField), "owner", *get_args(AccountField)))
def test_segments_every_field_groups_add_up(engine: OfflineEngine, by: str) -> None:
    graph = engine.graph(Scope())
    total = graph.value.scaled[graph.existing].sum() / graph.value.scale
    for of, members in (("all", l96.EXISTING), ("key", l96.LARGE), ("referred", l96.REFERRED)):
        frame = ask(engine, by, of).frame
        assert frame["customers"].sum() == len(members)
        assert frame["share_of_customers"].sum() == pytest.approx(1)
        assert frame["share_of_value"].sum() == pytest.approx(1)
        assert frame["key_accounts"].sum() == len(members & l96.LARGE)
        assert frame["referred"].sum() == len(members & l96.REFERRED)
    assert ask(engine, by).frame["value"].sum() == pytest.approx(total)


def test_segments_key_accounts_of_classic_case(engine: OfflineEngine) -> None:
    """16 state or collective, 9 private, the five mills without.

    28 for more than two years, the longest for 24.
    """
    frame = ask(engine, "ownership", "key").frame
    counts = dict(frame.select("segment", "customers").iter_rows())
    assert counts["state"] + counts["collective"] == 16
    assert (counts["private"], counts["not_recorded"]) == (9, len(l96.MILLS))
    assert frame["over_two_years"].sum() == 28
    assert frame["years_longest"].max() == pytest.approx(24, abs=0.01)


def test_segments_by_key_splits_customers(engine: OfflineEngine) -> None:
    frame = ask(engine, "key").frame
    counts = {s: (n, r) for s, n, r in frame.select("segment", "customers", "referred").iter_rows()}
    assert counts == {
        "key_account": (30, len(l96.LARGE_AND_REFERRED)),
        "other_account": (66, 30 - len(l96.LARGE_AND_REFERRED)),
    }


def test_segments_by_account_fields_equal_accounts(engine: OfflineEngine) -> None:
    listed = pipeline.run(engine, "accounts").frame
    counts = dict(ask(engine, "key_by").frame.select("segment", "customers").iter_rows())
    assert (
        sum(n for word, n in counts.items() if not word.startswith("account-"))
        == listed.filter(account="account-key").height
    )
    assert counts["account-false"] == listed.filter(account="account-false").height
    assert counts["influence"] == 1 and counts["group"] == 1
    tiers = dict(ask(engine, "account_tier").frame.select("segment", "customers").iter_rows())
    assert tiers == dict(listed["tier"].value_counts().iter_rows())


def test_segments_missing_field_is_noted() -> None:
    bare = company({"a": {}, "b": {}}, [("a", "b")])
    result = pipeline.run(OfflineEngine(bare), "segments", {"by": "region"})
    assert result.frame["segment"].to_list() == ["not_recorded"]
    assert "note.column-not-recorded" in [n.id for n in result.notes]
    cannot = pipeline.run(OfflineEngine(bare), "segments", {"by": "key"})
    assert cannot.frame["key_accounts"].to_list() == [None]
    assert "note.key-no-rule" in [n.id for n in cannot.notes]
    for by in get_args(AccountField):
        answer = pipeline.run(OfflineEngine(bare), "segments", {"by": by})
        assert answer.frame["segment"].to_list() == ["not_recorded"]
        assert "note.segments-no-orders" in [n.id for n in answer.notes]
    assert pipeline.run(OfflineEngine(empty()), "segments").frame.height == 0
