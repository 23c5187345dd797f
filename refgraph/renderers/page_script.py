"""Scripts of pages are allowed by their hashes."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def load_script() -> tuple[str, str]:
    """The script that sorts and filters tables, and its source for a content security policy."""
    text = files("refgraph.renderers").joinpath("report.js").read_text(encoding="utf-8")
    return text, hash_script(text)


def hash_script(text: str) -> str:
    """``sha256-...`` of the text between the tags."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
