"""Files -> raw tables of text: every cell as written, every row with its line, every fault of every file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from refgraph.errors import DataError, FileError, RefgraphError, UsageError, together
from refgraph.model.raw import RawTable
from refgraph.sources.content import cited
from refgraph.sources.delimited import read
from refgraph.sources.folder import TABLES, Tell, find

__all__ = ["TABLES", "find", "read", "read_tables"]


def read_tables(
    source: str | Path | None,
    *,
    customers: Sequence[str | Path] = (),
    referrals: Sequence[str | Path] = (),
    orders: Sequence[str | Path] = (),
    affiliations: Sequence[str | Path] = (),
    patches: Sequence[str | Path] = (),
    tell: Tell,
    delimiter: str | None = None,
    encoding: str | None = None,
) -> dict[str, list[RawTable]]:
    """The raw tables of a SOURCE, by table name (`TABLES`); under "ignored" names of data files left unread.
    Under "patch" the files of answers that are to be filled in, where there are any.

    source: a folder (see `find`), one file of customers, or None. The files named for a table stand in place
    of what SOURCE has for it. Files of a folder are cited by their name within it, others as they were given.
    Raises UsageError no-source, file-twice, and what `find` and `read` raise; faults of all files together.
    """
    files, ignored = _of_source(source, tell, delimiter, encoding)
    named = dict(zip(TABLES, (customers, referrals, orders, affiliations), strict=True))
    for table, paths in named.items():
        if paths:
            files[table] = [(Path(path), str(path)) for path in paths]
    if not any(files.values()):
        raise UsageError("no-source")
    if patches:
        files["patch"] = [(Path(path), str(path)) for path in patches]
    _all_different(files)
    tables: dict[str, list[RawTable]] = {table: [] for table in (*TABLES, "patch") if table in files or table in TABLES}
    faults: list[RefgraphError] = []
    for table, path, name in [(t, p, n) for t in tables for p, n in files.get(t, ())]:
        try:
            tables[table].append((_patch if table == "patch" else read)(path, name, delimiter=delimiter, encoding=encoding))
        except (DataError, FileError) as fault:
            faults += [fault, *fault.others]
            fault.others = ()
    if faults:
        raise together(faults)
    tables["ignored"] = ignored  # type: ignore[assignment]  # names; the caller takes them out
    return tables


def _patch(path: Path, name: str, *, delimiter: str | None, encoding: str | None) -> RawTable:
    """A file of answers: as refgraph writes it, whatever the SOURCE is like, else in the form of the SOURCE."""
    try:
        found = read(path, name)
        if found.frame.width > 1 or delimiter is None:
            return found
    except DataError:
        if delimiter is None and encoding is None:
            raise
    return read(path, name, delimiter=delimiter, encoding=encoding)


def _of_source(
    source: str | Path | None, tell: Tell, delimiter: str | None, encoding: str | None
) -> tuple[dict[str, list[tuple[Path, str]]], list[str]]:
    """Path and name to cite of every file of each table, and the names of those ignored."""
    if source is None or not str(source):
        return {}, []
    found = find(Path(source), tell, delimiter=delimiter, encoding=encoding)
    ignored = [cited(path.name) for path in found.pop("ignored")]
    folder = Path(source).is_dir()
    return {t: [(p, p.name if folder else str(source)) for p in paths] for t, paths in found.items()}, ignored


def _all_different(files: dict[str, list[tuple[Path, str]]]) -> None:
    """Raise where a table has one file twice: its orders would count double."""
    for table, paths in files.items():
        seen: set[tuple[int, int]] = set()
        for path, name in paths:
            try:
                status = path.stat()
            except (OSError, ValueError):  # `read` says so
                continue
            identity = status.st_dev, status.st_ino
            if identity in seen:
                raise UsageError("file-twice", file=cited(name), table=table)
            seen.add(identity)
