"""A table within a file that holds several: a sheet, or the edges of a graph."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from refgraph.model.raw import RawTable
from refgraph.sources.options import Dialect


@dataclass(frozen=True, eq=False)
class Part:
    """A table within a file.

    name: of the sheet or table, empty if the file holds only one, which has none.
    read_headers: its headers. read: its rows, cited under the name that it is given. Both by the
    dialect, which says where the header is.
    table: the table that it is by its format, such as the edges of a graph; None = not known.
    """

    name: str
    read_headers: Callable[[Dialect], list[str]]
    read: Callable[[str, Dialect], RawTable]
    table: str | None = None
