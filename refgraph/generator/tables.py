"""A company written down: customers and referrals as text columns, in blocks, rows in order of id and of date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import polars as pl

from refgraph.generator import words
from refgraph.generator.attributes import pick
from refgraph.generator.company import Company
from refgraph.generator.contacts import contacts, owners
from refgraph.generator.dealing import FAR, Ints
from refgraph.generator.names import companies, of, people, places, ranks
from refgraph.generator.origins import Longs, Origin
from refgraph.generator.plan import END
from refgraph.generator.prospects import Stage
from refgraph.generator.streams import stream

BLOCK = 2**19
STATUSES = ("prospect", "contacted", "negotiating", "lost", "closed", None)
SOURCE_OF = {Origin.HIDDEN: None, Origin.MISSING: None, Origin.STAFF: words.BY_STAFF, Origin.PARTNER: words.BY_PARTNER,
             Origin.NAMED: words.REFERRAL, Origin.NAMELESS: words.REFERRAL, Origin.STRANGER: words.REFERRAL,
             Origin.LOOP: words.REFERRAL, Origin.THIN: words.REFERRAL}  # fmt: skip
"""Source on record; the others have a channel of the company's own."""


def ids(company: Company) -> pl.Series:
    """The id of every party and stranger: C = customer or prospect, E = staff, P = partner, A = authority, X = stranger."""
    size, width = company.sizes, max(4, len(str(company.plan.size)))
    others = (("E", size.staff), ("P", size.partners), ("A", size.authorities), ("X", company.quotas.stranger))
    parts = [("C", company.number), *((letter, np.arange(count)) for letter, count in others)]
    return pl.concat([_id(letter, number, width) for letter, number in parts])


def _id(letter: str, number: Longs, width: int) -> pl.Series:
    digits = pl.lit(pl.Series("id", number + 1, dtype=pl.Int64)).cast(pl.String).str.zfill(width)
    return pl.select(pl.concat_str(pl.lit(letter), digits).alias("id")).to_series()


def dates(company: Company, days: Ints | Longs) -> pl.Series:
    """Days since the first contract as dates; null where they lie outside the company's time (negative, or `FAR`)."""
    first = END - timedelta(days=company.plan.days)
    known = (days >= 0) & (days < FAR)
    day = np.where(known, days, 0) + np.datetime64(first, "D")
    return pl.Series(np.where(known, day, np.datetime64("NaT"))).cast(pl.Date)


def customers(company: Company, names: pl.Series) -> Iterator[pl.DataFrame]:
    """customers.csv in blocks: customers and prospects in order of id, then staff, partners and authorities."""
    order, rank, whose = np.argsort(company.number), ranks(company.plan.seed, company.attributes.sector), owners(company)
    for block, start in enumerate(range(0, len(order), BLOCK)):
        yield _buyers(company, order[start : start + BLOCK], names, rank, whose, block)
    others = _others(company, names)
    if others.height:
        yield others


def _buyers(company: Company, those: Longs, names: pl.Series, rank: Longs, whose: dict[str, Ints], block: int) -> pl.DataFrame:
    rng, traits, prospects = stream(company.plan.seed, "customers", block), company.attributes, company.prospects
    first = company.sizes.customers
    stage = np.concatenate([np.full(first, Stage.CLOSED, np.int8), prospects.stage])[those]
    joined, left = (np.concatenate([days, np.full(len(prospects.stage), -1, np.int32)])[those]
                    for days in (company.joined, company.left))  # fmt: skip
    gone = (left >= 0) & (left <= company.plan.days)
    flows = of(tuple(words.LEFT_TO), pick(rng, words.LEFT_TO, those.size))
    frame = pl.DataFrame({
        "id": names.gather(those), "name": companies(rank[those], traits.sector[those]),
        "role": pl.Series(["customer"]).new_from_index(0, those.size), "kind": of(tuple(words.KINDS), traits.kind[those]),
        "status": of(STATUSES, stage), "joined": dates(company, joined), "left": dates(company, np.where(gone, left, -1)),
        "left_to": pl.select(pl.when(pl.lit(pl.Series(gone))).then(pl.lit(flows))).to_series(),
        "sector": of(tuple(words.SECTORS), traits.sector[those]),
        "ownership": of(tuple(words.OWNERSHIPS), traits.ownership[those]),
        "region": of(tuple(words.REGIONS), traits.region[those]), "source": _sources(company, those, rng),
        "potential": of(("low", "medium", "high"), traits.potential[those]),
        "rival_exposure": of(tuple(words.EXPOSURES), pick(rng, words.EXPOSURES, those.size)),
        "employees": traits.employees[those], "owner": _managers(company, rng, those.size),
    })  # fmt: skip
    return frame.with_columns(contacts(company, whose, those))


