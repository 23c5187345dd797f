"""Ends of referrals that match no customer: how many, and what would make them match."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from refgraph.graph.memo import cached_on_first_argument
from refgraph.intake.id_repair import count_matches_by_repair
from refgraph.intake.referrer_columns import find_key_columns
from refgraph.model.dataset import Dataset
from refgraph.model.graph import Graph
from refgraph.model.message import Label, Message, message

ENDS = ("referrer", "referred")
UNMATCHED_NOTES = ("note.unmatched", "note.most-unmatched")
_PLAIN_WORD = re.compile(r"[\w@%+=:,./-]+")


class EndCount(NamedTuple):
    """How many parties stand at one end of referrals, and how many of them match no customer."""

    parties: int
    unmatched: int

    @property
    def none_matches(self) -> bool:
        """Whether there are such parties and no one is a customer."""
        return 0 < self.parties == self.unmatched


class Diagnosis(NamedTuple):
    """What would make unmatched ends match.

    example: the first of them. repair: name of a repair, or empty. column: header of the column of
    customers that holds them, or empty. matched: how many would match. option: what to pass.
    """

    example: str
    repair: str = ""
    column: str = ""
    matched: int = 0
    option: str = ""


def count_unmatched_ends(parties: pl.DataFrame, arcs: pl.DataFrame) -> dict[str, EndCount]:
    """For each of `ENDS`, the parties there and those without a row of their own.

    Without a customers table every party is known by referrals only, and none is unmatched.
    """
    is_stub = parties["stub"].fill_null(False)
    has_rows = not is_stub.all()
    counts = {}
    for end in ENDS:
        places = arcs[end].unique()
        unmatched = int(is_stub.gather(places).sum()) if has_rows else 0
        counts[end] = EndCount(places.len(), unmatched)
    return counts


def get_unmatched_ends(graph: Graph) -> Mapping[str, EndCount]:
    """As `count_unmatched_ends`; of the whole graph if this is a part of it."""
    if graph.whole_graph_summary is None:
        return count_unmatched_ends(graph.parties, graph.arcs)
    stored = graph.whole_graph_summary.ends
    return {end: EndCount(*stored.get(end, (0, 0))) for end in ENDS}


@cached_on_first_argument
def diagnose_unmatched(dataset: Dataset, end: str) -> Diagnosis:
    """The repair or the column of customers that makes most of the unmatched ends match."""
    customers = dataset.customers.filter(~pl.col("stub"))
    ids = dataset.referrals[end].unique()
    unmatched = ids.filter(~ids.is_in(customers["id"].implode())).sort()
    example = unmatched[0] if unmatched.len() else ""
    counts = count_matches_by_repair(unmatched, customers.select("id", "name"))
    keys = find_key_columns(customers, unmatched)
    best = max(counts, key=lambda name: (counts[name], name != "all"), default="")
    if best and (not keys or counts[best] >= keys[0].matched):
        return Diagnosis(example, f"repair-{best}", "", counts[best], "--repair-ids")
    if not keys:
        return Diagnosis(example)
    column = dataset.mapping.get(f"customers.{keys[0].key}", keys[0].key)
    option = make_column_option("customers.id", column)
    if keys[0].exact < keys[0].matched:
        option += " --repair-ids"
    return Diagnosis(example, "", column, keys[0].matched, option)


def make_column_option(field: str, header: str) -> str:
    """``--column FIELD=HEADER``, in quotation marks where a shell needs them."""
    pair = f"{field}={header}"
    if not _PLAIN_WORD.fullmatch(pair):
        pair = "'" + pair.replace("'", "'\"'\"'") + "'"
    return f"--column {pair}"


def collect_unmatched_notes(
    dataset: Dataset, parties: pl.DataFrame, arcs: pl.DataFrame
) -> list[Message]:
    """How many referrers match no customer; a warning with its remedy if more than half do not.

    For referred parties the warning only: parties that are no customers yet are no fault.
    """
    notes = []
    for end, count in count_unmatched_ends(parties, arcs).items():
        is_most = 2 * count.unmatched > count.parties
        values: dict[str, object] = {"parties": count.parties, "unmatched": count.unmatched}
        if is_most:
            hint = _describe_remedy(diagnose_unmatched(dataset, end))
            values |= {"end": Label(f"end-{end}"), "hint": hint}
            notes.append(message("note.most-unmatched", **values))
        elif count.unmatched and end == "referrer":
            notes.append(message("note.unmatched", **values))
    return notes


def _describe_remedy(diagnosis: Diagnosis) -> Message:
    if diagnosis.repair:
        repair = Label(diagnosis.repair)
        return message("phrase.unmatched-repair", matched=diagnosis.matched, repair=repair)
    if diagnosis.column:
        return message(
            "phrase.unmatched-column",
            matched=diagnosis.matched,
            column=diagnosis.column,
            option=diagnosis.option,
        )
    return message("phrase.unmatched-check")
