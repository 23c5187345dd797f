"""Answers in the ledger of a load: kept by the load, given while nothing was committed since."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from refgraph.engines.neo4j.database import Database
from refgraph.model.plain_result import as_json, from_json, question
from refgraph.model.result import Result

ROWS = 100
"""Rows of an answer that are kept."""


def kept(results: Iterable[Result]) -> dict[str, Any]:
    """Question -> answer in plain values."""
    return {question(r.analysis, r.parameters): as_json(r, ROWS) for r in results}


def given(database: Database, analysis: str, parameters: Mapping[str, object], rows: int | None) -> Result | None:
    """The answer with at least its first rows, None = all of them; None where it is not kept."""
    found = database.one("look/answers")
    answer = json.loads(found[0]).get(question(analysis, parameters)) if found and found[0] else None
    if answer is None:
        return None
    result = from_json(answer, analysis, parameters)
    return result if not result.more or (rows is not None and rows <= result.frame.height) else None
