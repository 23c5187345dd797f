"""The figures of a page that open in it: each row once, each figure as the numbers of its rows.

The page holds them as JSON, deflated and in base64; ``report.js`` unpacks it at the first click.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from refgraph import texts
from refgraph.errors import UsageError
from refgraph.measures.figure_rows import ROLES, TABLES
from refgraph.model.figure_opener import FigureRows, ListedFigure
from refgraph.model.message import message
from refgraph.model.result import Column, Figure, Report, Result
from refgraph.registry import get_analysis
from refgraph.renderers.opened_cells import Cell, list_cells, spell_command
from refgraph.renderers.view import View

MAX_OPENED = 4000
"""Figures of a page whose rows it may hold, first rows first."""
MAX_LISTED = 500
"""Rows of one figure that the page lists."""
HEADINGS = ("table", "file", "line", "party", "name", "referrer", "date")
"""What is said of each row, ``rows_...`` in the texts; then role, weight and amount."""


class PageFigures:
    """The figures of a page, by number: those whose rows it holds, then those with a command only.

    cells: cell -> its number.
    """

    def __init__(self, report: Report, limits: Sequence[int | None], languages: Sequence[str]):
        self._results = [section.result for section in report.sections]
        self._views = [View(format="html", lang=lang) for lang in languages]
        self._listed: list[tuple[Cell, ListedFigure]] = []
        self.cells: dict[Cell, int] = {}
        for cell, column in list_cells(self._results, limits):
            if len(self._listed) == MAX_OPENED:
                break
            listed = _list_cell(self._results[cell[0]], cell[1], column)
            if listed is not None:
                self.cells[cell] = len(self._listed)
                self._listed.append((cell, listed))

    def find_card(self, figure: Figure) -> int | None:
        """The number of a key figure; None if it does not open."""
        analysis, column = figure.opens or ("", "")
        for section, result in enumerate(self._results):
            if result.analysis == analysis:
                return self.cells.get((section, 0, column))
        return None

    def name_cells(self, section: int, rows: int) -> list[list[int | None]]:
        """The number of each cell of a section; None where none opens."""
        names = [column.name for column in self._results[section].columns]
        return [[self.cells.get((section, row, name)) for name in names] for row in range(rows)]

    def build_text(self, most: int) -> str:
        """JSON of all figures, the first ``most`` with their rows."""
        figures = [listed for _, listed in self._listed]
        rows, lists = _number_rows([f.rows.take(slice(MAX_LISTED)) for f in figures[:most]])
        content = {
            "say": {view.lang: _list_words(view) for view in self._views},
            "commands": [self._spell(cell) for cell, _ in self._listed],
            "sentences": [[view.say(f.headline) for view in self._views] for f in figures[:most]],
            "rest": [max(len(f.rows.row) - MAX_LISTED, 0) for f in figures[:most]],
            "dates": [int(f.is_date) for f in figures[:most]],
            **_describe_entries(self._results, rows),
            **lists,
        }
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"))

    def fit(self, most_bytes: int) -> str:
        """As `build_text`, of as many figures as fit into so many bytes of `pack`."""
        most = len(self._listed)
        while True:
            text = self.build_text(most)
            size = len(pack(text))
            if size <= most_bytes or not most:
                return text
            most = int(most * min(0.9, most_bytes / size))

    def _spell(self, cell: Cell) -> str:
        result = self._results[cell[0]]
        keys = [result.frame[key][cell[1]] for key in get_analysis(result.analysis).keys]
        return spell_command(result, keys, cell[2])


def find_figures(subject: Result | Report, view: View, more: int) -> PageFigures | None:
    """The figures of a report that open; more: rows of each table behind a check box."""
    if not isinstance(subject, Report):
        return None
    limits = [view.row_limit(section) for section in subject.sections]
    most = [None if limit is None else limit + more for limit in limits]
    return PageFigures(subject, most, texts.LANGUAGES)


def measure_room(page: str) -> int:
    """Bytes by which a page with marked figures may grow to be twice as large as without them."""
    marks = len(" data-open=0000") * page.count(" data-open=")
    return len(page.encode("utf-8", "ignore")) - 2 * marks


def pack(text: str) -> str:
    """Deflated, in base64."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    return base64.b64encode(squeeze.compress(text.encode()) + squeeze.flush()).decode()


