"""Answers stored in the ledger node of a load; they hold while nothing is committed after it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from refgraph.engines.neo4j.connection import Database
from refgraph.model.result import Result
from refgraph.model.result_serialization import make_question_key, result_from_json, result_to_json

STORED_ROWS = 100
"""Rows stored of each answer."""


def serialize_answers(results: Iterable[Result]) -> dict[str, Any]:
    """Question key -> answer in JSON values."""
    answers = {}
    for result in results:
        key = make_question_key(result.analysis, result.parameters)
        answers[key] = result_to_json(result, STORED_ROWS)
    return answers


def read_answer(
    database: Database, analysis: str, parameters: Mapping[str, object], rows: int | None
) -> Result | None:
    """The stored answer, if it has the first ``rows`` rows (None = all); else None."""
    record = database.first_row("inspect/answers")
    if not record or not record[0]:
        return None
    stored = json.loads(record[0]).get(make_question_key(analysis, parameters))
    if stored is None:
        return None
    result = result_from_json(stored, analysis, parameters)
    has_enough = not result.more or (rows is not None and rows <= result.frame.height)
    return result if has_enough else None
