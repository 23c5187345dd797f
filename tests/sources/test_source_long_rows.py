"""A row without an end is refused with a sentence, not read into ever larger memory."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.program import call

from refgraph.errors import DataError
from refgraph.sources import blocks, delimited, marked_text


@pytest.fixture(autouse=True)
def short_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit that small texts pass."""
    monkeypatch.setattr(marked_text, "MAX_ROW_BYTES", 1 << 12)
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 1 << 10)
    monkeypatch.setattr(blocks, "HEADER_BYTES", 1 << 8)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (b"id,name\nA,x\nB," + b"x" * 20_000 + b"\nC,y\n", 3),
        (b'id,name\nA,x\nB,"' + b"x\n" * 10_000, 3),
        (b"id," + b"x," * 10_000 + b"\nA,x\n", 1),
        (b"x" * 20_000, 1),
    ],
)
def test_row_without_an_end_is_refused_with_its_line(text: bytes, line: int) -> None:
    with pytest.raises(DataError) as caught:
        delimited.read(text, "customers.csv")
    assert caught.value.id == "row-too-long"
    assert caught.value.values["line"] == line


def test_row_within_the_limit_is_read() -> None:
    text = b"id,name\n" + b"".join(b'%d,"%s"\n' % (k, b"x" * 1_500) for k in range(9))
    assert delimited.read(text, "customers.csv").frame.height == 9


@pytest.mark.parametrize("sound", [0, 30])
def test_file_of_faulty_rows_is_refused_before_they_fill_the_memory(
    sound: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A quote that is never closed rejects every line below it, however many there are."""
    monkeypatch.setattr(delimited, "MAX_FAULTY_ROWS", 20)
    text = b"id,name\n" + b"A,x\n" * sound + b'B,"' + b"x,y,z\n" * 22
    if sound:
        assert delimited.read(text, "customers.csv").frame.height == sound
        return
    with pytest.raises(DataError) as caught:
        delimited.read(text, "customers.csv")
    assert caught.value.id == "mostly-faulty"
    assert caught.value.values["line"] == 2
    assert caught.value.values["read"] == caught.value.values["rows"] == 22


def test_row_without_an_end_leaves_with_three(tmp_path: Path) -> None:
    folder = tmp_path
    (folder / "customers.csv").write_bytes(b'id,name\nA,"' + b"x" * 20_000)
    done = call("check", str(folder))
    assert (done.code, len(done.err.splitlines())) == (3, 2)
