"""Sheets of xls and xlsb workbooks, measured before a library lays out their cells."""

from __future__ import annotations

import numpy as np

from refgraph.kernels.sheet_records import measure_biff8, measure_biff12
from refgraph.sources.compound_files import read_stream
from refgraph.sources.json_records import check_sparsity
from refgraph.sources.zip_packages import ZipPackage

_STREAMS = ("Workbook", "Book")


def check_xls(data: bytes, file: str) -> None:
    """Raise DataError ``too-sparse`` for a sheet whose empty cells would fill the memory.

    Also ``damaged-file`` for a compound file that is not sound; other data pass.
    """
    stream = read_stream(data, _STREAMS, file)
    rows, columns, cells = measure_biff8(np.frombuffer(stream, np.uint8)).tolist()
    check_sparsity(file, rows, columns, cells)


def check_xlsb_sheet(package: ZipPackage, member: str) -> None:
    """As `check_xls`, for one sheet of an xlsb workbook; also ``grows-too-much``."""
    stream = np.frombuffer(b"".join(package.read_pieces(member)), np.uint8)
    rows, columns, cells = measure_biff12(stream).tolist()
    check_sparsity(f"{package.file}[{member}]", rows, columns, cells)