def _list_cell(result: Result, row: int, column: Column) -> ListedFigure | None:
    assert result.opener is not None
    try:
        return result.opener.list_cell(row, column)
    except UsageError:
        return None


def _list_words(view: View) -> dict[str, Any]:
    """What the script says in one language."""
    lang = view.lang
    keys = ["name" if name == "name" else f"rows_{name}" for name in HEADINGS]
    headings = [*keys, "rows_role", "rows_weight", "rows_amount"]
    return {
        "headings": [texts.get_column_title(key, lang) for key in headings],
        "tables": [texts.get_label(table, lang) for table in TABLES],
        "roles": [texts.get_label(role, lang) for role in ROLES],
        "command": view.say(message("page.rows-command", command="{command}")),
        "rest": view.say(message("page.rows-behind-more", rows="{rows}")),
    }


def _number_rows(figures: Sequence[FigureRows]) -> tuple[FigureRows, dict[str, Any]]:
    """Every row with its amount once, and the figures as lists of their numbers, by role.

    ``lists``: differences from one number to the next; ``parts``: of each figure role, list, and
    weight of all its rows or of each.
    """
    if not figures:
        return FigureRows._make(np.empty(0, np.int64) for _ in range(5)), {"lists": [], "parts": []}
    rows = FigureRows._make(np.concatenate(columns) for columns in zip(*figures, strict=True))
    amount = np.unique(np.nan_to_num(rows.amount, nan=-np.inf), return_inverse=True)[1]
    key = (rows.row * len(TABLES) + rows.table) * (int(amount.max(initial=0)) + 1) + amount
    _, first, number = np.unique(key, return_index=True, return_inverse=True)
    lists: dict[bytes, int] = {}
    coded: list[list[int]] = []
    parts: list[list[list[object]]] = []
    start = 0
    for figure in figures:
        own, start = number[start : start + len(figure.row)], start + len(figure.row)
        part: list[list[object]] = []
        for role in np.unique(figure.role).tolist():
            is_role = figure.role == role
            steps = np.diff(own[is_role], prepend=0).astype(np.int64)
            place = lists.setdefault(steps.tobytes(), len(lists))
            if place == len(coded):
                coded.append(steps.tolist())
            part.append([role, place, _shorten(figure.weight[is_role])])
        parts.append(part)
    return rows.take(first), {"lists": coded, "parts": parts}


def _shorten(weight: np.ndarray) -> object:
    """One number if all are the same."""
    if (weight == weight[0]).all():
        return float(weight[0])
    return [float(f"{x:.6g}") for x in weight.tolist()]


def _describe_entries(results: Sequence[Result], rows: FigureRows) -> dict[str, Any]:
    """The columns of the rows; words stand once, and columns hold their places."""
    openers = [result.opener for result in results if result.opener is not None]
    frame = pl.DataFrame(
        {"table": np.array(TABLES)[rows.table], "row": rows.row, "amount": rows.amount}
    )
    if not openers or not frame.height:
        return {"entries": {}, "words": []}
    described = openers[0].describe_rows(frame)
    columns: dict[str, list[Any]] = {
        "table": rows.table.tolist(),
        "line": described["line"].to_list(),
    }
    names = ("file", "party", "name", "referrer")
    words = (
        pl.concat([described[name].cast(pl.String) for name in names]).drop_nulls().unique().sort()
    )
    code = pl.DataFrame({"word": words}).with_row_index("code")
    for name in names:
        found = described.select(word=pl.col(name).cast(pl.String)).join(
            code, on="word", how="left", maintain_order="left"
        )
        columns[name] = found["code"].fill_null(-1).cast(pl.Int64).to_list()
    columns["date"] = described["date"].to_physical().to_list()
    amount = pl.Series(rows.amount, nan_to_null=True)
    columns["amount"] = [None if x is None else float(f"{x:.10g}") for x in amount.to_list()]
    return {"entries": columns, "words": words.to_list()}
