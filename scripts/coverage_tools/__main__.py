"""Simulate companies, cell by cell; a record lets a later run go on where this one stopped."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from coverage_tools.ask_cells import list_ask_cells
from coverage_tools.campaign_cells import list_campaign_cells
from coverage_tools.cells import Cell, Outcome
from coverage_tools.leaving_cells import list_leaving_cells
from coverage_tools.rate_cells import list_rate_cells
from coverage_tools.value_cells import list_value_cells

STEP = 20
"""Companies after which the record is written."""
Record = dict[str, list[Outcome | None]]


def parse_arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/coverage", description=__doc__)
    parser.add_argument("--companies", type=int, help="companies per cell")
    parser.add_argument("--most", type=int, default=50_000, help="skip larger companies")
    parser.add_argument("--only", default="", help="cells whose name holds this word")
    parser.add_argument("--record", type=Path, help="file of outcomes, to go on later")
    return parser.parse_args(words)


def read_record(path: Path | None) -> Record:
    """The outcomes so far by name of the cell; empty without a file."""
    if path is None or not path.exists():
        return {}
    content: Record = json.loads(path.read_text(encoding="utf-8"))
    return content


def write_record(path: Path | None, record: Record) -> None:
    """Write all outcomes at once, so that a record is never half written."""
    if path is None:
        return
    part = path.with_suffix(".part")
    part.write_text(json.dumps(record), encoding="utf-8")
    part.replace(path)


def run_cell(cell: Cell, companies: int, record: Record, path: Path | None) -> str:
    """Complete a cell in steps and describe it."""
    outcomes = record.setdefault(cell.name, [])
    while len(outcomes) < companies:
        last = min(len(outcomes) + STEP, companies)
        outcomes.extend(cell.simulate(len(outcomes), last))
        write_record(path, record)
    return cell.describe(outcomes[:companies])


def main(words: Sequence[str] | None = None) -> None:
    """One line per cell."""
    options = parse_arguments(words)
    record = read_record(options.record)
    cells: list[Cell] = [
        *list_value_cells(),
        *list_leaving_cells(),
        *list_rate_cells(),
        *list_ask_cells(),
        *list_campaign_cells(),
    ]
    for cell in cells:
        if cell.n <= options.most and options.only in cell.name:
            companies = options.companies or cell.companies
            print(run_cell(cell, companies, record, options.record), flush=True)


if __name__ == "__main__":
    main()
