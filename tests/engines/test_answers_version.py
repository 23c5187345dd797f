"""ANSWERS_VERSION has to be raised whenever answers stored in a database are no longer valid.

``python tests/engines/test_answers_version.py`` records the current answers for the raised version.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from support import digests

from refgraph import pipeline
from refgraph.engines.answers_version import ANSWERS_VERSION
from refgraph.engines.neo4j.answers import STORED_ROWS
from refgraph.engines.offline import OfflineEngine
from refgraph.graph.summary import summarize_graph
from refgraph.model.result import Result
from refgraph.model.result_serialization import result_from_json, result_to_json
from refgraph.model.scope import Scope
from refgraph.pipeline.stored_answers import compute_stored_answers

TESTS = Path(__file__).parent.parent
SAMPLE = TESTS.parent / "sample_data" / "l96"
VALUES = TESTS / "data" / "values.json"
RECORD = TESTS / "data" / "answers_version.json"
ADVICE = (
    "stored answers have changed: raise ANSWERS_VERSION in refgraph/engines/answers_version.py, "
    "then run python tests/engines/test_answers_version.py"
)


def describe_stored(result: Result) -> dict[str, Any]:
    """A stored answer in JSON values; the frame as rows, since its bytes depend on polars."""
    stored = result_to_json(result, STORED_ROWS)
    frame = result_from_json(stored, result.analysis, result.parameters).frame
    rows = [list(row) for row in frame.rows()]
    return {**stored, "frame": [str(frame.schema), rows], "origin": sorted(stored["origin"])}


def compute_digest() -> str:
    """Of all values of all analyses, and of what a load of the sample stores, texts included."""
    data = pipeline.open_source(SAMPLE).dataset()
    engine = OfflineEngine(data)
    content = {
        "values": json.loads(VALUES.read_text(encoding="utf-8")),
        "answers": [describe_stored(answer) for answer in compute_stored_answers(engine)],
        "summary": summarize_graph(data, engine.graph(Scope())).to_json(),
    }
    return digests.compute_digest(content)


def read_record() -> dict[str, Any]:
    record: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
    return record


def test_answers_version_changed_answers_need_a_new_version() -> None:
    assert compute_digest() == read_record()["digest"], ADVICE


def test_answers_version_equals_the_recorded_one() -> None:
    assert read_record()["version"] == ANSWERS_VERSION, ADVICE


def write_record() -> None:
    """Record the current answers. Exits with the advice if the version was not raised for them."""
    digest = compute_digest()
    if RECORD.exists():
        record = read_record()
        if digest != record["digest"] and record["version"] >= ANSWERS_VERSION:
            sys.exit(ADVICE)
    text = json.dumps({"version": ANSWERS_VERSION, "digest": digest}, indent=1)
    RECORD.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_record()
