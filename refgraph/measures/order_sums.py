"""What and how often a customer ordered up to a day, for many customers and days at once."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.measures.calendar import MIN_DAY, to_day_numbers
from refgraph.model.graph import Floats, Graph, Longs


class OrderSums:
    """Dated orders by customer and day, with running sums of a column: the value basis, or another
    one.
    """

    SPAN = 2**33

    def __init__(self, graph: Graph, column: str = "") -> None:
        assert graph.orders is not None
        orders = graph.orders.filter(pl.col("at").is_not_null())
        day = to_day_numbers(orders["at"], MIN_DAY) - MIN_DAY
        self._key = orders["customer"].cast(pl.Int64).to_numpy() * self.SPAN + day
        amounts = orders[column or graph.value.basis].fill_null(0.0).to_numpy()
        self._running = np.concatenate([[0.0], np.cumsum(amounts)])

    def sum_between(self, customer: Longs, start: Longs, end: Longs) -> Floats:
        """start <= date < end, float64 for each."""
        keys = [customer * self.SPAN + day - MIN_DAY for day in (start, end)]
        low, high = (np.searchsorted(self._key, key) for key in keys)
        sums: Floats = self._running[high] - self._running[low]
        return np.where(low == high, 0.0, sums)

    def count_until(self, customer: Longs, day: int) -> tuple[Longs, Longs, Longs]:
        """Orders of each customer up to a day, and the days of its first and last of them.

        Three int64[m]; `MIN_DAY` for the days of who has none.
        """
        low = np.searchsorted(self._key, customer * self.SPAN)
        high = np.searchsorted(self._key, customer * self.SPAN + (day + 1 - MIN_DAY))
        has_any = high > low
        offset = customer * self.SPAN - MIN_DAY
        key = np.append(self._key, 0)
        first, last = (
            np.where(has_any, key[place] - offset, MIN_DAY)
            for place in (low, np.maximum(high, 1) - 1)
        )
        return high - low, first, last
