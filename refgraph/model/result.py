"""Answers: what an analysis returns (Answer), what a page shows (Result), and several (Report)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from refgraph.errors import UsageError
from refgraph.model.figure_opener import FigureOpener
from refgraph.model.message import Message
from refgraph.model.picture import Picture
from refgraph.model.representation import count_things, describe_object
from refgraph.model.scope import Scope
from refgraph.model.tally import Tallies
from refgraph.model.units import Unit

SCHEMA_VERSION = 2
"""Number of the JSON layout; it changes only when an existing key or column changes its meaning."""
_TEXT_UNITS = (Unit.ID, Unit.TEXT, Unit.LABEL, Unit.REASON)
_DTYPES: Mapping[Unit, type[pl.DataType]] = {
    **dict.fromkeys(_TEXT_UNITS, pl.String),
    Unit.COUNT: pl.Int64,
    Unit.DEPTH: pl.Int64,
    Unit.DATE: pl.Date,
}


@dataclass(frozen=True)
class Column:
    """A column of an answer; its title and meaning are in ``texts`` (table ``column``).

    formula: id in `texts.formulas`, shown by ``refgraph explain``. family: ``reach`` (never add it
    over customers), ``credit`` (it adds up) or empty. symbol: the unit of money or quantities.
    key: its key in ``texts``, empty = its name. detail: whether a narrow terminal drops it first.
    asked: the option that adds the column (``chance``: only with ``--chance``), empty = always.
    closed: why its figures do not open to rows (label ``closed-...``), empty = they do. inputs: to
    those that its formula takes together, which do not add up to them.
    """

    name: str
    unit: Unit
    formula: str = ""
    family: str = ""
    symbol: str = ""
    key: str = ""
    detail: bool = False
    asked: str = ""
    closed: str = field(default="", repr=False)
    inputs: bool = field(default=False, repr=False)

    @property
    def text(self) -> str:
        """Key of title and meaning in ``texts/``."""
        return self.key or self.name

    @property
    def dtype(self) -> type[pl.DataType]:
        """The polars type of a cell of its unit: text, whole number, date, otherwise float64."""
        return _DTYPES.get(self.unit, pl.Float64)


@dataclass(frozen=True, eq=False)
class Answer:
    """What an analysis returns: rows, one pasteable headline, notes.

    tallies: the rows of the data behind each figure.
    """

    frame: pl.DataFrame
    headline: Message
    notes: tuple[Message, ...] = ()
    tallies: Tallies = field(default_factory=lambda: Tallies({}))

    def __repr__(self) -> str:
        return describe_object(self, count_things(self.frame.height, "row"), repr(self.headline))


@dataclass(frozen=True, eq=False, kw_only=True)
class Result:
    """An answer with everything needed to read, check and repeat it.

    grain: what a row of the frame is. origin: engine, source, version of refgraph, as_of, value
    basis, counts (parties, existing, former, prospects, referrals, findings; rows read, used,
    rejected, duplicates, skipped), and how the answer was computed: ``columns`` (from all data),
    ``part`` (from the parties that matter) or ``kept`` (stored by the load).
    more: rows of the answer that follow those of the frame. opener: finds the rows behind a
    figure; None if they cannot be found.
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
    opener: FigureOpener | None = None

    def __repr__(self) -> str:
        rows = count_things(self.frame.height + self.more, "row")
        columns = count_things(self.frame.width, "column")
        as_of = self.origin.get("as_of")
        return describe_object(
            self, self.analysis, rows, columns, f"as of {as_of}" if as_of else None
        )

    def __str__(self) -> str:
        """The headline."""
        return str(self.headline)

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        import refgraph  # the public names are lazy; the model itself imports no higher room

        return refgraph.to_html(self)

    def show(self, rows: int | None = 20) -> None:
        """Show the headline, the first rows (None = all) and the notes.

        As a page in a notebook, elsewhere as a table on stdout.
        Raises UsageError ``not-an-integer``, ``out-of-range``.
        """
        import refgraph

        refgraph.show(self, rows)

    def chart(self, name: str | None = None, **options: Any) -> Any:
        """The answer as a chart, see `refgraph.draw_chart`; a notebook shows it."""
        import refgraph

        return refgraph.draw_chart(self, name, **options)

    def rows(self, key: str | Sequence[str], column: str, *, left_out: bool = False) -> Result:
        """The rows of the data behind a figure, with the weight of each: which 30 are these?

        key: what identifies the row, an id, a word or a name (``"customers"``, ``"C001"``), several
        for an answer whose rows need several. left_out: the rows that do not count, and why.
        Raises UsageError ``unknown-row``, ``several-rows``, ``unknown-figure``, ``not-a-figure``,
        ``figure-closed``, ``small-cell``; ``no-rows`` if the answer is not one of an analysis.
        """
        if self.opener is None:
            raise UsageError("no-rows", analysis=self.analysis)
        keys = key if isinstance(key, str) else tuple(key)
        return self.opener.open(keys, column, left_out)

    def to_pandas(self) -> Any:
        """The frame as pandas. Raises UsageError ``missing-extra`` without the extra ``pandas``."""
        try:
            return self.frame.to_pandas()
        except ImportError as error:
            raise UsageError(
                "missing-extra", extra="pandas", why=str(error).splitlines()[0]
            ) from error

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.frame.__arrow_c_stream__(requested_schema)

    def head(self, rows: int | None) -> Result:
        """The same answer with its first rows only, None = all; notes and headline stay."""
        if rows is None or rows >= self.frame.height:
            return self
        more = self.more + self.frame.height - rows
        return replace(self, frame=self.frame.head(rows), more=more)


@dataclass(frozen=True, eq=False)
class Section:
    """One result in a report.

    caption: id of a sentence in ``texts``. rows: how many to show, None = all. picture: a tree to
    draw next to the table, in formats that draw (html). chart: name of a chart and the answer that
    it draws, above the table.
    """

    result: Result
    caption: str = ""
    rows: int | None = None
    picture: Picture | None = None
    chart: tuple[str, Result] | None = None

    def __repr__(self) -> str:
        return describe_object(self, self.caption, repr(self.result))


@dataclass(frozen=True, eq=False)
class Figure:
    """A key figure.

    title: key in ``texts`` (table ``figure``). interval: a share and the two ends of its confidence
    interval, each 0 to 1. opens: analysis and column whose first row holds the figure.
    """

    title: str
    value: Message
    detail: Message
    interval: tuple[float, float, float] | None = None
    opens: tuple[str, str] | None = None

    def __repr__(self) -> str:
        return describe_object(self, self.title, repr(self.value))


@dataclass(frozen=True, eq=False)
class Report:
    """Results in order under one title.

    figures: key figures for the top of a page, from the results. findings: captions of sections
    whose headlines matter most. opening: sections whose pictures open it. verdict: one line.
    """

    title: Message
    sections: tuple[Section, ...]
    notes: tuple[Message, ...] = ()
    figures: tuple[Figure, ...] = ()
    findings: tuple[str, ...] = ()
    opening: tuple[Section, ...] = ()
    verdict: Message | None = None

    def __repr__(self) -> str:
        names = ", ".join(section.result.analysis for section in self.sections)
        return describe_object(self, count_things(len(self.sections), "section"), names)

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        import refgraph

        return refgraph.to_html(self)

    def show(self, rows: int | None = 20) -> None:
        """Show all sections; ``rows`` as for `Result.show`, if a section does not say."""
        import refgraph

        refgraph.show(self, rows)
