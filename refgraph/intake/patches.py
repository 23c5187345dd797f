"""Patches: answers filled in later, for empty cells of customers and missing referrals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from refgraph.errors import DataError
from refgraph.intake import duplicates
from refgraph.intake.cast_rules import CastRules
from refgraph.intake.partition import Partition, accept_all
from refgraph.intake.party_lookup import PartyLookup
from refgraph.intake.party_resolution import resolve_referrals
from refgraph.intake.referred_by import extract_referrals, split_cells
from refgraph.intake.rejects import make_rejects
from refgraph.intake.typed_columns import TypedTable, cast_table
from refgraph.kernels.id_index import IdIndex
from refgraph.model.dataset import get_schema, make_empty_table
from refgraph.model.raw import RawTable, make_empty_rejects
from refgraph.model.settings import Settings
from refgraph.model.vocabulary import UNKNOWN_WORDS

PATCH_COLUMNS = tuple(
    name for name in get_schema("customers") if name not in ("id", "stub", "file", "line")
)
"""Columns of customers that a patch may fill."""
_RECORDED_PREFIX = "\x00recorded:"


class PatchOutcome(NamedTuple):
    """What patches do.

    customers: with empty cells filled, in the same order. listed: the referrals that
    ``referred_by`` of the patches adds. partition: the rows of the patches; one that fills nothing
    is a duplicate. columns: ``customers.column`` for every column that got a cell.
    """

    customers: pl.DataFrame
    listed: pl.DataFrame
    partition: Partition
    columns: frozenset[str]


class _Referrers(NamedTuple):
    """Ids of customers whose referrer a patch names.

    contradicted: another referrer is recorded. added: none is.
    """

    contradicted: pl.Series
    added: pl.Series


def cast_patch(raw: RawTable, settings: Settings, rules: CastRules) -> TypedTable:
    """Cast a patch like customers. Other columns, such as those of ``missing-sources``, are unused.

    Raises DataError as for customers, and ``patch-without-answers`` if only ids are there.
    """
    table = cast_table("customers", raw, settings, rules)
    if len(table.headers) < 2:
        raise DataError("patch-without-answers", file=raw.file)
    return table


def apply_patches(
    lookup: PartyLookup,
    referrals: pl.DataFrame,
    patches: Sequence[TypedTable],
    policy: str,
    nobody: frozenset[str] = frozenset(),
) -> PatchOutcome:
    """Apply one patch after the other; what an earlier one filled is recorded for a later one.

    A row fills empty cells (words for "unknown" count as empty), or is rejected as a whole:
    ``patch-unknown-id``, or ``patch-contradicts`` if it names another value, or another referrer,
    than the recorded one. lookup: of the customers. policy: as for `partition_customers`.
    nobody: words that name no referrer.
    """
    nothing = _normalize_patch(make_empty_table("customers"))
    customers = lookup.customers
    listed, columns = [extract_referrals(nothing, lookup)], frozenset[str]()
    partitions = [accept_all(nothing)]
    for patch in patches:
        known_referrals = pl.concat([referrals, *listed], how="diagonal")
        rows = _normalize_patch(patch.frame)
        outcome = _apply_patch(known_referrals, rows, policy, lookup, nobody)
        lookup = lookup.with_customers(outcome.customers)
        customers, columns = outcome.customers, columns | outcome.columns
        listed.append(outcome.listed)
        partitions.append(outcome.partition)
    accepted = pl.concat([partition.accepted for partition in partitions], how="diagonal")
    rejected = pl.concat([partition.rejected for partition in partitions])
    repeated = pl.concat([partition.duplicates for partition in partitions], how="diagonal")
    partition = Partition(accepted, rejected, repeated)
    return PatchOutcome(customers, pl.concat(listed), partition, columns)


def _normalize_patch(frame: pl.DataFrame) -> pl.DataFrame:
    """The columns of customers and ``referred_by``; words for "unknown" become null."""
    empty = make_empty_table("customers").drop("stub")
    empty = empty.with_columns(referred_by=pl.lit(None, pl.String))
    cells = [_null_unknown_words(column) for column in PATCH_COLUMNS]
    all_columns = pl.concat([empty, frame], how="diagonal")
    return all_columns.select("id", *cells, "referred_by", "file", "line")


def _null_unknown_words(column: str) -> pl.Expr:
    """A column, null where its text means "unknown"."""
    if get_schema("customers")[column] != pl.String:
        return pl.col(column)
    text = pl.col(column)
    is_unknown = text.str.strip_chars().str.to_lowercase().is_in(UNKNOWN_WORDS)
    return pl.when(~is_unknown).then(text).alias(column)


def _apply_patch(
    referrals: pl.DataFrame,
    patch: pl.DataFrame,
    policy: str,
    lookup: PartyLookup,
    nobody: frozenset[str],
) -> PatchOutcome:
    customers = lookup.customers
    patch = patch.with_columns(id=lookup.replace_merged(patch["id"]))
    partition = duplicates.partition_customers(patch, policy, IdIndex(patch["id"]))
    partition = partition.then(_partition_by_known_id(partition.accepted, lookup.index))
    rows = partition.accepted
    listed = split_cells(extract_referrals(rows, lookup, nobody), "referrer", lookup)
    referrers = _compare_referrers(referrals, listed, lookup)
    partition = partition.then(_partition_by_recorded_cells(rows, customers, referrers))
    used = partition.accepted
    referred = pl.col("referred")
    added = listed.filter(
        referred.is_in(used["id"].implode()) & referred.is_in(referrers.added.implode())
    )
    filled, columns = _fill_cells(customers, used)
    return PatchOutcome(filled, added, partition, columns)


def _partition_by_known_id(patch: pl.DataFrame, index: IdIndex) -> Partition:
    """Reject rows whose id is no customer's."""
    is_known = index.find_indices(patch["id"]).is_not_null()
    unknown = patch.filter(~is_known)
    return Partition(
        accepted=patch.filter(is_known),
        rejected=make_rejects(unknown, "patch-unknown-id", "id", "id"),
        duplicates=patch.clear(),
    )


