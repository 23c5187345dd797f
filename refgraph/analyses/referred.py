"""Who came by referral? One row a customer, so that every number of ``effect`` can be opened."""

from __future__ import annotations

import polars as pl

from refgraph.analyses.effect import can_split, through
from refgraph.graphs.arrivals import arrived
from refgraph.graphs.periods import basis, standing
from refgraph.graphs.referrers import referrers
from refgraph.model.graph import Graph
from refgraph.model.message import message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import DESC, analysis

COLUMNS = (
    Column("customer", Unit.ID),
    Column("name", Unit.TEXT),
    Column("referrer", Unit.TEXT, detail=True),
    Column("referrer_name", Unit.TEXT),
    Column("date", Unit.DATE),
    Column("tie", Unit.TEXT, detail=True),
    Column("through", Unit.LABEL),
    Column("value", Unit.VALUE, key="own_value"),
    Column("reward", Unit.MONEY, detail=True),
    Column("file", Unit.TEXT, detail=True),
    Column("line", Unit.TEXT, detail=True),
)


@analysis(grain="customer", columns=COLUMNS, order=(("value", DESC), ("customer", False)), formulas=("M1",))
def referred(graph: Graph) -> Answer:
    """The existing customers in R, under the kinds that the scope counts, with whom, when, how and where it is written.

    Several referrers stand in order of share; date, tie, file and line are those of the primary one; reward is the sum.
    """
    kinds = ("customer", *graph.scope.count)
    people = graph.parties.with_columns(
        value=pl.Series(graph.value.numbers), here=pl.Series(graph.existing & arrived(graph, kinds)),
        through=through(graph, kinds) if can_split(graph) else pl.lit(None, pl.String),
    ).filter("here")  # fmt: skip
    told = referrers(graph, graph.arcs.filter(pl.col("valid") & pl.col("kind").is_in(kinds)))
    joined = people.drop("tie", strict=False).join(told, left_on="place", right_on="referred", how="left")
    frame = joined.select(
        pl.col("id").alias("customer"), pl.coalesce("name", "id").alias("name"), "referrer", "referrer_name",
        pl.col("at").alias("date"), "tie",
        pl.when(pl.col("referrer").is_null()).then(pl.lit("unknown")).otherwise("through").alias("through"),
        "value", "reward", pl.coalesce("arc_file", "file").alias("file"), pl.coalesce("arc_line", "line").alias("line"),
    ).sort("value", "customer", descending=[True, False])  # fmt: skip
    unknown = frame["referrer"].null_count()
    notes = (message("note.referrer-unknown", customers=unknown),) if unknown else ()
    headline = message("headline.referred", customers=frame.height, n=int(graph.existing.sum()),
                       value=graph.value.amount(float(frame["value"].sum())), basis=basis(graph), standing=standing(graph))
    return Answer(frame, headline if frame.height else message("headline.referred-none", standing=standing(graph)), notes)

