"""Result and Report: frozen answers that renderers turn into pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import polars as pl

from refgraph.errors import UsageError
from refgraph.model.message import Message
from refgraph.model.picture import Picture
from refgraph.model.scope import Scope
from refgraph.model.units import Unit

SCHEMA = 1
"""Number of the JSON layout; it changes only when an existing key or column changes its meaning."""


@dataclass(frozen=True)
class Column:
    """One column of an answer. Title and meaning stand in ``texts/`` (table ``column``, key ``key``).

    formula: id in METRICS, shown by ``refgraph explain``. symbol: what money or quantities are counted in.
    family: ``reach`` (never add over customers), ``credit`` (adds up) or empty. detail: leaves a narrow terminal first.
    asked: the option without which the column is not there (``luck``: only with ``--luck``), empty = always there.
    """

    name: str
    unit: Unit
    formula: str = ""
    family: str = ""
    symbol: str = ""
    key: str = ""
    detail: bool = False
    asked: str = ""

    @property
    def text(self) -> str:
        """Key of title and meaning in ``texts/``."""
        return self.key or self.name


@dataclass(frozen=True, eq=False)
class Answer:
    """What an analysis returns: rows, one pasteable headline, notes."""

    frame: pl.DataFrame
    headline: Message
    notes: tuple[Message, ...] = ()


@dataclass(frozen=True, eq=False)
class Result:
    """An answer with everything needed to read, check and repeat it.

    origin: engine, source, version of refgraph, counts (parties, existing, former, prospects, referrals, rows read, used, set
    aside, deduplicated, findings), as_of, value basis, and how the answer was computed: columns (of all), part (of those who
    matter) or kept (by the load).
    more: rows of the answer that come after those of the frame.
    """

    analysis: str
    parameters: Mapping[str, object]
    scope: Scope
    frame: pl.DataFrame
    columns: tuple[Column, ...]
    grain: str
    headline: Message
    notes: tuple[Message, ...] = ()
    origin: Mapping[str, object] = field(default_factory=dict)
    more: int = 0

    show: ClassVar[Callable[[Result], str] | None] = None
    """Hook by which ``flow`` lets a Result show itself as HTML in a notebook."""

    def _repr_html_(self) -> str | None:
        return Result.show(self) if Result.show else None

    def to_pandas(self) -> Any:
        """The frame as pandas. Raises UsageError ``missing-extra`` without the extra ``pandas``."""
        try:
            return self.frame.to_pandas()
        except ImportError as error:
            raise UsageError("missing-extra", extra="pandas", why=str(error).splitlines()[0]) from error

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.frame.__arrow_c_stream__(requested_schema)

    def top(self, rows: int | None) -> Result:
        """The same answer with its first rows only; the notes and headline stay."""
        if rows is None or rows >= self.frame.height:
            return self
        return replace(self, frame=self.frame.head(rows), more=self.more + self.frame.height - rows)


@dataclass(frozen=True, eq=False)
class Section:
    """One result in a report. caption: id of a sentence in ``texts/``. rows: how many to show, None = all.

    picture: a tree to be drawn beside the table by formats that draw (html).
    """

    result: Result
    caption: str = ""
    rows: int | None = None
    picture: Picture | None = None


@dataclass(frozen=True, eq=False)
class Figure:
    """A key figure. title: key in ``texts/`` (table ``figure``). span: a share with the two ends of its interval, 0-1."""

    title: str
    value: Message
    detail: Message
    span: tuple[float, float, float] | None = None


@dataclass(frozen=True, eq=False)
class Report:
    """Results in order under one title. figures: what stands on top of a page; nothing that the results do not say too."""

    title: Message
    sections: tuple[Section, ...]
    notes: tuple[Message, ...] = ()
    figures: tuple[Figure, ...] = ()
