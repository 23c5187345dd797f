"""Parquet: the raw columns with their types; headline, notes and meanings in the file's metadata.

The metadata ``refgraph`` is the JSON object of `refgraph.renderers.json` without its rows.
"""

from __future__ import annotations

import io

from refgraph.model.result import Result
from refgraph.renderers import json
from refgraph.renderers.values import to_raw_frame
from refgraph.renderers.view import View

METADATA_KEY = "refgraph"


def render(result: Result, view: View) -> bytes:
    """One file: names as in csv, dates and lists as such, null for NaN and infinity."""
    about = json.encode(json.describe_result(result, view)).decode()
    content = io.BytesIO()
    to_raw_frame(result.head(view.top)).write_parquet(content, metadata={METADATA_KEY: about})
    return content.getvalue()
