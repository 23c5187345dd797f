"""The notes of `effect`: kinds of referrers, late referrals, groups, and the share by year."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.graph import integrity_rules
from refgraph.graph.integrity_input import build_integrity_input
from refgraph.graph.phrases import note_key_account_rule
from refgraph.measures.referral_status import (
    is_referred,
    mark_arcs_of_kinds,
    referred_by_unknown,
)
from refgraph.measures.referrer_mix import (
    came_through_key,
    came_through_old,
    is_old_known,
    is_referrer_mix_known,
)
from refgraph.model.graph import Graph
from refgraph.model.message import Message, message

MAX_YEARS = 5
"""Latest years of joining for which a note gives the share."""


def build_notes(graph: Graph, frame: pl.DataFrame) -> list[Message]:
    """Notes on the first definition: referrals by customers."""
    row = frame.row(0, named=True)
    notes = []
    if not is_referrer_mix_known(graph):
        notes.append(_note_half_known_mix(graph, row["referred"]))
    elif row["referred"]:
        notes.append(
            message(
                "note.effect-through",
                key_only=row["key_only"],
                old_only=row["old_only"],
                both=row["both"],
                neither=row["neither"],
            )
        )
    notes.append(note_key_account_rule(graph))
    if not graph.has("customers.source"):
        notes.append(message("note.no-source"))
    by_unknown = int((referred_by_unknown(graph, ("customer",)) & graph.existing).sum())
    if by_unknown:
        counts = {"referred": row["referred"], "named": row["referred"] - by_unknown}
        notes.append(message("note.referrer-half-known", **counts, unknown=by_unknown))
    is_valued = graph.value.basis != "customers" and row["value_share"] is not None
    if is_valued and row["value_share_low"] is None:
        notes.append(message("note.value-share-no-interval"))
    notes += _note_late_referrals(graph, row["referred"])
    notes += _note_inside_groups(graph, row["referred"], row["customers"])
    notes += _note_key_accounts(graph, row["referred"])
    return notes + _note_by_year(graph)


def _note_half_known_mix(graph: Graph, referred: int) -> Message:
    """Through old customers, or through key accounts, if the other of the two is unknown."""
    is_referred_now = is_referred(graph, ("customer",)) & graph.existing
    if is_old_known(graph):
        old = int((came_through_old(graph, ("customer",)) & is_referred_now).sum())
        return message("note.split-old-only", old=old, referred=referred)
    if graph.is_key_account_known:
        key = int((came_through_key(graph, ("customer",)) & is_referred_now).sum())
        return message("note.split-key-only", key=key, referred=referred)
    return message("note.split-cannot-tell")


def _note_late_referrals(graph: Graph, referred: int) -> list[Message]:
    """How many came before anybody had referred them, by the dates: all their referrals are late.

    An undated referral, or a first contract without a date, is never late.
    """
    is_arc = mark_arcs_of_kinds(graph, ("customer",))
    arcs = graph.arcs.filter(pl.Series(is_arc, dtype=pl.Boolean))
    late = (arcs["at"] > graph.parties["since"].gather(arcs["referred"])).fill_null(False)
    has_timely = np.zeros(len(graph), np.bool_)
    has_timely[arcs["referred"].filter(~late).to_numpy()] = True
    by_arc = np.zeros(len(graph), np.bool_)
    by_arc[arcs["referred"].to_numpy()] = True
    customers = int((by_arc & ~has_timely & graph.existing).sum())
    return (
        [message("note.effect-late", customers=customers, referred=referred)] if customers else []
    )


def _note_inside_groups(graph: Graph, referred: int, customers: int) -> list[Message]:
    """By how much referrals within a group of companies raise the share."""
    rule_input = build_integrity_input(graph.parties, graph.arcs, graph.affiliations, graph.as_of)
    cases = integrity_rules.find_cases(rule_input, ["inside-group"])
    inside = cases["arcs"].explode(empty_as_null=False, keep_nulls=False).to_numpy()
    is_outside = mark_arcs_of_kinds(graph, ("customer",)).copy()
    is_outside[inside] = False
    has_other_referral = np.zeros(len(graph), np.bool_)
    has_other_referral[graph.arcs["referred"].to_numpy()[is_outside]] = True

    by_known = is_referred(graph, ("customer",)) & ~referred_by_unknown(graph, ("customer",))
    only_inside = int((graph.existing & by_known & ~has_other_referral).sum())
    if not only_inside:
        return []
    return [
        message(
            "note.inside-groups",
            customers=only_inside,
            referred=referred,
            share=referred / customers,
            without=(referred - only_inside) / customers,
        )
    ]


def _note_key_accounts(graph: Graph, referred: int) -> list[Message]:
    """Key accounts and referred customers are two sets; how far they overlap."""
    if not graph.is_key_account_known or not graph.parties["key"].any():
        return []
    is_key = graph.parties["key"].fill_null(False).to_numpy() & graph.existing
    both = int((is_key & is_referred(graph, ("customer",))).sum())
    return [message("note.two-sets", key=int(is_key.sum()), referred=referred, both=both)]


def _note_by_year(graph: Graph) -> list[Message]:
    """The share among the new customers of the latest years, former customers included.

    The headline share covers existing customers only, so it depends on who stayed; this one does
    not.
    """
    referred = pl.Series(is_referred(graph, ("customer",)))
    is_dated = pl.Series(graph.customers) & graph.parties["since"].is_not_null()
    parties = graph.parties.select(year=pl.col("since").dt.year(), referred=referred)
    parties = parties.filter(is_dated)
    years = parties.group_by("year").agg(pl.len().alias("n"), pl.col("referred").sum())
    shares = []
    for year, n, referred in years.sort("year").tail(MAX_YEARS).iter_rows():
        counts = {"year": year, "referred": referred, "n": n, "share": referred / n}
        shares.append(message("phrase.flow-share", **counts))
    return [message("note.flow-share", years=tuple(shares))] if shares else []
