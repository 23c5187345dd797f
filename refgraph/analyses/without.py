"""What remains when these leave? The value of a set of parties and of all whom they brought, as an upper bound."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.errors import UsageError
from refgraph.graphs import calendar, ways
from refgraph.graphs.amounts import whole
from refgraph.graphs.periods import basis, standing
from refgraph.model.graph import Bools, Floats, Graph, Ints
from refgraph.model.message import Message, Names, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import analysis

COLUMNS = (
    Column("part", Unit.LABEL, key="without_part"),
    Column("parties", Unit.COUNT, key="part_parties"),
    Column("existing", Unit.COUNT, key="part_existing"),
    Column("last_12_months", Unit.VALUE, "M53s", "reach"),
    Column("share_12_months", Unit.SHARE, "M53s"),
    Column("value", Unit.VALUE, "M53s", "reach", key="part_value"),
    Column("share", Unit.SHARE, "M53s", key="part_share"),
)
NAMED = 3


@analysis(grain="part", columns=COLUMNS, order=(), formulas=("M53s",))
def without(graph: Graph, *, of: tuple[str, ...] = (), follow: float | None = None) -> Answer:
    """Rows: own (the set), direct (whom it referred), downstream (all reached), upper_bound = own + downstream, remaining, total.

    Every party counts once, members of the set only in own. last_12_months: orders of existing customers in the twelve months up
    to the as-of day; value: the whole period of all parties. With ``follow`` q a row more: own + sum of q^distance times
    value, each referred party following its nearest referrer with chance q a step. Raises UsageError for nobody or an unknown.
    """
    if follow is not None and not 0.0 <= follow <= 1.0:
        raise UsageError("not-a-chance", option="follow", value=follow)
    starts = ways.named(graph, of, "without")
    distance = ways.below(graph, starts)
    recent = _recent(graph)
    parts = {"own": distance == 0, "direct": distance == 1, "downstream": distance > 0, "upper_bound": distance >= 0}
    everyone = np.ones(len(graph), bool)
    parts |= {"remaining": distance < 0, "total": everyone}
    rows = [_row(graph, name, mask, recent) for name, mask in parts.items()]
    if follow is not None:
        rows.insert(4, _following(graph, distance, follow, recent))
    frame = pl.DataFrame(rows, schema={c.name: _dtype(c) for c in COLUMNS}, orient="row")
    return Answer(frame, _headline(graph, starts, frame, follow), tuple(_notes(graph, starts, recent, follow)))


def _dtype(column: Column) -> type[pl.DataType]:
    return {Unit.LABEL: pl.String, Unit.COUNT: pl.Int64}.get(column.unit, pl.Float64)


def _recent(graph: Graph) -> tuple[Floats, int] | None:
    """Value of existing customers' orders in the last twelve months, by position, and its scale; None without dated value."""
    orders = graph.orders
    if orders is None or not calendar.dated_value(graph) or graph.as_of is None:
        return None
    start = pl.select(pl.lit(graph.as_of).dt.offset_by("-1y")).item()
    kept = orders.filter((pl.col("at") > start) & (pl.col("at") <= graph.as_of))
    numbers, scale = whole(kept[graph.value.basis].fill_null(0.0).to_numpy())
    total = np.bincount(kept["customer"].to_numpy(), weights=numbers, minlength=len(graph))
    return np.where(graph.existing, total, 0.0), scale


def _row(graph: Graph, name: str, mask: Bools, recent: tuple[Floats, int] | None) -> dict[str, object]:
    worth = graph.value.whole
    row: dict[str, object] = {"part": name, "parties": int(mask.sum()), "existing": int((mask & graph.existing).sum()),
                              "value": float(worth[mask].sum()) / graph.value.scale,
                              "share": _share(worth[mask], worth)}  # fmt: skip
    return row | ({} if recent is None else {"last_12_months": float(recent[0][mask].sum()) / recent[1],
                                             "share_12_months": _share(recent[0][mask], recent[0])})


def _share(part: Floats, all: Floats) -> float | None:
    total = float(all.sum())
    return float(part.sum()) / total if total > 0 else None


def _following(graph: Graph, distance: Ints, follow: float, recent: tuple[Floats, int] | None) -> dict[str, object]:
    """w_x + sum of q^distance w_y: summed by distance first, so that the order of parties changes no bit."""
    reached = distance >= 0

    def expected(worth: Floats) -> Floats:
        by_distance = np.bincount(distance[reached], weights=worth[reached])
        return by_distance * follow ** np.arange(len(by_distance), dtype=np.float64)

    worth = expected(graph.value.whole)
    row: dict[str, object] = {"part": "following", "parties": None, "existing": None,
                              "value": float(worth.sum()) / graph.value.scale, "share": _share(worth, graph.value.whole)}
    if recent is not None:
        late = expected(recent[0])
        row |= {"last_12_months": float(late.sum()) / recent[1], "share_12_months": _share(late, recent[0])}
    return row


def _headline(graph: Graph, starts: Ints, frame: pl.DataFrame, follow: float | None) -> Message:
    rows = {row["part"]: row for row in frame.iter_rows(named=True)}
    dated = rows["own"]["last_12_months"] is not None
    value, share = ("last_12_months", "share_12_months") if dated else ("value", "share")
    period = message("phrase.last-12-months") if dated else message("phrase.in-all", basis=basis(graph))
    amount = {part: graph.value.amount(row[value]) for part, row in rows.items()}
    chance: object = ""
    if follow is not None:
        chance = message("phrase.following", chance=follow, value=amount["following"], share=rows["following"][share])
    names = Names(tuple(graph.names.gather(starts[:NAMED]).to_list()), max(len(starts) - NAMED, 0))
    return message("headline.without", names=names, value=amount["upper_bound"], share=rows["upper_bound"][share],
                   own=amount["own"], direct=amount["direct"], direct_parties=rows["direct"]["parties"],
                   downstream=amount["downstream"], parties=rows["downstream"]["parties"], remaining=amount["remaining"],
                   period=period, following=chance, standing=standing(graph))


def _notes(graph: Graph, starts: Ints, recent: tuple[Floats, int] | None, follow: float | None) -> list[Message]:
    notes = [message("note.without-upper-bound")]
    if recent is None:
        notes.append(message("note.without-no-orders"))
    if not graph.flow.is_forest:
        notes.append(message("note.without-other-referrers"))
    if not graph.existing[starts].any():
        notes.append(message("note.without-nobody-existing"))
    return notes
