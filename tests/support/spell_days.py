"""Spells of time in a state, day by day, against states that are found one by one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from refgraph.measures.customer_size import CustomerSize, read_size
from refgraph.measures.retention_spells import STATES, RetentionSpells
from refgraph.model.graph import Graph
from refgraph.model.scope import Scope
from support.dated import Facts

DAY = timedelta(days=1)
YEAR = 365 * DAY


def name_months_since(last: date, day: date) -> str:
    """The state of those for whom the last one left on ``last``."""
    bounds = ((182, "0-6"), (365, "6-12"), (730, "12-24"))
    months = next((word for limit, word in bounds if day <= last + limit * DAY), "24+")
    return f"stay-gone-{months}"


def assert_spells_hold_each_day(
    facts: Facts,
    build: Callable[[Graph, CustomerSize], RetentionSpells | None],
    find_state: Callable[[Facts, str, date], str],
) -> None:
    """Each customer is in its state on each day, in no other, and leaves when it leaves.

    find_state: the state of a party on a day, empty for one that is not counted.
    """
    graph = facts.engine().graph(Scope())
    spells = build(graph, read_size(graph, None))
    leavers = [day for x in facts.people if (day := facts.left(x))]
    if spells is None:
        assert not leavers
        return
    found, lost = _list_days(spells, facts, graph.parties["id"].to_list())
    expected = {}
    for x in facts.people:
        first = max(min(leavers), facts.joined(x))
        last = min(facts.as_of() - YEAR, facts.left(x) or date.max)
        for day in (first + k * DAY for k in range((last - first).days + 1)):
            if state := find_state(facts, x, day):
                expected[x, day] = state
    assert found == expected
    assert lost == {x: d for x in facts.people if (d := facts.left(x)) and (x, d) in expected}


def _list_days(
    spells: RetentionSpells, facts: Facts, ids: list[str]
) -> tuple[dict[tuple[str, date], str], dict[str, date]]:
    """The state of each customer on each day, and the day on which it left."""
    found: dict[tuple[str, date], str] = {}
    lost: dict[str, date] = {}
    for row, customer in enumerate(spells.customer.tolist()):
        id, joined = ids[customer], facts.joined(ids[customer])
        for t in range(int(spells.start[row]) + 1, int(spells.stop[row]) + 1):
            assert (id, joined + t * DAY) not in found
            found[id, joined + t * DAY] = STATES[spells.state[row]]
        if spells.event[row]:
            lost[id] = joined + int(spells.stop[row]) * DAY
    return found, lost