def _partition_by_recorded_cells(
    patch: pl.DataFrame, customers: pl.DataFrame, referrers: _Referrers
) -> Partition:
    """Accept rows that fill something; reject those that contradict what is recorded."""
    recorded = customers.select(
        "id", *(_null_unknown_words(c).alias(_RECORDED_PREFIX + c) for c in PATCH_COLUMNS)
    )
    both = patch.join(recorded, on="id", how="left", maintain_order="left")
    contradictions = {c: _differs_from_recorded(c) for c in PATCH_COLUMNS}
    contradictions["referred_by"] = pl.col("id").is_in(referrers.contradicted.implode())
    first_column = pl.coalesce(
        pl.when(differs).then(pl.lit(column)) for column, differs in contradictions.items()
    )
    fills = [_fills_recorded(column) for column in PATCH_COLUMNS]
    fills.append(pl.col("id").is_in(referrers.added.implode()))
    verdict = both.select(contradicts=first_column, fills=pl.any_horizontal(fills))
    is_sound, does_fill = verdict["contradicts"].is_null(), verdict["fills"]
    rejected = [make_empty_rejects()]
    for column in verdict["contradicts"].drop_nulls().unique().sort():
        rows = patch.filter((verdict["contradicts"] == column).fill_null(False))
        rejected.append(make_rejects(rows, "patch-contradicts", column, column))
    return Partition(
        accepted=patch.filter(is_sound & does_fill),
        rejected=pl.concat(rejected),
        duplicates=patch.filter(is_sound & ~does_fill),
    )


def _differs_from_recorded(column: str) -> pl.Expr:
    """Whether both cells are filled and differ by more than outer spaces."""
    new, recorded = pl.col(column), pl.col(_RECORDED_PREFIX + column)
    if get_schema("customers")[column] == pl.String:
        new, recorded = new.str.strip_chars(), recorded.str.strip_chars()
    return (new != recorded).fill_null(False)


def _fills_recorded(column: str) -> pl.Expr:
    """Whether the patch fills a cell that is empty so far."""
    return pl.col(column).is_not_null() & pl.col(_RECORDED_PREFIX + column).is_null()


def _compare_referrers(
    referrals: pl.DataFrame, listed: pl.DataFrame, lookup: PartyLookup
) -> _Referrers:
    """Compare the referrers in a patch with the recorded ones; void referrals do not count."""
    recorded = _resolve_if_any(referrals, lookup)
    if "status" in recorded.columns:
        recorded = recorded.filter(~pl.col("status").eq_missing("void"))
    named = _resolve_if_any(listed, lookup)
    is_added = ~named["referred"].is_in(recorded["referred"].implode())
    others = named.filter(~is_added).join(recorded, on=["referrer", "referred"], how="anti")
    return _Referrers(
        contradicted=others["referred"].unique(),
        added=named.filter(is_added)["referred"].unique(),
    )


def _resolve_if_any(referrals: pl.DataFrame, lookup: PartyLookup) -> pl.DataFrame:
    """Referrals with ids in place of names."""
    return resolve_referrals(referrals, lookup).rows if referrals.height else referrals


def _fill_cell(column: str, cell: pl.Expr) -> pl.Expr:
    """A column with the cell of a patch where its own is empty or means "unknown"."""
    is_filled = _null_unknown_words(column).is_null() & cell.is_not_null()
    return pl.when(is_filled).then(cell).otherwise(pl.col(column)).alias(column)


def _fill_cells(customers: pl.DataFrame, rows: pl.DataFrame) -> tuple[pl.DataFrame, frozenset[str]]:
    """Customers with the cells of `rows` where theirs are empty, and the columns concerned."""
    columns = [c for c in PATCH_COLUMNS if rows[c].null_count() < rows.height]
    new = {column: pl.col(_RECORDED_PREFIX + column) for column in columns}
    patch = rows.select("id", *(pl.col(c).alias(_RECORDED_PREFIX + c) for c in columns))
    both = customers.join(patch, on="id", how="left", maintain_order="left")
    filled = both.with_columns(_fill_cell(column, cell) for column, cell in new.items())
    names = frozenset(f"customers.{column}" for column in columns)
    return filled.drop(_RECORDED_PREFIX + column for column in columns), names
