"""`channel-cost`: costs of refgraph.toml by source and year against customers and value."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from support import toys

from refgraph import config, pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.errors import DataError
from refgraph.estimates.event_sum import compute_sum_interval
from refgraph.model.result import Result
from refgraph.model.settings import ChannelSettings, Settings
from refgraph.texts import LANGUAGES, format_message

PEOPLE: dict[str, dict[str, object]] = {
    **{f"f{k}": {"source": "展会", "joined": "2023-05-01", "revenue": 60} for k in range(5)},
    "g": {"source": " 展会 ", "joined": "2024-02-01", "left": "2024-12-01", "revenue": 100},
    "h": {"source": "官网", "joined": "2024-02-01", "revenue": 1},
    "i": {"joined": "2024-03-01", "revenue": 9},
    "p": {"source": "展会", "status": "prospect"},
}


def run(cost: dict[str, dict[str, float]]) -> Result:
    settings = Settings(channels=ChannelSettings(cost=cost))
    result = pipeline.run(
        OfflineEngine(toys.company(PEOPLE, [], settings=settings)), "channel-cost"
    )
    for text in (result.headline, *result.notes):
        assert all(format_message(text, lang) for lang in LANGUAGES)
    return result


def test_cost_per_customer_and_value_per_cost_are_those_of_the_example() -> None:
    frame = run({"展会": {"2023": 100, "2024": 50}, "官网": {"2024": 0}}).frame
    rows = {(r["channel"], r["year"]): r for r in frame.iter_rows(named=True)}
    assert list(rows) == [
        ("官网", "2024"),
        ("官网", "all"),
        *(("展会", y) for y in ("2023", "2024", "all")),
    ]
    row = rows["展会", "2023"]
    assert (row["customers"], row["per_customer"], row["per_cost"]) == (5, 20, 3)
    ends = [round(row[f"per_{name}"], 2) for name in ("customer_low", "customer_high")]
    assert ends == [8.57, 61.6]
    assert [round(row["per_cost_low"], 2), round(row["per_cost_high"], 2)] == [0.97, 7.0]
    assert (rows["展会", "all"]["customers"], rows["展会", "all"]["value"]) == (6, 400)
    assert rows["官网", "2024"]["per_cost"] is None


def test_best_source_is_reported_and_no_cost_is_unknown() -> None:
    result = run({"展会": {"2023": 100}, "官网": {"2024": 50}})
    assert result.headline.id == "headline.channel-cost"
    assert getattr(result.headline.values["channel"], "word", "") == "展会"
    assert run({}).headline.id == "headline.channel-cost-none"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[channels.cost]\n"展会" = 5\n', "config-type"),
        ('[channels.cost]\n"展会" = { 24 = 5 }\n', "config-type"),
        ('[channels.cost]\n"展会" = { 2024 = -5 }\n', "config-type"),
        ("[channels.cost]\n\"展会\" = { 2024 = 'much' }\n", "config-type"),
    ],
)
def test_costs_that_cannot_be_meant_are_refused(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "refgraph.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as error:
        config.load_settings(path)
    assert error.value.id == fault


def test_costs_are_read_from_the_settings_file(tmp_path: Path) -> None:
    path = tmp_path / "refgraph.toml"
    path.write_text('[channels.cost]\n"展会" = { 2023 = 100, 2024 = 50.5 }\n', encoding="utf-8")
    assert config.load_settings(path).channels.cost == {"展会": {"2023": 100, "2024": 50.5}}


def test_interval_of_a_sum_holds_the_expected_sum_as_often_as_stated() -> None:
    dice, held = np.random.default_rng(1), 0
    for _ in range(400):
        low, high = compute_sum_interval(dice.lognormal(0, 1, dice.poisson(30)))
        held += low <= 30 * math.exp(0.5) <= high
    assert held >= 0.92 * 400
