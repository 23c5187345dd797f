"""Results <-> plain JSON values, without loss, so that a database can store them."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import polars as pl

from refgraph.model.result import Column, Result
from refgraph.model.scope import Scope
from refgraph.model.serialization import from_json_value, to_json_value
from refgraph.model.units import Unit


def make_question_key(analysis: str, parameters: Mapping[str, object]) -> str:
    """The text that identifies a question under the default scope, with all options filled in."""
    return json.dumps([analysis, parameters], sort_keys=True, ensure_ascii=False)


def result_to_json(result: Result, rows: int) -> dict[str, Any]:
    """A Result with its first rows as plain values; its frame is Arrow in Base64, to keep types."""
    shown, frame = result.head(rows), io.BytesIO()
    shown.frame.write_ipc(frame, compression="zstd")
    columns = [asdict(column) | {"unit": column.unit.value} for column in shown.columns]
    encoded = base64.b64encode(frame.getvalue())
    return {
        "frame": encoded.decode(),
        "more": shown.more,
        "columns": columns,
        "grain": shown.grain,
        "headline": to_json_value(shown.headline),
        "notes": [to_json_value(note) for note in shown.notes],
        "origin": dict(shown.origin),
    }


def result_from_json(
    stored: Mapping[str, Any], analysis: str, parameters: Mapping[str, object]
) -> Result:
    """The Result that `result_to_json` was given, for the question that was asked."""
    columns = tuple(
        Column(**column | {"unit": Unit(column["unit"])}) for column in stored["columns"]
    )
    frame = pl.read_ipc(io.BytesIO(base64.b64decode(stored["frame"])))
    return Result(
        analysis=analysis,
        parameters=parameters,
        scope=Scope(),
        frame=frame,
        columns=columns,
        grain=stored["grain"],
        headline=from_json_value(stored["headline"]),
        notes=tuple(from_json_value(note) for note in stored["notes"]),
        origin=stored["origin"],
        more=stored["more"],
    )
