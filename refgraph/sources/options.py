"""What a user may choose about the files of a SOURCE."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from refgraph.errors import UsageError
from refgraph.model.fields import TABLE_NAMES
from refgraph.model.parameter_values import convert_fields
from refgraph.sources.layout import HeaderCounter, count_no_headers

MAX_DIGITS = 9
"""Digits of a line number."""


class Dialect(NamedTuple):
    """How files are written, as far as it is declared.

    delimiter: one ASCII character or "tab"; None = the one that makes most headers known.
    encoding: any character set that Python knows; None = by byte order mark, else UTF-8, else the
    one that makes most headers known. header_row: the line of the header, 0 = there is none; None =
    the row with most known headers. count_known: how many cells of a row are known headers.
    input_format: of standard input and of files whose suffix names none.
    """

    delimiter: str | None = None
    encoding: str | None = None
    header_row: int | None = None
    count_known: HeaderCounter = count_no_headers
    input_format: str | None = None


USUAL_DIALECT = Dialect()


class SheetChoice(NamedTuple):
    """A part to read, as ``--sheet`` names it: NAME, or TABLE=NAME. table: None = any."""

    table: str | None
    name: str


def parse_sheets(texts: Sequence[str]) -> list[SheetChoice]:
    """What ``--sheet`` names. A sheet whose own name begins with ``orders=`` needs the long form.

    >>> parse_sheets(["Sheet1", "orders=2024"])
    [SheetChoice(table=None, name='Sheet1'), SheetChoice(table='orders', name='2024')]
    """
    choices = []
    for text in texts:
        table, sign, name = text.partition("=")
        is_qualified = bool(sign) and table in TABLE_NAMES
        choices.append(SheetChoice(table, name) if is_qualified else SheetChoice(None, text))
    return choices


def parse_header_rows(texts: Sequence[str]) -> dict[str, int]:
    """Table, or "" for all -> what ``--header-row`` says: N, or TABLE=N.

    Raises UsageError ``bad-header-row``.

    >>> parse_header_rows(["1", "orders=3"])
    {'': 1, 'orders': 3}
    """
    rows: dict[str, int] = {}
    for text in texts:
        table, _, number = text.rpartition("=")
        is_number = number.isascii() and number.isdigit() and len(number) <= MAX_DIGITS
        if not is_number or table not in ("", *TABLE_NAMES):
            raise UsageError("bad-header-row", value=text, known=list(TABLE_NAMES))
        rows[table] = int(number)
    return rows


@dataclass(frozen=True, kw_only=True)
class FileOptions:
    """Which files to read besides or instead of those of the SOURCE, and how they are written.

    customers to events: files that replace what the SOURCE has for a table.
    patches: files that fill in empty cells of customers. matches: files of ``refgraph match`` in
    which a person confirmed which customers unknown names mean.
    sheets: sheets of workbooks and tables of databases to read, NAME or TABLE=NAME; empty = all.
    header_rows: line of the header, N or TABLE=N; 0 = none. delimiter, encoding, input_format: see
    `Dialect`.
    Raises UsageError for a value of another kind.
    """

    customers: tuple[str, ...] = ()
    referrals: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    affiliations: tuple[str, ...] = ()
    contacts: tuple[str, ...] = field(default=(), repr=False)
    events: tuple[str, ...] = field(default=(), repr=False)
    patches: tuple[str, ...] = ()
    matches: tuple[str, ...] = ()
    sheets: tuple[str, ...] = field(default=(), repr=False)
    delimiter: str | None = None
    encoding: str | None = None
    input_format: str | None = field(default=None, repr=False)
    header_rows: tuple[str, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        convert_fields(self)
        parse_header_rows(self.header_rows)

    @property
    def dialect(self) -> Dialect:
        """Delimiter, encoding, format and the header row of all tables."""
        header_row = self.header_rows_by_table.get("")
        return Dialect(self.delimiter, self.encoding, header_row, input_format=self.input_format)

    @property
    def header_rows_by_table(self) -> dict[str, int]:
        """Table, or "" for all -> the line of its header."""
        return parse_header_rows(self.header_rows)

    @property
    def sheet_choices(self) -> list[SheetChoice]:
        """The sheets to read."""
        return parse_sheets(self.sheets)

    @property
    def paths_by_table(self) -> dict[str, tuple[str, ...]]:
        """Table name -> the files named for it; without patches and matches."""
        return {table: getattr(self, table) for table in TABLE_NAMES}

    @property
    def has_files(self) -> bool:
        """Whether any file is named, patches and matches included."""
        return bool(self.patches or self.matches) or any(self.paths_by_table.values())
