"""One table of known content, written in every format that refgraph reads."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable
from datetime import date

import polars as pl
import zstandard

CUSTOMERS = pl.DataFrame(
    {
        "id": ["0012", "12345678901234567890", "甲一", "B-4"],
        "name": ["Ada", 'Ben "B", Ltd', "丙\n丁", None],
        "referred_by": [None, "0012", "12345678901234567890", "0012"],
        "joined": [date(2020, 1, 31), date(1999, 12, 31), None, date(2024, 2, 29)],
        "revenue": [1234.56, 0.1, 3.0, None],
    }
)
"""Ids that numbers would damage, quotes, a line break, dates, empty cells."""


def _write(write: str) -> Callable[[pl.DataFrame], bytes]:
    def to_bytes(frame: pl.DataFrame) -> bytes:
        out = io.BytesIO()
        getattr(frame, write)(out)
        return out.getvalue()

    return to_bytes


def _to_records(frame: pl.DataFrame) -> list[str]:
    return [json.dumps(row, ensure_ascii=False, default=str) for row in frame.to_dicts()]


WRITERS: dict[str, Callable[[pl.DataFrame], bytes]] = {
    ".csv": _write("write_csv"),
    ".tsv": lambda frame: frame.write_csv(separator="\t").encode(),
    ".parquet": _write("write_parquet"),
    ".arrow": _write("write_ipc"),
    ".feather": _write("write_ipc_stream"),
    ".jsonl": lambda frame: "\n".join(_to_records(frame)).encode(),
    ".json": lambda frame: f"[{', '.join(_to_records(frame))}]".encode(),
}
"""Suffix -> a frame as the bytes of such a file."""

COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "": lambda data: data,
    ".gz": gzip.compress,
    ".zst": lambda data: zstandard.ZstdCompressor().compress(data),
}
"""Suffix that follows -> the bytes compressed."""
