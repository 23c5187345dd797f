"""The answers that a load stores with the data, so that a database can return them at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import get_args

from refgraph import pipeline
from refgraph.analyses.recommenders import RankingColumn
from refgraph.engines.base import Engine
from refgraph.errors import DataError
from refgraph.model.result import Result
from refgraph.pipeline.provenance import ENGINE_KEYS

STORED_ANALYSES = (
    "effect",
    "growth",
    "channels",
    "concentration",
    "cohorts",
    "funnel",
    "segments",
    "trees",
)
STORED_QUESTIONS: tuple[tuple[str, Mapping[str, object]], ...] = (
    *((name, {}) for name in STORED_ANALYSES),
    *(("recommenders", {"by": by}) for by in get_args(RankingColumn)),
)
"""The most common questions: each adds a second or two to a load of a million customers."""


def compute_stored_answers(engine: Engine) -> list[Result]:
    """Answers to `STORED_QUESTIONS` under the default scope, as far as the data allows.

    Their origin leaves out what describes the engine; `refresh_origin` adds it on reading.
    """
    answers = []
    for name, parameters in STORED_QUESTIONS:
        try:
            result = pipeline.run(engine, name, parameters)
        except DataError:
            continue
        engine_keys = ENGINE_KEYS | engine.origin().keys()
        origin = {key: value for key, value in result.origin.items() if key not in engine_keys}
        answers.append(replace(result, origin=origin))
    return answers
