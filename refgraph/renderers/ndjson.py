"""One JSON object per row, one row per line: for jq, DuckDB, polars and the like."""

from __future__ import annotations

import io

from refgraph.model.result import Result
from refgraph.renderers.values import to_raw_frame
from refgraph.renderers.view import View


def render(result: Result, view: View) -> bytes:
    """UTF-8, LF. Keys are field names; NaN and infinity are null, dates ISO text, lists arrays."""
    lines = io.BytesIO()
    to_raw_frame(result.head(view.top)).write_ndjson(lines)
    return lines.getvalue()
