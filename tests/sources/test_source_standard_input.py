"""Standard input as a SOURCE: the same answers as from a file, in every format it may have."""

from __future__ import annotations

import gzip
import io
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest
from support.program import Done, call, run

from refgraph.sources.standard_input import read_standard_input

ROWS = [
    {"id": "1", "name": "Ann", "referred_by": None},
    {"id": "2", "name": "Ben", "referred_by": "1"},
]
CSV = b"id,name,referred_by\n1,Ann,\n2,Ben,1\n"


def write_parquet() -> bytes:
    stream = io.BytesIO()
    pl.DataFrame(ROWS).write_parquet(stream)
    return stream.getvalue()


CONTENTS = {
    "csv": CSV,
    "semicolons": CSV.replace(b",", b";"),
    "gzip": gzip.compress(CSV),
    "json lines": b"\n".join(json.dumps(row).encode() for row in ROWS),
    "json": json.dumps(ROWS, indent=1).encode(),
    "parquet": write_parquet(),
}


Ask = Callable[..., Done]


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ask]:
    """A function that asks a question with some bytes on standard input."""

    def ask_with(content: bytes, *words: str) -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content), "utf-8"))
        read_standard_input.cache_clear()
        return call("effect", *words, "--format", "tsv", "--lang", "en")

    yield ask_with
    read_standard_input.cache_clear()


@pytest.mark.parametrize("kind", CONTENTS)
def test_standard_input_gives_the_answer_of_a_file(kind: str, tmp_path: Path, ask: Ask) -> None:
    (tmp_path / "customers.csv").write_bytes(CSV)
    file = ask(b"", str(tmp_path / "customers.csv"))
    assert file.code == 0 and file.out
    assert ask(CONTENTS[kind], "-")[:2] == file[:2]


def test_one_table_may_come_from_standard_input(tmp_path: Path, ask: Ask) -> None:
    (tmp_path / "customers.csv").write_bytes(CSV.replace(b"referred_by", b"note"))
    done = ask(b"referrer,referred\n1,2\n", str(tmp_path), "--referrals", "-")
    assert done.code == 0
    assert done.out == ask(CSV, "-").out


def test_faults_of_standard_input_cite_it(ask: Ask) -> None:
    done = ask(b"", "-")
    assert (done.code, done.out) == (3, "") and "stdin" in done.err


def test_process_reads_a_pipe(tmp_path: Path) -> None:
    done = run("effect", "-", "--format", "tsv", input=CSV.decode())
    assert done.returncode == 0 and done.stdout
