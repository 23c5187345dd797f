"""What chance would give to each pair of groups in `flows` (M60)."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.analyses.columns import make_empty_frame
from refgraph.estimates.block_binomial import (
    EXACT_LIMIT,
    BlockSumTestResult,
    block_sum_test,
    skew_corrected_normal,
)
from refgraph.estimates.multiple_testing import benjamini_hochberg
from refgraph.measures.referral_blocks import ReferralBlocks
from refgraph.model.result import Column
from refgraph.model.units import Unit

CHANCE_COLUMNS = (
    Column("compared", Unit.COUNT, "M60", detail=True, closed="simulation"),
    Column("expected", Unit.RATIO, "M60", key="flow_expected", closed="simulation"),
    Column("expected_low", Unit.COUNT, "M60", detail=True, closed="simulation"),
    Column("expected_high", Unit.COUNT, "M60", detail=True, closed="simulation"),
    Column("ratio", Unit.RATIO, "M60", key="flow_ratio", closed="simulation"),
    Column("chance", Unit.SHARE, "M60", detail=True, closed="simulation"),
    Column("against_chance", Unit.LABEL, "M60"),
)


def compare_with_chance(blocks: ReferralBlocks | None, pairs: int) -> pl.DataFrame:
    """`CHANCE_COLUMNS` for each pair of groups, by origin and target.

    All null without blocks to compare. pairs: number of pairs.
    """
    if blocks is None or not len(blocks.size):
        return make_empty_frame(CHANCE_COLUMNS).clear(pairs)

    tests = _test_pairs(blocks)
    p_value = 2.0 * pl.min_horizontal("at_most", "at_least")
    tests = tests.with_columns(
        ratio=pl.when(pl.col("mean") > 0).then(pl.col("compared") / pl.col("mean")),
        chance=pl.when(pl.col("mean") > 0).then(pl.min_horizontal(p_value, 1.0)),
    )
    tests = tests.with_columns(is_repeated=_mark_repeated_tests())
    distinct = pl.when(~pl.col("is_repeated")).then("chance")
    p_values = tests.select(distinct.fill_null(np.nan)).to_series().to_numpy()
    tests = tests.with_columns(is_significant=pl.Series(benjamini_hochberg(p_values)))
    direction = pl.when(pl.col("ratio") > 1).then(pl.lit("more")).otherwise(pl.lit("less"))
    word = pl.when("is_significant").then(direction).otherwise(pl.lit("as_chance"))
    word = pl.when("is_repeated").then(pl.lit("same_test")).otherwise(word)
    return tests.select(
        "compared",
        pl.col("mean").alias("expected"),
        pl.col("low").round(mode="half_to_even").cast(pl.Int64).alias("expected_low"),
        pl.col("high").round(mode="half_to_even").cast(pl.Int64).alias("expected_high"),
        "ratio",
        "chance",
        pl.when(pl.col("chance").is_not_null()).then(word).alias("against_chance"),
    )


def _mark_repeated_tests() -> pl.Expr:
    """Whether a pair only repeats the test of another one.

    If just two groups could have referred into a group, what one of them has more the other has
    less: one test. It stands at the pair with the higher ratio, or the first of two equal ones.
    """
    is_possible = pl.col("mean") > 0
    has_two = is_possible.sum().over("target") == 2
    rank = pl.col("ratio").rank("ordinal", descending=True).over("target")
    return is_possible & has_two & (rank > 1)


def _test_pairs(blocks: ReferralBlocks) -> pl.DataFrame:
    """One row per pair: ``compared`` referrals, and the fields of `BlockSumTestResult`."""
    groups = blocks.present.shape[1]
    pair = blocks.origin * groups + blocks.target
    compared = np.bincount(pair, weights=blocks.size, minlength=groups * groups).astype(np.int64)
    schema = dict.fromkeys(BlockSumTestResult._fields, pl.Float64)
    frames = []
    for target in range(groups):
        counts = compared[target::groups]
        results = _test_target_group(blocks, target, counts.tolist())
        frame = pl.DataFrame(results, schema=schema, orient="row").with_row_index("origin")
        frames.append(frame.with_columns(compared=pl.Series(counts), target=target))
    return pl.concat(frames).sort("origin", "target")


def _test_target_group(
    blocks: ReferralBlocks, target: int, counts: list[int]
) -> list[BlockSumTestResult]:
    """What chance gives to each origin of the referrals into one group.

    counts: referrals from each origin. Exact for few referrals, from summed moments for many.
    """
    is_into = blocks.target == target
    size, p = blocks.size[is_into], blocks.present[blocks.day[is_into]]
    total = int(size.sum())
    if total <= EXACT_LIMIT:
        return [block_sum_test(size, p[:, u], count) for u, count in enumerate(counts)]
    spread = p * (1 - p)
    means, variances = size @ p, size**2 @ spread
    third_moments = size**3 @ (spread * (1 - 2 * p))
    results = []
    for mean, variance, third, count in zip(means, variances, third_moments, counts, strict=True):
        moments = float(mean), float(variance), float(third)
        results.append(skew_corrected_normal(*moments, total, count))
    return results
