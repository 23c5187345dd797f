"""Answers in the ledger of a load: kept by the load, given while nothing was committed since."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Any

from refgraph.engines.neo4j.database import Database
from refgraph.model.plain_result import as_json, from_json, question
from refgraph.model.result import Result

ROWS = 100
"""Rows of an answer that are kept."""


def kept(results: Iterable[Result]) -> dict[str, Any]:
    """Question -> answer in plain values, and which refgraph answered."""
    return {"refgraph": version("refgraph"),
            "answers": {question(r.analysis, r.parameters): as_json(r, ROWS) for r in results}}  # fmt: skip


def given(database: Database, analysis: str, parameters: Mapping[str, object], rows: int | None) -> Result | None:
    """The answer with at least its first rows, None = all of them; None where it is not kept, or by another refgraph."""
    found = database.one("look/answers")
    held = json.loads(found[0]) if found and found[0] else {}
    answer = held.get("answers", {}).get(question(analysis, parameters))
    if answer is None or held["refgraph"] != version("refgraph"):
        return None
    result = from_json(answer, analysis, parameters)
    enough = result is not None and (not result.more or (rows is not None and rows <= result.frame.height))
    return result if enough else None
