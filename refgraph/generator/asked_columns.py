"""Columns of dates that a company has only if asked for: lost_at, entered_at, adviser_since."""

from __future__ import annotations

import numpy as np

from refgraph.generator.company import Company
from refgraph.generator.history import select_advisers
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


def list_asked_columns(company: Company) -> dict[str, Ints]:
    """Name -> day by customer, then prospect, -1 = none: the columns that the plan asks for."""
    plan, columns = company.plan, {}
    if plan.stage_dates:
        columns["lost_at"] = draw_loss_days(company)
    if plan.entry_dates:
        columns["entered_at"] = _list_entry_days(company)
    if plan.advisers:
        columns["adviser_since"] = _list_appointment_days(company)
    return columns


def _list_entry_days(company: Company) -> Ints:
    """The day of the first contact: of the referral, or as long before the first contract."""
    first = np.maximum(company.history.at, 0)
    thin = company.joined[company.sizes.organic :]
    return np.concatenate([first, thin, company.prospects.since]).astype(np.int32)


def _list_appointment_days(company: Company) -> Ints:
    """The day on which advisers joined."""
    organic = company.sizes.organic
    is_adviser = select_advisers(company.plan, organic)
    day = np.full(len(company.joined) + len(company.prospects.since), -1, np.int32)
    day[:organic] = np.where(is_adviser, company.joined[:organic], -1)
    return day
