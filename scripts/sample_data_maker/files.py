"""Writing: UTF-8 without BOM, LF, whole folders."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path


def write_table(path: Path, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """One CSV file."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([headers, *rows])


def write_text(path: Path, content: str) -> None:
    """One text file."""
    path.write_text(content, encoding="utf-8", newline="\n")
