"""Every figure that opens equals the one recomputed from its rows alone."""

from __future__ import annotations

import math
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from support import companies, examples, toys
from support.random_cases import choose
from support.recompute import EPOCH, recompute

from refgraph import analyses, pipeline
from refgraph.engines.base import Engine
from refgraph.engines.offline import OfflineEngine
from refgraph.errors import UsageError
from refgraph.model.result import Column, Result
from refgraph.model.settings import ChannelSettings, Settings
from refgraph.pipeline.opening import FIGURE_UNITS, Opener

SAMPLES = Path(__file__).parent.parent.parent / "sample_data"
PLANS = [str(SAMPLES / "plans" / f"{name}.toml") for name in ("two-sided", "geometric")]
CLOSED = frozenset({"payoff", "integrity", "path", "common", "channel-cost", "early-adopters"})
"""Analyses without a figure that is made of rows, or without a row in the classic case."""
PARTLY_CLOSED = frozenset({"compare"})
"""Analyses with rows whose figures do not open: positions, and differences of medians."""


@cache
def open_sample(name: str) -> Engine:
    return pipeline.open_source(SAMPLES / name)


def check_answer(engine: Engine, name: str, parameters: dict[str, object]) -> int:
    """Open the figures of some rows of an answer; returns how many were compared."""
    result = pipeline.run(engine, name, parameters)
    assert isinstance(result.opener, Opener)
    compared, keys = 0, analyses.load(name).keys
    rows = sorted({0, result.frame.height // 2, result.frame.height - 1})
    for row in rows if result.frame.height else ():
        for column in result.columns:
            is_figure = column.unit in FIGURE_UNITS and column.name not in keys
            if is_figure and not column.closed:
                compared += check_cell(result, row, column)
    return compared


def check_cell(result: Result, row: int, column: Column) -> bool:
    """Whether the cell has a figure, which then equals the one made of its rows."""
    assert isinstance(result.opener, Opener)
    printed = result.frame[column.name][row]
    where = f"{result.analysis} row {row} {column.name}: {printed}"
    try:
        opened = result.opener.open_cell(row, column)
    except UsageError:
        assert printed is None or result.analysis in PARTLY_CLOSED, where
        return False
    method, is_date = str(opened.parameters["method"]), isinstance(printed, date)
    if method == "inputs":
        assert column.inputs and "note.rows-formula" in {note.id for note in opened.notes}, where
        assert opened.frame.height or printed is None, where
        return False
    found = recompute(opened.frame.to_dicts(), method, is_date=is_date)
    if printed is None:
        return False
    expected = float((printed - EPOCH).days if is_date else printed)
    assert found is not None, where
    assert math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-9), (where, found, method)
    return True


@pytest.mark.parametrize("name", analyses.NAMES)
@pytest.mark.parametrize("toy", toys.TOYS)
def test_every_figure_of_a_toy_equals_the_sum_of_its_rows(name: str, toy: str) -> None:
    engine = toys.open_toy(toy)
    parameters = examples.get_parameters(name, engine)
    if parameters is not None:
        check_answer(engine, name, parameters)


@pytest.mark.parametrize("name", analyses.NAMES)
def test_every_figure_of_the_classic_case_equals_the_sum_of_its_rows(name: str) -> None:
    engine = open_sample("l96")
    parameters = examples.get_parameters(name, engine)
    assert parameters is not None
    compared = check_answer(engine, name, parameters)
    assert bool(compared) == (name not in CLOSED)


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("concentration", {"curve": True}),
        ("time-to-refer", {"curve": True}),
        ("retention", {"curve": True}),
        ("retention", {"group": "recommenders"}),
        ("generations", {"rates": "3%,1%"}),
        ("payouts", {"plan": PLANS[0], "against": PLANS[1]}),
        ("rewards", {"plan": PLANS[0], "against": PLANS[1]}),
        ("campaign", {"k": 4}),
        ("ask", {"holdout": 0.2}),
        ("referral-rate", {"by": "tie"}),
        ("at-risk", {"only": "all"}),
    ],
)
def test_figures_that_an_option_adds_equal_the_sum_of_their_rows(
    name: str, parameters: dict[str, object]
) -> None:
    assert check_answer(open_sample("l96"), name, parameters)


@pytest.mark.parametrize("seed", choose(1, 200))
def test_every_figure_of_a_random_company_equals_the_sum_of_its_rows(seed: int) -> None:
    knobs = {"size": 60 + 20 * (seed % 5), "seed": seed}
    engine = OfflineEngine(companies.dataset(companies.company(**knobs)))
    for name in analyses.NAMES:
        parameters = examples.get_parameters(name, engine)
        if parameters is not None:
            check_answer(engine, name, parameters)


