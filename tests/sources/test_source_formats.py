"""The same table in every format is the same data; what cannot be read is refused in words."""

from __future__ import annotations

import gzip
import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from support.formats import COMPRESSORS, CUSTOMERS, WRITERS

import refgraph
from refgraph.errors import DataError, RefgraphError
from refgraph.model.raw import RawTable
from refgraph.sources import FileOptions, read_tables


def read_one(path: Path, *sheets: str) -> RawTable:
    """The only table of a file."""
    tables = read_tables(
        path, FileOptions(sheets=sheets), detect_tables=lambda _: ["customers"]
    ).by_name
    (raw,) = tables["customers"]
    assert raw.rows_read == raw.frame.height + raw.rejects.height + raw.rows_skipped
    return raw


def refuse(path: Path) -> DataError:
    """The error with which a file is refused."""
    with pytest.raises(DataError) as caught:
        read_one(path)
    assert str(caught.value)
    return caught.value


def fill(path: Path, data: bytes | str) -> Path:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


@pytest.mark.parametrize("compression", COMPRESSORS)
@pytest.mark.parametrize("suffix", WRITERS)
def test_read_of_same_table_in_any_format_has_same_fingerprint(
    tmp_path: Path, suffix: str, compression: str
) -> None:
    plain = fill(tmp_path / "plain.csv", WRITERS[".csv"](CUSTOMERS))
    folder = tmp_path / "folder"
    folder.mkdir()
    data = COMPRESSORS[compression](WRITERS[suffix](CUSTOMERS))
    path = fill(folder / f"customers{suffix}{compression}", data)
    expected = refgraph.read(plain)
    assert expected.customers["id"].to_list() == CUSTOMERS["id"].to_list()
    for source in (path, folder):
        found = refgraph.read(source)
        assert found.fingerprint == expected.fingerprint
        assert found.ledger["read"].to_list() == expected.ledger["read"].to_list()


def test_read_of_table_split_over_formats_reads_all_parts(tmp_path: Path) -> None:
    fill(tmp_path / "customers_1.csv.gz", gzip.compress(WRITERS[".csv"](CUSTOMERS.head(2))))
    fill(tmp_path / "customers_2.parquet", WRITERS[".parquet"](CUSTOMERS.tail(2)))
    assert refgraph.read(tmp_path).customers["id"].to_list() == CUSTOMERS["id"].to_list()


def test_read_parquet_gives_typed_cells_as_written_by_hand(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "id": [1.0, 2.0**60],
            "n": [2**62, None],
            "v": [0.1, float("nan")],
            "day": [datetime(2020, 1, 1), None],
            "at": [datetime(2020, 1, 1, 3), None],
            "s": [{"a": 1, "b": {"c": "x"}}, None],
            "l": [["x", "y"], []],
            "b": [True, False],
            "raw": [b"abc", None],
            "sum": pl.Series([Decimal("1.50"), None], dtype=pl.Decimal(10, 2)),
            "kind": pl.Series(["", "k"], dtype=pl.Categorical),
        }
    )
    frame.write_parquet(tmp_path / "t.parquet")
    raw = read_one(tmp_path / "t.parquet")
    first = ["1", str(2**62), "0.1", "2020-01-01", "2020-01-01 03:00:00.000000", "1", "x"]
    second = ["1.152921504606847e+18", None, "NaN", None, None, None, None]
    assert list(raw.frame.row(0)) == [*first, '["x","y"]', "true", "abc", "1.50", None]
    assert list(raw.frame.row(1)) == [*second, "[]", "false", None, None, "k"]
    assert raw.frame.columns[5:7] == ["s.a", "s.b.c"]
    assert raw.line.to_list() == [1, 2]


def test_read_json_lines_keeps_digits_and_rejects_other_lines(tmp_path: Path) -> None:
    lines = [
        '{"id": 12345678901234567890123, "n": 1.0, "x": 1e400, "o": {"p": 1.50, "q": null}}',
        "",
        '{"id": "007", "l": ["a", 1.0], "t": true, "e": "", "o": {"p": {"r": 1}}}',
        "[1, 2]",
        '{"id": ',
        '{"id": "\\ud800"}',
        "[" * 100_000,
        '{"id": "a\\u0000b"}',
    ]
    raw = read_one(fill(tmp_path / "t.jsonl", "\n".join(lines)))
    rows = raw.frame.to_dicts()
    assert [{k: v for k, v in row.items() if v is not None} for row in rows] == [
        {"id": "12345678901234567890123", "n": "1", "x": "1e400", "o.p": "1.50"},
        {"id": "007", "l": '["a","1"]', "t": "true", "o.p.r": "1"},
    ]
    assert raw.line.to_list() == [1, 3]
    assert sorted(raw.rejects.select("line", "code").rows()) == [
        (4, "bad-json"),
        (5, "bad-json"),
        (6, "bad-json"),
        (7, "bad-json"),
        (8, "nul-character"),
    ]


