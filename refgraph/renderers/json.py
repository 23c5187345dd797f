"""JSON: one object per answer, layout `refgraph.model.result.SCHEMA_VERSION`; a report is an array.

    {"refgraph": version, "schema": 2, "analysis", "parameters", "scope", "grain", "headline",
     "columns": [{"name", "unit", "meaning", "formula"}], "rows": [{...}], "notes", "origin"}

Keys and words are never translated; headline, notes and meanings are sentences in the language
asked for, and a meaning ends with the unit of its column. One row is one line. NaN and infinity are
null.
"""

from __future__ import annotations

import json

from refgraph import texts
from refgraph.model.result import SCHEMA_VERSION, Column, Report, Result
from refgraph.renderers import ndjson
from refgraph.renderers.values import to_json_value
from refgraph.renderers.view import View


def render(subject: Result | Report, view: View) -> bytes:
    """UTF-8 with characters as they are, keys in the order above, a newline at the end."""
    if isinstance(subject, Result):
        return _format_object(subject, view) + b"\n"
    objects = [_format_object(section.result, view) for section in subject.sections]
    return b"[" + b",\n".join(objects) + b"]\n"


def describe_result(result: Result, view: View) -> dict[str, object]:
    """Everything but the rows, as the values of the keys of the layout."""
    return {
        "refgraph": result.origin.get("refgraph"),
        "schema": SCHEMA_VERSION,
        "analysis": result.analysis,
        "parameters": result.parameters,
        "scope": result.scope.to_json(),
        "grain": result.grain,
        "headline": view.say(result.headline),
        "columns": [describe_column(column, view) for column in result.columns],
        "notes": [view.say(note) for note in result.notes],
        "origin": result.origin,
    }


def encode(value: object) -> bytes:
    """A value as JSON in one line, characters as they are."""
    return json.dumps(to_json_value(value), ensure_ascii=False, allow_nan=False).encode(
        "utf-8", "replace"
    )


def _format_object(result: Result, view: View) -> bytes:
    parts = []
    for key, value in describe_result(result, view).items():
        parts.append(encode(key) + b": " + encode(value))
        if key == "columns":
            parts.append(b'"rows": ' + _format_rows(result, view))
    return b"{" + b",\n ".join(parts) + b"}"


def _format_rows(result: Result, view: View) -> bytes:
    lines = ndjson.render(result, view).rstrip(b"\n")
    return b"[\n" + lines.replace(b"\n", b",\n") + b"\n ]" if lines else b"[]"


def describe_column(column: Column, view: View) -> dict[str, str]:
    """Name, unit, meaning in the language of the reader, and formula of a column."""
    meaning = view.with_symbol(texts.get_column_meaning(column.text, view.lang), column)
    return {"name": column.name, "unit": column.unit, "meaning": meaning, "formula": column.formula}
