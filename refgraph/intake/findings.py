"""Findings: rows that are used but deserve a look, with code, members and place."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from refgraph.kernels.id_index import join_bytes
from refgraph.model.dataset import FINDINGS_SCHEMA

_STRIDE = 1 << 20
"""Bytes examined together: they stay in the processor's cache."""

_TOLERANCE = 0.005
"""How much a customer's value may differ from the sum of its orders, relative to the value."""


def make_findings(
    code: str, rows: pl.DataFrame, members: Sequence[str], detail: pl.Expr | None = None
) -> pl.DataFrame:
    """One finding per row of a frame.

    members: columns of ids. detail: what to cite, as text. File and line are taken from the frame
    if it has them.
    """
    return rows.select(
        code=pl.lit(code),
        members=pl.concat_list(members),
        file=pl.col("file") if "file" in rows.columns else pl.lit(None),
        line=pl.col("line") if "line" in rows.columns else pl.lit(None),
        detail=pl.lit(None) if detail is None else detail.cast(pl.String),
    ).cast(FINDINGS_SCHEMA)  # type: ignore[arg-type]


def collect_findings(
    customers: pl.DataFrame,
    referrals: pl.DataFrame,
    referrer: pl.Series,
    orders: pl.DataFrame | None,
    recorded: frozenset[str],
) -> pl.DataFrame:
    """All findings that need no scope.

    referrer: Int32, for each referral the row of its referrer among `customers`.
    recorded: columns that the data have, as ``table.column``.
    """
    findings = [
        pl.DataFrame(schema=FINDINGS_SCHEMA),
        *_find_negative_values("customers", customers, "id"),
        _find_similar_ids(customers),
        _find_early_referrals(customers, referrals, referrer),
    ]
    if orders is not None:
        findings += _find_negative_values("orders", orders, "customer")
        equal = find_equal_orders(orders)
        findings.append(make_findings("equal-orders", equal, ["customer"], pl.col("at")))
        for column in ("revenue", "profit", "volume"):
            if {f"customers.{column}", f"orders.{column}"} <= recorded:
                findings.append(_find_value_mismatches(customers, orders, column))
    return pl.concat(findings)


def _find_negative_values(table: str, frame: pl.DataFrame, member: str) -> list[pl.DataFrame]:
    return [
        make_findings(
            "negative-value",
            frame.filter(pl.col(column) < 0),
            [member],
            pl.lit(f"{table}.{column}"),
        )
        for column in ("revenue", "volume")
    ]


def find_equal_orders(orders: pl.DataFrame) -> pl.DataFrame:
    """Orders without a number that repeat an earlier one; they count as orders of their own."""
    rows = orders.filter(pl.col("order_id").is_null())
    values = pl.struct("customer", "at", "revenue", "profit", "volume")
    is_first = rows.select(values.is_first_distinct()).to_series()
    return rows.filter(~is_first)


def _find_similar_ids(customers: pl.DataFrame) -> pl.DataFrame:
    """Ids that differ by case or spaces only; they stay different customers."""
    if _is_single_case_ascii(customers["id"]):
        return pl.DataFrame(schema=FINDINGS_SCHEMA)
    key = pl.col("id").str.to_lowercase().str.replace_all(r"\s", "")
    ids = customers.select("id", key=key)
    if ids["key"].n_unique() == ids.height:
        return pl.DataFrame(schema=FINDINGS_SCHEMA)
    similar = ids.filter(pl.col("key").is_duplicated())
    groups = similar.group_by("key").agg(pl.col("id").sort()).sort("key")
    return groups.select(
        code=pl.lit("similar-ids"),
        members="id",
        file=pl.lit(None),
        line=pl.lit(None),
        detail=pl.lit(None),
    ).cast(FINDINGS_SCHEMA)  # type: ignore[arg-type]


def _is_single_case_ascii(ids: pl.Series) -> bool:
    """Whether all ids are ASCII without spaces and of one case, so that no two can be similar.

    Faster than comparing them; most data pass.
    """
    text = join_bytes(ids)
    has_upper = has_lower = False
    for start in range(0, len(text), _STRIDE):
        part = text[start : start + _STRIDE]
        if part.min() <= 32 or part.max() > 126:
            return False
        has_upper = has_upper or bool(((part >= 65) & (part <= 90)).any())
        has_lower = has_lower or bool((part >= 97).any())
        if has_upper and has_lower:
            return False
    return True


def _find_early_referrals(
    customers: pl.DataFrame, referrals: pl.DataFrame, referrer: pl.Series
) -> pl.DataFrame:
    """Referrals dated before their referrer became a customer."""
    date, joined = referrals["at"], customers["joined"]
    if date.null_count() == len(date) or joined.null_count() == len(joined):
        return pl.DataFrame(schema=FINDINGS_SCHEMA)
    early = referrals.filter(date < joined.gather(referrer))
    return make_findings("referral-before-joined", early, ["referrer", "referred"], pl.col("at"))


def _find_value_mismatches(
    customers: pl.DataFrame, orders: pl.DataFrame, column: str
) -> pl.DataFrame:
    """Customers whose orders add up to another value than their own column."""
    ordered = orders.sort("customer", column)  # a sum of floats depends on the order
    by_customer = ordered.group_by("customer", maintain_order=True)
    totals = by_customer.agg(pl.col(column).sum().alias("total"))
    value, total = pl.col(column), pl.col("total")
    with_value = customers.filter(value.is_not_null())
    both = with_value.join(totals, left_on="id", right_on="customer")
    differs = (total - value).abs() > _TOLERANCE * value.abs().clip(1.0)
    detail = pl.concat_str(pl.lit(f"{column}: "), column, pl.lit(" / "), "total")
    return make_findings("value-mismatch", both.filter(differs), ["id"], detail)
