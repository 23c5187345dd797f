"""Customers and referrals of a company as tables, in blocks; rows in order of id, or of date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

import numpy as np
import polars as pl

from refgraph.generator import words
from refgraph.generator.asked_columns import list_asked_columns
from refgraph.generator.attributes import draw_weighted
from refgraph.generator.company import Company
from refgraph.generator.contacts import assign_contact_owners, format_contacts
from refgraph.generator.names import (
    assign_name_ranks,
    build_company_names,
    draw_person_names,
    draw_place_names,
    gather_words,
)
from refgraph.generator.origins import REFERRED_ORIGINS, Longs, Origin
from refgraph.generator.plan import END
from refgraph.generator.prospects import Stage
from refgraph.generator.referrer_sampling import NEVER_LEAVES, Ints
from refgraph.generator.streams import make_stream

BLOCK = 2**19
"""Rows per block."""
STATUSES = ("prospect", "contacted", "negotiating", "lost", "closed", None)
"""Words of `Stage`."""
POTENTIALS = ("low", "medium", "high")
CUSTOMERS_PER_MANAGER, MIN_MANAGERS, MAX_MANAGERS = 80, 3, 400
CONTACT_NAME_SHARE = 0.4
"""Share of the referrals by customers that name a person."""
PARTNER_SUFFIX, AUTHORITY_SUFFIX = "联盟商行", "技术评定中心"
COLUMNS_OF_BUYERS = (
    "kind",
    "status",
    "joined",
    "left",
    "left_to",
    "sector",
    "ownership",
    "region",
    "source",
    "potential",
    "rival_exposure",
    "employees",
    "owner",
    "email",
    "phone",
    "address",
    "tax_id",
)
"""Columns of customers.csv that are empty for staff, partners and authorities, except region."""
SOURCE_BY_ORIGIN = {
    Origin.HIDDEN: None,
    Origin.MISSING: None,
    Origin.STAFF: words.STAFF_REFERRAL,
    Origin.PARTNER: words.PARTNER_REFERRAL,
    **dict.fromkeys(REFERRED_ORIGINS, words.CUSTOMER_REFERRAL),
}
"""Recorded source; customers of other origins have a channel of the company's own."""


def build_ids(company: Company) -> pl.Series:
    """The id of every party and stranger.

    C = customer or prospect, E = staff, P = partner, A = authority, X = stranger.
    """
    sizes, width = company.sizes, max(4, len(str(company.plan.size)))
    others = (
        ("E", sizes.staff),
        ("P", sizes.partners),
        ("A", sizes.authorities),
        ("X", company.quotas.stranger),
    )
    parts = [_format_ids("C", company.number, width)]
    parts += [_format_ids(letter, np.arange(count), width) for letter, count in others]
    return pl.concat(parts)


def _format_ids(letter: str, number: Longs, width: int) -> pl.Series:
    digits = pl.lit(pl.Series("id", number + 1, dtype=pl.Int64)).cast(pl.String).str.zfill(width)
    return pl.select(pl.concat_str(pl.lit(letter), digits).alias("id")).to_series()


def to_dates(company: Company, days: Ints | Longs) -> pl.Series:
    """Days since the first contract as dates; null if negative or `NEVER_LEAVES` and above."""
    first = END - timedelta(days=company.plan.days)
    known = (days >= 0) & (days < NEVER_LEAVES)
    day = np.where(known, days, 0) + np.datetime64(first, "D")
    return pl.Series(np.where(known, day, np.datetime64("NaT"))).cast(pl.Date)


def build_customers(company: Company, ids: pl.Series) -> Iterator[pl.DataFrame]:
    """customers.csv in blocks: customers and prospects by id, then staff, partners, authorities."""
    order = np.argsort(company.number)
    name_rank = assign_name_ranks(company.plan.seed, company.attributes.sector)
    contact_owners = assign_contact_owners(company)
    asked = {name: to_dates(company, day) for name, day in list_asked_columns(company).items()}
    for block, start in enumerate(range(0, len(order), BLOCK)):
        parties = order[start : start + BLOCK]
        rng = make_stream(company.plan.seed, "customers", block)
        frame = _build_buyers(company, parties, ids, name_rank, rng)
        dates = {name: column.gather(parties) for name, column in asked.items()}
        contacts = format_contacts(company, contact_owners, parties)
        yield frame.with_columns(*contacts, **dates)
    others = _build_other_parties(company, ids)
    if others.height:
        yield others.with_columns(pl.lit(None, pl.Date).alias(name) for name in asked)


def _build_buyers(
    company: Company, parties: Longs, ids: pl.Series, name_rank: Longs, rng: np.random.Generator
) -> pl.DataFrame:
    """The rows of some customers and prospects, without their contacts."""
    attributes = company.attributes
    closed = np.full(company.sizes.customers, Stage.CLOSED, np.int8)
    stage = np.concatenate([closed, company.prospects.stage])[parties]
    columns = {
        "id": ids.gather(parties),
        "name": build_company_names(name_rank[parties], attributes.sector[parties]),
    }
    columns["role"] = pl.Series(["customer"]).new_from_index(0, parties.size)
    columns["kind"] = gather_words(words.KINDS, attributes.kind[parties])
    columns["status"] = gather_words(STATUSES, stage)
    columns |= _build_membership(company, parties, rng)
    columns["sector"] = gather_words(words.SECTORS, attributes.sector[parties])
    columns["ownership"] = gather_words(words.OWNERSHIPS, attributes.ownership[parties])
    columns["region"] = gather_words(words.REGIONS, attributes.region[parties])
    columns["source"] = _draw_sources(company, parties, rng)
    columns["potential"] = gather_words(POTENTIALS, attributes.potential[parties])
    columns["rival_exposure"] = _draw_words(words.EXPOSURES, parties.size, rng)
    columns["employees"] = pl.Series(attributes.employees[parties])
    columns["owner"] = _draw_managers(company, rng, parties.size)
    return pl.DataFrame(columns)


