"""JSON: one object an answer, layout number `refgraph.model.result.SCHEMA`; a report is an array of them.

    {"refgraph": version, "schema": 1, "analysis", "parameters", "scope", "grain", "headline",
     "columns": [{"name", "unit", "meaning", "formula"}], "rows": [{...}], "notes", "origin"}

Keys and words are never translated; headline, notes and meanings are sentences in the language asked for, and
a meaning ends with what its column is counted in. One row stands on one line. NaN and infinity are null.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from refgraph import texts
from refgraph.model.result import SCHEMA, Column, Report, Result
from refgraph.renderers import ndjson
from refgraph.renderers.values import plain
from refgraph.renderers.view import View


def render(subject: Result | Report, view: View) -> bytes:
    """UTF-8 with characters as they are, keys in the order above, a newline at the end."""
    if isinstance(subject, Result):
        return _object(subject, view) + b"\n"
    objects = [_object(section.result, view) for section in subject.sections]
    return b"[" + b",\n".join(objects) + b"]\n"


def _object(result: Result, view: View) -> bytes:
    before = {
        "refgraph": result.origin.get("refgraph"),
        "schema": SCHEMA,
        "analysis": result.analysis,
        "parameters": result.parameters,
        "scope": result.scope.as_json(),
        "grain": result.grain,
        "headline": view.say(result.headline),
        "columns": [_column(column, view) for column in result.columns],
    }
    after = {"notes": [view.say(note) for note in result.notes], "origin": result.origin}
    parts = [*_members(before), b'"rows": ' + _rows(result, view), *_members(after)]
    return b"{" + b",\n ".join(parts) + b"}"


def _members(values: Mapping[str, object]) -> list[bytes]:
    return [_dump(key) + b": " + _dump(value) for key, value in values.items()]


def _dump(value: object) -> bytes:
    return json.dumps(plain(value), ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")


def _rows(result: Result, view: View) -> bytes:
    lines = ndjson.render(result, view).rstrip(b"\n")
    return b"[\n" + lines.replace(b"\n", b",\n") + b"\n ]" if lines else b"[]"


def _column(column: Column, view: View) -> dict[str, str]:
    meaning = view.with_symbol(texts.meaning(column.text, view.lang), column)
    return {"name": column.name, "unit": column.unit, "meaning": meaning, "formula": column.formula}
