"""Three sets, total and disjoint; every shipped rule in both outcomes.

Also the planted accounts of l96 by member ids.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import polars as pl
import pytest
from support import l96
from support.toys import company

from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.errors import DataError
from refgraph.model.result import Result
from refgraph.model.settings import Settings
from refgraph.renderers.cells import format_values
from refgraph.texts import format_message

CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"
TERRITORY = {"territory": ["North"], "special_sectors": ["school"], "value_chain": ["owner"]}


@pytest.fixture(scope="module")
def classic() -> Result:
    return pipeline.run(pipeline.open_source(CASE), "accounts")


def find_customers(result: Result, **cells: str) -> set[str]:
    return set(result.frame.filter(**cells)["customer"])


def by(result: Result, reason: str) -> set[str]:
    return set(result.frame.filter(pl.col("key_by").list.contains(reason))["customer"])


def test_accounts_classic_case_has_27_key_and_three_false(classic: Result) -> None:
    assert by(classic, "business") == l96.LARGE
    assert find_customers(classic, false_by="bulk") == {l96.BULK}
    assert find_customers(classic, false_by="no-profit") == {l96.NO_PROFIT}
    assert find_customers(classic, false_by="exploiter") == {l96.EXPLOITER}
    assert find_customers(classic, false_by="one-off") == {l96.ONE_OFF}
    assert len(by(classic, "business") & find_customers(classic, account="account-key")) == 27


def test_accounts_classic_case_labels_planted_customers(classic: Result) -> None:
    assert by(classic, "influence") == {l96.HIDDEN}
    row = classic.frame.row(by_predicate=pl.col("customer") == l96.HIDDEN, named=True)
    assert row["keys_brought"] == len(l96.HIDDEN_BROUGHT)
    assert len(row["brought"]) == len(l96.HIDDEN_BROUGHT)
    assert by(classic, "group") == {l96.GROUP}
    assert l96.STRATEGIC in by(classic, "strategic")
    nature = by(classic, "nature")
    assert {l96.NATURE_INSIDE, l96.IMPORTANT} & nature and l96.NATURE_OUTSIDE not in nature
    assert find_customers(classic, silent="yes") == {l96.SILENT}


def test_accounts_sets_are_complete_and_disjoint(classic: Result) -> None:
    assert set(classic.frame["customer"]) == l96.EXISTING
    counts = dict(classic.frame["account"].value_counts().iter_rows())
    assert sum(counts.values()) == len(l96.EXISTING)
    assert counts["account-false"] == len(l96.FALSE_LARGE) + 1
    assert (
        classic.frame.filter(account="account-small")["key_by"].null_count()
        == counts["account-small"]
    )


def test_accounts_without_its_referrals_nobody_is_hidden(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(CASE, tmp_path / "case"))
    lines = (copy / "referrals.csv").read_text("utf-8").splitlines(keepends=True)
    (copy / "referrals.csv").write_text(
        "".join(x for x in lines if not x.startswith(l96.HIDDEN)), "utf-8"
    )
    assert by(pipeline.run(pipeline.open_source(copy), "accounts"), "influence") == set()


def test_false_account_with_influence_is_not_counted_as_hidden(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(CASE, tmp_path / "case"))
    lines = (copy / "orders.csv").read_text("utf-8").splitlines(keepends=True)
    first = next(line for line in lines if l96.HIDDEN in line)
    lines = [line for line in lines if line == first or l96.HIDDEN not in line]
    (copy / "orders.csv").write_text("".join(lines), "utf-8")
    result = pipeline.run(pipeline.open_source(copy), "accounts")
    assert l96.HIDDEN in by(result, "influence")
    assert l96.HIDDEN in find_customers(result, account="account-false", false_by="one-off")
    assert result.headline.values["hidden"] == 0


def test_accounts_only_selects_each_kind(classic: Result) -> None:
    engine = pipeline.open_source(CASE)
    stated = {
        only: set(pipeline.run(engine, "accounts", {"only": only}).frame["customer"])
        for only in ("key", "false", "hidden", "silent", "never-recommended")
    }
    assert stated["key"] == find_customers(classic, account="account-key")
    assert stated["false"] == set(l96.FALSE_LARGE) | {l96.ONE_OFF}
    assert (stated["hidden"], stated["silent"]) == ({l96.HIDDEN}, {l96.SILENT})
    assert stated["never-recommended"] <= stated["key"] - l96.RECOMMENDERS - l96.NAMING_PROSPECTS


def customer(
    orders: list[tuple[str, float, float, float]],
    rule: dict[str, object] | None = None,
    **columns: object,
) -> dict[str, object]:
    """The row of one customer with orders (day, revenue, profit, volume), seen on 2024-12-31."""
    rows = [
        {"customer": "a", "at": d, "revenue": r, "profit": p, "volume": v} for d, r, p, v in orders
    ]
    rows.append({"customer": "z", "at": "2024-12-31", "revenue": 1, "profit": 1, "volume": 1})
    people = {
        "a": {"status": "closed", "joined": "2024-01-01", **columns},
        "z": {"status": "closed", "joined": "2024-01-01"},
    }
    data = company(people, [], rows, Settings(accounts=TERRITORY | (rule or {})))
    return pipeline.run(OfflineEngine(data), "accounts").frame.row(
        by_predicate=pl.col("customer") == "a", named=True
    )


def spread(
    volume: float, margin: float = 0.1, revenue: float = 1000.0
) -> list[tuple[str, float, float, float]]:
    """Ten equal orders in one year."""
    return [(f"2024-{m:02d}-15", revenue, revenue * margin, volume / 10) for m in range(2, 12)]


@pytest.mark.parametrize(
    ("volume", "account"), [(100, "account-small"), (100.1, "account-key"), (99.9, "account-small")]
)
def test_accounts_volume_threshold_is_exclusive(volume: float, account: str) -> None:
    assert customer(spread(volume))["account"] == account


@pytest.mark.parametrize(
    ("revenue", "tier"),
    [
        (499_999, "小散"),
        (500_000, "散户"),
        (999_999, "散户"),
        (1_000_000, "中户"),
        (4_999_999, "中户"),
        (5_000_000, "大户"),
    ],
)
def test_accounts_tier_includes_its_lower_bound(revenue: float, tier: str) -> None:
    assert customer([("2024-06-01", revenue, 1, 1)])["tier"] == tier


def test_accounts_changed_threshold_changes_only_its_labels() -> None:
    usual, strict = customer(spread(200, 0.02)), customer(spread(200, 0.02), {"margin_floor": 0.03})
    assert (usual["account"], usual["false_by"]) == ("account-key", None)
    assert (strict["account"], strict["false_by"]) == ("account-false", "no-profit")
    apart = {"account", "false_by", "why"}
    assert {k: v for k, v in usual.items() if k not in apart} == {
        k: v for k, v in strict.items() if k not in apart
    }


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"region": "North", "sector": "school"}, "nature"),
        ({"region": "South", "sector": "school"}, None),
        ({"region": "North", "sector": "mill"}, None),
        ({"potential": "high", "rival_exposure": "high"}, "strategic"),
        ({"potential": "high", "rival_exposure": "low"}, None),
    ],
)
def test_accounts_nature_and_strategic_reasons(
    columns: dict[str, object], reason: str | None
) -> None:
    assert customer(spread(10), **columns)["key_by"] == (None if reason is None else [reason])


def test_accounts_every_label_gives_figures_and_thresholds(classic: Result) -> None:
    why = {
        who: set(stated or ())
        for who, stated in classic.frame.select("customer", "why").iter_rows()
    }
    assert why[l96.NO_PROFIT] >= {"volume 450 > 100", "no-profit 0.005 < 0.01"}
    assert why[l96.HIDDEN] == {f"keys-brought {len(l96.HIDDEN_BROUGHT)} ≥ 2"}
    assert why[l96.STRATEGIC] == {"both-high"}
    assert why[l96.GROUP] == {f"buyer {l96.GROUP_NAME}"}
    assert any(part.startswith("one-off ") for part in why[l96.ONE_OFF])
    labelled = classic.frame.filter(pl.col("account") != "account-small")
    assert labelled["why"].null_count() == 0
    twice = customer(spread(150, 0.2), {"require": ["volume", "margin"]})["why"]
    assert twice == ["volume 150 > 100", "margin 0.2 ≥ 0.05"]


def test_accounts_notes_name_false_hidden_and_inactive(classic: Result) -> None:
    stated = {n.id: format_message(n, "en") for n in classic.notes}
    names = dict(classic.frame.select("customer", "name").iter_rows())
    assert f"{names[l96.EXPLOITER]} (exploiter)" in stated["note.accounts-false"]
    assert (
        names[l96.HIDDEN] in stated["note.accounts-hidden"]
        and names[l96.SILENT] in stated["note.accounts-silent"]
    )


@pytest.mark.parametrize("which", ["accounts", "explained"])
def test_accounts_chinese_page_has_no_english_word(which: str) -> None:
    engine = pipeline.open_source(CASE)
    result = (
        pipeline.run(engine, "accounts")
        if which == "accounts"
        else pipeline.run_variant(engine, "accounts", "explain", l96.GROUP)
    )
    stated = [
        cell
        for column in result.columns
        if column.unit in ("label", "reason")
        for cell in format_values(result.frame[column.name], column.unit, "zh")
    ]
    assert stated and not [cell for cell in stated if re.search("[A-Za-z]", cell)]


def test_accounts_one_large_order_is_bulk_and_interval_needs_three_days() -> None:
    row = customer([("2024-02-01", 1000, 100, 90), ("2024-03-01", 1000, 100, 60)])
    assert (row["false_by"], row["silent"], row["rhythm"]) == ("bulk", None, None)
    assert customer(spread(150))["false_by"] is None


def test_accounts_without_orders_are_empty_and_bad_rules_raise() -> None:
    result = pipeline.run(OfflineEngine(company({"a": {"revenue": 5}}, [])), "accounts")
    assert (result.headline.id, result.frame.height) == ("headline.accounts-cannot-tell", 0)
    for rule in ({"tiers": [0]}, {"nonsense": 1}, {"volume": "much"}):
        with pytest.raises(DataError):
            customer(spread(1), rule)
