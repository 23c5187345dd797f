"""What to do next: who to ask for a referral, who to call, who to look after, why and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

import polars as pl

from refgraph.graph.phrases import as_of_phrase
from refgraph.measures.ask_timing import find_contacts
from refgraph.model.graph import Graph
from refgraph.model.message import Message, Names, message
from refgraph.model.result import Column, Result
from refgraph.model.units import Unit

NAME = "next-steps"
COLUMNS = (
    Column("action", Unit.LABEL, key="next_action"),
    Column("customer", Unit.ID, detail=True),
    Column("name", Unit.TEXT),
    Column("contact", Unit.TEXT, key="ask_contact"),
    Column("owner", Unit.TEXT),
    Column("why", Unit.REASON, key="next_why"),
    Column("timing", Unit.LABEL, key="next_when"),
    Column("date", Unit.DATE, key="next_date"),
)
ACTIONS = {"ask": ("next-ask", 10), "prospects": ("next-call", 5), "at-risk": ("next-keep", 5)}
"""Analysis -> what to do with the first rows of its answer, and how many."""
_NOW, _LATER = "ask-now", "ask-later"
_KEPT_NOTES = ("note.ask-barred", "note.ask-no-consent-column", "note.risk-meaning")


def build_next_steps(graph: Graph, answers: Mapping[str, Result]) -> Result:
    """One row per party and action, from the answers of `ask`, `prospects` and `at-risk`.

    Those to ask are in the order of their list, whoever can be asked now before the others.
    """
    steps = {
        "ask": _select_to_ask(graph, answers["ask"].frame),
        "prospects": _select_to_call(graph, answers["prospects"].frame),
        "at-risk": _select_to_keep(graph, answers["at-risk"].frame),
    }
    parts = [
        steps[name].head(most).with_columns(action=pl.lit(word))
        for name, (word, most) in ACTIONS.items()
    ]
    frame = _add_people(graph, pl.concat(parts)).select(column.name for column in COLUMNS)
    notes = [note for name in steps for note in answers[name].notes if note.id in _KEPT_NOTES]
    return Result(
        analysis=NAME,
        parameters={},
        scope=answers["ask"].scope,
        frame=frame,
        columns=COLUMNS,
        grain="party",
        headline=_build_headline(graph, parts),
        notes=(*notes, message("note.next-steps-more")),
        origin=answers["ask"].origin,
    )


def _select_to_ask(graph: Graph, listed: pl.DataFrame) -> pl.DataFrame:
    """``customer``, ``name``, ``why``, ``timing``, ``date``, as the other two."""
    can_wait = pl.col("timing") != _NOW
    date = pl.when(can_wait).then("ask_from").otherwise(pl.lit(graph.as_of, pl.Date))
    return listed.sort(can_wait, maintain_order=True).select(
        "customer", "name", "why", "timing", date=date
    )


def _select_to_call(graph: Graph, listed: pl.DataFrame) -> pl.DataFrame:
    is_later = (pl.col("step") == "planned") & (pl.col("due") > pl.lit(graph.as_of, pl.Date))
    step = pl.col("next_step").fill_null("")
    reasons = (
        _say("next-referred-by", pl.col("referrer_name")),
        _say("next-overdue", pl.col("due"), step, when=pl.col("step") == "overdue"),
        _say("next-done", pl.col("done"), step, when=pl.col("step") == "done"),
        _say("next-planned", pl.col("due"), step, when=pl.col("step") == "planned"),
        _say("next-unplanned", when=pl.col("step") == "unplanned"),
    )
    return listed.select(
        "customer",
        "name",
        why=pl.concat_list(reasons).list.drop_nulls(),
        timing=pl.when(is_later).then(pl.lit(_LATER)).otherwise(pl.lit(_NOW)),
        date=pl.when(is_later).then("due").otherwise(pl.lit(graph.as_of, pl.Date)),
    )


def _select_to_keep(graph: Graph, listed: pl.DataFrame) -> pl.DataFrame:
    date = pl.lit(graph.as_of, pl.Date)
    return listed.select("customer", "name", "why", timing=pl.lit(_NOW), date=date)


def _say(word: str, *figures: pl.Expr, when: pl.Expr | None = None) -> pl.Expr:
    """A reason: its word, then figures, separated by spaces; null without the first figure."""
    texts = [pl.lit(word), *(figure.cast(pl.String) for figure in figures)]
    reason = pl.concat_str(texts, separator=" ").str.strip_chars_end()
    return reason if when is None else pl.when(when).then(reason)


def _add_people(graph: Graph, frame: pl.DataFrame) -> pl.DataFrame:
    """With the person to talk to and the account manager."""
    people = graph.parties.select(customer="id", known="contact", owner="owner")
    people = people.with_columns(contact=find_contacts(graph)).with_columns(
        contact=pl.coalesce("contact", "known")
    )
    return frame.join(people, on="customer", how="left", maintain_order="left")


def _build_headline(graph: Graph, parts: Sequence[pl.DataFrame]) -> Message:
    """Who comes first in each list that has somebody."""
    lists = [
        message(f"phrase.{word}-step", names=Names.shorten(part["name"], 2))
        for part, (word, _) in zip(parts, ACTIONS.values(), strict=True)
        if part.height
    ]
    if not lists:
        return message("headline.next-steps-none", standing=as_of_phrase(graph))
    steps = reduce(lambda one, two: message("phrase.both-steps", first=one, second=two), lists)
    return message("headline.next-steps", steps=steps, standing=as_of_phrase(graph))