def _sources(company: Company, those: Longs, rng: np.random.Generator) -> pl.Series:
    own = of(words.SOURCES, pick(rng, words.SOURCE_WEIGHTS, those.size))
    lead = np.where(company.prospects.parent >= 0, Origin.NAMED, Origin.OWN)
    origin = np.concatenate([company.origin, lead])[those]
    told = of(tuple(SOURCE_OF.get(o) for o in Origin), origin)
    spoken = pl.lit(pl.Series(np.isin(origin, list(SOURCE_OF))))
    return pl.select(pl.when(spoken).then(pl.lit(told)).otherwise(pl.lit(own))).to_series()


def _managers(company: Company, rng: np.random.Generator, count: int) -> pl.Series:
    """Who looks after each party: one of the company's account managers, about one for 80 customers."""
    number = min(max(3, company.sizes.customers // 80), 400)
    team = people(stream(company.plan.seed, "managers"), number).unique(maintain_order=True)
    return team.gather(rng.integers(0, len(team), count))


def _others(company: Company, names: pl.Series) -> pl.DataFrame:
    """Staff, partners and authorities have an id, a name, a role and a region."""
    size, rng = company.sizes, stream(company.plan.seed, "others-names")
    first = size.customers + size.prospects
    called = pl.concat([people(rng, size.staff), places(rng, size.partners, "联盟商行"),
                        places(rng, size.authorities, "技术评定中心")])  # fmt: skip
    roles = ["staff"] * size.staff + ["partner"] * size.partners + ["authority"] * size.authorities
    columns = ("kind", "status", "joined", "left", "left_to", "sector", "ownership", "region", "source", "potential",
               "rival_exposure", "employees", "owner", "email", "phone", "address", "tax_id")  # fmt: skip
    region = of(tuple(words.REGIONS), company.attributes.region[first:])
    blank = {c: region if c == "region" else pl.Series([None] * len(roles), dtype=pl.String) for c in columns}
    known = {"id": names.slice(first, len(roles)), "name": called, "role": pl.Series(roles, dtype=pl.String)}
    return pl.DataFrame(known | blank)


def referrals(company: Company, names: pl.Series) -> Iterator[pl.DataFrame]:
    """referrals.csv in blocks, in order of date, referred and referrer."""
    arcs = company.arcs
    order = np.lexsort((arcs.referrer, arcs.referred, arcs.at))
    first_staff = company.sizes.customers + company.sizes.prospects
    for block, start in enumerate(range(0, len(order), BLOCK)):
        rows, rng = order[start : start + BLOCK], stream(company.plan.seed, "referrals", block)
        inside = (arcs.referrer[rows] < first_staff) | (arcs.referrer[rows] >= company.plan.size)
        told = pl.lit(pl.Series(inside))
        share, tie, contact = np.round(arcs.share[rows], 2), pick(rng, words.TIES, rows.size), people(rng, rows.size)
        named = pl.lit(pl.Series(rng.random(rows.size) < 0.4))
        rewards = of(tuple(words.REWARDS), pick(rng, words.REWARDS, rows.size))
        yield pl.select(
            pl.lit(names.gather(arcs.referrer[rows])).alias("referrer"),
            pl.lit(names.gather(arcs.referred[rows])).alias("referred"),
            pl.lit(dates(company, arcs.at[rows])).alias("at"), pl.lit(pl.Series(share)).fill_nan(None).alias("share"),
            pl.when(told).then(pl.lit(of(tuple(words.TIES), tie))).alias("tie"),
            pl.when(told & named).then(pl.lit(contact)).alias("contact"), pl.when(told).then(pl.lit(rewards)).alias("reward"),
        )  # fmt: skip
