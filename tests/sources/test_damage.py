"""Why a file cannot be read: sentences of refgraph in both languages, never those of a library."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import polars as pl
import pytest

import refgraph
from refgraph.errors import DataError
from refgraph.model.message import Message
from refgraph.texts import format_message


def write_parquet() -> bytes:
    stream = io.BytesIO()
    pl.DataFrame({"id": ["1", "2"]}).write_parquet(stream)
    return stream.getvalue()


def write_zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("a.txt", "x")
    return stream.getvalue()


CASES = [
    ("t.csv.gz", gzip.compress(b"id\n1\n")[:-4], "cut-off"),
    ("t.csv.gz", b"id\n1\n", "other-format"),
    ("t.csv.zst", b"id\n1\n", "other-format"),
    ("t.xlsx", b"id\n1\n", "other-format"),
    ("t.sqlite", b"id\n1\n" * 99, "other-format"),
    ("t.parquet", b"id\n1\n" * 99, None),
    ("t.parquet", write_parquet()[:-9], None),
    ("t.arrow", b"id\n1\n" * 99, None),
    ("t.xlsx", write_zip(), None),
    ("t.xls", b"\xd0\xcf\x11\xe0" + b"x" * 999, None),
    ("t.json", b'[{"id": 1}', None),
    ("t.json", b'{"a": [\n{"id": 1},\n{"id" 2}]}', "json-line"),
    ("t.graphml", b"<graphml><graph>", "cut-off"),
]


@pytest.mark.parametrize(
    ("name", "content", "reason"), CASES, ids=[f"{k}-{case[0]}" for k, case in enumerate(CASES)]
)
def test_damage_is_reported_in_words_of_refgraph(
    name: str, content: bytes, reason: str | None, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError) as caught:
        refgraph.read(tmp_path / name)
    assert caught.value.id == "damaged-file"
    why = caught.value.values["why"]
    assert isinstance(why, Message)
    assert why.id.startswith(("phrase.damage-", "phrase.json-line"))
    if reason is not None:
        assert why.id in (f"phrase.damage-{reason}", f"phrase.{reason}")
    assert not format_message(why, "zh").isascii()
