"""The answers that a load keeps beside the data, so that a database can give them without the data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import get_args

from refgraph import flow
from refgraph.analyses.recommenders import By
from refgraph.engines.base import Engine
from refgraph.errors import DataError
from refgraph.flow.origin import OWN
from refgraph.model.result import Result

FIRST = ("effect", "growth", "channels", "concentration", "cohorts", "funnel", "segments", "trees")
QUESTIONS: tuple[tuple[str, Mapping[str, object]], ...] = (
    *((name, {}) for name in FIRST), *(("recommenders", {"by": by}) for by in get_args(By)))  # fmt: skip
"""Those asked first, of which each costs a load a second or two of a million customers; the recommenders by each order."""


def answers(engine: Engine) -> list[Result]:
    """The answers under the plain scope, with the origin of all but this engine; none to what the data cannot answer."""
    found = []
    for name, parameters in QUESTIONS:
        try:
            result = flow.run(engine, name, parameters)
        except DataError:
            continue
        found.append(replace(result, origin={k: v for k, v in result.origin.items() if k not in OWN | engine.origin().keys()}))
    return found
