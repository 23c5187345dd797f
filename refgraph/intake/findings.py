"""What is used but deserves a look: one row with code, members and place for each."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from refgraph.kernels.encoder import letters
from refgraph.model.dataset import FINDINGS

_STRIDE = 1 << 20
"""Letters looked at together: they stay in the cache of the processor."""


def finding(code: str, rows: pl.DataFrame, members: Sequence[str], detail: pl.Expr | None = None) -> pl.DataFrame:
    """Findings from the rows of a frame: ``members`` are columns of ids; file and line where the frame has them."""
    place = [pl.col(c) if c in rows.columns else pl.lit(None).alias(c) for c in ("file", "line")]
    text = pl.lit(None) if detail is None else detail.cast(pl.String)
    return rows.select(
        pl.lit(code).alias("code"), pl.concat_list(members).alias("members"), *place, text.alias("detail")
    ).cast(FINDINGS)  # type: ignore[arg-type]


def of(customers: pl.DataFrame, referrals: pl.DataFrame, referrer: pl.Series, orders: pl.DataFrame | None,
       recorded: frozenset[str]) -> pl.DataFrame:
    """All findings that need no scope. referrer: the row of ``customers`` that each referral's referrer stands in."""
    found = [*_negative("customers", customers, "id"), _similar_ids(customers), _too_early(customers, referrals, referrer)]
    if orders is not None:
        found += _negative("orders", orders, "customer")
        found += [_mismatch(customers, orders, c) for c in ("revenue", "profit", "volume")
                  if f"customers.{c}" in recorded and f"orders.{c}" in recorded]  # fmt: skip
    return pl.concat([pl.DataFrame(schema=FINDINGS), *found])


def _negative(table: str, frame: pl.DataFrame, member: str) -> list[pl.DataFrame]:
    columns = ("revenue", "volume")
    return [finding("negative-value", frame.filter(pl.col(c) < 0), [member], pl.lit(f"{table}.{c}")) for c in columns]


def _similar_ids(customers: pl.DataFrame) -> pl.DataFrame:
    """Ids that differ by case or spaces only: five ids stay five, but a person should know."""
    if _strict(customers["id"]):
        return pl.DataFrame(schema=FINDINGS)
    loose = customers.select("id", pl.col("id").str.to_lowercase().str.replace_all(r"\s", "").alias("loose"))
    if loose["loose"].n_unique() == loose.height:
        return pl.DataFrame(schema=FINDINGS)
    alike = loose.filter(pl.col("loose").is_duplicated()).group_by("loose").agg(pl.col("id").sort()).sort("loose")
    return alike.select(
        pl.lit("similar-ids").alias("code"), pl.col("id").alias("members"), pl.lit(None).alias("file"),
        pl.lit(None).alias("line"), pl.lit(None).alias("detail"),
    ).cast(FINDINGS)  # type: ignore[arg-type]  # fmt: skip


def _strict(ids: pl.Series) -> bool:
    """Whether all are ASCII without spaces and of one case, so that no two can be alike; False = not known."""
    text = letters(ids)
    upper = lower = False
    for start in range(0, len(text), _STRIDE):
        some = text[start : start + _STRIDE]
        if some.min() <= 32 or some.max() > 126:
            return False
        upper = upper or bool(((some >= 65) & (some <= 90)).any())
        lower = lower or bool((some >= 97).any())
        if upper and lower:
            return False
    return True


def _too_early(customers: pl.DataFrame, referrals: pl.DataFrame, referrer: pl.Series) -> pl.DataFrame:
    """A referral dated before its referrer joined."""
    if referrals["at"].null_count() == referrals.height or customers["joined"].null_count() == customers.height:
        return pl.DataFrame(schema=FINDINGS)
    early = referrals.filter(referrals["at"] < customers["joined"].gather(referrer))
    return finding("referral-before-joined", early, ["referrer", "referred"], pl.col("at"))


def _mismatch(customers: pl.DataFrame, orders: pl.DataFrame, column: str) -> pl.DataFrame:
    """A customer whose orders add up to something else than its own column says."""
    in_order = orders.sort("customer", column)  # a sum of floats depends on it
    total = in_order.group_by("customer", maintain_order=True).agg(pl.col(column).sum().alias("total"))
    both = customers.filter(pl.col(column).is_not_null()).join(total, left_on="id", right_on="customer")
    apart = (pl.col("total") - pl.col(column)).abs() > 0.005 * pl.col(column).abs().clip(1.0)
    return finding("value-mismatch", both.filter(apart), ["id"], pl.concat_str(
        pl.lit(f"{column}: "), column, pl.lit(" / "), "total"))
