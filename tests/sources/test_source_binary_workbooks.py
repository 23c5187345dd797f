"""The insides of workbooks: xls, xlsb and ods hold the table of the CSV; damage takes no memory."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from support.program import run

import refgraph
from refgraph.errors import DataError
from refgraph.kernels.compilation import force_mode
from refgraph.kernels.sheet_records import measure_biff8, measure_biff12
from refgraph.sources import sheet_scan

BOOKS = Path(__file__).parent.parent / "data" / "workbooks"
XLS = (BOOKS / "customers.xls").read_bytes()
SECTOR = 512
SHEET = "xl/worksheets/sheet1.bin"


def find_number(place: int) -> int:
    """The number of four bytes at a place of the header of the xls file."""
    (number,) = struct.unpack_from("<I", XLS, place)
    return int(number)


def replace(data: bytes, place: int, number: int) -> bytes:
    """The data with a number of four bytes at a place."""
    return data[:place] + struct.pack("<I", number) + data[place + 4 :]


TABLE = (find_number(76) + 1) * SECTOR
DIRECTORY = (find_number(48) + 1) * SECTOR
DAMAGED = {
    "a chain that runs in a circle": replace(XLS, TABLE, 0),
    "a chain that runs back": replace(XLS, TABLE + 8, 0),
    "a stream larger than the file": replace(XLS, DIRECTORY + 128 + 120, 1 << 30),
    "sectors of no known size": XLS[:30] + b"\x14\x00" + XLS[32:],
    "a list of tables without an end": replace(XLS, 68, 0),
    "half a header": XLS[:100],
    "no directory": replace(XLS, 48, 0xFFFFFFFE),
}


@pytest.mark.parametrize("suffix", ["xls", "xlsb", "ods"])
def test_workbook_has_the_fingerprint_of_the_csv(suffix: str) -> None:
    found = refgraph.read(BOOKS / f"customers.{suffix}")
    assert found.fingerprint == refgraph.read(BOOKS / "customers.csv").fingerprint


@pytest.mark.parametrize("fault", DAMAGED)
def test_damaged_compound_file_is_refused_before_a_library_follows_it(
    fault: str, tmp_path: Path
) -> None:
    path = tmp_path / "customers.xls"
    path.write_bytes(DAMAGED[fault])
    with pytest.raises(DataError) as caught:
        refgraph.read(path)
    assert caught.value.id == "damaged-file"


def test_cell_far_outside_the_table_is_refused(tmp_path: Path) -> None:
    """The column of a date becomes 9,999,999 in the xlsb file, a cell 60,000 · 60,000 in xls."""
    source, path = BOOKS / "customers.xlsb", tmp_path / "customers.xlsb"
    with zipfile.ZipFile(source) as package, zipfile.ZipFile(path, "w") as out:
        for name in package.namelist():
            data = package.read(name)
            if name == SHEET:
                place = data.rfind(struct.pack("<II", 3, 0))
                data = replace(data, place, 9_999_999)
            out.writestr(name, data)
    book = tmp_path / "customers.xls"
    number = XLS.index(struct.pack("<HHHH", 0x27E, 10, 3, 4))
    book.write_bytes(XLS[: number + 4] + struct.pack("<HH", 60_000, 60_000) + XLS[number + 8 :])
    for file in (path, book):
        with pytest.raises(DataError) as caught:
            refgraph.read(file)
        assert caught.value.id == "too-sparse"


def test_cells_of_records_are_measured_alike_plain_and_compiled() -> None:
    blank = struct.pack("<HHHHHHHH", 0xBE, 12, 7, 2, 0, 0, 0, 4)  # row 7, columns 2 to 4
    sheet = struct.pack("<HH", 0x809, 0)
    old = sheet + blank + struct.pack("<HHHHH", 0x203, 6, 9, 1, 0) + sheet + blank
    row = b"\x00\x04" + struct.pack("<I", 5)
    new = row + b"\x05\x08" + struct.pack("<II", 2, 0) + b"\x94\x01\x00" + row[:2]
    new += struct.pack("<I", 8) + b"\x3e\x84\x00" + struct.pack("<I", 6)
    for mode in ("plain", "compiled"):
        with force_mode(mode):
            assert measure_biff8(np.frombuffer(old, np.uint8)).tolist() == [3, 4, 4]
            assert measure_biff12(np.frombuffer(new, np.uint8)).tolist() == [4, 5, 2]
            for cut in range(len(old)):
                measure_biff8(np.frombuffer(old[:cut], np.uint8))
            for cut in range(len(new)):
                measure_biff12(np.frombuffer(new[:cut], np.uint8))


def test_panic_of_the_library_is_told_in_two_lines_and_shown_with_debug(tmp_path: Path) -> None:
    path = tmp_path / "customers.xlsb"
    out = io.BytesIO()
    with zipfile.ZipFile(BOOKS / "customers.xlsb") as package, zipfile.ZipFile(out, "w") as mutant:
        for name in package.namelist():
            mutant.writestr(name, package.read(name).replace(b'Id="rId1"', b'Id="rId2"'))
    path.write_bytes(out.getvalue())
    done = run("check", str(path))
    assert (done.returncode, len(done.stderr.splitlines())) == (3, 2)
    assert "panicked" in run("check", str(path), "--debug").stderr


def test_unusual_numbers_are_found_wherever_the_pattern_stands() -> None:
    """`_find_unusual_numbers` only skips places; the pattern alone is the oracle."""
    values = [
        *("1", "12345678901", "0.1234567890", "-.12345678901", ".1234567890", "1E5", "1.5E+10"),
        *("-2e-7", "12.E3", "1234567890123456", "1.", "E5", "1e", "", "<x", "abcE5", "9.99e-12"),
    ]
    dice, found = np.random.default_rng(3), 0
    for _ in range(400):
        cells = (f'<c r="E{row}"><v>{dice.choice(values)}</v></c>' for row in range(12))
        xml = "".join(cells).encode()
        xml = xml[: dice.integers(len(xml)) + 1]
        signs = np.concatenate([np.frombuffer(xml, np.uint8), np.zeros(24, np.uint8)])
        places = [
            p for p in sheet_scan._find_unusual_numbers(signs) if sheet_scan._LONG.match(xml, p)
        ]
        assert places == [match.start() for match in sheet_scan._LONG.finditer(xml)]
        found += len(places)
    assert found > 500
