"""The rules of one customer: the same labels as in the list of all, and figures with thresholds."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from support import l96, toys

from refgraph import pipeline
from refgraph.engines.base import Engine
from refgraph.engines.offline import OfflineEngine
from refgraph.errors import UsageError
from refgraph.measures.account_rules import REASONS
from refgraph.model.result import Result

CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"
FALSE_RULES = ("one-off", "bulk", "no-profit", "exploiter")
SPECIAL_CUSTOMERS = [
    *l96.MILLS,
    l96.BULK,
    l96.NO_PROFIT,
    l96.EXPLOITER,
    l96.ONE_OFF,
    l96.HIDDEN,
    l96.GROUP,
    l96.STRATEGIC,
    l96.SILENT,
]


@pytest.fixture(scope="module")
def engine() -> Engine:
    """The classic case."""
    return pipeline.open_source(CASE)


def explain(engine: Engine, customer: str) -> Result:
    return pipeline.run_variant(engine, "accounts", "explain", customer)


def get_outcomes(result: Result) -> dict[str, str]:
    return dict(result.frame.select("rule", "outcome").iter_rows())


def get_cell(result: Result, rule: str, column: str) -> str:
    return "; ".join(result.frame.filter(rule=rule)[column].item())


def test_explain_gives_each_customer_the_labels_of_the_list(engine: Engine) -> None:
    labels = pipeline.run(engine, "accounts").frame
    for row in labels.filter(pl.col("customer").is_in(SPECIAL_CUSTOMERS)).iter_rows(named=True):
        result = explain(engine, row["customer"])
        outcomes = get_outcomes(result)
        reasons = {reason for reason in REASONS if outcomes[f"rule-{reason}"] == "yes"}
        false_rules = [rule for rule in FALSE_RULES if outcomes[rule] == "yes"]
        assert reasons == set(row["key_by"] or ())
        assert (false_rules or [None])[0] == row["false_by"]
        assert outcomes["rule-silent"] == (row["silent"] or "unrecorded")
        assert f"({row['tier']})" in get_cell(result, "rule-tier", "threshold")
        assert result.headline.values["account"].word == row["account"]


def test_explain_shows_figures_with_thresholds(engine: Engine) -> None:
    result = explain(engine, l96.NO_PROFIT)
    assert get_cell(result, "rule-volume", "measured") == "450.000"
    assert get_cell(result, "rule-volume", "threshold") == "> 100"
    assert get_cell(result, "no-profit", "measured") == "0.50 %"
    assert get_cell(result, "no-profit", "threshold") == "< 1 %"


def test_explain_by_name_equals_by_id(engine: Engine) -> None:
    assert explain(engine, "河北钢铁").frame.equals(explain(engine, "C001").frame)


def test_explain_missing_figure_is_unrecorded_and_makes_no_key_account() -> None:
    orders: list[dict[str, object]] = [
        {"customer": "a", "at": f"2024-0{month}-01", "revenue": "10"} for month in range(1, 5)
    ]
    customers = {"a": {"joined": "2024-01-01"}, "b": {"status": "prospect"}}
    result = explain(OfflineEngine(toys.company(customers, [], orders)), "a")
    outcomes = get_outcomes(result)
    assert outcomes["rule-frequency"] == "no"
    assert outcomes["rule-volume"] == outcomes["rule-margin"] == "unrecorded"
    assert get_cell(result, "rule-volume", "measured") == "–"
    assert outcomes["rule-business"] == "no"


def test_explain_prospect_has_no_account(engine: Engine) -> None:
    assert explain(engine, min(l96.PROSPECTS)).headline.id == "headline.account-none"


def test_explain_unknown_party_raises_usage_error(engine: Engine) -> None:
    with pytest.raises(UsageError):
        explain(engine, "nobody at all")


def test_explain_without_orders_is_empty() -> None:
    result = explain(OfflineEngine(toys.pair()), "a")
    assert result.headline.id == "headline.accounts-cannot-tell" and not result.frame.height


def test_explain_counts_key_accounts_in_whole_numbers(engine: Engine) -> None:
    rows = {row["rule"]: row for row in explain(engine, l96.HIDDEN).frame.iter_rows(named=True)}
    assert rows["rule-influence"]["measured"] == [str(len(l96.HIDDEN_BROUGHT))]
