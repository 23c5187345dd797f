"""What is each party's fair share of the value that referrals brought, by a rule that adds up?"""

from __future__ import annotations

import polars as pl

from refgraph.analyses.columns import select_columns
from refgraph.graph.phrases import as_of_phrase, value_basis_phrase
from refgraph.measures import credit_rules
from refgraph.measures.credit_rules import CreditRule
from refgraph.measures.descendants import tally_credit, tally_reach
from refgraph.measures.member_lists import rank_parties
from refgraph.measures.members import number_parties
from refgraph.measures.reach_and_credit import tally_direct_value
from refgraph.measures.tallies import build_columns, compute_ratio, measure_value, spread_total
from refgraph.model.graph import Graph
from refgraph.model.message import Label, Message, message
from refgraph.model.parameter_values import Proportion
from refgraph.model.result import Answer, Column
from refgraph.model.tally import Tallies, Tally
from refgraph.model.units import Unit
from refgraph.registry import DESCENDING, analysis

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


@analysis(
    grain="party",
    columns=COLUMNS,
    order=(("credit_earned", DESCENDING), ("credit", DESCENDING), ("customer", False)),
    formulas=("M12", "M13", "M14", "M15", "M16"),
)
def credit(graph: Graph, *, split: CreditRule = "shapley", delta: Proportion = 0.5) -> Answer:
    """Customers and all others with credit, by the credit earned with the value of others.

    Under every rule credit adds up to the value of all parties. ecr (own value + value of the
    directly referred) counts the referred twice and is given for comparison only. delta: what is
    left of the credit after each step up with ``--split decay``, 0..1."""
    tallies = _compute_tallies(graph, split, delta)
    frame = _build_rows(graph, tallies)
    order = frame["place"].to_numpy()
    return Answer(
        select_columns(frame, COLUMNS),
        _build_headline(graph, frame, split),
        tuple(_build_notes(graph, frame)),
        Tallies(tallies | {"rank": rank_parties(order, len(graph))}, order),
    )


def _compute_tallies(graph: Graph, split: CreditRule, delta: float) -> dict[str, Tally]:
    """The figures of each party."""
    own = number_parties(len(graph)).add_up(measure_value(graph))
    credit = tally_credit(graph, split, delta)
    return {
        "own_value": own,
        "direct_value": tally_direct_value(graph),
        **credit,
        "share_of_credit": compute_ratio(credit["credit"], spread_total(own)),
        "ecr": credit_rules.tally_extended_revenue(graph),
        **tally_reach(graph),
    }


def _build_rows(graph: Graph, tallies: dict[str, Tally]) -> pl.DataFrame:
    """One row per customer or holder of credit, in order."""
    parties = graph.parties.select("place", "stage", customer="id", name=graph.names)
    frame = parties.with_columns(**build_columns(tallies))
    is_customer = pl.col("stage").is_in(["existing", "former"])
    has_credit = (pl.col("ecr") != 0) | (pl.col("credit") != 0)
    frame = frame.filter(is_customer | has_credit)
    frame = frame.sort("credit_earned", "credit", "customer", descending=[True, True, False])
    return frame.with_columns(rank=pl.int_range(1, pl.len() + 1))


def _build_headline(graph: Graph, frame: pl.DataFrame, split: CreditRule) -> Message:
    rule, standing = Label(f"split-{split}"), as_of_phrase(graph)
    basis = value_basis_phrase(graph)
    total = float(graph.value.numbers.sum())
    is_known = frame.height > 0 and not frame["credit"].null_count()
    earned = frame["credit_earned"][0] if is_known else 0
    if not earned > 0:
        return message(
            "headline.credit-none",
            rule=rule,
            total=graph.value.amount(total),
            basis=basis,
            standing=standing,
        )
    extended = float(credit_rules.compute_extended_revenue(graph).sum())
    return message(
        "headline.credit",
        name=frame["name"][0],
        earned=graph.value.amount(earned),
        rule=rule,
        total=graph.value.amount(total),
        extended=graph.value.amount(extended),
        surplus=_describe_surplus(graph, extended, total),
        basis=basis,
        standing=standing,
    )


def _describe_surplus(graph: Graph, extended: float, total: float) -> Message:
    """By how much extended customer revenue differs from the total, in either direction."""
    if extended == total:
        return message("phrase.credit-equal")
    direction = "over" if extended > total else "under"
    if total > 0:
        return message(f"phrase.credit-{direction}", by=abs(extended / total - 1.0))
    by = graph.value.amount(abs(extended - total))
    return message(f"phrase.credit-undefined-{direction}", by=by)


def _build_notes(graph: Graph, frame: pl.DataFrame) -> list[Message]:
    notes = credit_rules.collect_credit_notes(graph, frame["place"].to_numpy(), frame)
    extended = credit_rules.compute_extended_revenue(graph).sum()
    counted_twice = float(extended - graph.value.numbers.sum())
    if counted_twice:
        amount, arcs = graph.value.amount(counted_twice), len(graph.adjacency.out_dst)
        notes.append(message("note.ecr-double", again=amount, arcs=arcs))
    return notes
