"""Orders: Poisson in number, log-normal in size, in blocks of customers; years before the order table begins have none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import polars as pl

from refgraph.generator.company import Company
from refgraph.generator.dealing import Floats, Ints
from refgraph.generator.history import YEAR
from refgraph.generator.origins import Longs
from refgraph.generator.plan import END, Plan
from refgraph.generator.streams import stream
from refgraph.generator.tables import dates

BLOCK = 2**18
UNEVEN, MOST = 0.4, 52.0
DAY = 2**16


def window(plan: Plan) -> int:
    """The first day of the table: 1 January of its first calendar year, day 0 at the earliest."""
    return max(plan.days - (END - date(END.year - plan.order_years + 1, 1, 1)).days, 0)


def exposure(company: Company) -> tuple[Ints, Ints]:
    """(first day, days) by customer in which it can order: from joining to the day before it leaves, within the table."""
    begin = np.maximum(company.joined, window(company.plan))
    end = np.minimum(company.left - 1, company.plan.days)
    return begin.astype(np.int32), np.maximum(end - begin + 1, 0).astype(np.int32)


def rates(company: Company) -> Floats:
    """Orders a year by customer: larger ones order more often (elasticity 0.3); a thin account orders once."""
    size = company.run.size
    rate = np.minimum(company.plan.orders_a_year * np.exp(0.3 * size - 0.045), MOST)
    return np.concatenate([rate, np.ones(company.sizes.thin)])


def orders(company: Company, names: pl.Series) -> Iterator[pl.DataFrame]:
    """orders.csv in blocks, by customer and date. Expected revenue = planned yearly value x years of exposure, exactly;
    the first order of a customer who joined within the table stands on the day it joined."""
    if not company.plan.order_years:
        return
    begin, days = exposure(company)
    rate, start = rates(company), 0
    for block, first in enumerate(range(0, len(rate), BLOCK)):
        part = slice(first, min(first + BLOCK, len(rate)))
        rng = stream(company.plan.seed, "orders", block)
        count = rng.poisson(rate[part] * days[part] / YEAR)
        thin = np.arange(part.start, part.stop) >= company.sizes.organic
        count = np.where(thin, 1, count)
        yield _block(company, names, np.repeat(np.arange(part.start, part.stop), count), begin, days, rate, start, rng)
        start += int(count.sum())


def _block(company: Company, names: pl.Series, who: Longs, begin: Ints, days: Ints, rate: Floats, start: int,
           rng: np.random.Generator) -> pl.DataFrame:
    drawn = begin[who] + (rng.random(who.size) * days[who]).astype(np.int64)
    day = np.sort(who * DAY + drawn) - who * DAY
    opening = np.concatenate([[True], who[1:] != who[:-1]])[: who.size] & (company.joined[who] == begin[who])
    day[opening] = begin[who[opening]]
    thin = who >= company.sizes.organic
    uneven = np.where(thin, 1.0, rng.lognormal(-UNEVEN**2 / 2, UNEVEN, who.size))
    revenue = np.rint(company.value[who] / rate[who] * uneven * 100) / 100
    margin, price = rng.normal(0.08, 0.04, who.size), rng.uniform(3700, 5600, who.size)
    number = pl.lit(pl.Series(start + np.arange(who.size) + 1)).cast(pl.String).str.zfill(9)
    return pl.DataFrame({
        "order_id": pl.select(pl.concat_str(pl.lit("O"), number)).to_series(), "customer": names.gather(who),
        "at": dates(company, day), "revenue": revenue, "profit": np.rint(revenue * margin * 100) / 100,
        "volume": np.rint(revenue / price * 1000) / 1000,
    })  # fmt: skip
