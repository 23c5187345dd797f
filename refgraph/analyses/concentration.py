"""Few customers or many? How concentrated value is, and, apart from it, recommending."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from refgraph.estimates import concentration as estimates
from refgraph.graphs.measures import direct_value
from refgraph.graphs.periods import basis, standing
from refgraph.model.graph import Floats, Graph
from refgraph.model.message import Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import analysis

COLUMNS = (
    Column("measure", Unit.LABEL, key="concentration_measure"),
    Column("parties", Unit.COUNT, key="measured_parties"),
    Column("value", Unit.VALUE, key="measured_value"),
    Column("direct", Unit.COUNT, key="measured_referrals", detail=True),
    Column("top_20", Unit.SHARE, "M10"),
    Column("brings_80", Unit.SHARE, "M10"),
    Column("gini", Unit.RATIO, "M10"),
    Column("cr_1", Unit.SHARE, "M10"),
    Column("cr_3", Unit.SHARE, "M10"),
    Column("cr_10", Unit.SHARE, "M10", detail=True),
    Column("losers", Unit.COUNT, "M10", detail=True),
    Column("losses", Unit.VALUE, "M10", detail=True),
    Column("top", Unit.SHARE, "M10", key="whale_top", asked="curve"),
    Column("part", Unit.SHARE, "M10", key="whale_part", asked="curve"),
)
STEPS = 20


@analysis(grain="measure", columns=COLUMNS, order=(), formulas=("M10",))
def concentration(graph: Graph, *, curve: bool = False) -> Answer:
    """Own value over existing customers; direct value and number of referred parties over recommenders.

    top_20 = part of the total that the best 20 % bring, brings_80 = least share of the parties that brings 80 %, cr_k = part
    of the k best; null for a total of 0 or less. gini is over values above 0; losers and losses stand apart. curve: one row
    for each 5 % of the parties, best first (whale curve), the figures of the measure repeated.
    """
    rows = [row for name, numbers in _measured(graph) for row in _rows(name, numbers, curve)]
    columns = [c for c in COLUMNS if curve or not c.asked]
    frame = pl.DataFrame(rows, schema={c.name: _dtype(c) for c in columns}, orient="row").fill_nan(None)
    return Answer(frame, _headline(graph, frame), tuple(_notes(graph, frame)))


def _dtype(column: Column) -> type[pl.DataType]:
    return {Unit.LABEL: pl.String, Unit.COUNT: pl.Int64}.get(column.unit, pl.Float64)


def _measured(graph: Graph) -> Iterator[tuple[str, Floats]]:
    """Name and numbers of each measure; no value where none is recorded."""
    direct = np.diff(graph.flow.out_ptr)
    if graph.value.basis != "customers":
        yield "own-value", graph.value.numbers[graph.existing]
        yield "direct-value", direct_value(graph)[direct > 0]
    yield "referred-parties", direct[direct > 0].astype(np.float64)


def _rows(name: str, numbers: Floats, curve: bool) -> Iterator[dict[str, object]]:
    losers, losses = estimates.losses(numbers)
    counted = name == "referred-parties"
    total = float(np.sort(numbers).sum())
    row: dict[str, object] = {
        "measure": name, "parties": len(numbers), "value": None if counted else total,
        "direct": int(total) if counted else None, "top_20": estimates.top_share(numbers),
        "brings_80": estimates.share_to_bring(numbers), "gini": estimates.gini(numbers),
        **{f"cr_{k}": estimates.concentration_ratio(numbers, k) for k in (1, 3, 10)},
        "losers": losers, "losses": None if counted else losses,
    }  # fmt: skip
    if not curve:
        yield row
        return
    share, part = estimates.whale_curve(numbers)
    for step in range(STEPS + 1 if len(numbers) else 0):
        yield row | {"top": step / STEPS, "part": float(np.interp(step / STEPS, share, part))}


def _headline(graph: Graph, frame: pl.DataFrame) -> Message:
    found = {row["measure"]: row for row in frame.iter_rows(named=True)}
    own = found.get("own-value")
    if not own or own["top_20"] is None:
        head = message("phrase.concentration-unknown" if not own else "phrase.concentration-undefined")
    else:
        head = message("phrase.concentration-own", customers=own["parties"], share=own["top_20"], brings=own["brings_80"],
                       gini=own["gini"], value=graph.value.amount(own["value"]))
    brought = found.get("direct-value", found.get("referred-parties"))
    rest = message("phrase.concentration-nobody")
    if brought and brought["top_20"] is not None:
        plain = "-count" if brought["measure"] == "referred-parties" else ""
        rest = message(f"phrase.concentration-brought{plain}", recommenders=brought["parties"], share=brought["top_20"])
    return message("headline.concentration", head=head, rest=rest, basis=basis(graph), standing=standing(graph))


def _notes(graph: Graph, frame: pl.DataFrame) -> list[Message]:
    notes = []
    lost = frame.filter((pl.col("measure") == "own-value") & (pl.col("losers") > 0)).unique("measure")
    for row in lost.iter_rows(named=True):
        notes.append(message("note.losses", customers=row["losers"], losses=graph.value.amount(row["losses"])))
    if frame.filter(pl.col("top_20").is_null()).height:
        notes.append(message("note.concentration-undefined"))
    return notes
