"""The grammar of delimited text by example: newlines, quotes, empty cells, faults of rows."""

import pytest

from refgraph.model.raw import MAX_CELL_CHARS, MAX_RAW_CHARS, REJECTS_SCHEMA, RawTable
from refgraph.sources.delimited import read
from refgraph.sources.options import Dialect

SOUND: list[tuple[bytes, list[tuple[str | None, ...]], list[int]]] = [
    (b"a,b\n1,2\n3,4\n", [("1", "2"), ("3", "4")], [2, 3]),
    (b"a,b\n1,2\n3,4", [("1", "2"), ("3", "4")], [2, 3]),
    (b"a,b\r\n1,2\r\n3,4\r\n", [("1", "2"), ("3", "4")], [2, 3]),
    (b"a,b\r1,2\r3,4\r", [("1", "2"), ("3", "4")], [2, 3]),
    (
        b"a,b\r1,2\n3,4\r\n5,6\n\r7,8",
        [("1", "2"), ("3", "4"), ("5", "6"), ("7", "8")],
        [2, 3, 4, 6],
    ),
    (b"\n\r\n\ra,b\n\n\n1,2\r\n\r\n3,4\n\n", [("1", "2"), ("3", "4")], [7, 9]),
    (b"a,b\n", [], []),
    (b"a,b", [], []),
    (b"a,b\n,\n1,\n,2\n", [("1", None), (None, "2")], [3, 4]),
    (b'a,b\n"",1\n"",""\n', [(None, "1")], [2]),
    (b'a\n""\n1\n""\n', [("1",)], [3]),
    (
        b"a,b\n1,2,\n3,4,,\n5,,\n6,7\n",
        [("1", "2"), ("3", "4"), ("5", None), ("6", "7")],
        [2, 3, 4, 5],
    ),
    (b'a,b\n"1","2",""\n"3","",""\n', [("1", "2"), ("3", None)], [2, 3]),
    (b"a\n1\n\n2\n", [("1",), ("2",)], [2, 4]),
    (b'a,b\n"1,2","3\n4"\n5,6\n', [("1,2", "3\n4"), ("5", "6")], [2, 4]),
    (b'a,b\n"\r\n\r\n",1\r\n2,"\r"\r\n', [("\r\n\r\n", "1"), ("2", "\r")], [2, 5]),
    (b'a,b\n"""",""""""\n"x""y",z\n', [('"', '""'), ('x"y', "z")], [2, 3]),
    (b'a,b\n5" pipe,x""y"\n "q",1\n', [('5" pipe', 'x""y"'), (' "q"', "1")], [2, 3]),
    (
        b"a,b\n001,1\n1e5, 1 \n12345678901234567890,NULL\n-,#\n",
        [("001", "1"), ("1e5", " 1 "), ("12345678901234567890", "NULL"), ("-", "#")],
        [2, 3, 4, 5],
    ),
    (
        "a,b\n\ufeff1,\u2028\n\u0085,\u3000\n".encode(),
        [("\ufeff1", "\u2028")],
        [2],
    ),
    (b'a,b\n"\x1e\x1f",\x1e\n\x1f,"\r\x1f"\n', [("\x1e\x1f", "\x1e"), ("\x1f", "\r\x1f")], [2, 3]),
    (b"a;b,c\n1;2,3\n", [("1;2", "3")], [2]),
    (b'"a","b\nc"\n1,2\n', [("1", "2")], [3]),
]


def table(data: bytes) -> RawTable:
    found = read(data, "t.csv")
    assert found.rows_read == found.frame.height + found.rejects.height + found.rows_skipped
    assert len(found.line) == found.frame.height
    assert dict(found.rejects.schema) == REJECTS_SCHEMA
    return found


@pytest.mark.parametrize(("data", "rows", "lines"), SOUND)
def test_read_sound_rows_returns_cells_and_lines(
    data: bytes, rows: list[tuple[str | None, ...]], lines: list[int]
) -> None:
    found = table(data)
    assert (found.frame.rows(), found.line.to_list(), found.rejects.height) == (rows, lines, 0)


