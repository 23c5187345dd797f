"""What did each recommender lead to, by generation? And what would rates pay for it?"""

from __future__ import annotations

from typing import Annotated

import numpy as np
import polars as pl

from refgraph.analyses.columns import select_columns
from refgraph.analyses.rate_parsing import parse_rates
from refgraph.errors import UsageError
from refgraph.graph.phrases import as_of_phrase, value_basis_phrase
from refgraph.kernels.generations import MAX_VISITS, GenerationCounts, count_generations
from refgraph.measures.reach_and_credit import compute_generations
from refgraph.model.graph import Graph
from refgraph.model.message import Amount, Label, Message, message
from refgraph.model.parameter_values import Limits
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import analysis

COLUMNS = (
    Column("rank", Unit.COUNT),
    Column("recommender", Unit.ID, detail=True),
    Column("name", Unit.TEXT),
    Column("generation", Unit.DEPTH, key="generation_below"),
    Column("parties", Unit.COUNT, "M64", "reach", key="generation_parties"),
    Column("closed", Unit.COUNT, "M64", "reach", key="generation_closed"),
    Column("value", Unit.VALUE, "M64", "reach", key="generation_value"),
    Column("rate", Unit.SHARE, "M64", key="generation_rate", asked="rates"),
    Column("reward", Unit.MONEY, "M64", key="generation_reward", asked="rates"),
)
LEVELS, MAX_LEVELS = 10, 1000
Levels = Annotated[int, Limits(1, MAX_LEVELS)]


@analysis(
    grain="generation",
    columns=COLUMNS,
    order=(("rank", False), ("generation", False)),
    formulas=("M64", "M13"),
    key=("recommender", "generation"),
)
def generations(graph: Graph, *, rates: str = "", levels: Levels = LEVELS) -> Answer:
    """One row per recommender and generation below it, the rows of `reach` for each of them.

    Recommenders are ranked by the value of all their rows, ties by id. A party counts once per
    recommender, at its shortest distance, so columns must not be added over recommenders. rates:
    shares of the value of each generation, such as ``3%,1%,0.5%``; reward = rate × value, 0 for a
    negative value. levels: deepest generation that is listed. Raises UsageError ``rates-no-money``
    and as `parse_rates`.
    """
    parsed = parse_rates(rates, "--rates") if rates else ()
    if parsed and graph.value.kind is not Unit.MONEY:
        raise UsageError("rates-no-money", basis=Label(graph.value.basis))
    arcs = graph.adjacency
    bound = max(MAX_VISITS, levels * len(graph)) if arcs.is_forest else MAX_VISITS
    height = compute_generations(graph).astype(np.int32)
    values, closed = graph.value.scaled, graph.customers
    counts = count_generations(arcs.out_ptr, arcs.out_dst, height, values, closed, levels, bound)
    frame = _rank(_list_rows(graph, counts, parsed))
    columns = [column for column in COLUMNS if rates or not column.asked]
    headline = _build_headline(graph, frame, rates)
    return Answer(select_columns(frame, columns), headline, _build_notes(counts, levels))


def _list_rows(graph: Graph, counts: GenerationCounts, rates: tuple[float, ...]) -> pl.DataFrame:
    """The columns of the answer but for the rank, in order of id and generation."""
    rows = np.diff(counts.ptr)
    index = np.repeat(np.arange(len(graph)), rows)
    generation = np.arange(len(index)) - np.repeat(counts.ptr[:-1], rows) + 1
    rate = np.zeros(len(index))
    for level, share in enumerate(rates, 1):
        rate[generation == level] = share
    value = counts.total / graph.value.scale
    return pl.DataFrame(
        {
            "recommender": graph.parties["id"].gather(index),
            "name": graph.names.gather(index),
            "generation": generation,
            "parties": counts.count,
            "closed": counts.marked,
            "scaled": counts.total,
            "value": value,
            "rate": rate,
            "reward": rate * np.maximum(value, 0.0),
        }
    )


def _rank(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows in order of rank: the largest total value first, ties by id."""
    total = pl.col("scaled").sum().over("recommender")
    frame = frame.with_columns(total=total).sort(
        "total", "recommender", "generation", descending=[True, False, False]
    )
    is_first = (pl.col("generation") == 1).cast(pl.Int64)
    return frame.with_columns(rank=is_first.cum_sum())


def _build_headline(graph: Graph, frame: pl.DataFrame, rates: str) -> Message:
    standing = as_of_phrase(graph)
    if not frame.height:
        return message("headline.generations-none", standing=standing)
    best = frame.filter(pl.col("rank") == 1)
    return message(
        "headline.generations",
        name=best["name"][0],
        parties=int(best["parties"].sum()),
        generations=best.height,
        value=graph.value.amount(float(best["scaled"].sum()) / graph.value.scale),
        recommenders=int(frame["rank"][-1]),
        second=frame.filter(pl.col("generation") == 2).height,
        deepest=int(np.asarray(frame["generation"]).max()),
        payout=_describe_payout(graph, frame, rates) if rates else "",
        basis=value_basis_phrase(graph),
        standing=standing,
    )


def _describe_payout(graph: Graph, frame: pl.DataFrame, rates: str) -> Message:
    """What the rates would pay in total, and who would get the most."""
    paid = frame.group_by("recommender", "name", maintain_order=True).agg(pl.col("reward").sum())
    top = paid.sort("reward", descending=True, maintain_order=True).row(0, named=True)
    unit = graph.units.get("money", "")
    return message(
        "phrase.generations-payout",
        rates=rates,
        total=Amount(float(paid["reward"].sum()), unit, True),
        receivers=paid.filter(pl.col("reward") > 0).height,
        name=top["name"],
        most=Amount(float(top["reward"]), unit, True),
    )


def _build_notes(counts: GenerationCounts, levels: int) -> tuple[Message, ...]:
    notes = [message("note.reach-once")]
    deeper, beyond = int(counts.is_deeper.sum()), int(counts.is_beyond.sum())
    if deeper:
        notes.append(message("note.generations-deeper", recommenders=deeper, levels=levels))
    if beyond:
        notes.append(message("note.generations-beyond", parties=beyond))
    return tuple(notes)
