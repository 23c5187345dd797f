"""The rows behind the figures of a report: which open in the page, and the command for the rest."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from refgraph.errors import UsageError
from refgraph.model.message import message
from refgraph.model.result import Column, Figure, Report, Result
from refgraph.model.serialization import to_json_value
from refgraph.model.units import Unit
from refgraph.renderers.cells import NUMERIC_UNITS
from refgraph.renderers.view import View

MAX_OPENED = 40
"""Figures of a page that open in it, first rows first."""
MAX_LISTED = 30
"""Rows that are listed in the page."""
Cell = tuple[int, int, str]
"""Number of the section, row, column."""


@dataclass(frozen=True)
class OpenedCells:
    """What opens in a page.

    rows: cell -> the rows behind it. columns: (section, column) with figures that open.
    """

    rows: Mapping[Cell, Result] = field(default_factory=dict)
    columns: frozenset[tuple[int, str]] = frozenset()


def open_cells(subject: Result | Report, view: View) -> OpenedCells:
    """The rows of the first figures of a report that the page shows."""
    if not isinstance(subject, Report):
        return OpenedCells()
    limits = [view.row_limit(section) for section in subject.sections]
    results = [section.result for section in subject.sections]
    columns = {
        (number, column.name)
        for number, result in enumerate(results)
        if result.opener is not None
        for column in list_open_columns(result)
    }
    rows: dict[Cell, Result] = {}
    for cell in _list_cells(results, limits):
        if len(rows) == MAX_OPENED:
            break
        opened = _open_cell(results[cell[0]], cell)
        if opened is not None:
            rows[cell] = opened
    return OpenedCells(rows, frozenset(columns))


def list_open_columns(result: Result) -> list[Column]:
    """The columns whose figures open."""
    return [
        column
        for column in result.columns
        if column.unit in NUMERIC_UNITS | {Unit.DATE} and not column.closed
    ]


def _list_cells(results: list[Result], limits: Sequence[int | None]) -> Iterator[Cell]:
    """All cells with figures: the first row of every section, then the second, and so on."""
    heights = [
        result.head(limit).frame.height for result, limit in zip(results, limits, strict=True)
    ]
    for row in range(max(heights, default=0)):
        for number, result in enumerate(results):
            if row < heights[number] and result.opener is not None:
                for column in list_open_columns(result):
                    yield number, row, column.name


def _open_cell(result: Result, cell: Cell) -> Result | None:
    _, row, name = cell
    column = next(c for c in result.columns if c.name == name)
    assert result.opener is not None
    if result.frame[name][row] is None:
        return None
    try:
        return result.opener.open_cell(row, column)
    except UsageError:
        return None


def describe_opened(opened: Result, view: View) -> dict[str, Any]:
    """The sentence, the headings and the first rows of an opened figure."""
    shown, more = view.take_rows(opened, MAX_LISTED)
    cells = view.format_columns(shown)
    kept = [i for i, column in enumerate(shown.columns) if _is_informative(opened, column)]
    return {
        "headline": view.say(opened.headline),
        "headings": [view.heading(shown.columns[i]) for i in kept],
        "rows": list(zip(*(cells[i] for i in kept), strict=True)),
        "more": f"{more} {describe_command(opened, view)}" if more and opened.frame.height else "",
    }


def _is_informative(opened: Result, column: Column) -> bool:
    """Whether a column of an opened figure is worth its room: not blank, not all the same. File,
    line and party are always shown.
    """
    values = opened.frame[column.name]
    if column.name in ("file", "line", "party", "name"):
        return True
    return column.name != "table" and values.n_unique() > 1


def describe_command(result: Result, view: View, column: str = "") -> str:
    """The sentence with the command that lists the rows of a figure."""
    parameters = dict(result.parameters)
    row, named = parameters.pop("row", None), parameters.pop("column", column)
    parameters.pop("method", None)
    keys = [shlex.quote(str(key)) for key in row] if isinstance(row, list) else ["KEY"]
    words = [
        "refgraph rows",
        result.analysis,
        shlex.quote(str(result.origin.get("source") or "SOURCE")),
    ]
    words += [f"--row {key}" for key in keys] + [f"--column {named}"]
    words += _spell_options({**parameters, **result.scope.to_json()})
    return view.say(message("page.rows-command", command=" ".join(words)))


def _spell_options(parameters: Mapping[str, object]) -> Iterator[str]:
    """The options of an answer that were set, as the command line takes them."""
    for name, setting in parameters.items():
        value = to_json_value(setting)
        flag = "--" + name.rstrip("_").replace("_", "-")
        if value in (None, False, "", []):
            continue
        if value is True:
            yield flag
        elif isinstance(value, list):
            yield from (f"{flag} {shlex.quote(str(part))}" for part in value)
        else:
            yield f"{flag} {shlex.quote(str(value))}"


class Openings:
    """The boxes of one language of a page: one for each opened cell, one for each other column."""

    def __init__(self, report: Report, view: View, opened: OpenedCells) -> None:
        self._results = [section.result for section in report.sections]
        self._view, self._opened = view, opened

    def name_targets(self, section: int, rows: int) -> list[list[str]]:
        """The id of the box behind each cell of a section, empty where none opens."""
        columns = self._results[section].columns
        return [[self._name(section, row, c.name) for c in columns] for row in range(rows)]

    def find_card(self, figure: Figure) -> str:
        """The id of the box behind a key figure, empty if none opens."""
        analysis, column = figure.opens or ("", "")
        for section, result in enumerate(self._results):
            if result.analysis == analysis and result.frame.height:
                return self._name(section, 0, column)
        return ""

    def describe(self) -> list[dict[str, Any]]:
        """Every box: its id, sentence, and rows if the page lists them."""
        boxes = [
            {"id": self._name(*cell), **describe_opened(rows, self._view)}
            for cell, rows in self._opened.rows.items()
        ]
        for section, column in sorted(self._opened.columns):
            sentence = describe_command(self._results[section], self._view, column)
            id = f"{self._view.lang}-{section + 1}-{column}"
            boxes.append({"id": id, "headline": sentence, "rows": [], "more": ""})
        return boxes

    def _name(self, section: int, row: int, column: str) -> str:
        prefix = f"{self._view.lang}-{section + 1}"
        if (section, row, column) in self._opened.rows:
            return f"{prefix}-{row}-{column}"
        if (section, column) not in self._opened.columns:
            return ""
        is_blank = self._results[section].frame[column][row] is None
        return "" if is_blank else f"{prefix}-{column}"
