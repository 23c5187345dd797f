"""Who brings whom, more than luck would have it? Referrer groups by referred groups."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.estimates.dealt import EXACT, Luck, dealt, refined
from refgraph.estimates.multiple import bh
from refgraph.estimates.proportion import wilson_array
from refgraph.graphs.dealing import Blocks, blocks
from refgraph.graphs.groups import MOST, Field, grouping, merged, tellable
from refgraph.graphs.periods import basis, standing
from refgraph.model.graph import Graph, Longs
from refgraph.model.message import Label, Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import DESC, analysis

COLUMNS = (
    Column("referrer_group", Unit.LABEL),
    Column("referred_group", Unit.LABEL),
    Column("referrals", Unit.COUNT, key="flow_referrals"),
    Column("closed", Unit.COUNT, key="flow_closed"),
    Column("lost", Unit.COUNT, key="flow_lost", detail=True),
    Column("conversion", Unit.SHARE, "M1"),
    Column("conversion_low", Unit.SHARE, "M1", detail=True),
    Column("conversion_high", Unit.SHARE, "M1", detail=True),
    Column("value", Unit.VALUE, "M16", "credit", key="flow_value"),
    Column("share_of_value", Unit.SHARE, "M16", key="flow_share", detail=True),
    Column("compared", Unit.COUNT, "M60", detail=True),
    Column("expected", Unit.RATIO, "M60", key="flow_expected"),
    Column("expected_low", Unit.COUNT, "M60", detail=True),
    Column("expected_high", Unit.COUNT, "M60", detail=True),
    Column("ratio", Unit.RATIO, "M60", key="flow_ratio"),
    Column("chance", Unit.SHARE, "M60", detail=True),
    Column("against_luck", Unit.LABEL, "M60"),
)


@analysis(grain="flow", columns=COLUMNS, formulas=("M1", "M16", "M60"),
          order=(("referrals", DESC), ("referrer_group", False), ("referred_group", False)))
def flows(graph: Graph, *, by: Field = "key") -> Answer:
    """Counted, uncut referrals from each group into each, pairs without any included where luck would expect some.

    value: of the referred, by shares; adds up to the value of the referred. expected: referrals that the group would make into
    the other if each block of them (one recommender, one day, one group) fell to any customer present that day; low, high: 95 %
    of such deals. chance: of a count so far off, either way. against_luck: more or less, Benjamini-Hochberg 5 % over all pairs.
    """
    if not tellable(graph, by):
        frame = pl.DataFrame(schema={c.name: _dtype(c) for c in COLUMNS})
        return Answer(frame, message("headline.flows-cannot-tell", field=Label(f"field-{by}"), standing=standing(graph)))
    words = merged(grouping(graph, by))
    names = words.unique().sort().to_list()
    group = words.replace_strict(names, range(len(names)), return_dtype=pl.Int64).to_numpy() if names else np.empty(0, np.int64)
    frame = _counted(graph, group, len(names))
    luck = None if by == "recommender_tier" else blocks(graph, group, len(names))
    frame = _compared(frame, luck).with_columns(pl.col(pl.Float64).fill_nan(None))
    labels = pl.Series(names, dtype=pl.String)
    frame = frame.with_columns(referrer_group=labels.gather(frame["u"]), referred_group=labels.gather(frame["v"]))
    frame = frame.filter((pl.col("referrals") > 0) | (pl.col("expected") > 0)).select(c.name for c in COLUMNS)
    frame = frame.sort("referrals", "referrer_group", "referred_group", descending=[True, False, False])
    return Answer(frame, _headline(graph, frame, by), tuple(_notes(graph, frame, words, luck)))


def _dtype(column: Column) -> type[pl.DataType]:
    return {Unit.LABEL: pl.String, Unit.COUNT: pl.Int64}.get(column.unit, pl.Float64)


def _counted(graph: Graph, group: Longs, groups: int) -> pl.DataFrame:
    """One row a pair of groups ``u``, ``v``: referrals, outcomes, value by shares."""
    flow, cells = graph.flow, groups * groups
    origin = np.repeat(np.arange(len(graph)), np.diff(flow.out_ptr))
    cell = group[origin] * groups + group[flow.out_dst]
    closed = graph.customers[flow.out_dst]
    lost = ~closed & (graph.parties["status"] == "lost").fill_null(False).to_numpy()[flow.out_dst]
    worth = graph.value.whole[flow.out_dst] * flow.out_share
    counts = [np.bincount(cell[of], minlength=cells) for of in (np.ones(len(cell), bool), closed, lost)]
    value = np.bincount(cell, weights=worth, minlength=cells) / graph.value.scale
    decided = counts[1] + counts[2]
    low, high = wilson_array(counts[1], decided)
    known = (decided > 0) & graph.has("customers.status")
    with np.errstate(invalid="ignore", divide="ignore"):
        rates = [np.where(known, x, np.nan) for x in (counts[1] / decided, low, high)]
    total = float(value.sum())
    place = np.arange(cells)
    return pl.DataFrame({"u": place // max(groups, 1), "v": place % max(groups, 1), "referrals": counts[0], "closed": counts[1],
                         "lost": counts[2], "conversion": rates[0], "conversion_low": rates[1], "conversion_high": rates[2],
                         "value": value, "share_of_value": value / total if total > 0 else np.full(cells, np.nan)})  # fmt: skip


def _compared(frame: pl.DataFrame, luck: Blocks | None) -> pl.DataFrame:
    """With what luck would give to each pair; all null where it cannot be told."""
    if luck is None or not len(luck.size):
        blank = {c: pl.lit(None, pl.Float64) for c in ("expected", "ratio", "chance")}
        none = {c: pl.lit(None, pl.Int64) for c in ("compared", "expected_low", "expected_high")}
        return frame.with_columns(**blank, **none, against_luck=pl.lit(None, pl.String))
    groups = luck.present.shape[1]
    cell = luck.origin * groups + luck.target
    compared = np.bincount(cell, weights=luck.size, minlength=groups * groups).astype(np.int64)
    columns = [_luck(luck, v, compared[v::groups].tolist()) for v in range(groups)]
    found = [columns[v][u] for u in range(groups) for v in range(groups)]
    chance = np.array([min(1.0, 2.0 * min(x.at_most, x.at_least)) if 0.0 < x.mean else np.nan for x in found])
    stands_out, mean = bh(chance), np.array([x.mean for x in found])
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(mean > 0, compared / mean, np.nan)
    marks = [None if np.isnan(c) else "as_luck" if not s else "more" if r > 1 else "less"
             for c, s, r in zip(chance, stands_out, ratio, strict=True)]  # fmt: skip
    return frame.with_columns(
        compared=pl.Series(compared), expected=pl.Series(mean), ratio=pl.Series(ratio), chance=pl.Series(chance),
        expected_low=pl.Series([round(x.low) for x in found], dtype=pl.Int64),
        expected_high=pl.Series([round(x.high) for x in found], dtype=pl.Int64),
        against_luck=pl.Series(marks, dtype=pl.String))  # fmt: skip


def _luck(luck: Blocks, target: int, counts: list[int]) -> list[Luck]:
    """What luck gives to each group of the referrals into ``target``: exact for few, from summed moments for many."""
    mine = luck.target == target
    size, p = luck.size[mine], luck.present[luck.day[mine]]
    total = int(size.sum())
    if total <= EXACT:
        return [dealt(size, p[:, u], count) for u, count in enumerate(counts)]
    spread = p * (1 - p)
    mean, variance, third = size @ p, size**2 @ spread, size**3 @ (spread * (1 - 2 * p))
    return [refined(float(mean[u]), float(variance[u]), float(third[u]), total, count) for u, count in enumerate(counts)]


def _headline(graph: Graph, frame: pl.DataFrame, by: Field) -> Message:
    total = int(frame["referrals"].sum())
    if not total:
        return message("headline.recommenders-none", standing=standing(graph))
    first = frame.row(0, named=True)
    more = frame.filter(pl.col("against_luck") == "more").sort("chance", "referrer_group", "referred_group")
    luck = message("phrase.flows-cannot-compare")
    if more.height:
        best = more.row(0, named=True)
        luck = message("phrase.flows-more", origin=Label(best["referrer_group"]), target=Label(best["referred_group"]),
                       ratio=best["ratio"], pairs=more.height)
    elif not frame["expected"].is_null().all():
        luck = message("phrase.flows-as-luck")
    return message("headline.flows", field=Label(f"field-{by}"), origin=Label(first["referrer_group"]),
                   target=Label(first["referred_group"]), referrals=first["referrals"], total=total,
                   share=first["referrals"] / total, value=graph.value.amount(first["value"]), luck=luck, basis=basis(graph),
                   standing=standing(graph))  # fmt: skip


def _notes(graph: Graph, frame: pl.DataFrame, words: pl.Series, luck: Blocks | None) -> list[Message]:
    notes = []
    looks = frame["chance"].drop_nulls().len()
    if luck is None:
        notes.append(message("note.flows-tiers"))
    elif looks:
        notes.append(message("note.flows-looks", looks=looks, marked=int(frame["against_luck"].is_in(["more", "less"]).sum())))
        if int(luck.size.sum()) > EXACT:
            notes.append(message("note.flows-refined", exact=EXACT))
    if luck is not None and luck.left_out:
        notes.append(message("note.flows-left-out", referrals=luck.left_out))
    if luck is not None and graph.as_of is None and looks:
        notes.append(message("note.flows-undated"))
    if (words == "all_others").any():
        notes.append(message("note.flows-merged", groups=MOST - 1))
    if not graph.has("customers.status"):
        notes.append(message("note.conversion-not-recorded"))
    return notes
