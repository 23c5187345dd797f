"""Key accounts and account tiers as they were on an earlier day, from the orders before it."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from refgraph.graph.key_accounts import count_customer_years
from refgraph.graph.parties import find_first_order_date
from refgraph.measures.account_figures import load_rules
from refgraph.measures.calendar import EPOCH, MIN_DAY, to_day_number
from refgraph.measures.groups import NOT_RECORDED
from refgraph.measures.order_sums import OrderSums
from refgraph.model.graph import Floats, Graph, Longs
from refgraph.model.settings import KeyAccountRule


class DatedGroups:
    """The group of each party on any day, by the key account rule or by tier.

    Only orders before the day count. first_day: that of the first order of the data, in days since
    1970-01-01; up to then no group is known.
    """

    def __init__(self, graph: Graph, by: str) -> None:
        self._graph = graph
        rule = graph.settings.key_account
        self._rule: KeyAccountRule | None = rule if by == "key" else None
        self._measure = self._rule.measure if self._rule else "revenue"
        self._sums = OrderSums(graph, self._measure)
        first = find_first_order_date(graph.orders)
        self._first = first or date.max
        self.first_day = to_day_number(self._first)

    def read(self, day: int) -> pl.Series:
        """Text, by party: the group at the beginning of a day, in days since 1970-01-01."""
        if self._rule:
            is_yearly = self._rule.period == "yearly_mean"
            measure = pl.Series(self._sum_until(day, is_yearly=is_yearly))
            is_key = measure > self._rule.over
            word = pl.when(is_key).then(pl.lit("key_account")).otherwise(pl.lit("other_account"))
            return pl.select(word.alias("group")).to_series()
        return self._assign_tiers(self._sum_until(day, is_yearly=True))

    def _sum_until(self, day: int, *, is_yearly: bool) -> Floats:
        """The measure of the orders before a day, float64[n]; a yearly mean if asked."""
        everybody = np.arange(len(self._graph))
        start, end = (np.full(len(everybody), limit, np.int64) for limit in (MIN_DAY, day))
        total = self._sums.sum_between(everybody, start, end)
        if not is_yearly:
            return total
        before = EPOCH + timedelta(days=day - 1)
        return total / count_customer_years(self._graph.parties, before, self._first)

    def _assign_tiers(self, revenue: Floats) -> pl.Series:
        """The tier of a yearly revenue; ``not_recorded`` below the lowest."""
        rules = load_rules(self._graph)
        place: Longs = np.searchsorted(rules["tiers"], revenue, side="right")
        names = pl.Series([NOT_RECORDED, *rules["tier_names"]])
        return names.gather(pl.Series(place)).alias("group")
