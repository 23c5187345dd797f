"""Weeks in which a referrer made far more referrals than usual."""

from __future__ import annotations

from datetime import date

import polars as pl

MIN_REFERRALS = 5
"""Fewer referrals than this in one week are never a burst."""
Z_THRESHOLD = 3.5
"""Robust z of a burst (Iglewicz & Hoaglin, How to Detect and Handle Outliers, 1993)."""
MAD_TO_SIGMA = 1.4826
MEAN_TO_SIGMA = 1.2533
SCHEMA = {
    "referrer": pl.Int32,
    "week": pl.Date,
    "count": pl.Int64,
    "usual": pl.Float64,
    "z": pl.Float64,
}


def find_burst_weeks(arcs: pl.DataFrame, as_of: date | None) -> pl.DataFrame:
    """One row per referrer and week (Monday): ``count``, ``usual`` (median per week), ``z``.

    arcs: counted referrals with ``referrer`` and ``at``. z = (count - median) / (1.4826 MAD) over
    the weeks from the first referral to the as-of date, empty weeks included; if the MAD is 0,
    1.2533 times the mean absolute deviation replaces 1.4826 MAD (ibid.). A burst has z > 3.5 and at
    least five referrals.
    """
    dated = arcs.filter(pl.col("at").is_not_null())
    if as_of is None or not dated.height:
        return pl.DataFrame(schema=SCHEMA)
    weeks = _count_by_week(dated, as_of)
    weeks = weeks.filter(pl.col("count").max().over("referrer") >= MIN_REFERRALS)
    if not weeks.height:
        return pl.DataFrame(schema=SCHEMA)
    count, scale = pl.col("count"), pl.col("scale")
    z = pl.when(scale > 0).then((count - pl.col("usual")) / scale).otherwise(0.0)
    weeks = weeks.join(_compute_levels(weeks), on="referrer").with_columns(z=z)
    bursts = weeks.filter((count >= MIN_REFERRALS) & (pl.col("z") > Z_THRESHOLD))
    return bursts.select(*SCHEMA).sort("referrer", "week")


def _count_by_week(dated: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """``count`` per referrer and week with referrals; ``weeks`` so far, ``busy`` with referrals."""
    week = pl.col("at").dt.truncate("1w").alias("week")
    counts = dated.group_by("referrer", week).agg(pl.len().cast(pl.Int64).alias("count"))
    last_week = pl.lit(as_of).dt.truncate("1w")
    first_week = pl.col("week").min().over("referrer")
    return counts.with_columns(
        weeks=(last_week - first_week).dt.total_days() // 7 + 1, busy=pl.len().over("referrer")
    )


def _compute_levels(weeks: pl.DataFrame) -> pl.DataFrame:
    """Median ``usual`` and ``scale`` of the weekly counts of each referrer."""
    is_mostly_empty = pl.col("busy") * 2 < pl.col("weeks")
    # With more than half of the weeks empty, median and MAD are 0 and need no rows for them.
    mean_count = pl.col("count").sum() / pl.col("weeks").first()
    sparse = weeks.filter(is_mostly_empty)
    sparse_levels = sparse.group_by("referrer").agg(
        usual=pl.lit(0.0), scale=pl.lit(MEAN_TO_SIGMA) * mean_count
    )
    dense = _add_empty_weeks(weeks.filter(~is_mostly_empty))
    median = pl.col("count").median().over("referrer")
    dense = dense.with_columns(deviation=(pl.col("count") - median).abs())
    deviation = pl.col("deviation")
    dense_levels = dense.group_by("referrer").agg(
        usual=pl.col("count").median(), mad=deviation.median(), mean=deviation.mean()
    )
    by_mad, by_mean = MAD_TO_SIGMA * pl.col("mad"), MEAN_TO_SIGMA * pl.col("mean")
    scale = pl.when(pl.col("mad") > 0).then(by_mad).otherwise(by_mean)
    return pl.concat([sparse_levels, dense_levels.select("referrer", "usual", scale=scale)])


def _add_empty_weeks(weeks: pl.DataFrame) -> pl.DataFrame:
    """``referrer``, ``count`` of all weeks, 0 for those without referrals."""
    empty_weeks = pl.col("weeks").first() - pl.col("busy").first().cast(pl.Int64)
    empty = weeks.group_by("referrer").agg(empty_weeks.alias("empty"))
    zeros = pl.lit(0, pl.Int64).repeat_by("empty").alias("count")
    zero_rows = empty.select("referrer", zeros).explode("count").drop_nulls()
    return pl.concat([weeks.select("referrer", "count"), zero_rows])
