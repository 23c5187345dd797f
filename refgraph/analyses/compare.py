"""How do two parties, or two groups, differ? All elements side by side."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import polars as pl

from refgraph.errors import UsageError
from refgraph.estimates.proportion import newcombe
from refgraph.estimates.quantile import grouped_median
from refgraph.graphs import groups as grouped
from refgraph.graphs import measures, ways
from refgraph.graphs.arrivals import arrived
from refgraph.graphs.calendar import YEAR
from refgraph.graphs.lookup import NEAREST
from refgraph.graphs.periods import basis, standing
from refgraph.model.graph import Bools, Graph
from refgraph.model.message import Label, Message, message
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
By = Literal["party", "key", "sector", "region", "ownership", "recommender_tier", "kind", "source"]


class _Share(NamedTuple):
    """hits of n, compared with an interval."""

    hits: int
    n: int


Elements = dict[str, tuple[str, float | int | _Share | None]]


@analysis(grain="element", columns=COLUMNS, order=(), formulas=("M1", "M13", "M14", "M16", "M61"))
def compare(graph: Graph, *, of: tuple[str, ...] = (), by: By = "party") -> Answer:
    """One row an element: the first, the second, and first - second; shares with the Newcombe interval of the difference.

    by party: two parties by id or name; else two groups of a field, given as they are written. Reach columns of a group count
    everyone once. Null: not recorded, or undefined for one of the two. Raises UsageError unless two are named.
    """
    if by == "party":
        a, b = ways.two(graph, of, "compare")
        frame = _frame(_party(graph, a), _party(graph, b), graph)
        labels: tuple[object, object] = graph.names[a], graph.names[b]
    elif not grouped.tellable(graph, by):
        frame = pl.DataFrame(schema={c.name: _dtype(c) for c in COLUMNS})
        return Answer(frame, message("headline.flows-cannot-tell", field=Label(f"field-{by}"), standing=standing(graph)))
    else:
        words = grouped.grouping(graph, by)
        credit, far = measures.shapley(graph), _days_to_close(graph)
        one, two = (_group(graph, (words == word).to_numpy(), credit, far) for word in _two_groups(words, of))
        frame = _frame(one, two, graph)
        labels = Label(of[0]), Label(of[1])
    return Answer(frame, _headline(graph, frame, labels), tuple(_notes(graph, frame)))


def _dtype(column: Column) -> type[pl.DataType]:
    return pl.String if column.unit is Unit.LABEL else pl.Float64


def _two_groups(words: pl.Series, of: tuple[str, ...]) -> tuple[str, ...]:
    """Raises UsageError ``two-parties``, ``same-party``, ``unknown-group`` with the largest groups."""
    if len(of) != 2:
        raise UsageError("two-parties", analysis="compare", given=len(of))
    if of[0] == of[1]:
        raise UsageError("same-party", name=of[1])
    sizes = words.alias("word").value_counts().sort("count", "word", descending=[True, False])
    for word in of:
        if word not in set(sizes["word"]):
            raise UsageError("unknown-group", name=word, known=sizes["word"].head(3 * NEAREST).to_list())
    return of


def _frame(first: Elements, second: Elements, graph: Graph) -> pl.DataFrame:
    rows = []
    for name, (unit, one) in first.items():
        two, gap, low, high = second[name][1], None, None, None
        if isinstance(one, _Share) and isinstance(two, _Share):
            gap, low, high = newcombe(one.hits, one.n, two.hits, two.n)
        elif one is not None and two is not None:
            gap = float(one) - float(two)  # type: ignore[arg-type]
        shown = [x.hits / x.n if isinstance(x, _Share) and x.n else None if isinstance(x, _Share) else x for x in (one, two)]
        symbol = graph.value.unit if unit == "value" else unit
        rows.append((name, symbol or "number", *shown, gap, low, high))
    frame = pl.DataFrame(rows, schema={c.name: _dtype(c) for c in COLUMNS}, orient="row", strict=False)
    return frame.with_columns(pl.col(pl.Float64).fill_nan(None))


def _outcomes(graph: Graph, origin: Bools) -> tuple[int, int, int]:
    """Referrals made by those in the mask along counted, uncut arcs; of them closed, lost."""
    flow = graph.flow
    mine = np.repeat(origin, np.diff(flow.out_ptr))
    closed = graph.customers[flow.out_dst]
    lost = ~closed & (graph.parties["status"] == "lost").fill_null(False).to_numpy()[flow.out_dst]
    return int(mine.sum()), int((mine & closed).sum()), int((mine & lost).sum())


def _days_to_close(graph: Graph) -> pl.DataFrame:
    """Days from referral to first contract of the referred who closed, by referrer; negative ones left out (trap 6)."""
    arcs = graph.arcs.filter(pl.col("counted") & ~pl.col("cut") & pl.Series(graph.customers, dtype=pl.Boolean).gather(
        graph.arcs["referred"]))  # fmt: skip
    days = (graph.parties["since"].gather(arcs["referred"]) - arcs["at"]).dt.total_days()
    return arcs.select("referrer", days=days).filter(pl.col("days") >= 0)


def _median(days: pl.Series) -> float | None:
    return float(grouped_median(np.zeros(len(days), np.int32), days.cast(pl.Float64).to_numpy(), 1)[0]) if len(days) else None


def _shared(graph: Graph, mask: Bools, credit: measures.Credit | None, far: pl.DataFrame) -> Elements:
    """What parties and groups have in common."""
    referrals, closed, lost = _outcomes(graph, mask)
    distance = ways.below(graph, np.flatnonzero(mask).astype(np.int32))
    reached, worth, scale = distance > 0, graph.value.whole, graph.value.scale
    days = far.filter(pl.Series(mask, dtype=pl.Boolean).gather(far["referrer"]))["days"]
    decided = _Share(closed, closed + lost) if graph.has("customers.status") else None
    return {
        "own_value": ("value", float(worth[mask].sum()) / scale),
        "direct": ("number", referrals), "closed": ("number", closed), "lost": ("number", lost), "conversion": ("share", decided),
        "direct_value": ("value", float(measures.direct_value(graph)[mask].sum())),
        "credit": ("value", float(credit.credit[mask].sum()) if credit else None),
        "credit_earned": ("value", float(credit.earned[mask].sum()) if credit else None),
        "downstream": ("number", int(reached.sum())), "downstream_value": ("value", float(worth[reached].sum()) / scale),
        "generations": ("number", int(distance.max(initial=0))), "median_days_to_close": ("days", _median(days)),
    }  # fmt: skip


def _party(graph: Graph, place: int) -> Elements:
    mask = np.zeros(len(graph), bool)
    mask[place] = True
    shared = _shared(graph, mask, measures.shapley(graph), _days_to_close(graph))
    since = graph.parties["since"][place]
    years = (graph.as_of - since).days / YEAR if graph.as_of and since else None
    depth = int(graph.forest.depth[np.flatnonzero(graph.forest.order == place)[0]])
    ranks: Elements = {"value_rank": ("number", _rank(graph.value.numbers, graph.existing, place)),
             "direct_value_rank": ("number", _rank(measures.direct_value(graph), np.diff(graph.flow.out_ptr) > 0, place))}
    start: Elements = {"years_as_customer": ("years", years), "generation": ("number", depth)}
    return start | shared | ranks


def _rank(worth: np.ndarray, among: Bools, place: int) -> int | None:
    """Place among those in the mask, highest first, ties by id; null for one who is not in it."""
    if not among[place]:
        return None
    mine = worth[place]
    return 1 + int((among & (worth > mine)).sum()) + int((among & (worth == mine))[:place].sum())


def _group(graph: Graph, mask: Bools, credit: measures.Credit | None, far: pl.DataFrame) -> Elements:
    existing = mask & graph.existing
    n, worth = int(existing.sum()), graph.value.whole
    referred = int((arrived(graph, ("customer", *graph.scope.count)) & existing).sum())
    active = int((existing & (np.diff(graph.flow.out_ptr) > 0)).sum())
    mean = float(worth[existing].sum()) / graph.value.scale / n if n else None
    own: Elements = {"parties": ("number", int(mask.sum())), "customers": ("number", n), "former": ("number", int((
        mask & graph.customers & ~graph.existing).sum())), "referred_share": ("share", _Share(referred, n)),
        "participation": ("share", _Share(active, n)), "value_per_customer": ("value", mean)}  # fmt: skip
    return own | _shared(graph, mask, credit, far)


def _headline(graph: Graph, frame: pl.DataFrame, labels: tuple[object, object]) -> Message:
    rows = {row["element"]: row for row in frame.iter_rows(named=True)}
    told = {f"{name}_{k}": rows[name][side] for name in ("direct", "closed") for k, side in ((1, "first"), (2, "second"))}
    worth = {f"{name}_{k}": graph.value.amount(rows[name][side]) for name in ("own_value", "direct_value")
             for k, side in ((1, "first"), (2, "second"))}
    return message("headline.compare", first=labels[0], second=labels[1], **told, **worth, basis=basis(graph),
                   standing=standing(graph))


def _notes(graph: Graph, frame: pl.DataFrame) -> list[Message]:
    looks = frame["difference_low"].drop_nulls().len()
    notes = [message("note.compare-looks", looks=looks)] if looks else []
    notes.append(message("note.credit-is-allocation"))
    if not graph.has("customers.status"):
        notes.append(message("note.conversion-not-recorded"))
    return notes
