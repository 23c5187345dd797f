"""Who can introduce us? The best ways from our customers to somebody, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import polars as pl

from refgraph.analyses.columns import build_frame
from refgraph.errors import UsageError
from refgraph.graph.lookup import ask_for_one, find_alike, find_party_index
from refgraph.graph.phrases import as_of_phrase
from refgraph.measures.ask_timing import find_contacts
from refgraph.measures.introductions import (
    MAX_STEPS,
    SAME_PERSON,
    Way,
    build_network,
    find_ways,
    rate_strength,
)
from refgraph.measures.members import Members
from refgraph.measures.own_cells import tally_cells
from refgraph.measures.shared_people import find_parties_of_person, list_people
from refgraph.model.graph import Bools, Graph, Ints, Longs
from refgraph.model.message import Label, Message, Names, message
from refgraph.model.parameter_values import Limits, describe_value
from refgraph.model.result import Answer, Column
from refgraph.model.tally import Tallies
from refgraph.model.units import Unit
from refgraph.registry import analysis

COLUMNS = (
    Column("rank", Unit.COUNT),
    Column("step", Unit.DEPTH, key="intro_step"),
    Column("from_id", Unit.ID, key="intro_from_id", detail=True),
    Column("from_name", Unit.TEXT, key="intro_from"),
    Column("contact", Unit.TEXT, key="intro_contact", detail=True),
    Column("reason", Unit.LABEL, key="intro_reason"),
    Column("to_id", Unit.ID, key="intro_to_id", detail=True),
    Column("to_name", Unit.TEXT, key="intro_to"),
    Column("to_contact", Unit.TEXT, key="intro_to_contact", detail=True),
    Column("tie", Unit.TEXT, key="intro_tie"),
    Column("at", Unit.DATE, key="intro_at"),
    Column("met", Unit.DATE, key="intro_met", detail=True, closed="event"),
    Column("strength", Unit.LABEL, "M58", key="intro_strength"),
    Column("score", Unit.SCORE, "M58", key="intro_score", detail=True, closed="model"),
)
WAYS, MAX_WAYS, MAX_NAMES = 5, 1000, 5
WayCount = Annotated[int, Limits(1, MAX_WAYS)]


@analysis(
    grain="step",
    columns=COLUMNS,
    order=(("rank", False), ("step", False)),
    formulas=("M58",),
    key=("rank", "step"),
)
def introduce(
    graph: Graph,
    *,
    to: str = "",
    to_group: str = "",
    to_sector: str = "",
    to_region: str = "",
    start: str = "",
    ways: WayCount = WAYS,
) -> Answer:
    """The best ways of at most four steps from an existing customer to a target, one row per step.

    to: a party. to_group, to_sector, to_region: everybody there who is not a customer. start: a
    person of the table of contacts, or a party, from which every way begins. A way goes along
    referrals in either direction, shared groups and people who are contacts of both sides, never
    between parties at odds; it is ranked by the product of its steps, which is no probability.
    Raises UsageError ``introduce-target`` unless exactly one target is named, ``unknown-target``,
    ``unknown-party``, ``ambiguous-party``, ``unknown-start``.
    """
    targets = _find_targets(graph, to, to_group, to_sector, to_region)
    shown = to or to_group or to_sector or to_region
    if not len(targets):
        return Answer(build_frame([], COLUMNS), _say_nothing(graph, "customers", shown))
    first = _find_starts(graph, start)
    network = build_network(graph, targets)
    found, is_complete = find_ways(network, set(first.parties.tolist()), targets.tolist(), ways)
    if not found:
        if start:
            return Answer(build_frame([], COLUMNS), _say_nothing(graph, "none-from", shown, start))
        return Answer(build_frame([], COLUMNS), _say_nothing(graph, "none", shown))
    frame = build_frame(_list_rows(graph, found, first.person), COLUMNS)
    notes = [message("note.introduce-meaning")]
    if not is_complete:
        notes.append(message("note.introduce-cut"))
    return Answer(frame, _build_headline(graph, found, targets), tuple(notes), _open(graph, found))


def _find_targets(graph: Graph, to: str, group: str, sector: str, region: str) -> Ints:
    """int32: the targets that are not customers."""
    given = [text for text in (to, group, sector, region) if text]
    if len(given) != 1:
        raise UsageError("introduce-target", given=len(given))
    if to:
        mask = np.zeros(len(graph), np.bool_)
        mask[find_party_index(graph, to)] = True
    else:
        mask = _find_members(graph, group, sector, region)
    is_open = ~graph.existing & (graph.parties["stage"] != "void").to_numpy()
    return np.flatnonzero(mask & is_open).astype(np.int32)


def _find_members(graph: Graph, group: str, sector: str, region: str) -> Bools:
    """bool[n]: the parties of a group, sector or region. Raises UsageError ``unknown-target``."""
    words = {"group": group, "sector": sector, "region": region}
    column, text = next((name, word) for name, word in words.items() if word)
    tables = [graph.parties.select("id", word=column)]
    if group and graph.affiliations is not None:
        tables.append(graph.affiliations.select(id="customer", word="group"))
    members = pl.concat(table.cast(pl.String) for table in tables)
    ids = members.filter(pl.col("word") == text)["id"]
    if not len(ids):
        near = ask_for_one(find_alike(members["word"].drop_nulls(), text))
        raise UsageError("unknown-target", value=describe_value(text), near=near)
    return graph.parties["id"].is_in(ids.implode()).to_numpy()


@dataclass(frozen=True)
class _Starts:
    """parties int64 or int32: where a way may begin. person: who was named, empty for a party."""

    parties: Ints | Longs
    person: str = ""


def _find_starts(graph: Graph, start: str) -> _Starts:
    """Every existing customer, unless a person or a party is named."""
    if not start:
        return _Starts(np.flatnonzero(graph.existing))
    parties = find_parties_of_person(graph, start)
    if len(parties):
        return _Starts(parties, start.strip())
    try:
        return _Starts(np.array([find_party_index(graph, start)], np.int32))
    except UsageError as error:
        if error.id != "unknown-party":
            raise
    names = [graph.parties["name"].drop_nulls(), graph.parties["id"], list_people(graph)]
    near = ask_for_one(find_alike(pl.concat(name.alias("name") for name in names), start))
    raise UsageError("unknown-start", name=describe_value(start), near=near)


def _list_rows(graph: Graph, found: list[Way], person: str) -> list[tuple[object, ...]]:
    """One row per step of each way; person: who is asked first, empty = the contact."""
    ids, names, contacts = graph.parties["id"], graph.names, find_contacts(graph)
    rows: list[tuple[object, ...]] = []
    for rank, way in enumerate(found, 1):
        strength = rate_strength(way, graph.as_of)
        for number, step in enumerate(way.steps):
            first, second = way.parties[number], way.parties[number + 1]
            shared = step.what if step.reason == SAME_PERSON else None
            asked = shared or (person if person and not number else contacts[first])
            who = (ids[first], names[first], asked)
            end = (ids[second], names[second], shared or contacts[second])
            facts = (step.what, step.at, step.met, strength, way.score)
            rows.append((rank, number + 1, *who, f"step-{step.reason}", *end, *facts))
    return rows


def _open(graph: Graph, found: list[Way]) -> Tallies:
    """The referral whose date each step has; none for a group."""
    arcs = [step.arc for way in found for step in way.steps]
    place = np.array([k for k, arc in enumerate(arcs) if arc is not None], np.int64)
    row = np.array([arc for arc in arcs if arc is not None], np.int64)
    referrals = Members("referrals", place, len(arcs), row)
    return Tallies({"at": tally_cells(graph.arcs["at"], referrals)})


def _say_nothing(graph: Graph, why: str, target: str, start: str = "") -> Message:
    begin = {"start": start} if start else {}
    return message(
        f"headline.introduce-{why}",
        target=target,
        steps=MAX_STEPS,
        standing=as_of_phrase(graph),
        **begin,
    )


def _build_headline(graph: Graph, found: list[Way], targets: Ints) -> Message:
    best = found[0]
    return message(
        "headline.introduce",
        names=Names.shorten((graph.names[one] for one in best.parties), MAX_NAMES),
        start=graph.names[best.parties[0]],
        target=graph.names[best.parties[-1]],
        steps=len(best.steps),
        strength=Label(rate_strength(best, graph.as_of)),
        ways=len(found),
        targets=len(targets),
        standing=as_of_phrase(graph),
    )
