"""Values of a graph that refgraph did not load, streamed as lists, range after range.

A range of an indexed property is one statement: the server holds references to its nodes and the
values of one list. Without an index there is one statement, which holds references to all nodes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import polars as pl

from refgraph.engines.neo4j.connection import Database, Row
from refgraph.engines.queries import load_statement

LIST_ROWS = 15_000
"""Values in a list that the server sends; more need much memory there."""
RANGE_ROWS = 150_000
"""Nodes in a range of an indexed property."""
RANGES_IN_FLIGHT = 2
ODD_TEXT = "\0odd"
"""Stands for a value without a text form, such as a list or a point."""
LAST_TEXT = "\U0010ffff" * 4
"""Sorts after every text that anybody stores."""
FIRST_AND_LAST = (("", LAST_TEXT), (float("-inf"), float("inf")))
"""Texts and numbers are ordered among themselves; an index holds both."""


@dataclass(frozen=True)
class Indexed:
    """A property of a label that an index can read in order."""

    label: str
    property: str


@dataclass(frozen=True, kw_only=True)
class _Range:
    """Slots and parameters of a statement for some nodes; all of them as it stands."""

    in_range: tuple[str, ...] = ()
    in_rest: tuple[str, ...] = ()
    after: object = None
    until: object = None


def read_lists(
    database: Database,
    statement: str,
    columns: Sequence[str],
    indexed: Indexed | None = None,
    **slots: str | Sequence[str],
) -> pl.DataFrame:
    """All rows of a statement as text; values without a text form are `ODD_TEXT`.

    columns: names of the lists that the statement returns after the number of their rows.
    indexed: what to read in ranges of; None also for statements that have none.
    Raises DatabaseError.
    """
    frames = [pl.DataFrame(schema=dict.fromkeys(columns, pl.String))]
    pending: list[Callable[[], list[pl.DataFrame]]] = []
    take = partial(_to_frame, columns)
    has_ranges = "range" in load_statement(statement).slots
    for part in _iterate_ranges(database, indexed):
        if len(pending) == RANGES_IN_FLIGHT:
            frames += pending.pop(0)()
        ends = {"range": part.in_range, "rest": part.in_rest} if has_ranges else {}
        text = load_statement(statement).to_cypher(**slots, **ends)
        values = {"after": part.after, "until": part.until, "size": LIST_ROWS, "odd": ODD_TEXT}
        pending.append(database.begin_stream(text, take, parameters=values))
    for await_frames in pending:
        frames += await_frames()
    return pl.concat(frames).rechunk()


def _to_frame(columns: Sequence[str], row: Row) -> pl.DataFrame:
    """The lists of one row as columns; without any column only their number is known."""
    _, *lists = row
    named = zip(columns, lists, strict=True)
    return pl.DataFrame([pl.Series(name, values, dtype=pl.String) for name, values in named])


def _iterate_ranges(database: Database, indexed: Indexed | None) -> Iterator[_Range]:
    """Ranges that hold every node once: of texts, of numbers, and whatever is neither."""
    if indexed is None:
        yield _Range()
        return
    key = (indexed.property,)
    text = load_statement("inspect/next_cut").to_cypher(label=indexed.label, key=indexed.property)
    for first, last in FIRST_AND_LAST:
        after: object = first
        while after != last:
            rows = database.read(text, after=after, skip=RANGE_ROWS - 1)
            until = rows[0][0] if rows and _is_alike(rows[0][0], first) else last
            yield _Range(in_range=key, after=after, until=until)
            after = until
    yield _Range(in_rest=key)


def _is_alike(value: object, first: object) -> bool:
    """Whether a value is of the kind that a range began with."""
    return isinstance(value, str) == isinstance(first, str)


def drop_unused(frame: pl.DataFrame, kept: Sequence[str] = ()) -> tuple[pl.DataFrame, list[str]]:
    """The frame without columns that hold nothing or lists, and the names of those with lists.

    kept: columns that stay in any case.
    """
    is_odd = frame.select((pl.all() == ODD_TEXT).any())
    odd = [name for name in frame.columns if name not in kept and is_odd[name].item()]
    used = [
        name
        for name in frame.columns
        if name in kept or (name not in odd and frame[name].null_count() < frame.height)
    ]
    cells = pl.col(used).replace(ODD_TEXT, None) if used else pl.col(used)
    return frame.select(cells), odd
