"""Files of reward plans: read and checked as refgraph.toml is."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from refgraph.config import read_toml
from refgraph.config.schema import find_faults
from refgraph.errors import DataError, UsageError, combine_errors
from refgraph.model.reward_plan import NEEDS, TAKES, RewardPlan

ALWAYS = ("name", "kind", "budget")
MAX_PATH = 1000
"""A longer text is no path."""
_TOLERANCE = 1e-12


def load_plans(path: str, other: str = "") -> list[RewardPlan]:
    """The plan of a file, and that of another file to compare with it. Raises as `load_plan`."""
    return [load_plan(path), *([load_plan(other)] if other else [])]


def load_plan(path: str) -> RewardPlan:
    """The plan of a file. Its name is that of the file unless it has one.

    Raises UsageError ``plan-missing`` for what is no path; FileError and DataError as
    `config.load_settings`; DataError ``plan-key-missing`` and ``plan-key-unused`` for keys that its
    kind needs or does not take, ``plan-unbounded`` if further levels never pay less, and
    ``plan-above-whole`` if it may pay more than the value of a deal.
    """
    if not path.strip() or len(path) > MAX_PATH or "\0" in path:
        raise UsageError("plan-missing")
    tables = read_toml(Path(path))
    faults = list(find_faults(tables, _load_schema(), path))
    if not faults and "plan" not in tables:
        faults = [DataError("config-missing", file=path, name="[plan] kind")]
    if not faults:
        faults = _find_wrong_keys(tables["plan"], path)
    if faults:
        raise combine_errors(faults)
    plan = RewardPlan(**{"name": Path(path).stem, **tables["plan"]})
    if plan.depth > 1 and plan.decay >= 1:
        raise DataError("plan-unbounded", file=path, decay=plan.decay)
    if plan.most_of_value > 1 + _TOLERANCE:
        raise DataError("plan-above-whole", file=path, share=plan.most_of_value)
    return plan


@cache
def _load_schema() -> dict[str, dict[str, Any]]:
    text = files("refgraph.data").joinpath("plan.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _find_wrong_keys(table: Mapping[str, Any], path: str) -> list[DataError]:
    """The faults of the keys of a plan, by its kind."""
    kind = table["kind"]
    needed, known = NEEDS[kind], (*NEEDS[kind], *TAKES.get(kind, ()), *ALWAYS)
    missing = [key for key in needed if key not in table]
    unused = [key for key in table if key not in known]
    about = {"file": path, "kind": kind}
    return [
        *(DataError("plan-key-missing", **about, key=key) for key in missing),
        *(DataError("plan-key-unused", **about, key=key, known=list(known)) for key in unused),
    ]
