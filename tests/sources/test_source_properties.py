"""Delimited text of any kind: equal to Python's csv module and to a slow reading of the grammar."""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.random_cases import cases

from refgraph.errors import RefgraphError
from refgraph.kernels import compilation as kernels
from refgraph.kernels import records
from refgraph.model.raw import RawTable
from refgraph.sources import blocks, marked_text
from refgraph.sources.delimited import read
from refgraph.sources.options import Dialect

CELLS = st.text(st.sampled_from('ab ,;"\r\n\t\x1e\x1f名é\ufeff😀'), max_size=6) | st.text(
    max_size=4
)
VALID = CELLS.filter(lambda text: "\0" not in text and not re.search("[\ud800-\udfff]", text))
QUOTED = st.tuples(VALID, st.booleans())
TABLES = st.integers(1, 4).flatmap(
    lambda k: st.lists(st.lists(QUOTED, min_size=k, max_size=k), max_size=6)
)
NEWLINES = st.sampled_from(["\n", "\r\n", "\r"])
DIRTY = st.text(st.sampled_from('ab,"\n\r名\0\x1e'), max_size=60)
WHITE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
WINDOWS = st.sampled_from([1, 2, 3, 7, 1 << 24])


@contextmanager
def windows(size: int, even: bool = True) -> Iterator[None]:
    """Read in blocks of `size` bytes; with even=False none of them is read as plain."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK_BYTES", size)
        for module in (blocks, marked_text):
            patch.setattr(module, "_STRIDE", max(1, size // 2))
        if not even:
            patch.setattr(blocks, "_read_plain_block", lambda *_: None)
        yield


def is_blank(cells: list[str]) -> bool:
    return not any(cell.strip(WHITE) for cell in cells)


def write_cell(cell: str, quoted: bool, delimiter: str) -> str:
    """A cell, in quotes if asked for or needed."""
    if quoted or not cell or cell[0] == '"' or set(cell) & {delimiter, "\r", "\n"}:
        return '"' + cell.replace('"', '""') + '"'
    return cell


@settings(max_examples=cases(300), deadline=None)
@given(TABLES, NEWLINES, st.booleans(), st.sampled_from(",;\t|"), WINDOWS, st.booleans())
def test_read_sound_text_equals_csv_module(
    rows: list[list[tuple[str, bool]]],
    newline: str,
    ended: bool,
    delimiter: str,
    window: int,
    even: bool,
) -> None:
    width = len(rows[0]) if rows else 2
    lines = [delimiter.join(write_cell(*cell, delimiter) for cell in row) for row in rows]
    text = newline.join([delimiter.join(f"h{i}" for i in range(width)), *lines]) + newline * ended
    expected = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))[1:]
    assert [[cell for cell, _ in row] for row in rows] == expected
    with windows(window, even):
        found = read(text.encode(), "t", Dialect(delimiter))
    assert found.rejects.height == 0
    kept = [row for row in expected if not is_blank(row)]
    assert found.frame.rows() == [tuple(cell or None for cell in row) for row in kept]
    assert found.rows_skipped == len(expected) - len(kept)


CELL = re.compile(r'(?:"(?P<quoted>(?:[^"]|"")*+)"|(?!")(?P<bare>[^,\r\n]*))(?=[,\r\n]|\Z)')
NEWLINE = re.compile(r"\r\n|\r|\n")
CLOSED_AT_ONCE = re.compile(r'"(?:[^"\r\n]|"")*+"')


def parse_slowly(text: str, width: int) -> list[tuple[int, str, object]]:
    """Every row by the grammar in `kernels.records`: (line, fault or "", cells or raw text)."""
    found: list[tuple[int, str, object]] = []
    at = 0
    while at < len(text):
        begin, cells, line, fault = at, [], text_line(text, at), ""
        if blank := NEWLINE.match(text, at):
            at = blank.end()
            continue
        while match := CELL.match(text, at):
            quoted = match["quoted"]
            cells.append(match["bare"] if quoted is None else quoted.replace('""', '"'))
            at = match.end()
            if text[at : at + 1] != ",":
                break
            at += 1
        else:
            fault = "stray-quote" if CLOSED_AT_ONCE.match(text, at) else "unclosed-quote"
            line = line if fault == "stray-quote" else text_line(text, at)
            closed = CLOSED_AT_ONCE.match(text, at)
            end = NEWLINE.search(text, closed.end() if closed else at)
            at = end.start() if end else len(text)
        raw = text[begin:at]
        while not fault and len(cells) > width and not cells[-1]:
            cells.pop()
        fault = fault or (
            "nul-character" if "\0" in raw else "" if len(cells) == width else "ragged-row"
        )
        if fault:
            is_extra = fault == "ragged-row" and is_blank(raw.replace('"', "").split(","))
            found += [] if is_extra else [(line, fault, raw)]
        elif not is_blank(cells):
            found.append((line, "", tuple(cell or None for cell in cells)))
        after = NEWLINE.match(text, at)
        at = after.end() if after else at
    return found


def text_line(text: str, at: int) -> int:
    return 1 + len(NEWLINE.findall(text[:at]))


def list_rows(table: RawTable) -> list[tuple[int, str, object]]:
    good = [
        (line, "", row) for line, row in zip(table.line.to_list(), table.frame.rows(), strict=True)
    ]
    bad = table.rejects.select("line", "code", "raw").rows()
    return sorted([*good, *bad], key=lambda row: row[0])


@settings(max_examples=cases(300), deadline=None)
@given(DIRTY, st.integers(1, 3), WINDOWS, st.booleans())
def test_read_any_text_equals_slow_reading_of_grammar(
    body: str, width: int, window: int, even: bool
) -> None:
    text = ",".join("hij"[:width]) + "\n" + body
    below = ((line + 1, fault, row) for line, fault, row in parse_slowly(body, width))
    expected = sorted(below, key=lambda row: row[0])
    with windows(window, even):
        assert list_rows(read(text.encode(), "t.csv")) == expected


LINES = st.lists(st.sampled_from(["1,2", "3,", ",", "名,x y", "", "1", "1,2,3"]), max_size=30)


@settings(max_examples=cases(100), deadline=None)
@given(LINES, NEWLINES, WINDOWS)
def test_read_plain_and_marked_blocks_give_same_table(
    lines: list[str], newline: str, window: int
) -> None:
    text = newline.join(["a,b", *lines]).encode()
    with windows(window):
        quick = read(text, "t.csv")
    with windows(1 << 24, even=False):
        slow = read(text, "t.csv")
    assert quick.frame.equals(slow.frame) and quick.line.equals(slow.line)
    assert quick.rejects.equals(slow.rejects)
    assert quick.rows_read == slow.rows_read == sum(bool(line) for line in lines)


@settings(max_examples=cases(100), deadline=None)
@given(DIRTY, st.sampled_from([3, 1 << 24]))
def test_read_compiled_and_plain_give_same_table(body: str, window: int) -> None:
    tables = []
    for mode in ("plain", "compiled"):
        with kernels.force_mode(mode), windows(window, even=False):
            tables.append(read(f"a,b\n{body}".encode(), "t.csv"))
    assert list_rows(tables[0]) == list_rows(tables[1])


def test_mark_records_compiles_once_for_all_buffers() -> None:
    compiled = records.mark_records.compile()
    with kernels.force_mode("compiled"):
        read(b"a,b\n1,2\n", "t.csv")
        read(bytes(bytearray('a,b\n"名",2\n'.encode("utf-16"))), "t.csv")
        read("\ufeffa,b\n名,2\n3".encode(), "t.csv")
    assert len(compiled.signatures) == 1


@settings(max_examples=cases(300), deadline=None)
@given(
    st.binary(max_size=200) | DIRTY.map(str.encode), st.sampled_from([None, "gbk", "utf-16", "hz"])
)
def test_read_random_bytes_gives_table_or_refgraph_error(data: bytes, encoding: str | None) -> None:
    try:
        table = read(data, "t.csv", Dialect(encoding=encoding))
    except RefgraphError:
        return
    assert table.rows_read == table.frame.height + table.rejects.height + table.rows_skipped
    assert all(dtype == pl.String for dtype in table.frame.dtypes)


ENDLESS = ['"x', 'x","y', '"""x', '"",', '"', '"\r', '""', 'a,"', ',"', '"a\n,b', ',"b,"c', '",\n"']


@pytest.mark.parametrize("line", ENDLESS)
def test_read_many_unclosed_quotes_takes_linear_time(line: str) -> None:
    body = f"{line}\n" * (200_000 // len(line))
    table = read(f"a,b\n{body}".encode(), "t.csv")
    assert table.rows_read == table.frame.height + table.rejects.height + table.rows_skipped > 0


@settings(max_examples=cases(200), deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 7), st.sampled_from(["utf-8", "utf-16-le", "gb18030"]))
def test_read_with_flipped_bit_loses_at_most_two_rows(
    position: int, bit: int, encoding: str
) -> None:
    rows = [f'{i},"名 ""{i}"", x",2024-01-{i % 28 + 1:02}' for i in range(40)]
    head, body = "id,name,at\n".encode(encoding), bytearray("\n".join(rows).encode(encoding))
    body[position % len(body)] ^= 1 << bit
    try:
        table = read(head + body, "t.csv", Dialect(encoding=encoding))
    except RefgraphError as error:
        assert error.id.startswith("encoding-error")
        return
    assert 38 <= table.rows_read <= 42 and table.frame.height >= 38
