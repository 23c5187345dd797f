"""Amounts with decimals: 15.29 元 instead of 15.29 万元 divides every amount by 10,000.

Nothing else changes. Whole amounts would hide a forgotten scale.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from support import examples

from refgraph import analyses, pipeline
from refgraph.engines.base import Engine
from refgraph.model.message import Amount
from refgraph.model.units import Unit

CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"
RATIO = 10_000
ABSOLUTE = ("tier", "account", "why", "reward")
"""Columns of rules that name amounts, and of the rewards, which stay in 元."""
MIXED = "compare"
"""Its columns hold amounts next to counts."""
UNSCALED = (MIXED, *examples.PLANNED)
"""The plans of rewards pay amounts of their own, whatever the unit of the data."""


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> tuple[Engine, Engine]:
    """The classic case, and the same with amounts in 元."""
    copy = Path(shutil.copytree(CASE, tmp_path_factory.mktemp("money") / "case"))
    orders = copy / "orders.csv"
    orders.write_text(
        orders.read_text(encoding="utf-8").replace("(万元)", "(元)"), encoding="utf-8"
    )
    return pipeline.open_source(CASE), pipeline.open_source(copy)


@pytest.mark.parametrize("name", [name for name in analyses.NAMES if name not in UNSCALED])
def test_answer_with_amounts_in_another_unit_changes_amounts_only(
    name: str, engines: tuple[Engine, Engine]
) -> None:
    usual, small = (
        pipeline.run(engine, name, examples.get_parameters(name, engine)) for engine in engines
    )
    money = [column.name for column in usual.columns if column.unit is Unit.MONEY]
    expected = usual.frame.with_columns(pl.col(money) / RATIO).drop(ABSOLUTE, strict=False)
    found = small.frame.drop(ABSOLUTE, strict=False)
    assert_frame_equal(found, expected, check_dtypes=False, rel_tol=1e-9, abs_tol=1e-12)
    for key, value in usual.headline.values.items():
        other = small.headline.values[key]
        if isinstance(value, Amount) and isinstance(other, Amount):
            assert other.number == pytest.approx(value.number / (RATIO if value.money else 1))
