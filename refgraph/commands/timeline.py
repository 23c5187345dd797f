"""``refgraph timeline ANALYSIS SOURCE --every year``: one question asked of every period, in one table."""

from __future__ import annotations

from typing import Any

import click

from refgraph.commands import options
from refgraph.commands.analysis import Questions
from refgraph.engines.base import Engine
from refgraph.flow.spans import MONTHS
from refgraph.flow.timeline import timeline
from refgraph.model.result import Result


def _ask(engine: Engine, name: str, own: dict[str, Any], given: dict[str, Any]) -> Result:
    top, given["top"] = given["top"], None  # rows of each period, not of the table
    return timeline(engine, name, own, options.scope(given), given["every"], top)


_EVERY = options.option("--every", type=click.Choice(list(MONTHS)), default="year", show_default=True)
command = Questions("timeline", _ask, [_EVERY])