FAULTS: list[tuple[bytes, list[str], list[tuple[int, str, str | None, str]]]] = [
    (b"1,2\n3\n4,5\n", ["1", "4"], [(3, "ragged-row", "1/2", "3")]),
    (b"1,2, \n3,4", ["3"], [(2, "ragged-row", "3/2", "1,2, ")]),
    (b'"x\ny",2,3\r\n4,5', ["4"], [(2, "ragged-row", "3/2", '"x\ny",2,3')]),
    (b"1,\0\n2,3\n", ["2"], [(2, "nul-character", None, "1,\0")]),
    (b'1,"\n\0"\n2,3\n', ["2"], [(2, "nul-character", None, '1,"\n\0"')]),
    (b"1\0\n", [], [(2, "nul-character", None, "1\0")]),
    (b'"ab"c,2\n3,4\n', ["3"], [(2, "stray-quote", None, '"ab"c,2')]),
    (b'1,"ab" \r\n3,4\n', ["3"], [(2, "stray-quote", None, '1,"ab" ')]),
    (b'"he said "hi"",2\n3,4\n', ["3"], [(2, "stray-quote", None, '"he said "hi"",2')]),
    (b'"a\nb","c"d\n3,4', ["3"], [(2, "stray-quote", None, '"a\nb","c"d')]),
    (b'1,"x\n3,4\n5,6', ["3", "5"], [(2, "unclosed-quote", None, '1,"x')]),
    (b'1,"x\r\n3,4\r\n', ["3"], [(2, "unclosed-quote", None, '1,"x')]),
    (b'1,"x\r3,4\r', ["3"], [(2, "unclosed-quote", None, '1,"x')]),
    (b'1,"x', [], [(2, "unclosed-quote", None, '1,"x')]),
    (b'1,"', [], [(2, "unclosed-quote", None, '1,"')]),
    (b'1,"x\n2,"y"\n"3",4\n', ["2", "3"], [(2, "unclosed-quote", None, '1,"x')]),
    (
        b'1,"x\n2,"y\n3,"z\n4,5\n',
        ["4"],
        [
            (2, "unclosed-quote", None, '1,"x'),
            (3, "unclosed-quote", None, '2,"y'),
            (4, "unclosed-quote", None, '3,"z'),
        ],
    ),
    (
        b'1,"x\n""y"",""\n4,5\n',
        ["4"],
        [(2, "unclosed-quote", None, '1,"x'), (3, "stray-quote", None, '""y"",""')],
    ),
    (b'"a\nb","c\n3,4\n', ["3"], [(3, "unclosed-quote", None, '"a\nb","c')]),
    (b'1,2\n\n"3\n\n4,5', ["1", "4"], [(4, "unclosed-quote", None, '"3')]),
]


@pytest.mark.parametrize(("data", "ids", "faults"), FAULTS)
@pytest.mark.parametrize("suffix", [b"", b"\n", b"\r\n"])
def test_read_faulty_rows_rejects_them_with_raw_text(
    data: bytes, ids: list[str], faults: list[tuple[int, str, str | None, str]], suffix: bytes
) -> None:
    found = table(b"id,b\n" + data + suffix)
    assert found.frame["id"].to_list() == ids
    rejects = found.rejects
    assert rejects.select("line", "code", "value", "raw").rows() == faults
    assert rejects["file"].unique().to_list() == ["t.csv"] and rejects[
        "column"
    ].null_count() == len(faults)


def test_read_cell_above_limit_rejects_row() -> None:
    longest, too_long = "名" * MAX_CELL_CHARS, "名" * (MAX_CELL_CHARS + 1)
    long_ascii = "x" * 300_000
    cells = [longest, too_long, f'"{longest}"', f'"{too_long}"', long_ascii, f'"{long_ascii}"']
    rows = [f"{number},{cell}" for number, cell in enumerate(cells, 1)]
    found = table("\n".join(["id,b", *rows, ""]).encode())
    assert found.frame["id"].to_list() == ["1", "3", "5", "6"]
    lengths = found.frame["b"].str.len_chars().to_list()
    assert lengths == [MAX_CELL_CHARS, MAX_CELL_CHARS, 300_000, 300_000]
    assert found.rejects.select("line", "code").rows() == [
        (3, "field-too-long"),
        (5, "field-too-long"),
    ]


def test_read_long_rejected_row_shortens_raw_text() -> None:
    longest = "客" * MAX_RAW_CHARS
    raw = table(f"a,b\n{longest}\n{longest}客\n".encode()).rejects["raw"].to_list()
    assert raw == [longest, longest + "…"]


def test_read_unclosed_quote_over_many_lines_rejects_one_row() -> None:
    lines = [f"{i},{'x' * 100}" for i in range(20_000)]
    data = "\n".join(["id,b", '0,"open', *lines, 'y",z', "last,1"]).encode()
    found = table(data)
    assert found.rejects.select("line", "code").rows() == [(2, "unclosed-quote")]
    assert found.frame.height == 20_002


@pytest.mark.parametrize("delimiter", ["tab", "\\t", "\t", ";", "|", " ", "\x1f", "\x1e"])
def test_read_with_given_delimiter_splits_at_it(delimiter: str) -> None:
    sign = {"tab": "\t", "\\t": "\t"}.get(delimiter, delimiter)
    data = f'a{sign}b\n"{sign}"{sign}"\x1e"\n1{sign}2,\n'.encode()
    found = read(data, "t.anything", Dialect(delimiter))
    assert found.frame.rows() == [(sign, "\x1e"), ("1", "2,")]


@pytest.mark.parametrize("suffix", ["tsv", "TSV", "tab", "txt"])
def test_read_without_delimiter_uses_suffix(suffix: str) -> None:
    assert read(b"a\tb\n1,2\t3\n", f"t.{suffix}").frame.rows() == [("1,2", "3")]
