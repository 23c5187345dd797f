"""Encodings: the same text comes out of each, and errors name the place and what would fit."""

import pytest

from refgraph.errors import DataError, UsageError
from refgraph.sources import decode as module
from refgraph.sources.decode import decode
from refgraph.sources.delimited import read
from refgraph.sources.options import Dialect

TEXT = "客户,名称,note\r\n001,河北钢铁,é😀\r\n002,中国,\r\n"
MARKED = ("utf-8-sig", "utf-16", "utf-32")


@pytest.mark.parametrize("stride", [1, 3, 1 << 22])
@pytest.mark.parametrize(
    "encoding",
    ["utf-8", *MARKED, "gb18030", "utf-16-le", "utf-16-be", "utf-7", "big5hkscs", "shift_jis"],
)
def test_decode_any_encoding_gives_same_text(
    encoding: str, stride: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_STRIDE", stride)
    data = TEXT.encode(encoding, "ignore")
    assert bytes(decode(data, "f", encoding)) == data.decode(encoding).encode()


@pytest.mark.parametrize("encoding", ["utf-8", *MARKED])
def test_decode_with_byte_order_mark_ignores_declared_encoding(encoding: str) -> None:
    data = TEXT.encode(encoding)
    assert bytes(decode(data, "f")) == bytes(decode(data, "f", "gb18030")) == TEXT.encode()
    assert (
        bytes(decode(b"\xfe\xff" + "a,名\n".encode("utf-16-be"), "f", "latin-1"))
        == "a,名\n".encode()
    )


def test_read_same_text_in_any_encoding_gives_equal_frames() -> None:
    tables = [
        read(TEXT.encode(e), "f.csv", Dialect(encoding="gb18030"))
        for e in ("utf-8", *MARKED, "gb18030")
    ]
    assert all(table.frame.equals(tables[0].frame) for table in tables)
    assert tables[0].frame.columns == ["客户", "名称", "note"]
    assert tables[0].frame.rows() == [("001", "河北钢铁", "é😀"), ("002", "中国", None)]


def test_decode_clean_utf8_returns_same_buffer() -> None:
    data = TEXT.encode()
    assert decode(data, "f") is data
    marked = decode(b"\xef\xbb\xbf\xef\xbb\xbf" + data, "f")
    assert isinstance(marked, memoryview) and marked.tobytes() == data


def test_decode_gb_text_that_is_valid_utf8_stays_gb() -> None:
    data = "a,b\n1,联\n2,茅\n".encode("gbk").replace("联".encode("gbk"), b"\xc3\xa9")
    assert data.decode("utf-8")  # é
    assert decode(data, "f", "gbk") == data.decode("gbk").encode()
    assert decode("é".encode() + "客".encode(), "f", "gbk") == "é客".encode()


def test_decode_gbk_as_gb18030_gives_same_text() -> None:
    pairs = (bytes((lead, trail)) for lead in range(0x81, 0xFF) for trail in range(0x40, 0xFF))
    known = b",".join(pair for pair in pairs if _is_gbk(pair))
    assert known.count(b",") > 20_000
    assert bytes(decode(known, "f", "gbk")).decode() == known.decode("gbk")


def _is_gbk(pair: bytes) -> bool:
    return "\ufffd" not in pair.decode("gbk", "replace")


CASES = [
    (b"a,b\r\n1,\xff\n", None, "encoding-error", 2, 3, {}),
    (b"\xff", None, "encoding-error", 1, 1, {}),
    (b"a\rb\r\nc\n\n\xc3", None, "encoding-error", 5, 1, {}),
    (b"ok\n\xed\xa0\x80", None, "encoding-error", 2, 1, {}),
    (b"\xef\xbb\xbfa\xff", None, "encoding-error-declared", 1, 2, {"encoding": "utf-8"}),
    (
        "a,b\n1,中国\n".encode("gb18030"),
        None,
        "encoding-error-gb18030",
        2,
        3,
        {"decodes_as": "gb18030"},
    ),
    (
        "a\n1\n".encode("utf-16-le"),
        None,
        "encoding-error-utf-16",
        1,
        2,
        {"decodes_as": "utf-16-le"},
    ),
    (
        "客户\n1\n".encode("utf-16-be"),
        None,
        "encoding-error-utf-16",
        1,
        2,
        {"decodes_as": "utf-16-be"},
    ),
    (
        b"\xff\xfea\0\r\0\n\0b\0\x00\xd8c\0",
        None,
        "encoding-error-declared",
        2,
        3,
        {"encoding": "utf-16-le"},
    ),
    (b"\xff\xfea\0\n", None, "encoding-error-declared", 1, 3, {"encoding": "utf-16-le"}),
    (b"1\n\xff\xff", "gbk", "encoding-error-declared", 2, 1, {"encoding": "gbk"}),
    (b"+2AA-", "utf-7", "encoding-error-gb18030", 1, 1, {"decodes_as": "gb18030"}),
]


@pytest.mark.parametrize(("data", "encoding", "code", "line", "column", "more"), CASES)
@pytest.mark.parametrize("stride", [5, 1 << 22])
def test_decode_bad_byte_raises_with_line_and_fitting_encoding(
    data: bytes,
    encoding: str | None,
    code: str,
    line: int,
    column: int,
    more: dict[str, str],
    stride: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if encoding != "utf-7":  # a lone surrogate is located by the piece that holds it
        monkeypatch.setattr(module, "_STRIDE", stride)
    with pytest.raises(DataError) as caught:
        decode(data, "f", encoding)
    assert caught.value.id == code
    assert caught.value.values == {"file": "f", "line": line, "column_byte": column, **more}


SOME_NUL = [
    b"a,b\n1,\0\n",
    b"a,b\n\0,\0\n1,2\n" * 50,
    b"a,b\n1,2\n\0\0\0\0\0",
    b"h\n\0a\0a\0a\0a",
    b"\0\n",
]


@pytest.mark.parametrize("data", SOME_NUL)
def test_decode_utf8_with_some_nul_is_not_taken_for_utf16(data: bytes) -> None:
    assert decode(data, "f") is data


NAMES = [
    "",
    " ",
    "klingon",
    "rot13",
    "zip",
    "hex",
    "idna",
    "punycode",
    "undefined",
    "unicode_escape",
    "a\0b",
    "名",
    "../x",
    "aliases",
    "x" * 9999,
]


@pytest.mark.parametrize("name", NAMES)
def test_decode_unknown_encoding_raises(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        decode(b"a", "f", name)
    assert (caught.value.id, caught.value.values) == ("unknown-encoding", {"encoding": name})


def test_decode_partial_data_ending_inside_character_returns_text() -> None:
    for encoding in ("utf-8", "gb18030", "utf-16"):
        for end in range(4, len(TEXT.encode(encoding))):
            decode(TEXT.encode(encoding)[:end], "f", encoding, partial=True)
