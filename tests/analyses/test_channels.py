"""Channels are disjoint and total; families, ties and what refgraph.toml adds.

Conversion is compared by exact tests.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import fisher_exact
from support import l96
from support.random_cases import cases
from support.toys import company

from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.errors import DataError
from refgraph.model.dataset import Dataset
from refgraph.model.result import Result
from refgraph.model.scope import Scope
from refgraph.model.settings import ChannelSettings, FunnelSettings, KeyAccountRule, Settings

CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"


def classic(by: str) -> Result:
    return pipeline.run(pipeline.open_source(CASE), "channels", {"by": by})


@pytest.mark.parametrize("by", ["family", "method", "tie", "source", "through"])
def test_channels_every_definition_adds_up(by: str) -> None:
    frame = classic(by).frame
    assert frame["customers"].sum() == len(l96.EXISTING)
    assert frame["share"].sum() == pytest.approx(1)
    assert frame["share_of_value"].sum() == pytest.approx(1)


def test_channels_classic_case_counts_families() -> None:
    frame = classic("family").frame
    counts = dict(frame.select("channel", "customers").iter_rows())
    assert counts["customer-referral"] == len(l96.REFERRED)
    assert counts["staff-referral"] == len(l96.BY_STAFF_ONLY)
    assert counts["not_recorded"] == len(l96.NO_SOURCE)
    assert len(counts) == 12
    lost = dict(frame.select("channel", "lost").iter_rows())
    assert lost["customer-referral"] == len(l96.LOST)
    assert frame["difference"].null_count() == frame.height
    assert "note.channels-no-loss" in {note.id for note in classic("family").notes}
    ties = classic("tie").frame
    assert ties.filter(pl.col("channel") != "not-referred")["customers"].sum() == len(l96.REFERRED)


def make_lopsided(settings: Settings = Settings()) -> Dataset:
    """Fairs: 25 of 30 closed; own sales: 6 of 30; word of mouth, which no list knows: 3 of 4."""
    plan = {"Trade Fair ": (25, 5), "自有销售": (6, 24), "mouth": (3, 1), "-": (2, 0)}
    people = {
        f"{source.strip()}{k}": {"source": source, "status": "closed" if k < closed else "lost"}
        for source, (closed, lost) in plan.items()
        for k in range(closed + lost)
    }
    return company(people, [], settings=settings)


def test_channels_better_conversion_is_marked() -> None:
    data = make_lopsided(Settings(funnel=FunnelSettings(complete=True)))
    result = pipeline.run(OfflineEngine(data), "channels")
    rows = {row["channel"]: row for row in result.frame.iter_rows(named=True)}
    assert fisher_exact([[24, 5], [6, 23]]).pvalue < 0.05
    assert rows["fairs"]["above_chance"] == "yes"
    assert rows["fairs"]["difference"] == pytest.approx(19 / 30)
    assert rows["mouth"]["above_chance"] is None
    assert rows["mouth"]["conversion"] == 0.75
    assert rows["not_recorded"]["difference"] is None
    written = {
        row["channel"]: row
        for row in pipeline.run(OfflineEngine(data), "channels", {"by": "source"}).frame.iter_rows(
            named=True
        )
    }
    assert written["Trade Fair"]["difference"] == rows["fairs"]["difference"]
    assert written["自有销售"]["difference"] is None


def test_channels_a_relationship_is_compared_with_the_other_recorded_ones_only() -> None:
    """12 of 20, 10 of 25 and 5 of 15 closed; 30 of 36 without a relationship do not count."""
    counts = {"同学": (12, 20), "朋友": (10, 25), "亲戚": (5, 15), None: (30, 36)}
    people: dict[str, dict[str, object]] = {}
    referrals = []
    for tie, (closed, decided) in counts.items():
        for k in range(decided):
            id = f"{tie}{k}"
            people[id] = {"status": "closed" if k < closed else "lost"}
            people[f"r{id}"] = {}
            referrals.append({"referrer": f"r{id}", "referred": id, "tie": tie})
    data = company(people, referrals, settings=Settings(funnel=FunnelSettings(complete=True)))
    rows = pipeline.run(OfflineEngine(data), "channels", {"by": "tie"}).frame
    found = [x for x in rows["difference"] if x is not None]
    expected = [12 / 20 - 15 / 40, 10 / 25 - 17 / 35, 5 / 15 - 22 / 45]
    assert sorted(found) == pytest.approx(sorted(expected))


def test_channels_words_of_settings_are_used() -> None:
    own = Settings(
        channels=ChannelSettings(family={"customer-referral": ["Mouth"], "events": ["trade fair"]})
    )
    channels = set(pipeline.run(OfflineEngine(make_lopsided(own)), "channels").frame["channel"])
    assert channels == {"customer-referral", "events", "own-sales", "not_recorded"}


def test_channels_missing_column_is_noted() -> None:
    result = pipeline.run(OfflineEngine(company({"a": {}, "b": {}}, [("a", "b")])), "channels")
    assert {"note.channels-cannot-tell", "note.conversion-not-recorded"} <= {
        n.id for n in result.notes
    }
    assert result.frame["channel"].to_list() == ["not_recorded"]
    assert result.headline.id == "headline.channels-none"


def test_channels_through_classic_case_counts_referrers() -> None:
    result = classic("through")
    counts = dict(result.frame.select("channel", "customers").iter_rows())
    ways = {
        "key_only": l96.KEY_ONLY,
        "old_only": l96.OLD_ONLY,
        "both": l96.BOTH,
        "staff": l96.BY_STAFF_ONLY,
        "partner": l96.BY_PARTNER_ONLY,
        "authority": l96.BY_AUTHORITY,
        "not_recorded": l96.NO_SOURCE,
    }
    assert {name: counts[name] for name in ways} == {name: len(ids) for name, ids in ways.items()}
    assert "neither" not in counts
    assert counts["own-sales"] + counts["other-sources"] == len(l96.EXISTING) - sum(
        map(len, ways.values())
    )
    said = next(note.values for note in result.notes if note.id == "note.key-or-old")
    assert said["key"] + said["old"] == len(l96.REFERRED | l96.FORMER_REFERRED)
    assert said["key_decided"] + said["old_decided"] == len(
        l96.REFERRED | l96.FORMER_REFERRED | l96.LOST
    )
    assert said["low"] < said["gap"] < said["high"]


def test_channels_few_decided_are_not_compared() -> None:
    people = {
        k: {"status": "closed", "joined": f"20{k}-01-01", "revenue": "1"} for k in ("10", "20")
    }
    settings = Settings(key_account=KeyAccountRule("revenue", 5.0))
    data = company(people, [("10", "20")], settings=settings)
    result = pipeline.run(OfflineEngine(data), "channels", {"by": "through"})
    assert next(n.values for n in result.notes if n.id == "note.key-old-few")["decided"] == 5


def test_channels_family_word_is_unspecified_as_method_and_vice_versa() -> None:
    sources = {
        "a": "机构团体",
        "b": "internet",
        "c": "展会",
        "d": "自有销售",
        "e": "",
        "f": "somehow",
    }
    people = {id: {"source": source, "status": "closed"} for id, source in sources.items()}

    def run_channels(by: str) -> tuple[list[str], int]:
        result = pipeline.run(OfflineEngine(company(people, [])), "channels", {"by": by})
        note = next(n.values["customers"] for n in result.notes if n.id == "note.channel-not-told")
        assert isinstance(note, int)
        return sorted(result.frame["channel"]), note

    assert run_channels("family") == (
        ["fairs", "institutions", "not-told", "not_recorded", "own-sales", "somehow"],
        1,
    )
    assert run_channels("method") == (
        ["fair", "internet", "not-told", "not_recorded", "own-sales", "somehow"],
        1,
    )


@pytest.mark.parametrize(("own", "each"), [(None, 250), (40, 40)])
def test_channels_contacts_per_person_can_be_configured(own: int | None, each: int) -> None:
    def run(reach: int | None) -> Result:
        settings = Settings(channels=ChannelSettings(reach=reach))
        return pipeline.run(OfflineEngine(make_lopsided(settings)), "channels")

    result = run(own)
    law = next(n.values for n in result.notes if n.id == "note.law-of-250")
    assert (law["each"], law["reach"]) == (each, each * 36)
    with pytest.raises(DataError):
        run(0)


MONEY = st.decimals(-99, 99, places=2)


@settings(max_examples=cases(40), deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"), st.dates(date(2020, 1, 1), date(2023, 12, 31)), MONEY, MONEY
        ),
        min_size=1,
        max_size=12,
    ),
    st.booleans(),
)
def test_channels_margins_sum_orders_in_the_window(
    rows: list[tuple[str, date, Decimal, Decimal]], window: bool
) -> None:
    people = {
        id: {"source": source, "joined": "2019-01-01"}
        for id, source in (("a", "展会"), ("b", "展会"), ("c", "sms"))
    }
    orders = [
        {"customer": who, "at": str(at), "revenue": str(r), "profit": str(p)}
        for who, at, r, p in rows
    ]
    scope = Scope(since=date(2021, 1, 1), until=date(2022, 6, 30)) if window else Scope()
    frame = pipeline.run(OfflineEngine(company(people, [], orders)), "channels", scope=scope).frame
    for channel, members in (("fairs", "ab"), ("direct-mail", "c")):
        mine = [
            (r, p)
            for who, at, r, p in rows
            if who in members and (not window or scope.since <= at <= scope.until)
        ]
        revenue, profit = sum(r for r, _ in mine), sum(p for _, p in mine)
        found = frame.filter(channel=channel)["margin"].item()
        assert found == (pytest.approx(float(profit / revenue)) if revenue > 0 else None)
