"""Rows that name parties: which customer is meant, by id, name, code or spelling.

Every table with ids gets, next to each column of ids, the rows of ``customers`` that are meant
(`ROW_COLUMN`). They are looked up once, here, and carried along by all later steps.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import polars as pl

from refgraph.intake.findings import make_findings
from refgraph.intake.party_lookup import PartyLookup
from refgraph.model.dataset import FINDINGS_SCHEMA

REFERRAL_ENDS = ("referrer", "referred")
ROW_COLUMN = {name: f"\x00{name}" for name in (*REFERRAL_ENDS, "customer", "party")}
"""Column of ids -> the column, Int32, of the rows of ``customers`` that these ids mean.

An unknown party has a row behind the customers, in order of the ids of all unknown parties.
"""
REFERRAL_ROWS = tuple(ROW_COLUMN[end] for end in REFERRAL_ENDS)


_REPORTED_WAYS = (
    *("confirmed", "person", "name-or-person", "column", "contact", "spelling", "legal-form"),
)
"""Ways that are findings; an exact name is none, and a merged customer is one of its own."""
LISTED = "\x00listed"
"""Column that marks referrals of ``referred_by``; they are one referring column, files another."""


class Resolution(NamedTuple):
    """Rows whose columns of parties are ids with their `ROW_COLUMN`.

    cells_by_way: way of `party_lookup` -> cells that were found in this way. findings: one per
    text that was found by another way than its name, and those that fit several names.
    """

    rows: pl.DataFrame
    cells_by_way: Mapping[str, int]
    findings: pl.DataFrame


def resolve_referrals(referrals: pl.DataFrame, lookup: PartyLookup) -> Resolution:
    """Replace names, codes and spellings at both ends by ids; unknown parties are numbered.

    A text that fits several customers stays as it is, an unknown party, and is flagged.
    """
    if LISTED not in referrals.columns:
        referrals = referrals.with_columns(pl.lit(None, pl.Boolean).alias(LISTED))
    listed = referrals[LISTED].fill_null(False)
    groups = [referrals.filter(~listed), referrals.filter(listed)] if listed.any() else [referrals]
    groups = [group for group in groups if group.height] or [referrals]
    parts = [resolve_columns(group.drop(LISTED), REFERRAL_ENDS, lookup) for group in groups]
    rows = pl.concat([part.rows for part in parts])
    numbered = number_unknown_parties(rows, lookup.customers.height)
    counts = sum((Counter(part.cells_by_way) for part in parts), Counter())
    return Resolution(numbered, counts, pl.concat([part.findings for part in parts]))


def resolve_columns(rows: pl.DataFrame, columns: Sequence[str], lookup: PartyLookup) -> Resolution:
    """Replace what stands in columns of parties by ids, and add their `ROW_COLUMN`.

    The row of an unknown party is null.
    """
    findings = [pl.DataFrame(schema=FINDINGS_SCHEMA)]
    counts: Counter[str] = Counter()
    for column in columns:
        row, found = lookup.find_rows(rows[column])
        if found.height:
            cells = rows.select(column, "file", "line").join(
                found, left_on=column, right_on="written", how="left", maintain_order="left"
            )
            counts.update(dict(cells["way"].drop_nulls().value_counts().iter_rows()))
            ids = lookup.customers["id"].gather(cells["row"])
            findings.append(_describe_found(cells, column, ids))
            rows = rows.with_columns(pl.coalesce(ids, column).alias(column))
        if row.null_count():
            findings.append(_find_ambiguous_names(rows.filter(row.is_null()), column, lookup))
        rows = rows.with_columns(row.alias(ROW_COLUMN[column]))
    return Resolution(rows, counts, pl.concat(findings))


def _describe_found(cells: pl.DataFrame, column: str, ids: pl.Series) -> pl.DataFrame:
    """One finding per text that no exact name explains; per column of codes a single one."""
    found = cells.with_columns(ids.alias("id")).filter(pl.col("way").is_in(_REPORTED_WAYS))
    found = found.with_columns(cells=pl.len().over(column))
    found = found.unique(column, keep="first", maintain_order=True).sort(column)
    by_column = pl.col("way") == "column"
    codes = found.filter(by_column & pl.struct("column").is_first_distinct())
    others = found.filter(~by_column)
    parts = [make_findings("matched-by-column", codes, [column, "id"], pl.col("column"))]
    for way in _REPORTED_WAYS:
        rows = others.filter(pl.col("way") == way)
        detail = pl.col("cells") if way == "confirmed" else None
        parts.append(make_findings(f"matched-by-{way}", rows, [column, "id"], detail))
    return pl.concat(parts)


def _find_ambiguous_names(rows: pl.DataFrame, column: str, lookup: PartyLookup) -> pl.DataFrame:
    """Findings ``ambiguous-name`` for cells that fit the names of several customers."""
    shared = lookup.find_ambiguous(rows[column].drop_nulls().unique())
    named = rows.select(column, "file", "line").join(
        shared, left_on=column, right_on="written", maintain_order="left"
    )
    return make_findings("ambiguous-name", named, [column], pl.col("bearers"))


def number_unknown_parties(referrals: pl.DataFrame, first_row: int) -> pl.DataFrame:
    """Give unknown parties rows from `first_row` on, in order of their ids."""
    is_unknown = {end: referrals[ROW_COLUMN[end]].is_null() for end in REFERRAL_ENDS}
    if not any(unknown.any() for unknown in is_unknown.values()):
        return referrals
    ids = [referrals[end].filter(unknown).alias("id") for end, unknown in is_unknown.items()]
    numbers = pl.concat(ids).unique().sort().to_frame()
    numbers = numbers.with_columns(row=first_row + pl.int_range(pl.len(), dtype=pl.Int32))
    for end, unknown in is_unknown.items():
        wanted = referrals.select(pl.when(unknown).then(end).alias("id"))
        row = wanted.join(numbers, on="id", how="left", maintain_order="left")["row"]
        column = ROW_COLUMN[end]
        referrals = referrals.with_columns(pl.coalesce(column, row).alias(column))
    return referrals
