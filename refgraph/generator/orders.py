"""Orders: Poisson in number, log-normal in size, in blocks of customers; years before the order table begins have none."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from refgraph.generator.company import Company, ordering
from refgraph.generator.dealing import Floats, Ints
from refgraph.generator.history import YEAR
from refgraph.generator.lures import FEWEST_ORDERS, Lure, costs, margins, weights
from refgraph.generator.origins import Longs
from refgraph.generator.streams import stream
from refgraph.generator.tables import dates

BLOCK = 2**18
UNEVEN, MOST = 0.4, 52.0
DAY = 2**16


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
    begin, days = ordering(company.plan, company.joined, company.left)
    rate, start = rates(company), 0
    for block, first in enumerate(range(0, len(rate), BLOCK)):
        part = slice(first, min(first + BLOCK, len(rate)))
        rng = stream(company.plan.seed, "orders", block)
        count = rng.poisson(rate[part] * days[part] / YEAR)
        thin = np.arange(part.start, part.stop) >= company.sizes.organic
        count = np.where(thin, 1, count)
        regular = np.maximum(np.rint(rate[part] * days[part] / YEAR).astype(np.int64), FEWEST_ORDERS)
        count = np.where(company.lure[part] != Lure.NONE, regular, count)
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
    lure = company.lure[who]
    per_order = np.where(lure == Lure.NONE, uneven / rate[who], days[who] / YEAR) * weights(company.lure, who)
    revenue = np.rint(company.value[who] * per_order * 100) / 100
    margin, price = rng.normal(0.08, 0.04, who.size), rng.uniform(3700, 5600, who.size)
    margin = margins(lure, margin, (price - 3700) / 1900)
    more = costs(lure, revenue, rng) if company.plan.false_keys else {}
    number = pl.lit(pl.Series(start + np.arange(who.size) + 1)).cast(pl.String).str.zfill(9)
    return pl.DataFrame({
        "order_id": pl.select(pl.concat_str(pl.lit("O"), number)).to_series(), "customer": names.gather(who),
        "at": dates(company, day), "revenue": revenue, "profit": np.rint(revenue * margin * 100) / 100,
        "volume": np.rint(revenue / price * 1000) / 1000, **more,
    })  # fmt: skip
