"""Files of reward plans that are refused, each with its fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from refgraph.config.plans import load_plan
from refgraph.errors import DataError, FileError, UsageError


def write(folder: Path, *lines: str) -> Path:
    path = folder / "plan.toml"
    path.write_text("\n".join(["[plan]", *lines]), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (["amount = 5"], "config-missing"),
        (['kind = "pyramid"'], "config-word"),
        (['kind = "flat"'], "plan-key-missing"),
        (['kind = "flat"', "amount = -5"], "config-range"),
        (['kind = "flat"', "amount = nan"], "config-type"),
        (['kind = "flat"', 'amount = "5"'], "config-type"),
        (['kind = "flat"', "amount = 5", "rate = 0.1"], "plan-key-unused"),
        (['kind = "flat"', "amount = 5", "bonus = 1"], "config-unknown"),
        (['kind = "direct"', "rate = 1.5"], "config-range"),
        (['kind = "geometric"', "base = 0.1", "decay = 1"], "plan-unbounded"),
        (['kind = "geometric"', "base = 3", "decay = 0.5"], "plan-above-whole"),
        (['kind = "recursive"', "amount = 1", "decay = 2"], "plan-unbounded"),
        (["kind ="], "config-not-toml"),
    ],
)
def test_bad_plans_are_refused(tmp_path: Path, lines: list[str], fault: str) -> None:
    with pytest.raises(DataError) as caught:
        load_plan(str(write(tmp_path, *lines)))
    assert caught.value.id == fault


def test_missing_plans_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError):
        load_plan(str(tmp_path / "none.toml"))
    with pytest.raises(FileError):
        load_plan(str(tmp_path))
    with pytest.raises(UsageError) as caught:
        load_plan(" ")
    assert caught.value.id == "plan-missing"
    (tmp_path / "empty.toml").write_text("", encoding="utf-8")
    with pytest.raises(DataError) as missing:
        load_plan(str(tmp_path / "empty.toml"))
    assert missing.value.id == "config-missing"
