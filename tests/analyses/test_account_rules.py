"""Every rule of one customer: the same labels as in the list of all, and figures beside thresholds."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import l96
import toys
from refgraph import flow
from refgraph.engines.offline import Offline
from refgraph.errors import UsageError
from refgraph.graphs.account_labels import REASONS
from refgraph.model.result import Result

CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"
FALSE = ("one-off", "bulk", "no-profit", "exploiter")


def outcomes(result: Result) -> dict[str, str]:
    return dict(result.frame.select("rule", "outcome").iter_rows())


def cell(result: Result, rule: str, column: str) -> str:
    return "; ".join(result.frame.filter(rule=rule)[column].item())


def test_each_customer_is_explained_as_it_is_listed() -> None:
    engine = flow.open_source(CASE)
    listed = flow.run(engine, "accounts").frame
    special = [*l96.MILLS, l96.BULK, l96.NO_PROFIT, l96.EXPLOITER, l96.ONE_OFF, l96.HIDDEN, l96.GROUP, l96.STRATEGIC, l96.SILENT]
    for row in listed.filter(pl.col("customer").is_in(special)).iter_rows(named=True):
        result = flow.explained(engine, row["customer"])
        told = outcomes(result)
        assert {r for r in REASONS if told[f"rule-{r}"] == "yes"} == set(row["key_by"] or ())
        assert next((r for r in FALSE if told[r] == "yes"), None) == row["false_by"]
        assert told["rule-silent"] == (row["silent"] or "unrecorded")
        assert f"({row['tier']})" in cell(result, "rule-tier", "threshold")
        assert result.headline.values["account"].word == row["account"]


def test_figures_stand_beside_thresholds() -> None:
    result = flow.explained(flow.open_source(CASE), l96.NO_PROFIT)
    assert (cell(result, "rule-volume", "measured"), cell(result, "rule-volume", "threshold")) == ("450.000", "> 100")
    assert (cell(result, "no-profit", "measured"), cell(result, "no-profit", "threshold")) == ("0.50 %", "< 1 %")
    by_name = flow.explained(flow.open_source(CASE), "河北钢铁")
    assert by_name.frame.equals(flow.explained(flow.open_source(CASE), "C001").frame)


def test_a_missing_figure_is_no_no() -> None:
    orders: list[dict[str, object]] = [{"customer": "a", "at": f"2024-0{m}-01", "revenue": "10"} for m in range(1, 5)]
    result = flow.explained(Offline(toys.company({"a": {"joined": "2024-01-01"}, "b": {"status": "prospect"}}, [], orders)), "a")
    told = outcomes(result)
    assert (told["rule-frequency"], told["rule-volume"], told["rule-margin"]) == ("no", "unrecorded", "unrecorded")
    assert cell(result, "rule-volume", "measured") == "–"
    assert told["rule-business"] == "no", "what is not recorded does not make a key account"


def test_who_is_no_customer_is_no_account() -> None:
    engine = flow.open_source(CASE)
    assert flow.explained(engine, sorted(l96.PROSPECTS)[0]).headline.id == "headline.account-none"
    with pytest.raises(UsageError):
        flow.explained(engine, "nobody at all")


def test_without_orders_nobody_can_tell() -> None:
    result = flow.explained(Offline(toys.pair()), "a")
    assert result.headline.id == "headline.accounts-cannot-tell" and not result.frame.height
