"""Results as plain values of JSON, for keeping, and back again, the same."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import polars as pl

from refgraph.model.plain import plain, told
from refgraph.model.result import Column, Result
from refgraph.model.scope import Scope
from refgraph.model.units import Unit


def question(analysis: str, parameters: Mapping[str, object]) -> str:
    """The one text for a question under the plain scope, all its options filled in."""
    return json.dumps([analysis, parameters], sort_keys=True, ensure_ascii=False)


def as_json(result: Result, rows: int) -> dict[str, Any]:
    """A Result with its first rows, in plain values; the frame, whose types must stay, as Arrow in Base64."""
    shown, frame = result.top(rows), io.BytesIO()
    shown.frame.write_ipc(frame, compression="zstd")
    return {
        "frame": base64.b64encode(frame.getvalue()).decode(),
        "more": shown.more,
        "columns": [asdict(column) | {"unit": column.unit.value} for column in shown.columns],
        "grain": shown.grain,
        "headline": plain(shown.headline),
        "notes": [plain(note) for note in shown.notes],
        "origin": dict(shown.origin),
    }


def from_json(kept: Mapping[str, Any], analysis: str, parameters: Mapping[str, object]) -> Result:
    """The Result that `as_json` was given, to the question asked."""
    columns = tuple(replace(Column(**each), unit=Unit(each["unit"])) for each in kept["columns"])
    frame = pl.read_ipc(io.BytesIO(base64.b64decode(kept["frame"])))
    return Result(analysis, parameters, Scope(), frame, columns, kept["grain"], told(kept["headline"]),
                  tuple(told(note) for note in kept["notes"]), kept["origin"], kept["more"])  # fmt: skip