def test_read_json_finds_lists_of_objects_by_name(tmp_path: Path) -> None:
    people = [{"id": 1}, {"id": 2}]
    path = tmp_path / "any.json"
    for value in (people, {"data": people}, {"response": {"page": 1, "items": people}}):
        raw = read_one(fill(path, json.dumps(value)))
        assert (raw.file, raw.frame.rows()) == (str(path), [("1",), ("2",)])
    assert read_one(fill(path, '{"id": 1}\n{"id": 2}\n')).frame.rows() == [("1",), ("2",)]
    referrals = [{"referrer": 1, "referred": 2}]
    fill(path, json.dumps({"customers": people, "links": referrals}))
    data = refgraph.read(path)
    assert data.referrals["referrer"].to_list() == ["1"]
    assert data.ledger["file"].to_list() == [f"{path}[customers]", f"{path}[links]"]


DAMAGED = [
    ("t.csv.gz", gzip.compress(b"id\n1\n", mtime=0)[:-4], "damaged-file"),
    ("t.csv.gz", b"id\n1\n", "damaged-file"),
    ("t.csv.zst", zstandard.compress(b"id\n1\n" * 99)[:-4], "damaged-file"),
    ("t.csv.zst", b"id\n1\n", "damaged-file"),
    ("t.parquet", b"PAR1", "damaged-file"),
    ("t.parquet", b"", "damaged-file"),
    ("t.parquet", b"PAR1" + b"\xff" * 99 + b"PAR1", "damaged-file"),
    ("t.arrow", b"ARROW1" + b"\xff" * 99, "damaged-file"),
    ("t.arrow", b"", "damaged-file"),
    ("t.feather", b"FEA1" + b"\0" * 99, "damaged-file"),
    ("t.json", b'[{"id": 1}', "damaged-file"),
    ("t.json", b"[" * 10_000_000, "damaged-file"),
    ("t.json", b'{"a":' * 1_000_000, "damaged-file"),
    ("t.json", b'{"a": 1}', "no-tables-in-file"),
    ("t.json", b'[{"id": "\\ud800"}]', "damaged-file"),
    ("t.jsonl", b"", "empty-file"),
    ("t.jsonl", b"1\n2\n", "damaged-file"),
    ("t.jsonl", b'{"id": "\xff"}', "encoding-error"),
]


@pytest.mark.parametrize(("name", "data", "code"), DAMAGED, ids=map(str, range(len(DAMAGED))))
def test_read_of_damaged_file_raises_data_error(
    tmp_path: Path, name: str, data: bytes, code: str
) -> None:
    assert refuse(fill(tmp_path / name, data)).id == code


def make_bombs(folder: Path) -> list[Path]:
    """Small files that hold far more than they seem to."""
    zeros, parts = bytes(1 << 20), 60
    gz = zstandard.ZstdCompressor(3).compressobj()
    fill(folder / "t.csv.zst", b"".join([gz.compress(zeros) for _ in range(parts)]) + gz.flush())
    with gzip.open(folder / "t.csv.gz", "wb") as stream:
        for _ in range(parts):
            stream.write(zeros)
    ones = pa.DictionaryArray.from_arrays(pa.array(np.zeros(20_000_000, np.int8)), ["x"])
    pq.write_table(pa.table({"id": ones}), folder / "runs.parquet")
    texts = pa.table({"id": ["a" * 60_000_000]})
    pq.write_table(texts, folder / "t.parquet", compression="zstd", use_dictionary=False)
    fill(folder / "wide.jsonl", json.dumps({f"c{column}": 1 for column in range(20_000)}))
    fill(folder / "sparse.jsonl", "\n".join(json.dumps({f"c{row}": 1}) for row in range(16_000)))
    return sorted(folder.iterdir())


def test_read_of_bomb_is_refused_before_it_grows(tmp_path: Path) -> None:
    codes = {path.name: refuse(path).id for path in make_bombs(tmp_path)}
    assert codes == {
        "runs.parquet": "grows-too-much",
        "sparse.jsonl": "too-sparse",
        "t.csv.gz": "grows-too-much",
        "t.csv.zst": "grows-too-much",
        "t.parquet": "grows-too-much",
        "wide.jsonl": "too-many-columns",
    }


@pytest.mark.parametrize("suffix", [suffix for suffix in WRITERS if suffix not in (".csv", ".tsv")])
def test_read_of_mutated_file_gives_table_or_data_error(tmp_path: Path, suffix: str) -> None:
    """The long form is scripts/soak."""
    data, path = WRITERS[suffix](CUSTOMERS), tmp_path / f"t{suffix}"
    random = np.random.default_rng(18)
    for _ in range(60):
        mutant = bytearray(data)
        for _ in range(random.integers(1, 4)):
            mutant[random.integers(len(mutant))] = random.integers(256)
        try:
            read_one(
                fill(path, bytes(mutant[: random.integers(len(mutant) // 2, len(mutant) + 1)]))
            )
        except RefgraphError as error:
            assert error.exit_code in (2, 3, 5) and str(error)


def test_read_of_midnights_in_parquet_is_as_dates(tmp_path: Path) -> None:
    pl.DataFrame({"id": ["1"], "joined": [datetime(2020, 1, 1)]}).write_parquet(
        tmp_path / "t.parquet"
    )
    assert refgraph.read(tmp_path / "t.parquet").customers["joined"].to_list() == [date(2020, 1, 1)]
