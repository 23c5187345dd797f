"""Faults of a whole file: each has its own id, names the file and what is needed to repair it."""

import os
from pathlib import Path

import pytest

from refgraph.errors import DataError, FileError, RefgraphError, UsageError
from refgraph.model.message import message
from refgraph.sources.assembly import MAX_COLUMNS
from refgraph.sources.delimited import DELIMITERS, read, read_headers
from refgraph.sources.options import Dialect


def catch_fault(data: bytes | Path, **options: str) -> RefgraphError:
    with pytest.raises(RefgraphError) as caught:
        read(data, "t.csv", Dialect(**options))
    return caught.value


CASES: list[tuple[bytes, str, dict[str, object]]] = [
    (b"", "empty-file", {}),
    (b"\n\r\n\n", "empty-file", {}),
    (b"\xef\xbb\xbf\r", "empty-file", {}),
    (b"a,b,a,c, b \n1,2,3,4,5\n", "duplicate-header", {"headers": ["a", "b"]}),
    (b"a,,b, \n1,2,3,\n1,,3,4\n", "missing-header", {"columns": [2, 4]}),
    (b" ,\n", "missing-header", {"columns": [1]}),
    (b"a,b\0\n1,2\n", "nul-header", {"line": 1}),
    (b'\n"a,b\n1,2\n', "broken-header", {"line": 2, "code": "unclosed-quote"}),
    (b'a,"b"c\n1,2\n', "broken-header", {"line": 1, "code": "stray-quote"}),
    (b"a" * 1_000_001, "broken-header", {"line": 1, "code": "field-too-long"}),
    (b"," * MAX_COLUMNS, "too-many-columns", {"found": MAX_COLUMNS + 1, "most": MAX_COLUMNS}),
]


@pytest.mark.parametrize(("data", "code", "values"), CASES)
def test_read_bad_header_raises(data: bytes, code: str, values: dict[str, object]) -> None:
    error = catch_fault(data)
    assert isinstance(error, DataError)
    assert (error.id, error.values) == (code, {"file": "t.csv", **values})


def test_read_header_with_two_faults_raises_both() -> None:
    error = catch_fault(b"a,a,\n1,2,3\n")
    assert [error.id, *(other.id for other in error.others)] == [
        "duplicate-header",
        "missing-header",
    ]


def test_read_headers_with_padding_strips_it() -> None:
    data = '\ufeff\ufeff \ufeffid\u3000,"\t合同额 (万元)\n",c d,,\n1,2,3,,\n'.encode()
    assert read(data, "t.csv").frame.columns == ["id", "合同额 (万元)", "c d"]


def test_read_empty_column_without_header_drops_it() -> None:
    table = read(b'a,,b,\n1,"",2,\n3,,,\n', "t.csv")
    assert table.frame.columns == ["a", "b"] and table.frame.rows() == [("1", "2"), ("3", None)]
    assert read(b"a,\n", "t.csv").frame.columns == ["a"]


@pytest.mark.parametrize("delimiter", ["", ",,", '"', "\n", "\r", "\0", "，", "a", "7", "TAB"])
def test_read_with_bad_delimiter_raises(delimiter: str) -> None:
    error = catch_fault(b"a,b\n", delimiter=delimiter)
    assert isinstance(error, UsageError)
    assert (error.id, error.values) == ("bad-delimiter", {"value": delimiter})


def test_read_unknown_suffix_raises() -> None:
    with pytest.raises(DataError) as caught:
        read(b"a,b\n", "t.xlsx")
    assert caught.value.id == "unknown-format-of-file"
    assert caught.value.values == {"file": "t.xlsx", "known": list(DELIMITERS)}


def test_read_unusable_path_raises_file_error(tmp_path: Path) -> None:
    missing = catch_fault(tmp_path / "none.csv")
    assert isinstance(missing, FileError) and missing.id == "not-found"
    (tmp_path / "d.csv").mkdir()
    folder = catch_fault(tmp_path / "d.csv")
    assert isinstance(folder, FileError) and folder.id == "is-a-folder"
    device = catch_fault(Path("/dev/zero"), delimiter=",")
    assert isinstance(device, FileError) and device.id == "not-a-file"
    for name in ("a\0b.csv", "x" * 9999 + ".csv", "\ud800.csv"):
        assert catch_fault(Path(name)).id in ("cannot-read", "not-found")


def test_read_without_permission_raises_cannot_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, mode: str) -> None:  # chmod proves nothing to a superuser
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("refgraph.sources.content.open", refuse, raising=False)
    error = catch_fault(tmp_path / "t.csv")
    assert isinstance(error, FileError)
    assert (error.id, error.values["why"]) == (
        "cannot-read",
        message("phrase.refusal-no-permission"),
    )


def test_read_headers_of_large_file_ignores_rows(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes('id,"名,称"\n'.encode() + "1,客\n".encode() * 100_000 + b"\xff")
    assert read_headers(path, "t.csv") == ["id", "名,称"]
    path.write_bytes(b"")
    with pytest.raises(DataError):
        read_headers(path, "t.csv")


def test_read_file_with_undecodable_name_gives_printable_name(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xff\xfe.csv")
    table = read(b"a\n1,2\n", name)
    assert table.file == "??.csv" and table.rejects["file"].to_list() == ["??.csv"]
