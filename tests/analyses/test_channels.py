"""Channels are disjoint and total; families, ties and what refgraph.toml adds; conversion compared by exact tests."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from scipy.stats import fisher_exact

import l96
from refgraph import flow
from refgraph.engines.offline import Offline
from refgraph.model.dataset import Dataset
from refgraph.model.result import Result
from refgraph.model.settings import Settings
from tests.toys import company

CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"


def classic(by: str) -> Result:
    return flow.run(flow.open_source(CASE), "channels", {"by": by})


@pytest.mark.parametrize("by", ["family", "method", "tie", "source"])
def test_channels_add_up(by: str) -> None:
    frame = classic(by).frame
    assert frame["customers"].sum() == len(l96.EXISTING)
    assert frame["share"].sum() == pytest.approx(1)
    assert frame["share_of_value"].sum() == pytest.approx(1)


def test_the_classic_case() -> None:
    frame = classic("family").frame
    counts = dict(frame.select("channel", "customers").iter_rows())
    assert counts["customer-referral"] == len(l96.REFERRED)
    assert counts["staff-referral"] == len(l96.BY_STAFF_ONLY)
    assert counts["not_recorded"] == len(l96.NO_SOURCE)
    assert len(counts) == 12
    lost = dict(frame.select("channel", "lost").iter_rows())
    assert lost["customer-referral"] == len(l96.LOST)
    assert set(frame["beyond_luck"].drop_nulls()) == {"no"}
    ties = classic("tie").frame
    assert ties.filter(pl.col("channel") != "not-referred")["customers"].sum() == len(l96.REFERRED)


def lopsided(settings: Settings = Settings()) -> Dataset:
    """Fairs: 12 of 12 closed; own sales: 1 of 12; word of mouth, which no list knows: 3 of 4."""
    plan = {"Trade Fair ": (12, 0), "自有销售": (1, 11), "mouth": (3, 1), "-": (2, 0)}
    people = {f"{source.strip()}{k}": {"source": source, "status": "closed" if k < closed else "lost"}
              for source, (closed, lost) in plan.items() for k in range(closed + lost)}  # fmt: skip
    return company(people, [], settings=settings)


def test_a_channel_that_converts_better_is_marked() -> None:
    result = flow.run(Offline(lopsided()), "channels")
    rows = {row["channel"]: row for row in result.frame.iter_rows(named=True)}
    assert fisher_exact([[12, 0], [1, 11]]).pvalue < 0.05
    assert rows["fairs"]["beyond_luck"] == "yes"
    assert rows["fairs"]["difference"] == pytest.approx(11 / 12)
    assert rows["mouth"]["beyond_luck"] is None
    assert rows["mouth"]["conversion"] == 0.75
    assert rows["not_recorded"]["difference"] is None
    written = {row["channel"]: row for row in flow.run(Offline(lopsided()), "channels", {"by": "source"}).frame.iter_rows(named=True)}
    assert written["Trade Fair"]["difference"] == rows["fairs"]["difference"]
    assert written["自有销售"]["difference"] is None


def test_words_can_be_added() -> None:
    own = Settings(other={"channels": {"family": {"customer-referral": ["Mouth"], "events": ["trade fair"]}}})
    channels = set(flow.run(Offline(lopsided(own)), "channels").frame["channel"])
    assert channels == {"customer-referral", "events", "own-sales", "not_recorded"}


def test_without_the_columns_it_cannot_tell() -> None:
    result = flow.run(Offline(company({"a": {}, "b": {}}, [("a", "b")])), "channels")
    assert {"note.channels-cannot-tell", "note.conversion-not-recorded"} <= {n.id for n in result.notes}
    assert result.frame["channel"].to_list() == ["not_recorded"]
    assert result.headline.id == "headline.channels-none"
