"""The XML of a sheet, read as a stream, for what a workbook reader loses.

A reader gives the value of a cell, not what it shows: ``000123`` becomes 123, a number of more than
9 decimals is rounded, and a number of 16 digits and more pretends to be exact though a spreadsheet
holds 15. It also lays out all cells between the first and the last one, however far that is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from refgraph.sources.json_records import check_sparsity

_LONG = re.compile(rb"<v>(-?\d*\.\d{10,}(?:[eE][-+]?\d+)?|-?\d\.?\d*[eE][-+]?\d+|\d{16,})</v>")
_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"([^>]*)>')
_FORMULA = re.compile(rb'<c r="([A-Z]{1,3})\d{1,7}"[^>]*><f')
_UNSAVED = re.compile(rb"</f></c>|</f><v></v>|</f><v ?/>|<f[^>]*/></c>")
_IS_TEXT = re.compile(rb'\st="(?!n")')

MAX_EXACT = 2**53
_SHORTEST = 11
"""Characters of the shortest number of `_LONG` without an exponent."""
_MARGIN = 24
"""Zeros behind the text, so that what is looked for behind a cell's name never lies outside."""


@dataclass
class Patches:
    """Cells of one column whose text is another than the reader's, by row from 1."""

    rows: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


@dataclass
class SheetFacts:
    """What the XML shows. Columns count from 0, rows from 1.

    padded: (column, style) -> the rows of its numbers, for styles that show zeros, in pieces.
    exact: column -> its numbers. formulas: column -> cells with a formula.
    errors: cells that hold an error such as #N/A. unsaved: formulas whose value was not saved.
    """

    first_column: int = 1 << 14
    last_column: int = 0
    last_row: int = 0
    cells: int = 0
    errors: int = 0
    unsaved: int = 0
    padded: dict[tuple[int, int], list[np.ndarray]] = field(default_factory=dict)
    exact: dict[int, Patches] = field(default_factory=lambda: defaultdict(Patches))
    formulas: dict[int, int] = field(default_factory=lambda: defaultdict(int))


def scan_sheet(pieces: Iterable[bytes], styles: Iterable[int], file: str) -> SheetFacts:
    """Scan a sheet. styles: the numbers of those that show zeros.

    Raises DataError ``too-sparse``.
    """
    facts, rest, styles = SheetFacts(), b"", tuple(styles)
    for piece in pieces:
        rest += piece
        cut = rest.rfind(b"<row")
        if cut > 0:
            _scan(rest[:cut], facts, styles)
            rest = rest[cut:]
    _scan(rest, facts, styles)
    width = max(facts.last_column - facts.first_column + 1, 0)
    check_sparsity(file, facts.last_row, width, facts.cells)
    return facts


def find_column(letters: bytes) -> int:
    """The number of a column, from 0.

    >>> find_column(b"AB")
    27
    """
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _scan(xml: bytes, facts: SheetFacts, styles: tuple[int, ...]) -> None:
    signs = np.concatenate([np.frombuffer(xml, np.uint8), np.zeros(_MARGIN, np.uint8)])
    _measure(signs, facts, styles)
    if b't="e"' in xml:
        facts.errors += xml.count(b't="e"')
    if b"<f" in xml:
        facts.unsaved += len(_UNSAVED.findall(xml))
        for letters in _FORMULA.findall(xml):
            facts.formulas[find_column(letters)] += 1
    for place in _find_unusual_numbers(signs):
        match = _LONG.match(xml, place)
        cell = match and _CELL.match(xml, max(xml.rfind(b"<c ", 0, place), 0))
        if match and cell and not _IS_TEXT.search(cell[3]):
            patches = facts.exact[find_column(cell[1])]
            patches.rows.append(int(cell[2]))
            patches.texts.append(show_number(match[1].decode()))


