"""What did each recommender lead to, by generation? And what would rates pay for it?"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import numpy as np
import polars as pl

from refgraph.analyses.columns import select_columns
from refgraph.analyses.rate_parsing import parse_rates
from refgraph.errors import UsageError
from refgraph.graph.phrases import as_of_phrase, value_basis_phrase
from refgraph.kernels.generations import MAX_VISITS, GenerationCounts, count_generations
from refgraph.measures.descendants import GenerationLists, list_generations
from refgraph.measures.member_lists import rank_parties, renumber
from refgraph.measures.reach_and_credit import compute_generations
from refgraph.measures.tallies import build_columns, measure_value
from refgraph.model.graph import Floats, Graph, Longs
from refgraph.model.message import Amount, Label, Message, message
from refgraph.model.parameter_values import Limits
from refgraph.model.result import Answer, Column
from refgraph.model.tally import Tallies, Tally, Term
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
    Column("rate", Unit.SHARE, "M64", key="generation_rate", asked="rates", closed="option"),
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
    rows = list_generations(graph, counts)
    tallies = _compute_tallies(graph, counts, rows, parsed)
    frame = _rank(_list_rows(graph, rows, tallies, parsed))
    columns = [column for column in COLUMNS if rates or not column.asked]
    headline = _build_headline(graph, frame, rates)
    opened, notes = _open(graph, rows, tallies, frame), _build_notes(counts, levels)
    return Answer(select_columns(frame, columns), headline, notes, opened)


def _compute_tallies(
    graph: Graph, counts: GenerationCounts, rows: GenerationLists, rates: tuple[float, ...]
) -> dict[str, Tally]:
    """The figures of each row; the kernel counts, and the searches list, the same parties."""
    value, rate = counts.total / graph.value.scale, _read_rates(rows, rates)
    worth = Term(members=rows, quantity=measure_value(graph))
    paid = np.where(value > 0, rate, 0.0)

    def weigh(group: int, members: Longs) -> Floats:
        return np.full(len(members), paid[group])

    return {
        "parties": Tally(method="count", numbers=counts.count, terms=(Term(members=rows),)),
        "closed": Tally(
            method="count",
            numbers=counts.marked,
            terms=(Term(members=rows, mask=graph.customers),),
        ),
        "value": Tally(method="sum", numbers=value, terms=(worth,), scaled=counts.total),
        "reward": Tally(
            method="sum",
            numbers=rate * np.maximum(value, 0.0),
            terms=(replace(worth, weight=weigh),),
        ),
    }


def _read_rates(rows: GenerationLists, rates: tuple[float, ...]) -> Floats:
    """float64[rows]: the rate of the generation of each row, 0 beyond the last."""
    known = np.append(rates, 0.0)
    return known[np.minimum(rows.generation - 1, len(rates))]


def _list_rows(
    graph: Graph, rows: GenerationLists, tallies: dict[str, Tally], rates: tuple[float, ...]
) -> pl.DataFrame:
    """The columns of the answer but for the rank, in order of id and generation."""
    return pl.DataFrame(
        {
            "recommender": graph.parties["id"].gather(rows.party),
            "name": graph.names.gather(rows.party),
            "generation": rows.generation,
            "scaled": tallies["value"].scaled,
            "rate": _read_rates(rows, rates),
            **build_columns(tallies),
        }
    ).with_row_index("row")


def _open(
    graph: Graph, rows: GenerationLists, tallies: dict[str, Tally], frame: pl.DataFrame
) -> Tallies:
    """The tallies of the rows in their order, and the rank of their recommenders."""
    order = rows.party[frame.filter(pl.col("generation") == 1)["row"].to_numpy()]
    rank = renumber(rank_parties(order, len(graph)), rows.party)
    return Tallies(tallies | {"rank": rank}, frame["row"].to_numpy())


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
