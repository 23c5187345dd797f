"""The engine behind the SOURCE of a command, which lets go of it when it ends, however it ends."""

from __future__ import annotations

from typing import Any

import click

from refgraph import flow
from refgraph.commands import options
from refgraph.engines.base import Engine


def opened(given: dict[str, Any]) -> tuple[Engine, dict[str, Any]]:
    """The engine, and the options with those of its settings filled in. Raises as `flow.open_source`, `Engine.account`."""
    engine = flow.open_source(options.source_of(given), options.reading(given))
    click.get_current_context().call_on_close(engine.close)
    return engine, options.with_defaults(given, engine.account().settings)
