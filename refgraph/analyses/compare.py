"""How do two parties, or two groups, differ? All figures side by side."""

from __future__ import annotations

from typing import Literal

import numpy as np
import polars as pl

from refgraph.analyses.columns import build_frame, make_empty_frame
from refgraph.analyses.compare_elements import (
    Element,
    describe_group,
    describe_party,
    mark_referred_by,
)
from refgraph.errors import UsageError
from refgraph.graph import distances
from refgraph.graph.lookup import MAX_SUGGESTIONS
from refgraph.graph.phrases import as_of_phrase, value_basis_phrase
from refgraph.measures import groups as grouped
from refgraph.measures import reach_and_credit
from refgraph.measures.conversion import list_outcome_notes
from refgraph.measures.tallies import compare_ratios, read_figures, stack_rows
from refgraph.model.graph import Bools, Graph
from refgraph.model.message import Label, Message, message
from refgraph.model.parameter_values import describe_value
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import analysis

COLUMNS = (
    Column("element", Unit.LABEL),
    Column("unit", Unit.LABEL, key="element_unit"),
    Column("first", Unit.QUANTITY, key="compare_first"),
    Column("second", Unit.QUANTITY, key="compare_second"),
    Column("difference", Unit.QUANTITY, "M61"),
    Column("difference_low", Unit.QUANTITY, "M61"),
    Column("difference_high", Unit.QUANTITY, "M61"),
)
CompareField = Literal[
    "party", "key", "sector", "region", "ownership", "recommender_tier", "kind", "source"
]


@analysis(grain="element", columns=COLUMNS, order=(), formulas=("M1", "M13", "M14", "M16", "M61"))
def compare(graph: Graph, *, of: tuple[str, ...] = (), by: CompareField = "party") -> Answer:
    """One row per figure: of the first, of the second, and first - second.

    The difference of shares has Newcombe's interval. by party: two parties, by id or name; else two
    groups of a field, as the data spell them. A party that several of a group referred counts once;
    one that both sides referred counts on each, and a note says so. Null: not recorded, or
    undefined for one of the two. Raises UsageError unless two are named, and ``compare-referred``
    for the referred as a group, which `value-gap` compares.
    """
    if by == "party" and "referred" in of and "referred" not in graph.parties["id"]:
        raise UsageError("compare-referred")
    if by != "party" and not grouped.is_field_recorded(graph, by):
        headline = message(
            "headline.flows-cannot-tell", field=Label(f"field-{by}"), standing=as_of_phrase(graph)
        )
        return Answer(make_empty_frame(COLUMNS), headline)
    credit = reach_and_credit.compute_shapley_credit(graph)
    if by == "party":
        a, b = distances.resolve_pair(graph, of, "compare")
        first, second = describe_party(graph, a, credit), describe_party(graph, b, credit)
        sides = np.arange(len(graph)) == a, np.arange(len(graph)) == b
        labels: tuple[object, object] = graph.names[a], graph.names[b]
    else:
        words = grouped.group_parties(graph, by)
        _check_two_groups(words, of)
        sides = (words == of[0]).to_numpy(), (words == of[1]).to_numpy()
        first, second = (describe_group(graph, mask, credit) for mask in sides)
        labels = Label(of[0]), Label(of[1])
    rows = [_build_row(graph, name, first[name], second[name]) for name in first]
    frame = build_frame(read_figures(rows), COLUMNS)
    notes = tuple(_build_notes(graph, frame, sides))
    return Answer(frame, _build_headline(graph, frame, labels), notes, stack_rows(rows))


def _check_two_groups(words: pl.Series, of: tuple[str, ...]) -> None:
    """Raises UsageError ``two-parties``, ``same-party`` or ``unknown-group``."""
    if len(of) != 2:
        raise UsageError("two-parties", analysis="compare", given=len(of))
    if of[0] == of[1]:
        raise UsageError("same-party", name=describe_value(of[1]))
    sizes = words.alias("word").value_counts().sort("count", "word", descending=[True, False])
    known = sizes["word"].to_list()
    for word in of:
        if word not in known:
            shown = describe_value(word)
            raise UsageError("unknown-group", name=shown, known=known[: 3 * MAX_SUGGESTIONS])


def _build_row(graph: Graph, name: str, first: Element, second: Element) -> dict[str, object]:
    unit = graph.value.unit if first.unit == "value" else first.unit
    row: dict[str, object] = {
        "element": name,
        "unit": unit or "number",
        "first": first.cell,
        "second": second.cell,
    }
    if first.counts and second.counts:
        assert first.tally and second.tally
        counts = (*first.counts, *second.counts)
        return row | compare_ratios(first.tally, second.tally, counts)
    one, other = (read_figures([{"x": side.cell}])[0]["x"] for side in (first, second))
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        row["difference"] = one - other
    return row


def _build_headline(graph: Graph, frame: pl.DataFrame, labels: tuple[object, object]) -> Message:
    rows = {row["element"]: row for row in frame.iter_rows(named=True)}
    own, direct = rows["own_value"], rows["direct_value"]
    return message(
        "headline.compare",
        first=labels[0],
        second=labels[1],
        direct_1=rows["direct"]["first"],
        direct_2=rows["direct"]["second"],
        closed_1=rows["closed"]["first"],
        closed_2=rows["closed"]["second"],
        own_value_1=graph.value.amount(own["first"]),
        own_value_2=graph.value.amount(own["second"]),
        direct_value_1=graph.value.amount(direct["first"]),
        direct_value_2=graph.value.amount(direct["second"]),
        basis=value_basis_phrase(graph),
        standing=as_of_phrase(graph),
    )


def _build_notes(graph: Graph, frame: pl.DataFrame, sides: tuple[Bools, Bools]) -> list[Message]:
    notes = []
    is_shared = mark_referred_by(graph, sides[0]) & mark_referred_by(graph, sides[1])
    if is_shared.any():
        notes.append(message("note.compare-shared", parties=int(is_shared.sum())))
    compared = frame["difference_low"].drop_nulls().len()
    if compared:
        notes.append(message("note.compare-looks", looks=compared))
    notes.append(message("note.credit-is-allocation"))
    return notes + list_outcome_notes(graph)
