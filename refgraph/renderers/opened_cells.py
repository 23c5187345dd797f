"""The figures of a report that open to their rows: which they are, and the command for each."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence

from refgraph.errors import UsageError
from refgraph.model.result import Column, Report, Result
from refgraph.model.serialization import to_json_value
from refgraph.model.units import Unit
from refgraph.renderers.cells import NUMERIC_UNITS
from refgraph.renderers.view import View

MAX_OPENED = 40
"""Figures of a workbook that open in it, first rows first."""
Cell = tuple[int, int, str]
"""Number of the section, row, column."""


def open_cells(report: Report, view: View) -> dict[Cell, Result]:
    """The rows of the first figures of a report."""
    limits = [view.row_limit(section) for section in report.sections]
    results = [section.result for section in report.sections]
    rows: dict[Cell, Result] = {}
    for cell, column in list_cells(results, limits):
        if len(rows) == MAX_OPENED:
            break
        opener = results[cell[0]].opener
        assert opener is not None
        try:
            rows[cell] = opener.open_cell(cell[1], column)
        except UsageError:
            continue
    return rows


def list_cells(
    results: Sequence[Result], limits: Sequence[int | None]
) -> Iterator[tuple[Cell, Column]]:
    """The cells with figures: the first row of every section, then the second, and so on."""
    frames = [result.head(limit).frame for result, limit in zip(results, limits, strict=True)]
    columns = [_list_open_columns(result) for result in results]
    for row in range(max((frame.height for frame in frames), default=0)):
        for number, frame in enumerate(frames):
            if row < frame.height:
                for column in columns[number]:
                    if frame[column.name][row] is not None:
                        yield (number, row, column.name), column


def _list_open_columns(result: Result) -> list[Column]:
    """The columns whose figures open; none if the answer has no rows behind it."""
    units = NUMERIC_UNITS | {Unit.DATE}
    is_open = result.opener is not None
    return [c for c in result.columns if is_open and c.unit in units and not c.closed]


def spell_command(result: Result, keys: Sequence[object], column: str) -> str:
    """The command that lists the rows of a figure; keys: of its row."""
    words = ["refgraph rows", result.analysis]
    words.append(shlex.quote(str(result.origin.get("source") or "SOURCE")))
    words += [f"--row {shlex.quote(str(key))}" for key in keys] + [f"--column {column}"]
    words += _spell_options({**result.parameters, **result.scope.to_json()})
    return " ".join(words)


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
