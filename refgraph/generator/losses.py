"""The column ``lost_at`` of a company with ``--stage-dates``: the day of each loss."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.generator.company import Company
from refgraph.generator.origins import Longs
from refgraph.generator.prospects import Stage
from refgraph.generator.referrer_sampling import Ints
from refgraph.generator.streams import make_stream

MEAN_DAYS_TO_LOSS = 120
"""From the first day on file to the day of the loss, exponential; at most to the last day."""


def draw_loss_days(company: Company) -> Ints:
    """int32 by customer, then prospect: the day on which it was lost, -1 for all others."""
    prospects = company.prospects
    rng = make_stream(company.plan.seed, "losses")
    waiting = np.ceil(rng.exponential(MEAN_DAYS_TO_LOSS, len(prospects.since)))
    day = np.minimum(prospects.since + waiting.astype(np.int32), company.plan.days)
    lost_at = np.where(prospects.stage == Stage.LOST, day, -1)
    never = np.full(company.sizes.customers, -1)
    return np.concatenate([never, lost_at]).astype(np.int32)


def list_loss_columns(company: Company, dates: pl.Series, parties: Longs) -> list[pl.Series]:
    """The column of some customers and prospects; none without ``stage_dates``.

    dates: of all customers and prospects.
    """
    return [dates.gather(parties).alias("lost_at")] if company.plan.stage_dates else []


def list_empty_loss_columns(company: Company, rows: int) -> list[pl.Series]:
    """The column of other parties, empty; none without ``stage_dates``."""
    return [pl.Series("lost_at", [None] * rows, pl.Date)] if company.plan.stage_dates else []
