"""The answers that a load keeps beside the data, so that a database can give them without the data."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from refgraph import flow
from refgraph.analyses.recommenders import By
from refgraph.engines.base import Engine
from refgraph.errors import DataError
from refgraph.flow.origin import OWN
from refgraph.model.result import Result

QUESTIONS = (("effect", {}), *(("recommenders", {"by": by}) for by in get_args(By)))
"""Those asked first: how many came by referral, and who the first recommenders are, by each order."""


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
