"""Contacts and events that a company has only if asked for: people inside accounts, what happened.

Neither depends on referrals or value, so that answers which use them find nothing but chance.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from refgraph.generator.attributes import draw_weighted
from refgraph.generator.company import Company
from refgraph.generator.names import draw_person_names, gather_words
from refgraph.generator.origins import Longs
from refgraph.generator.streams import make_stream
from refgraph.generator.tables import to_dates
from refgraph.measures.calendar import YEAR

BLOCK = 2**18
"""Customers per block."""
TITLES = {"采购经理": 40, "总经理": 20, "采购员": 20, "财务经理": 10, "生产厂长": 10}
EVENT_WEIGHTS = {"visit": 55, "interview": 8, "event": 15, "complaint": 6, "praise": 8, "asked": 8}
"""How often each kind happens, in percent."""


def build_contacts(company: Company, ids: pl.Series) -> Iterator[pl.DataFrame]:
    """contacts.csv in blocks: Poisson people per customer, known since a day after it joined."""
    for block, members in _list_blocks(company):
        rng = make_stream(company.plan.seed, "people", block)
        customer = np.repeat(members, rng.poisson(company.plan.people, len(members)))
        since = company.joined[customer] + _draw_waiting(company, customer, rng)
        yield pl.DataFrame(
            {
                "party": ids.gather(customer),
                "person": draw_person_names(rng, len(customer)),
                "title": gather_words(TITLES, draw_weighted(rng, TITLES, len(customer))),
                "since": to_dates(company, since),
            }
        )


def build_events(company: Company, ids: pl.Series) -> Iterator[pl.DataFrame]:
    """events.csv in blocks: Poisson events per customer and year from joining to the last day."""
    for block, members in _list_blocks(company):
        rng = make_stream(company.plan.seed, "events", block)
        years = _count_days_since_joining(company, members) / YEAR
        customer = np.repeat(members, rng.poisson(company.plan.events * years))
        day = company.joined[customer] + _draw_waiting(company, customer, rng)
        kind = draw_weighted(rng, EVENT_WEIGHTS, len(customer))
        yield pl.DataFrame(
            {
                "party": ids.gather(customer),
                "at": to_dates(company, day),
                "kind": gather_words(EVENT_WEIGHTS, kind),
            }
        )


def _list_blocks(company: Company) -> Iterator[tuple[int, Longs]]:
    """Number and customers of each block."""
    customers = len(company.joined)
    for block, first in enumerate(range(0, customers, BLOCK)):
        yield block, np.arange(first, min(first + BLOCK, customers))


def _count_days_since_joining(company: Company, customer: Longs) -> Longs:
    """To the last day or the day of leaving, at least 1."""
    end = np.minimum(company.left[customer], company.plan.days)
    return np.maximum(end - company.joined[customer], 1).astype(np.int64)


def _draw_waiting(company: Company, customer: Longs, rng: np.random.Generator) -> Longs:
    """Days from joining, uniform as long as it is a customer."""
    return rng.integers(0, _count_days_since_joining(company, customer))
