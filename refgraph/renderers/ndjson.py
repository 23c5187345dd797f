"""One JSON object a row, one row a line: for jq, DuckDB, polars and the like."""

from __future__ import annotations

import io

from refgraph.model.result import Result
from refgraph.renderers.values import raw
from refgraph.renderers.view import View


def render(result: Result, view: View) -> bytes:
    """UTF-8, LF. Keys are field names; null, NaN and infinity are null, dates ISO text, lists arrays."""
    lines = io.BytesIO()
    raw(result.top(view.top)).write_ndjson(lines)
    return lines.getvalue()