def _build_membership(
    company: Company, parties: Longs, rng: np.random.Generator
) -> dict[str, pl.Series]:
    """When buyers joined and left, and which supplier they left for; null for those who did not."""
    no_days = np.full(len(company.prospects.stage), -1, np.int32)
    joined = np.concatenate([company.joined, no_days])[parties]
    left = np.concatenate([company.left, no_days])[parties]
    has_left = (left >= 0) & (left <= company.plan.days)
    left_to = _draw_words(words.LEAVING_REASONS, parties.size, rng)
    return {
        "joined": to_dates(company, joined),
        "left": to_dates(company, np.where(has_left, left, -1)),
        "left_to": _keep_where(has_left, left_to),
    }


def _draw_words(
    weights: Mapping[str, int] | Mapping[str | None, int], count: int, rng: np.random.Generator
) -> pl.Series:
    """``count`` words drawn by weight."""
    return gather_words(weights, draw_weighted(rng, weights, count))


def _keep_where(mask: np.ndarray, values: pl.Series) -> pl.Series:
    """The values where the mask holds, null elsewhere."""
    return pl.select(pl.when(pl.lit(pl.Series(mask))).then(pl.lit(values))).to_series()


def _draw_sources(company: Company, parties: Longs, rng: np.random.Generator) -> pl.Series:
    """The source of some customers and prospects: what the records say, or a channel by weight."""
    channel = gather_words(words.SOURCES, draw_weighted(rng, words.SOURCE_WEIGHTS, parties.size))
    of_prospects = np.where(company.prospects.parent >= 0, Origin.NAMED, Origin.OWN)
    origin = np.concatenate([company.origin, of_prospects])[parties]
    recorded = gather_words(map(SOURCE_BY_ORIGIN.get, Origin), origin)
    is_recorded = pl.lit(pl.Series(np.isin(origin, list(SOURCE_BY_ORIGIN))))
    source = pl.when(is_recorded).then(pl.lit(recorded)).otherwise(pl.lit(channel))
    return pl.select(source).to_series()


def _draw_managers(company: Company, rng: np.random.Generator, count: int) -> pl.Series:
    """The account manager of each party."""
    managers = company.sizes.customers // CUSTOMERS_PER_MANAGER
    managers = min(max(MIN_MANAGERS, managers), MAX_MANAGERS)
    names = draw_person_names(make_stream(company.plan.seed, "managers"), managers)
    team = names.unique(maintain_order=True)
    return team.gather(rng.integers(0, len(team), count))


def _build_other_parties(company: Company, ids: pl.Series) -> pl.DataFrame:
    """Staff, partners and authorities: id, name, role and region."""
    sizes = company.sizes
    rng = make_stream(company.plan.seed, "others-names")
    names = [
        draw_person_names(rng, sizes.staff),
        draw_place_names(rng, sizes.partners, PARTNER_SUFFIX),
        draw_place_names(rng, sizes.authorities, AUTHORITY_SUFFIX),
    ]
    roles = ["staff"] * sizes.staff
    roles += ["partner"] * sizes.partners
    roles += ["authority"] * sizes.authorities
    first = sizes.customers + sizes.prospects
    region = gather_words(words.REGIONS, company.attributes.region[first:])
    empty = pl.Series([None] * len(roles), dtype=pl.String)
    columns = {
        "id": ids.slice(first, len(roles)),
        "name": pl.concat(names),
        "role": pl.Series(roles, dtype=pl.String),
    }
    return pl.DataFrame(columns | dict.fromkeys(COLUMNS_OF_BUYERS, empty) | {"region": region})


def build_referrals(company: Company, ids: pl.Series) -> Iterator[pl.DataFrame]:
    """referrals.csv in blocks, in order of date, referred and referrer."""
    arcs = company.arcs
    order = np.lexsort((arcs.referrer, arcs.referred, arcs.at))
    for block, start in enumerate(range(0, len(order), BLOCK)):
        rng = make_stream(company.plan.seed, "referrals", block)
        yield _build_referral_rows(company, ids, order[start : start + BLOCK], rng)


def _build_referral_rows(
    company: Company, ids: pl.Series, rows: Longs, rng: np.random.Generator
) -> pl.DataFrame:
    """Tie, contact and reward are recorded for referrals by customers and strangers only."""
    arcs, sizes = company.arcs, company.sizes
    referrer = arcs.referrer[rows]
    first_staff = sizes.customers + sizes.prospects
    is_by_customer = (referrer < first_staff) | (referrer >= company.plan.size)
    tie = _draw_words(words.TIES, rows.size, rng)
    contact = draw_person_names(rng, rows.size)
    has_contact = is_by_customer & (rng.random(rows.size) < CONTACT_NAME_SHARE)
    reward = _draw_words(words.REWARDS, rows.size, rng)
    columns = {"referrer": ids.gather(referrer), "referred": ids.gather(arcs.referred[rows])}
    columns["at"] = to_dates(company, arcs.at[rows])
    columns["share"] = pl.Series(np.round(arcs.share[rows], 2)).fill_nan(None)
    columns["tie"] = _keep_where(is_by_customer, tie)
    columns["contact"] = _keep_where(has_contact, contact)
    columns["reward"] = _keep_where(is_by_customer, reward)
    return pl.DataFrame(columns)
