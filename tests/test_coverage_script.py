"""`scripts/coverage`: what a record holds is not simulated again, and changes no line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from coverage_tools.__main__ import main
from coverage_tools.ask_cells import AskCell, list_ask_cells
from coverage_tools.campaign_cells import CampaignCell
from coverage_tools.leaving_cells import LeavingCell, list_leaving_cells
from coverage_tools.rate_cells import RateCell
from coverage_tools.value_cells import ValueCell


def test_coverage_that_was_interrupted_goes_on_to_the_same_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = tmp_path / "record.json"
    main(["--companies", "4", "--most", "96", "--only", "n=", "--record", str(record)])
    capsys.readouterr()
    main(["--companies", "9", "--most", "96", "--only", "n=", "--record", str(record)])
    resumed = capsys.readouterr().out
    main(["--companies", "9", "--most", "96", "--only", "n="])
    assert capsys.readouterr().out == resumed
    outcomes = json.loads(record.read_text(encoding="utf-8"))
    assert {len(cell) for cell in outcomes.values()} == {9}


def test_line_of_a_cell_counts_what_its_companies_show() -> None:
    outcomes = [(0.1, True, False, 0.5), (-0.2, False, True, 0.7), None, (0.0, True, False, 0.9)]
    line = ValueCell(96, 1.0, 0.0).describe(outcomes)
    assert "known 3/4" in line and "coverage 66.7 %" in line
    assert "bias -3.3" in line and "leaves out 0 33.3 %" in line and "detectable 70 %" in line


def test_companies_of_a_cell_are_the_same_whenever_they_are_drawn() -> None:
    cell = ValueCell(96, 1.0, 0.16)
    assert list(cell.simulate(0, 5))[3:] == list(cell.simulate(3, 5))


def test_a_seeded_sample_of_the_cells_of_value_holds_the_truth_as_often_as_stated() -> None:
    """With 95 % and 5 % in truth, 40 companies leave these bounds once in a thousand times."""
    reported = [o for o in ValueCell(96, 2.0, 0.0).simulate(0, 40) if o]
    assert sum(bool(holds) for _, holds, *_ in reported) >= 0.82 * len(reported)
    assert sum(bool(clear) for *_, clear, _ in reported) <= 0.18 * len(reported)


def test_a_seeded_sample_of_the_cells_of_rates_holds_the_truth_as_often_as_stated() -> None:
    reported = [o for o in RateCell(500, 0.3, 3.0).simulate(0, 100) if o]
    assert sum(bool(holds) for _, holds, _ in reported) >= 0.87 * len(reported)
    reported = [o for o in RateCell(500, 0.3, 1.0).simulate(0, 100) if o]
    assert sum(bool(clear) for *_, clear in reported) <= 0.13 * len(reported)


def test_a_company_of_each_cell_of_leaving_gets_its_numbers() -> None:
    cells = [cell for cell in list_leaving_cells() if cell.label in ("forward", "both ways")]
    for cell in cells:
        (outcome,) = LeavingCell(2_000, cell.label, cell.forward, cell.backward).simulate(1, 2)
        assert outcome is not None and outcome[-1]
        assert "known 1/1" in cell.describe([outcome])


def test_a_seeded_sample_of_the_cells_of_ask_says_what_it_counted() -> None:
    for cell in list_ask_cells():
        outcomes = list(AskCell(cell.kind, 400).simulate(0, 3))
        line = cell.describe([*outcomes, None])
        assert "3/4" in line and "80 %" in line and "uplift" in line
        assert all(outcome is not None and len(outcome) == 19 for outcome in outcomes)


def test_certified_ratios_hold_in_a_seeded_sample_of_networks() -> None:
    outcomes = list(CampaignCell(arcs=10).simulate(0, 12))
    assert all(outcome is not None and outcome[0] for outcome in outcomes)
    assert "ratio holds 100.0 %" in CampaignCell(arcs=10).describe(outcomes)
