"""``refgraph rows ANALYSIS SOURCE --row KEY --column COLUMN``: the rows behind one figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from refgraph import pipeline
from refgraph.commands.analysis import AnalysisGroup
from refgraph.commands.localized_option import LocalizedOption
from refgraph.commands.option_families import DATABASE, OUTPUT, READING, SCOPE, OptionFamily
from refgraph.commands.options import ReadingOptions
from refgraph.commands.session import Session
from refgraph.errors import UsageError


@dataclass(frozen=True, kw_only=True)
class RowsReading(ReadingOptions):
    """As `ReadingOptions`; ``--column`` without ``=`` names the figure, not a header."""

    figure: str = ""


def _build_reading(column: tuple[str, ...] = (), **values: Any) -> RowsReading:
    """Split the columns into headers and the one figure. Raises UsageError ``option-twice``."""
    figures = [text for text in column if "=" not in text]
    if len(figures) > 1:
        raise UsageError("option-twice", option="--column")
    headers = tuple(text for text in column if "=" in text)
    return RowsReading(column=headers, figure="".join(figures), **values)


def _write_rows(
    session: Session,
    name: str,
    parameters: dict[str, object],
    *,
    row: tuple[str, ...],
    left_out: bool,
) -> None:
    """Write the rows behind the figure that ``--row`` and ``--column`` name."""
    assert isinstance(session.reading, RowsReading)
    result = pipeline.run(session.engine, name, parameters, session.scope, 0)
    keys = tuple(map(session.find_party, row))
    session.write(result.rows(keys, session.reading.figure, left_out=left_out))


_FIGURE_COLUMN = LocalizedOption(
    "--column", command="rows", multiple=True, metavar="COLUMN|TABLE.COLUMN=HEADER"
)
_READING = OptionFamily(
    "reading",
    _build_reading,
    tuple(_FIGURE_COLUMN if p.name == "column" else p for p in READING.parameters),
)

command = AnalysisGroup(
    "rows",
    _write_rows,
    [
        LocalizedOption("--row", command="rows", multiple=True, metavar="KEY"),
        LocalizedOption("--not", "left_out", command="rows", is_flag=True),
    ],
    families=(SCOPE, OUTPUT, _READING, DATABASE),
)
