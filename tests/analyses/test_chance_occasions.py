"""The chance line by occasions: names given over several days are one piece of chance."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from support import toys

from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.errors import UsageError
from refgraph.estimates import chance_baseline
from refgraph.model.message import Message
from refgraph.model.result import Result
from refgraph.texts import format_message

START = date(2020, 1, 1)
Facts = list[tuple[str, str, int]]


def company(joined: dict[str, int], facts: Facts) -> OfflineEngine:
    """Customers with the day of joining, and referrals with their days."""

    def write(day: int) -> str:
        return (START + timedelta(day)).isoformat()

    rows = {x: {"joined": write(day)} for x, day in joined.items()}
    arcs = [{"referrer": u, "referred": v, "at": write(day)} for u, v, day in facts]
    return OfflineEngine(toys.company(rows, arcs))


def get_note(result: Result) -> Message:
    (note,) = [n for n in result.notes if n.id == "note.chance-sensitivity"]
    return note


def test_chance_names_given_over_several_days_are_one_occasion() -> None:
    """Six names within a week: by days c00 stands out, by occasions it does not."""
    people = {x: k for k, x in enumerate("abcdefgh")} | {f"p{k:02d}": 8 + k for k in range(40)}
    facts: Facts = [("a", f"p{k:02d}", 10 + k) for k in range(6)]
    one, many = (
        pipeline.run(company(people, facts), "chance", {"occasion": days}) for days in (30, 0)
    )
    assert one.frame.select("occasions", "above_chance").rows() == [(1, False)]
    assert many.frame.select("occasions", "above_chance").rows() == [(6, False)]
    assert many.frame["p_value"][0] < 0.001
    for result in (one, many):
        note = get_note(result)
        counts = [note.values[f"marked_{days}"] for days in (1, 7, 30, 90)]
        assert counts == [1, 0, 0, 0]
    assert "assuming independent occasions" in format_message(one.headline, "en")


def test_chance_mark_must_hold_at_ninety_days() -> None:
    """Eight occasions 31 days apart stand out at 30 days; at 90 days they are three."""
    people = {f"p{k:02d}": 0 for k in range(60)} | {f"q{k}": 400 for k in range(8)}
    facts: Facts = [("p00", f"q{k}", 10 + 31 * k) for k in range(8)]
    result = pipeline.run(company(people, facts), "chance")
    row = result.frame.row(0, named=True)
    note = get_note(result)
    assert (row["occasions"], note.values["marked_30"]) == (8, 1)
    assert row["above_chance"] is (note.values["marked_90"] == 1)


@pytest.mark.parametrize("name", ["chance", "recommenders"])
@pytest.mark.parametrize("days", [-1, 366])
def test_chance_occasion_out_of_range_is_refused(name: str, days: int) -> None:
    with pytest.raises(UsageError) as error:
        pipeline.run(OfflineEngine(toys.star()), name, {"occasion": days})
    assert error.value.id == "out-of-range"


@pytest.mark.parametrize("name", ["chance", "recommenders"])
def test_chance_of_very_dense_data_is_a_bound_and_says_so(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = {f"p{k:02d}": 0 for k in range(60)} | {f"q{k}": 900 for k in range(9)}
    told: Facts = [("p00", f"q{k}", 10 + 95 * k) for k in range(8)] + [("p01", "q8", 20)]
    made, options = company(people, told), {"chance": True} if name == "recommenders" else {}
    exact = pipeline.run(made, name, options)
    monkeypatch.setattr(chance_baseline, "MAX_STEPS", 0)
    bound = pipeline.run(company(people, told), name, options)
    notes = [[n.id for n in result.notes].count("note.chance-bound") for result in (exact, bound)]
    assert notes == [0, 1]
    for result in (exact, bound):
        marked = result.frame.filter("above_chance")
        assert marked["customer"].to_list() == ["p00"]
