"""Scripts of pages are allowed by their hashes."""

from __future__ import annotations

import base64
import hashlib


def hash_script(text: str) -> str:
    """``sha256-...`` of the text between the tags."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
