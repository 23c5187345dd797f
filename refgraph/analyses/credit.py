"""What is each party's fair part of the value that referrals brought, by a rule that adds up?"""

from __future__ import annotations

import polars as pl

from refgraph.errors import UsageError
from refgraph.graphs import credits, measures
from refgraph.graphs.credits import Split
from refgraph.graphs.periods import basis, standing
from refgraph.model.graph import Graph
from refgraph.model.message import Label, Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import DESC, analysis

COLUMNS = (
    Column("rank", Unit.COUNT),
    Column("customer", Unit.ID, key="party_id", detail=True),
    Column("name", Unit.TEXT),
    Column("own_value", Unit.VALUE),
    Column("direct_value", Unit.VALUE, "M16", "credit"),
    Column("credit", Unit.VALUE, "M14", "credit", key="credit_split"),
    Column("credit_earned", Unit.VALUE, "M14", "credit"),
    Column("share_of_credit", Unit.SHARE, "M14"),
    Column("ecr", Unit.VALUE, "M12"),
    Column("downstream", Unit.COUNT, "M13", "reach", detail=True),
    Column("downstream_value", Unit.VALUE, "M13", "reach", detail=True),
)


@analysis(grain="party", columns=COLUMNS, order=(("credit_earned", DESC), ("credit", DESC), ("customer", False)),
          formulas=("M12", "M13", "M14", "M15", "M16"))  # fmt: skip
def credit(graph: Graph, *, split: Split = "shapley", delta: float = 0.5) -> Answer:
    """All customers, and others who hold credit, by the credit they earned with the value of others.

    credit adds up to the value of all parties under every rule; ecr (own value + value of the directly referred) counts
    the referred twice and stands here for comparison only. delta: what --split decay leaves with each step up, 0..1.
    Raises UsageError for a delta outside 0..1.
    """
    if not 0.0 <= delta <= 1.0:
        raise UsageError("out-of-range", option="delta", value=delta, low=0, high=1)
    frame = _rows(graph, credits.split(graph, split, delta))
    return Answer(frame.select(c.name for c in COLUMNS), _headline(graph, frame, split), tuple(_notes(graph, frame)))


def _rows(graph: Graph, parts: measures.Credit | None) -> pl.DataFrame:
    """One row a customer or holder of credit, in order."""
    reach = measures.reach(graph)
    frame = graph.parties.select("stage", customer="id", name=graph.names).with_columns(
        own_value=pl.Series(graph.value.numbers), direct_value=pl.Series(measures.direct_value(graph)),
        credit=pl.Series(parts.credit) if parts else pl.lit(None, pl.Float64),
        credit_earned=pl.Series(parts.earned) if parts else pl.lit(None, pl.Float64), ecr=pl.Series(credits.extended(graph)),
        downstream=pl.Series(reach.downstream), downstream_value=pl.Series(reach.value).fill_nan(None),
    )  # fmt: skip
    total = float(graph.value.numbers.sum())
    shares = pl.col("credit") / total if total > 0 else pl.lit(None, pl.Float64)
    holds = pl.col("stage").is_in(["existing", "former"]) | (pl.col("ecr") != 0) | (pl.col("credit") != 0)
    frame = frame.with_columns(
        downstream=pl.when(pl.col("downstream") >= 0).then("downstream"), share_of_credit=shares,
        credit=pl.col("credit") + 0.0, credit_earned=pl.col("credit_earned") + 0.0,
    ).filter(holds)  # fmt: skip
    frame = frame.sort("credit_earned", "credit", "customer", descending=[True, True, False])
    return frame.with_columns(rank=pl.int_range(1, pl.len() + 1))


def _headline(graph: Graph, frame: pl.DataFrame, split: Split) -> Message:
    total, extended = float(graph.value.numbers.sum()), float(credits.extended(graph).sum())
    if not frame.height or frame["credit"].null_count() or not frame.row(0, named=True)["credit_earned"] > 0:
        return message("headline.credit-none", rule=Label(f"split-{split}"), total=graph.value.amount(total), basis=basis(graph),
                       standing=standing(graph))
    best = frame.row(0, named=True)
    return message(
        "headline.credit", name=best["name"], earned=graph.value.amount(best["credit_earned"]), rule=Label(f"split-{split}"),
        total=graph.value.amount(total), extended=graph.value.amount(extended),
        over=extended / total - 1.0 if total > 0 else None, basis=basis(graph), standing=standing(graph),
    )  # fmt: skip


def _notes(graph: Graph, frame: pl.DataFrame) -> list[Message]:
    notes = credits.allocated(graph, frame, frame)
    again = float(credits.extended(graph).sum() - graph.value.numbers.sum())
    if again:
        notes.append(message("note.ecr-double", again=graph.value.amount(again), arcs=len(graph.flow.out_dst)))
    return notes
