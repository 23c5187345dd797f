"""`scripts/coverage`: what a record holds is not simulated again, and changes no line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from coverage_tools.__main__ import main
from coverage_tools.cells import Cell, describe_cell, simulate


def test_coverage_that_was_interrupted_goes_on_to_the_same_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = tmp_path / "record.json"
    main(["--companies", "4", "--most", "96", "--record", str(record)])
    capsys.readouterr()
    main(["--companies", "9", "--most", "96", "--record", str(record)])
    resumed = capsys.readouterr().out
    main(["--companies", "9", "--most", "96"])
    assert capsys.readouterr().out == resumed
    outcomes = json.loads(record.read_text(encoding="utf-8"))
    assert {len(cell) for cell in outcomes.values()} == {9}


def test_line_of_a_cell_counts_what_its_companies_show() -> None:
    outcomes = [(0.1, True, False, 0.5), (-0.2, False, True, 0.7), None, (0.0, True, False, 0.9)]
    line = describe_cell(Cell(96, 1.0, 0.0), outcomes)
    assert "told 3/4" in line and "coverage 66.7 %" in line
    assert "bias -3.3" in line and "leaves out 0 33.3 %" in line and "detectable 70 %" in line


def test_companies_of_a_cell_are_the_same_whenever_they_are_drawn() -> None:
    cell = Cell(96, 1.0, 0.16)
    assert list(simulate(cell, 0, 5))[3:] == list(simulate(cell, 3, 5))
