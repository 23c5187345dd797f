"""Why a customer is on the list of `at-risk`: each sign with its figures."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.measures.account_explanations import join_words, split_words
from refgraph.measures.calendar import MAX_DAY
from refgraph.measures.leaving_signs import (
    NEIGHBOR_DAYS,
    LeavingSigns,
    mark_shrinking,
    mark_silent,
)
from refgraph.model.graph import Longs


def list_reasons(signs: LeavingSigns) -> pl.Series:
    """Lists of text, one per customer; null without any sign.

    ``risk-silent 240 > 2 × 90`` (days), ``risk-shrinking -64 %``, ``risk-referrer-left DAY``,
    ``risk-referred-left DAY``.
    """
    before = np.where(signs.earlier > 0, signs.earlier, np.inf)
    fall = np.where(np.isfinite(before), 1.0 - signs.recent / before, 0.0)
    figures = {"silent": signs.silent, "usual": signs.usual, "fall": 100.0 * fall}
    frame = pl.DataFrame(
        {name: np.nan_to_num(x).round().astype(np.int64) for name, x in figures.items()}
    )
    frame = frame.with_columns(
        is_silent=pl.Series(mark_silent(signs)),
        is_shrinking=pl.Series(mark_shrinking(signs)),
        referrer=_to_dates(_keep_recent(signs)),
        referred=_to_dates(signs.referred_left),
    )
    silence = pl.concat_str(pl.lit("risk-silent "), "silent", pl.lit(" > 2 × "), "usual")
    silent = pl.when("is_silent").then(silence)
    fallen = pl.concat_str(pl.lit("risk-shrinking −"), "fall", pl.lit(" %"))
    shrinking = pl.when("is_shrinking").then(fallen)
    left = [
        pl.concat_str(pl.lit(f"risk-{side}-left "), pl.col(side).cast(pl.String))
        for side in ("referrer", "referred")
    ]
    words: list[pl.Expr] = [silent, shrinking, *left]
    return frame.with_columns(why=join_words(words)).select(split_words("why")).to_series()


def _keep_recent(signs: LeavingSigns) -> Longs:
    """The days on which referrers left, `MAX_DAY` if that is more than two years ago."""
    is_recent = signs.referrer_left > signs.day - NEIGHBOR_DAYS
    return np.where(is_recent, signs.referrer_left, MAX_DAY)


def _to_dates(days: Longs) -> pl.Series:
    """Days since 1970-01-01 as dates; null for `MAX_DAY`."""
    is_known = days < MAX_DAY
    dates = pl.Series(np.where(is_known, days, 0).astype(np.int32)).cast(pl.Date)
    return pl.select(pl.when(pl.Series(is_known)).then(dates)).to_series()
