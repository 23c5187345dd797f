"""Stubs: parties that only referrals name become rows of ``customers``."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from refgraph.intake.findings import make_findings
from refgraph.intake.party_resolution import REFERRAL_ENDS, ROW_COLUMN
from refgraph.model.dataset import FINDINGS_SCHEMA, get_schema


class Stubbed(NamedTuple):
    """Customers with their stubs, referrals whose `ROW_COLUMN` fits them, and findings.

    findings: one ``unknown-party`` per stub, at the first row that names it.
    """

    customers: pl.DataFrame
    referrals: pl.DataFrame
    findings: pl.DataFrame


def add_stubs(
    customers: pl.DataFrame, referrals: pl.DataFrame, is_edge_list: bool = False
) -> Stubbed:
    """Add a row for every unknown party, in order of ids, and fill the column ``stub``.

    A referrer gets the role outside, a party that is only referred is a prospect.
    is_edge_list: whether the data have no table of customers, so that all parties of referrals are
    customers and none is unknown.
    """
    customer_count = customers.height
    customers = customers.with_columns(stub=pl.lit(False))
    parties = _collect_unknown_parties(referrals, customer_count)
    if not parties.height:
        return Stubbed(customers, referrals, pl.DataFrame(schema=FINDINGS_SCHEMA))
    refers = pl.lit(False) if is_edge_list else pl.col("refers")
    stubs = parties.select(
        id="id",
        role=pl.when(refers).then(pl.lit("outside")).otherwise(pl.lit("customer")),
        status=pl.when(~refers & ~pl.lit(is_edge_list)).then(pl.lit("prospect")),
        stub=pl.lit(not is_edge_list),
    ).cast({"id": get_schema("customers")["id"]})
    rows_left = parties["row"].to_numpy()
    referrals = referrals.with_columns(
        _close_gaps(referrals[ROW_COLUMN[end]], rows_left, customer_count) for end in REFERRAL_ENDS
    )
    findings = make_findings("unknown-party", parties.clear() if is_edge_list else parties, ["id"])
    return Stubbed(pl.concat([customers, stubs], how="diagonal"), referrals, findings)


def _collect_unknown_parties(referrals: pl.DataFrame, customer_count: int) -> pl.DataFrame:
    """One row per unknown party: ``id``, whether it ``refers``, its first file, line and row."""
    mentions = [
        referrals.filter(referrals[ROW_COLUMN[end]] >= customer_count).select(
            id=end,
            file="file",
            line="line",
            refers=pl.lit(end == "referrer"),
            row=ROW_COLUMN[end],
        )
        for end in REFERRAL_ENDS
    ]
    by_id = pl.concat(mentions).sort("id", "file", "line").group_by("id", maintain_order=True)
    return by_id.agg(pl.col("refers").any(), pl.col("file", "line", "row").first())


def _close_gaps(row: pl.Series, rows_left: np.ndarray, customer_count: int) -> pl.Series:
    """Rows of unknown parties without gaps.

    row: Int32, as `number_unknown_parties` gave it. rows_left: those of parties that are still
    named, rising; referrals that were rejected since may have been the only ones of a party.
    """
    old = row.to_numpy()
    new = customer_count + np.searchsorted(rows_left, old)
    return pl.Series(row.name, np.where(old < customer_count, old, new).astype(np.int32))
