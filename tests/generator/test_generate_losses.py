"""``--stage-dates``: the day of each loss, and nothing else."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from refgraph import pipeline
from refgraph.generator import Plan, make_plain_plan
from refgraph.model.scope import Scope
from refgraph.pipeline import generate


def write_folder(folder: Path, **knobs: Any) -> dict[str, bytes]:
    """A small company, written and read back."""
    generate.write_company(Plan(size=600, **knobs), folder)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def read_truth(folder: Path) -> dict[str, Any]:
    truth: dict[str, Any] = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    return truth


def test_write_company_with_stage_dates_adds_the_column_and_changes_nothing_else(
    tmp_path: Path,
) -> None:
    without, dated = write_folder(tmp_path / "a"), write_folder(tmp_path / "b", stage_dates=True)
    assert without["referrals.csv"] == dated["referrals.csv"]
    assert without["orders.csv"] == dated["orders.csv"]
    customers = pl.read_csv(tmp_path / "b" / "customers.csv", infer_schema_length=None)
    is_lost = customers["status"] == "lost"
    assert customers["lost_at"].is_not_null().eq(is_lost.fill_null(False)).all()
    assert customers["lost_at"].drop_nulls().max() <= "2025-12-31"  # type: ignore[operator]
    plain = pl.read_csv(tmp_path / "a" / "customers.csv", infer_schema_length=None)
    assert customers.drop("lost_at").equals(plain)
    assert "stage_dates" not in read_truth(tmp_path / "a")["plan"]
    assert read_truth(tmp_path / "b")["plan"]["stage_dates"] is True


def test_funnel_of_past_years_with_stage_dates_finds_the_planted_conversion(tmp_path: Path) -> None:
    generate.write_company(make_plain_plan(size=4000, seed=4, stage_dates=True), tmp_path / "c")
    engine = pipeline.open_source(tmp_path / "c")
    for year in (2018, 2022):
        scope = Scope(as_of=date(year, 12, 31))
        row = pipeline.run(engine, "funnel", {}, scope).frame.row(2, named=True)
        assert row["conversion_low"] < 0.7 < row["conversion_high"]  # planned
