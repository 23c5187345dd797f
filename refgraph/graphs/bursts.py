"""Weeks in which a referrer made far more referrals than it ever does."""

from __future__ import annotations

from datetime import date

import polars as pl

FEWEST = 5
"""Referrals in one week below which nothing is a burst."""
CUT = 3.5
"""Robust z above which a week stands out (Iglewicz & Hoaglin, How to Detect and Handle Outliers, 1993)."""
TO_SIGMA = 1.4826
MEAN_TO_SIGMA = 1.2533


def weeks(arcs: pl.DataFrame, as_of: date | None) -> pl.DataFrame:
    """Bursts: one row a referrer and week (Monday) with ``count``, ``usual`` (median referrals a week) and ``z``.

    arcs: counted referrals with ``referrer`` and ``at``. z = (count - median) / (1.4826 MAD) over the weeks from the first
    referral to the as-of day, empty weeks included; where more than half of these are alike, 1.2533 times the mean absolute
    deviation stands for 1.4826 MAD (ibid.). A burst has z > 3.5 and at least five referrals.
    """
    schema = {"referrer": pl.Int32, "week": pl.Date, "count": pl.Int64, "usual": pl.Float64, "z": pl.Float64}
    dated = arcs.filter(pl.col("at").is_not_null())
    if as_of is None or not dated.height:
        return pl.DataFrame(schema=schema)
    each = dated.group_by("referrer", pl.col("at").dt.truncate("1w").alias("week")).agg(pl.len().cast(pl.Int64).alias("count"))
    last = pl.lit(as_of).dt.truncate("1w")
    each = each.with_columns(
        all=((last - pl.col("week").min().over("referrer")).dt.total_days() // 7 + 1), busy=pl.len().over("referrer"))
    loud = each.filter(pl.col("count").max().over("referrer") >= FEWEST)
    if not loud.height:
        return pl.DataFrame(schema=schema)
    levels = _levels(loud)
    found = loud.join(levels, on="referrer").with_columns(
        z=pl.when(pl.col("scale") > 0).then((pl.col("count") - pl.col("usual")) / pl.col("scale")).otherwise(0.0))
    return found.filter((pl.col("count") >= FEWEST) & (pl.col("z") > CUT)).select(*schema).sort("referrer", "week")


def _levels(each: pl.DataFrame) -> pl.DataFrame:
    """By referrer: median and scale of its weeks. Empty weeks are added only where they do not decide the median by number."""
    calm = each.filter(pl.col("busy") * 2 < pl.col("all")).group_by("referrer").agg(
        usual=pl.lit(0.0), scale=pl.lit(MEAN_TO_SIGMA) * pl.col("count").sum() / pl.col("all").first())
    rest = each.filter(pl.col("busy") * 2 >= pl.col("all"))
    idle = rest.group_by("referrer").agg((pl.col("all").first() - pl.col("busy").first().cast(pl.Int64)).alias("idle"))
    empty = idle.select("referrer", pl.lit(0, pl.Int64).repeat_by("idle").alias("count")).explode("count").drop_nulls()
    every = pl.concat([rest.select("referrer", "count"), empty])
    off = every.with_columns(apart=(pl.col("count") - pl.col("count").median().over("referrer")).abs())
    busy = off.group_by("referrer").agg(
        usual=pl.col("count").median(), mad=pl.col("apart").median(), mean=pl.col("apart").mean(),
    ).select("referrer", "usual", scale=pl.when(pl.col("mad") > 0).then(TO_SIGMA * pl.col("mad")).otherwise(
        MEAN_TO_SIGMA * pl.col("mean")))  # fmt: skip
    return pl.concat([calm, busy])