def test_rows_of_the_referral_share_are_thirty_of_96() -> None:
    result = pipeline.run(open_sample("l96"), "effect")
    share = result.rows("customers", "share")
    roles = dict(share.frame["role"].value_counts().iter_rows())
    assert roles == {"numerator-denominator": 30, "denominator": 66}
    left_out = result.rows("customers", "share", left_out=True)
    reasons = dict(left_out.frame["why"].value_counts().iter_rows())
    assert reasons == {"out-prospect": 24, "out-other": 5, "out-former": 4}
    assert share.headline.values["part"] == 30 and share.headline.values["whole"] == 96


def test_rows_name_the_lines_of_the_file() -> None:
    rows = pipeline.run(open_sample("l96"), "effect").rows("customers", "referred").frame
    lines = (SAMPLES / "l96" / "customers.csv").read_text(encoding="utf-8").splitlines()
    assert rows.height == 30
    for line, party in rows.select("line", "party").iter_rows():
        assert lines[line - 1].split(",")[0] == party


def test_rows_of_a_sum_are_orders_that_add_up_to_the_cent() -> None:
    result = pipeline.run(open_sample("l96"), "effect")
    orders = result.rows("customers", "referred_value").frame
    assert set(orders["table"]) == {"orders"}
    amounts = pl.read_csv(SAMPLES / "l96" / "orders.csv")
    total = sum(round(100 * float(x)) for x in orders["amount"])
    assert total == round(100 * result.frame["referred_value"][0])
    assert orders["line"].max() <= amounts.height + 1


@pytest.mark.parametrize(
    ("key", "column", "error"),
    [
        ("custmers", "share", "unknown-row"),
        ("customers", "shar", "unknown-figure"),
        ("customers", "definition", "not-a-figure"),
    ],
)
def test_unknown_keys_and_columns_are_refused_with_the_nearest(
    key: str, column: str, error: str
) -> None:
    with pytest.raises(UsageError) as caught:
        pipeline.run(open_sample("l96"), "effect").rows(key, column)
    assert caught.value.id == error
    if error.startswith("unknown"):
        assert caught.value.values["near"]


def test_figure_of_a_model_stays_closed_and_an_estimate_lists_its_customers() -> None:
    with pytest.raises(UsageError) as caught:
        pipeline.run(open_sample("l96"), "ask").rows("1", "chance")
    assert caught.value.id == "figure-closed"
    gap = pipeline.run(open_sample("l96"), "value-gap")
    rows = gap.rows("gap-raw", "gap")
    counts = gap.frame.filter(pl.col("method") == "gap-raw").row(0, named=True)
    assert rows.frame.height == counts["referred"] + counts["others"]


def test_rows_are_named_by_id_by_word_and_by_name() -> None:
    result = pipeline.run(open_sample("l96"), "recommenders")
    name = result.frame["name"][0]
    first = result.rows(result.frame["customer"][0], "direct")
    for key in (name, "1"):
        assert result.rows(key, "direct").frame.equals(first.frame)
    segments = pipeline.run(open_sample("l96"), "segments", {"by": "key"})
    for key in ("key_account", "key accounts"):
        assert segments.rows(key, "customers").frame.height == segments.frame["customers"][0]


def test_costs_and_first_orders_open_to_settings_and_orders() -> None:
    people: dict[str, dict[str, object]] = {
        name: {"source": "展会", "joined": "2023-05-01"} for name in ("a", "b", "c")
    }
    orders: list[dict[str, object]] = [
        {"customer": name, "at": f"2023-06-0{day}", "revenue": 10 * day, "product": "P1"}
        for day, name in enumerate("abc", 1)
    ]
    settings = Settings(channels=ChannelSettings(cost={"展会": {"2023": 90.0, "2024": 30.0}}))
    data = toys.company(people, [("a", "b"), ("b", "c")], orders, settings=settings)
    engine = OfflineEngine(data)
    assert check_answer(engine, "channel-cost", {}) > 10
    assert check_answer(engine, "early-adopters", {"product": "P1"}) == 8
    rows = pipeline.run(engine, "channel-cost").rows(("展会", "all"), "cost").frame
    assert rows["file"].unique().to_list() == ["refgraph.toml"]
    assert rows["amount"].to_list() == [90.0, 30.0]
