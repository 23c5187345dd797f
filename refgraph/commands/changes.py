"""``refgraph changes ANALYSIS SOURCE --then 2024 --now 2025``: one question asked of two days or periods, side by side."""

from __future__ import annotations

from typing import Any

from refgraph.commands import options
from refgraph.commands.analysis import Questions
from refgraph.engines.base import Engine
from refgraph.flow.changes import changes
from refgraph.model.result import Result

_MOMENT: dict[str, Any] = {"metavar": "DAY|PERIOD", "required": True}


def _ask(engine: Engine, name: str, own: dict[str, Any], given: dict[str, Any]) -> Result:
    return changes(engine, name, given["then"], given["now"], own, options.scope(given))


command = Questions("changes", _ask, [options.option("--then", **_MOMENT), options.option("--now", **_MOMENT)])
