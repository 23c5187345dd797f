"""The lines at the foot of a page that a reader needs to trust and repeat it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath

from refgraph import texts
from refgraph.model.result import Result
from refgraph.renderers.cells import clean_text
from refgraph.renderers.values import to_json_value
from refgraph.renderers.view import View

PROVENANCE_KEYS = (
    "as_of",
    "value",
    "value_since",
    "value_until",
    "scope",
    "parameters",
    "source",
    "engine",
    "refgraph",
)


def list_provenance(result: Result, view: View) -> Iterator[tuple[str, str]]:
    """(label, text) of scope, parameters, source, engine and version."""
    known = dict(result.origin)
    known["scope"] = _format_settings(result.scope.to_json())
    known["parameters"] = _format_settings(result.parameters)
    if known.get("source"):
        known["source"] = PurePath(str(known["source"])).name or str(known["source"])
    for key in ("value", "engine"):
        if known.get(key):
            known[key] = texts.get_label(str(known[key]), view.lang)
    for key in PROVENANCE_KEYS:
        if known.get(key):
            yield texts.look_up("page", f"origin-{key}", view.lang), clean_text(str(known[key]))


def _format_settings(settings: Mapping[str, object]) -> str:
    """Settings that were set: ``count=staff, since=2024-01-01``."""
    parts = []
    for key, setting in sorted(settings.items()):
        value = to_json_value(setting)
        if value in (None, [], "", False):
            continue
        text = "+".join(map(str, value)) if isinstance(value, list) else str(value)
        parts.append(f"{key}={text}")
    return ", ".join(parts)