def _find_unusual_numbers(signs: np.ndarray) -> list[int]:
    """Where ``<v>`` begins a value of `_SHORTEST` characters and more, or one with an exponent.

    Most cells hold less, and this takes half the time that searching for `_LONG` takes.
    """
    values = np.flatnonzero(signs == ord("v"))
    values = values[(signs[values - 1] == ord("<")) & (signs[values + 1] == ord(">"))] + 2
    long = values
    for offset in range(_SHORTEST):
        long = long[signs[long + offset] != ord("<")]
    exponents = np.flatnonzero((signs == ord("E")) | (signs == ord("e")))
    exponents = exponents[signs[exponents - 1] - np.uint8(ord("0")) <= 9]
    holders = np.searchsorted(values, exponents) - 1
    short = values[np.unique(holders[holders >= 0])]
    starts: list[int] = (np.union1d(long, short) - len(b"<v>")).tolist()
    return starts


def show_number(text: str) -> str:
    """A number as short as it can be read back; beyond 15 digits with its exponent.

    A spreadsheet holds no more digits, so a longer id is not the one that was typed.

    >>> show_number("0.30000000000000004"), show_number("1.2345678901234567E+19")
    ('0.30000000000000004', '1.23456789012346E+19')
    >>> show_number("1234.5600000000001"), show_number("1.5E3")
    ('1234.5600000000002', '1500')
    """
    number = float(text)
    if not number.is_integer() or abs(number) == float("inf"):
        return repr(number)
    if abs(number) >= MAX_EXACT:
        return f"{number:.14E}"
    return str(int(number))


def _measure(signs: np.ndarray, facts: SheetFacts, styles: tuple[int, ...]) -> None:
    """Count cells, and find the last row and the columns, from the names of the cells."""
    is_letter = (signs >= 65) & (signs <= 90)
    quotes = np.flatnonzero((signs[:-1] == 34) & is_letter[1:])
    quotes = quotes[(signs[quotes - 2] == 114) & (signs[quotes - 1] == 61)]  # r="
    if not len(quotes):
        return
    facts.cells += len(quotes)
    second = is_letter[quotes + 2]
    third = second & is_letter[quotes + 3]
    column = signs[quotes + 1].astype(np.int64) - 64
    column = np.where(second, column * 26 + signs[quotes + 2] - 64, column)
    column = np.where(third, column * 26 + signs[quotes + 3] - 64, column) - 1
    row, end = _read_numbers(signs, quotes + 2 + second + third)
    facts.first_column = min(facts.first_column, int(column.min()))
    facts.last_column = max(facts.last_column, int(column.max()))
    facts.last_row = max(facts.last_row, int(row.max()))
    if styles:
        _find_padded(signs, end, column, row, facts, styles)


def _find_padded(
    signs: np.ndarray,
    end: np.ndarray,
    column: np.ndarray,
    row: np.ndarray,
    facts: SheetFacts,
    styles: tuple[int, ...],
) -> None:
    """Note the cells of some styles that hold a number. end: where the name of each cell ends."""
    has_style = _stands_at(signs, end, b'" s="')
    style, end = _read_numbers(signs, end + 5)
    is_number = _stands_at(signs, end, b'">') | _stands_at(signs, end, b'" t="n"')
    is_styled = has_style & is_number & np.isin(style, styles)
    column, row, style = column[is_styled], row[is_styled], style[is_styled]
    for number in np.unique(column).tolist():
        for shown in np.unique(style[column == number]).tolist():
            rows = row[(column == number) & (style == shown)]
            facts.padded.setdefault((number, shown), []).append(rows)


def _stands_at(signs: np.ndarray, positions: np.ndarray, text: bytes) -> np.ndarray:
    """Whether a text stands at each position."""
    stands = np.ones(len(positions), bool)
    for offset, sign in enumerate(text):
        stands &= signs[np.minimum(positions + offset, len(signs) - 1)] == sign
    return stands


def _read_numbers(signs: np.ndarray, starts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The numbers of up to 8 digits that begin at some positions, and where they end."""
    number, end = np.zeros(len(starts), np.int64), starts.copy()
    is_open = np.ones(len(starts), bool)
    for offset in range(8):
        digit = signs[np.minimum(starts + offset, len(signs) - 1)].astype(np.int64) - 48
        is_open &= (digit >= 0) & (digit <= 9)
        if not is_open.any():
            break
        number = np.where(is_open, number * 10 + digit, number)
        end += is_open
    return number, end
