"""A folder -> which file holds which table: told by the stem of its name, else by its headers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

from refgraph.errors import DataError, FileError
from refgraph.sources.content import cited
from refgraph.sources.delimited import DELIMITERS, headers

TABLES = ("customers", "referrals", "orders", "affiliations")

Tell = Callable[[Sequence[str]], str | None]
"""Names the table whose headers these are, if any."""

_STEMS = {
    "customers": "customers?|客户",
    "referrals": "referrals?|推荐关系|推荐记录|推荐",
    "orders": "orders?|订单",
    "affiliations": "affiliations?|关联|隶属",
}
_PART = r"(?:[\s._-]*+(?:part|q|第)?[\s._-]*+\d++(?:部分|年|月|日|季度)?)*"
"""What may follow a stem when a table is split over files: -1, _2024, _2024-03, _2024Q1, .part2, 2024年."""

_NO_DATA = re.compile(r"\..*|readme(\..*)?|.*\.(md|toml)", re.IGNORECASE)
_ALOUD = (".csv", ".tsv", ".tab")


def find(
    source: Path, tell: Tell, *, delimiter: str | None = None, encoding: str | None = None
) -> dict[str, list[Path]]:
    """The files of each table in the folder `source`, each list in the order of names; and under "ignored"
    those that look like data but hold no table that is known.

    A file is told by its stem in English or Chinese (customers.csv, orders_2024.csv, orders.part2.csv,
    客户.csv), else by what `tell` says of its headers, unless other files hold that table by name: it may be a
    copy of them.
    Hidden files, folders, README, .md and .toml are passed over, and so are files of other kinds, unless
    they are named like a table. `source` may be a single file, which then holds the customers.
    Raises FileError not-found, cannot-read; DataError unknown-format-of-file, and no-tables, with the faults
    of the files whose headers could not be read.
    """
    try:
        if source.is_dir():
            return _find(source, tell, delimiter, encoding)
        return {**{table: [] for table in TABLES}, "customers": [_single(source, delimiter)], "ignored": []}
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise FileError("cannot-read", path=cited(str(source)), why=why) from error


def _find(source: Path, tell: Tell, delimiter: str | None, encoding: str | None) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {table: [] for table in (*TABLES, "ignored")}
    unknown, faults = [], []
    for path in _files(source):
        table = by_stem(path)
        if table is not None and path.suffix.lower() in DELIMITERS:
            found[table].append(path)
        elif path.suffix.lower() in DELIMITERS:
            unknown.append(path)
        elif table is not None:
            found["ignored"].append(path)
    named = {table for table in TABLES if found[table]}
    for path in unknown:
        try:
            table = tell(headers(path, path.name, delimiter=delimiter, encoding=encoding))
        except (DataError, FileError) as fault:
            table = None
            faults.append(fault)
        if table in TABLES and table not in named:
            found[table].append(path)
        elif path.suffix.lower() in _ALOUD:
            found["ignored"].append(path)
    if not any(found[table] for table in TABLES):
        seen = [cited(path.name) for path in found["ignored"]]
        raise DataError("no-tables", faults, path=cited(str(source)), seen=seen)
    found["ignored"].sort()
    return found


def by_stem(path: Path) -> str | None:
    """The table after which a file is named, if any."""
    stem = unicodedata.normalize("NFKC", path.stem).strip()
    for table, names in _STEMS.items():
        if re.fullmatch(f"(?:{names}){_PART}", stem, re.IGNORECASE):
            return table
    return None


def _files(folder: Path) -> list[Path]:
    """The files that may hold data, sorted; among them links that lead nowhere, so that reading fails."""
    paths = [path for path in sorted(folder.iterdir()) if not _NO_DATA.fullmatch(path.name)]
    return [path for path in paths if path.is_file() or (path.is_symlink() and not path.exists())]


def _single(path: Path, delimiter: str | None) -> Path:
    if not path.exists() and not path.is_symlink():
        raise FileError("not-found", path=cited(str(path)))
    if delimiter is None and path.suffix.lower() not in DELIMITERS:
        raise DataError("unknown-format-of-file", file=cited(str(path)), known=list(DELIMITERS))
    return path

