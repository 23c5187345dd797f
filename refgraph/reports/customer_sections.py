"""The sections of a customer page, one line each: columns, rows and the sentence above them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import polars as pl

from refgraph.measures import party_profile
from refgraph.model.graph import Graph
from refgraph.model.message import Message, message
from refgraph.model.result import Column
from refgraph.model.units import Unit
from refgraph.reports import customer_headlines as headlines

_PARTY_COLUMNS = (Column("customer", Unit.ID, key="party_id"), Column("name", Unit.TEXT))
_STAGE, _SINCE = Column("stage", Unit.LABEL), Column("since", Unit.DATE)
_OWN_VALUE = Column("value", Unit.VALUE, key="own_value")
_RECORD_COLUMNS = (Column("file", Unit.TEXT), Column("line", Unit.COUNT))
_PROFILE_COLUMNS = (
    Column("source", Unit.TEXT),
    Column("sector", Unit.TEXT),
    Column("ownership", Unit.LABEL),
    Column("region", Unit.TEXT),
    Column("contact", Unit.TEXT),
    Column("phone", Unit.TEXT),
    Column("owner", Unit.TEXT),
)
FACT_COLUMNS = (
    *_PARTY_COLUMNS,
    Column("role", Unit.LABEL),
    _STAGE,
    Column("status", Unit.LABEL),
    _SINCE,
    Column("left", Unit.DATE),
    Column("key", Unit.LABEL, key="is_key"),
    *_PROFILE_COLUMNS,
    *_RECORD_COLUMNS,
)
_RANK_COLUMNS = (
    Column("rank", Unit.COUNT, key="rank_of"),
    Column("of", Unit.COUNT),
    Column("among", Unit.LABEL),
)
RANK_COLUMNS = (
    Column("measure", Unit.LABEL),
    Column("number", Unit.COUNT),
    Column("amount", Unit.VALUE),
    Column("part", Unit.SHARE),
    *_RANK_COLUMNS,
)
_REFERRAL_DETAILS = (
    Column("share", Unit.SHARE, key="share_of_referral", detail=True),
    Column("reward", Unit.MONEY, detail=True),
    *(replace(column, detail=True) for column in _RECORD_COLUMNS),
)
_REFERRAL_COLUMNS = (
    Column("date", Unit.DATE),
    Column("tie", Unit.TEXT),
    Column("kind", Unit.LABEL, key="referral_kind", detail=True),
    Column("use", Unit.LABEL),
    *_REFERRAL_DETAILS,
)
ABOVE_COLUMNS = (
    Column("up", Unit.DEPTH),
    *_PARTY_COLUMNS,
    _STAGE,
    _OWN_VALUE,
    Column("primary", Unit.LABEL),
    *_REFERRAL_COLUMNS,
)
BELOW_COLUMNS = (
    *_PARTY_COLUMNS,
    _STAGE,
    Column("stands", Unit.LABEL, key="status"),
    _SINCE,
    _OWN_VALUE,
    Column("direct", Unit.COUNT),
    *_REFERRAL_COLUMNS,
)
MEMBER_COLUMNS = (
    Column("generation", Unit.DEPTH),
    *_PARTY_COLUMNS,
    Column("referrer_name", Unit.TEXT, key="primary_name"),
    _STAGE,
    _SINCE,
    _OWN_VALUE,
)
CONTACT_COLUMNS = (
    Column("person", Unit.TEXT),
    Column("person_title", Unit.TEXT),
    Column("phone", Unit.TEXT),
    Column("since", Unit.DATE, key="contact_since"),
    *(replace(column, detail=True) for column in _RECORD_COLUMNS),
)
EVENT_COLUMNS = (
    Column("date", Unit.DATE, key="event_date"),
    Column("kind", Unit.LABEL, key="event_kind"),
    *(replace(column, detail=True) for column in _RECORD_COLUMNS),
)
FINDING_COLUMNS = (
    Column("code", Unit.LABEL),
    Column("others", Unit.TEXT),
    *_RECORD_COLUMNS,
    Column("detail", Unit.TEXT),
)


def list_no_notes(rows: pl.DataFrame) -> tuple[Message, ...]:
    """No notes, whatever the rows are."""
    return ()


def list_credit_notes(rows: pl.DataFrame) -> tuple[Message, ...]:
    """That credit is an allocation of value, not a measurement."""
    return (message("note.credit-is-allocation"),)


def list_uncounted_notes(referrals: pl.DataFrame) -> tuple[Message, ...]:
    """How many of the referrals are not counted in the scope, if any."""
    uncounted = referrals.filter(pl.col("use") == "apart").height
    return (message("note.referrals-apart", referrals=uncounted),) if uncounted else ()


def has_rows(rows: pl.DataFrame) -> bool:
    """Whether there is anything to show."""
    return rows.height > 0


def has_later_generations(descendants: pl.DataFrame) -> bool:
    """Whether any descendant is more than one referral away: the others are listed already."""
    return bool((descendants["generation"] != 1).any())


@dataclass(frozen=True, kw_only=True)
class SectionSpec:
    """What one section shows of a party.

    name: of the result, and its caption in ``texts/``. select_rows: (graph, index of the party) ->
    frame with at least `columns`. describe: (graph, index, rows) -> the headline. is_shown: (rows)
    -> whether the page has the section.
    """

    name: str
    columns: tuple[Column, ...]
    select_rows: Callable[[Graph, int], pl.DataFrame]
    describe: Callable[[Graph, int, pl.DataFrame], Message]
    list_notes: Callable[[pl.DataFrame], tuple[Message, ...]] = list_no_notes
    is_shown: Callable[[pl.DataFrame], bool] = lambda rows: True


FACTS = SectionSpec(
    name="customer-facts",
    columns=FACT_COLUMNS,
    select_rows=party_profile.select_facts,
    describe=headlines.describe_facts,
)
CONTACTS = SectionSpec(
    name="customer-contacts",
    columns=CONTACT_COLUMNS,
    select_rows=party_profile.list_contacts,
    describe=headlines.describe_contacts,
    is_shown=has_rows,
)
EVENTS = SectionSpec(
    name="customer-events",
    columns=EVENT_COLUMNS,
    select_rows=party_profile.list_events,
    describe=headlines.describe_events,
    is_shown=has_rows,
)
RANKS = SectionSpec(
    name="customer-ranks",
    columns=RANK_COLUMNS,
    select_rows=party_profile.compute_ranks,
    describe=headlines.describe_ranks,
    list_notes=list_credit_notes,
)
REFERRERS = SectionSpec(
    name="customer-above",
    columns=ABOVE_COLUMNS,
    select_rows=party_profile.list_referrals_above,
    describe=headlines.describe_referrers,
    list_notes=list_uncounted_notes,
    is_shown=has_rows,
)
REFERRALS = SectionSpec(
    name="customer-below",
    columns=BELOW_COLUMNS,
    select_rows=party_profile.list_referrals_below,
    describe=headlines.describe_referrals,
    list_notes=list_uncounted_notes,
    is_shown=has_rows,
)
DESCENDANTS = SectionSpec(
    name="customer-members",
    columns=MEMBER_COLUMNS,
    select_rows=party_profile.list_descendants,
    describe=headlines.describe_descendants,
    is_shown=has_later_generations,
)
FINDINGS = SectionSpec(
    name="customer-findings",
    columns=FINDING_COLUMNS,
    select_rows=party_profile.list_findings,
    describe=headlines.describe_findings,
    is_shown=has_rows,
)
SECTIONS_BELOW_TREE = (RANKS, REFERRERS, REFERRALS, DESCENDANTS, EVENTS, CONTACTS, FINDINGS)
