"""Who buys much, who brings much, and which quiet customer is a hidden key account?"""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.graphs import quadrants as rule
from refgraph.graphs.periods import basis, standing
from refgraph.model.graph import Graph
from refgraph.model.message import Message, Names, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import DESC, analysis

COLUMNS = (
    Column("customer", Unit.ID, key="party_id", detail=True),
    Column("name", Unit.TEXT),
    Column("quadrant", Unit.LABEL, "M18"),
    Column("hidden", Unit.LABEL, "M18"),
    Column("own_value", Unit.VALUE),
    Column("direct_value", Unit.VALUE, "M16", "credit"),
    Column("credit_earned", Unit.VALUE, "M14", "credit", detail=True),
    Column("keys_brought", Unit.COUNT),
    Column("keys_named", Unit.TEXT, detail=True),
)
NAMED = 8
WORDS = ("champion", "affluent", "advocate", "miser")


@analysis(grain="party", columns=COLUMNS, formulas=("M18",),
          order=(("hidden", DESC), ("direct_value", DESC), ("own_value", DESC), ("customer", False)))  # fmt: skip
def quadrants(graph: Graph) -> Answer:
    """Existing customers: own value against direct value, each high from the median of those above 0 on.

    Champions are high in both, affluents in own value, advocates in direct value, misers in neither. hidden = low own value,
    and two key accounts or more brought, or earned credit in the top tenth.
    """
    if graph.value.basis == "customers":
        lacks = ["revenue / profit / volume"]
        return Answer(_empty(), message("headline.quadrants-cannot-tell", missing=lacks, standing=standing(graph)))
    found = rule.quadrants(graph)
    frame = _rows(graph, found)
    return Answer(frame, _headline(graph, frame), tuple(_notes(graph, found, frame)))


def _empty() -> pl.DataFrame:
    kinds = {Unit.VALUE: pl.Float64, Unit.COUNT: pl.Int64}
    return pl.DataFrame(schema={c.name: pl.Boolean if c.name == "hidden" else kinds.get(c.unit, pl.String) for c in COLUMNS})


def _rows(graph: Graph, found: rule.Quadrants) -> pl.DataFrame:
    members = np.flatnonzero(graph.existing)
    words = np.where(found.own_high, np.where(found.direct_high, 0, 1), np.where(found.direct_high, 2, 3))
    named = rule.brought_by(graph, members)
    more = pl.when(pl.col("names").list.len() > NAMED).then(
        pl.concat_str(pl.lit("; +"), pl.col("names").list.len() - NAMED)).otherwise(pl.lit(""))
    named = named.select("place", keys_named=pl.concat_str(pl.col("names").list.head(NAMED).list.join("; "), more))
    people = graph.parties.select("place", customer="id", name=graph.names).with_columns(
        quadrant=pl.Series(words).replace_strict(dict(enumerate(WORDS)), return_dtype=pl.String),
        hidden=pl.Series(found.hidden), own_value=pl.Series(found.own), direct_value=pl.Series(found.direct),
        credit_earned=pl.Series(found.earned).fill_nan(None), keys_brought=pl.Series(found.keys),
    )  # fmt: skip
    people = people[members].join(named, on="place", how="left", maintain_order="left")
    people = people.with_columns(keys_brought=pl.when(pl.col("keys_brought") >= 0).then("keys_brought"))
    order = ["hidden", "direct_value", "own_value", "customer"]
    return people.sort(order, descending=[True, True, True, False]).select(c.name for c in COLUMNS)


def _headline(graph: Graph, frame: pl.DataFrame) -> Message:
    if not frame.height:
        return message("headline.quadrants-none", standing=standing(graph))
    hidden = frame.filter("hidden")
    head = message("phrase.hidden-none")
    if hidden.height > 1:
        head = message("phrase.hidden-many", hidden=hidden.height,
                       names=Names(tuple(hidden["name"].head(NAMED)), max(hidden.height - NAMED, 0)))
    elif hidden.height:
        best = hidden.row(0, named=True)
        by = "keys" if best["keys_brought"] else "credit"
        head = message(f"phrase.hidden-by-{by}", name=best["name"], keys=best["keys_brought"],
                       own=graph.value.amount(best["own_value"]), brought=graph.value.amount(best["direct_value"]))
    counts = {word: int((frame["quadrant"] == word).sum()) for word in WORDS}
    return message("headline.quadrants", head=head, customers=frame.height, **counts, basis=basis(graph),
                   standing=standing(graph))


def _notes(graph: Graph, found: rule.Quadrants, frame: pl.DataFrame) -> list[Message]:
    notes = []
    if frame.height:
        notes.append(message("note.quadrants-cuts", own=_amount(graph, found.own_cut), direct=_amount(graph, found.direct_cut)))
    if frame["credit_earned"].null_count():
        notes.append(message("note.credit-beyond-bound"))
    return notes


def _amount(graph: Graph, cut: float) -> object:
    return graph.value.amount(cut) if cut == cut else None
