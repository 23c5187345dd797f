"""Whom should we ask where it came from? Customers without a known source, those first whose answer tells most."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.estimates.bounds import share_bounds
from refgraph.graphs.arrivals import arrived, unsourced
from refgraph.graphs.periods import basis, standing
from refgraph.model.graph import Bools, Graph
from refgraph.model.message import Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import DESC, analysis

COLUMNS = (
    Column("customer", Unit.ID),
    Column("name", Unit.TEXT),
    Column("owner", Unit.TEXT),
    Column("since", Unit.DATE),
    Column("value", Unit.VALUE, key="own_value"),
    Column("narrows", Unit.SHARE, "M62"),
    Column("narrows_value", Unit.SHARE, "M62"),
    Column("open_share", Unit.SHARE, "M62", detail=True),
    Column("open_value_share", Unit.SHARE, "M62", detail=True),
    Column("referred_by", Unit.TEXT),
    Column("source", Unit.TEXT, key="source_answer"),
)


@analysis(grain="customer", columns=COLUMNS, order=(("narrows_value", DESC), ("customer", False)), formulas=("M2", "M62"))
def ask_source(graph: Graph) -> Answer:
    """Existing customers without a referral on record and without a source: the U of the bounds M2.

    An answer narrows the bounds of the referral share by 1/n (``narrows``), and those of the value share by \\|w\\|/W
    (``narrows_value``; null where the value of all adds up to 0 or less), whatever it is. open_share, open_value_share: the
    width that is left after this answer and all above it. The last two columns are to be filled in: ``referred_by`` with id
    or name, or ``source``; ``--customers-patch`` reads them back.
    """
    asked = unsourced(graph) & graph.existing
    n, total = int(graph.existing.sum()), float(graph.value.whole[graph.existing].sum())
    weight = np.abs(graph.value.whole)
    people = graph.parties.select(
        pl.col("id").alias("customer"), "name", "owner", "since", value=pl.Series(graph.value.numbers),
        weight=pl.Series(weight), narrows_value=_part(weight, total)).filter(pl.Series(asked))  # fmt: skip
    frame = people.sort("narrows_value", "customer", descending=[True, False], nulls_last=True)
    weight = frame["weight"].to_numpy()
    frame = frame.with_columns(
        narrows=_part(np.ones(frame.height), n), open_share=_part(np.arange(frame.height)[::-1], n),
        open_value_share=_part(weight.sum() - np.cumsum(weight), total),
        referred_by=pl.lit(None, pl.String), source=pl.lit(None, pl.String))  # fmt: skip
    return Answer(frame.select(c.name for c in COLUMNS), _headline(graph, asked, frame), tuple(_notes(graph, frame)))


def _part(numbers: np.ndarray, total: float) -> pl.Series:
    """Parts of a total; null where it is not above 0."""
    return pl.Series(numbers / total) if total > 0 else pl.Series([None] * len(numbers), dtype=pl.Float64)


def _headline(graph: Graph, asked: Bools, frame: pl.DataFrame) -> Message:
    n, u = int(graph.existing.sum()), frame.height
    if not u:
        return message("headline.ask-source-none", customers=n, standing=standing(graph))
    referred = arrived(graph, ("customer", *graph.scope.count)) & graph.existing
    low, high = share_bounds(int(referred.sum()), u, n)
    return message("headline.ask-source", asked=u, customers=n, low=low, high=high, worth=_worth(graph, referred, asked, frame),
                   standing=standing(graph))


def _worth(graph: Graph, referred: Bools, asked: Bools, frame: pl.DataFrame) -> Message:
    """The bounds of the value share, and how many answers halve their width."""
    whole = graph.value.whole
    total = float(whole[graph.existing].sum())
    if graph.value.basis == "customers" or total <= 0:
        return message("headline.effect-no-value")
    theirs, open_ = float(whole[referred].sum()), whole[asked]
    ends = [(theirs + float(side.sum())) / total for side in (np.minimum(open_, 0), np.maximum(open_, 0))]
    width = float(np.abs(open_).sum()) / total
    half = int((frame["open_value_share"] > width / 2).sum()) + 1
    return message("headline.ask-source-worth", low=ends[0], high=ends[1], half=min(half, frame.height), basis=basis(graph))


def _notes(graph: Graph, frame: pl.DataFrame) -> list[Message]:
    notes = [] if graph.has("customers.source") else [message("note.no-source")]
    return [*notes, message("note.ask-source-fill")] if frame.height else notes
