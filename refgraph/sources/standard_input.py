"""``-`` as a SOURCE: standard input, read once, in the format that its content shows.

It gets a path with the suffix of that format, so that every reader treats it like a file.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

NAME = "-"
CITED_NAME = "stdin"
_STEM = "/dev/stdin"
_SIGNATURES = (
    (b"\x1f\x8b", ".csv.gz"),
    (b"\x28\xb5\x2f\xfd", ".csv.zst"),
    (b"PK\x03\x04", ".xlsx"),
    (b"\xd0\xcf\x11\xe0", ".xls"),
    (b"PAR1", ".parquet"),
    (b"ARROW1", ".arrow"),
)
"""First bytes of a format -> its suffix."""


@cache
def read_standard_input() -> bytes:
    """All of it; later calls get the same bytes. Raises OSError, ValueError if it is closed."""
    return sys.stdin.buffer.read()


def resolve_source(path: str | Path, suffix: str = "") -> Path:
    """The path itself; for ``-`` one with the suffix of the format that standard input has.

    suffix: that of a declared format, else the content shows it.
    """
    if str(path) != NAME:
        return Path(path)
    return Path(_STEM + (suffix or _find_suffix(read_standard_input())))


def is_standard_input(path: str | Path) -> bool:
    """Whether a path is one that `resolve_source` made for standard input."""
    return str(path).startswith(f"{_STEM}.")


def get_cited_name(path: Path) -> str:
    """The name under which a single file is cited."""
    return CITED_NAME if is_standard_input(path) else str(path)


def _find_suffix(data: bytes) -> str:
    for signature, suffix in _SIGNATURES:
        if data.startswith(signature):
            return suffix
    text = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"["):
        return ".json"
    if not text.startswith(b"{"):
        return ".csv"
    first = text.split(b"\n", 1)[0].rstrip()
    return ".jsonl" if first.endswith(b"}") else ".json"
