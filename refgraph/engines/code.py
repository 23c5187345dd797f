"""By which code refgraph answers, so that answers of another code are not taken for its own."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import refgraph

ROOMS = ("analyses", "data", "engines", "estimates", "flow", "graphs", "intake", "kernels", "model")
"""Folders of the package that can change an answer; how it is spoken and drawn is no part of it."""


@cache
def stamp() -> str:
    """Sixteen hexadecimal digits that change with any file of these rooms."""
    digest, home = hashlib.sha256(), Path(refgraph.__file__).parent
    for room in ROOMS:
        for file in sorted(each for each in (home / room).rglob("*") if each.suffix in (".py", ".toml", ".csv")):
            digest.update(f"{file.relative_to(home).as_posix()}\0".encode() + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
