"""The checks that typed tables go through, one table after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import polars as pl

from refgraph.intake import dependent_tables, party_checks
from refgraph.intake.cast_tables import TypedTables, concatenate_files
from refgraph.intake.channel_words import move_channel_words
from refgraph.intake.customer_stage import (
    CustomerStage,
    account_for_matches,
    add_up_confirmed,
    admit_customers,
)
from refgraph.intake.id_repair import repair_ids
from refgraph.intake.options import IntakeOptions
from refgraph.intake.partition import Partition
from refgraph.intake.party_lookup import PartyLookup
from refgraph.intake.party_resolution import (
    REFERRAL_ENDS,
    ROW_COLUMN,
    Resolution,
    resolve_referrals,
)
from refgraph.intake.patches import apply_patches
from refgraph.intake.referred_by import find_unsplit_cells, split_cells
from refgraph.intake.several_contacts import Conflict
from refgraph.model.raw import MATCHES, PATCH


@dataclass(frozen=True, eq=False, kw_only=True)
class Stages:
    """The outcome of all checks.

    partitions: table name, `PATCH` or `MATCHES` -> its rows; no entry for what the data lack, but
    for customers and referrals. All tables but customers carry their `ROW_COLUMN`.
    listed_referrals: referrals that ``referred_by`` lists; rows of no file of referrals.
    filled_columns: ``customers.column`` for every column that a patch, or a word for a channel,
    filled a cell of.
    cells_by_way: way of `party_lookup` -> cells that named a party in this way.
    findings: of cells that name parties. repaired_ids: ids that matched a customer after a repair.
    split_rows: file of referrals -> how many its rows gave beyond one each. split_count: how many
    cells with several known names gave beyond one each, in all tables.
    channel_rows: referrals that name a channel.
    order_lines: lines of orders that repeat the values of their order. match_counts: code -> rows
    of files of matches that were skipped for this reason. decided: rows with yes or no, None
    without such files. conflicts: columns in which customers of one id differ. joined_rows: rows of
    customers that hold further contacts.
    """

    partitions: dict[str, Partition]
    listed_referrals: pl.DataFrame
    filled_columns: frozenset[str]
    cells_by_way: Mapping[str, int]
    findings: pl.DataFrame
    repaired_ids: int
    split_rows: Mapping[str, int]
    split_count: int
    channel_rows: int
    order_lines: int = 0
    match_counts: Mapping[str, int] = field(default_factory=dict)
    decided: pl.DataFrame | None = None
    conflicts: Sequence[Conflict] = ()
    joined_rows: int = 0

    def find_accepted(self, table: str) -> pl.DataFrame | None:
        """The accepted rows of a table, None if the data lack it."""
        return self.partitions[table].accepted if table in self.partitions else None


class _Named(NamedTuple):
    """Customers with what patches add, and all referrals before their parties are looked up."""

    customers: CustomerStage
    lookup: PartyLookup
    referrals: pl.DataFrame
    listed: pl.DataFrame
    split_rows: Mapping[str, int]
    patched: Mapping[str, Partition]
    filled_columns: frozenset[str]


def run_stages(
    tables: TypedTables,
    options: IntakeOptions,
    nobody: frozenset[str],
    channels: frozenset[str] = frozenset(),
) -> Stages:
    """Check customers, then what patches add to them, then the tables that refer to customers.

    nobody: words that stand for no party. channels: words that stand for a channel.
    """
    customers = admit_customers(tables, options, nobody | channels)
    lookup, listed = customers.lookup, customers.listed
    file_referrals, split_rows = _split_referrals(concatenate_files("referrals", tables), lookup)
    referrals = _append_rows(file_referrals, listed)
    patched: dict[str, Partition] = {}
    filled_columns = frozenset[str]()
    if tables[PATCH]:
        outcome = apply_patches(lookup, referrals, tables[PATCH], options.policy, nobody | channels)
        lookup = lookup.with_customers(outcome.customers)
        listed = _append_rows(listed, outcome.listed)
        referrals = _append_rows(referrals, outcome.listed)
        patched, filled_columns = {PATCH: outcome.partition}, outcome.columns
    named = _Named(customers, lookup, referrals, listed, split_rows, patched, filled_columns)
    stages = _resolve_and_check(named, tables, options, nobody, channels)
    return _add_matches(stages, customers)


def _add_matches(stages: Stages, customers: CustomerStage) -> Stages:
    """What was found out about customers, and what became of the decisions about matches."""
    stages = replace(stages, conflicts=customers.conflicts, joined_rows=customers.joined_rows)
    if customers.decisions is None:
        return stages
    outcome = account_for_matches(customers.decisions, stages.findings)
    return replace(
        stages,
        partitions=stages.partitions | {MATCHES: outcome.partition},
        findings=pl.concat([customers.findings, stages.findings]),
        match_counts=outcome.counts,
        decided=outcome.decided,
    )


def _resolve_and_check(
    named: _Named,
    tables: TypedTables,
    options: IntakeOptions,
    nobody: frozenset[str],
    channels: frozenset[str],
) -> Stages:
    """Resolve the parties of every table, and check the rows that name them."""
    lookup, referrals, repaired = named.lookup, named.referrals, 0
    dependent_rows = dependent_tables.concatenate_dependents(tables)
    if options.repair_ids:
        referrals, dependent_rows, repaired = _repair_ids_of_tables(
            referrals, dependent_rows, lookup
        )
    resolution = resolve_referrals(referrals, lookup)
    channel = move_channel_words(lookup.customers, resolution.rows, channels)
    referral_partition = party_checks.partition_referrals(
        channel.referrals, lookup.customers.height, options.strict, nobody
    )
    dependents = dependent_tables.resolve_dependents(dependent_rows, lookup)
    resolutions = [resolution, *dependents.values()]
    same_once = options.same_order_once
    partitioned, lines = dependent_tables.partition_dependents(dependents, same_once)
    partitions = {
        "customers": named.customers.partition._replace(accepted=channel.customers),
        **named.patched,
        "referrals": _add_skipped(referral_partition, channel.skipped),
        **partitioned,
    }
    return Stages(
        partitions=partitions,
        listed_referrals=named.listed,
        filled_columns=named.filled_columns | channel.filled_columns,
        cells_by_way=_add_counts(resolutions),
        findings=_collect_findings(referral_partition, resolutions, lookup),
        repaired_ids=repaired,
        split_rows=named.split_rows,
        split_count=named.customers.split + sum(named.split_rows.values()),
        channel_rows=channel.skipped.height,
        order_lines=lines,
    )


def _split_referrals(
    rows: pl.DataFrame, lookup: PartyLookup
) -> tuple[pl.DataFrame, dict[str, int]]:
    """Referrals of files, one per pair of names, and how many more than rows each file gives."""
    split = rows
    for end in REFERRAL_ENDS:
        split = split_cells(split, end, lookup)
    if split.height == rows.height:
        return rows, {}
    before = dict(rows.group_by("file").len().iter_rows())
    after = dict(split.group_by("file").len().sort("file").iter_rows())
    return split, {file: count - before[file] for file, count in after.items()}


def _repair_ids_of_tables(
    referrals: pl.DataFrame, dependent_rows: dict[str, pl.DataFrame], lookup: PartyLookup
) -> tuple[pl.DataFrame, dict[str, pl.DataFrame], int]:
    """Both with their ids repaired, and how many ids were."""
    customers, kept = lookup.customers.select("id", "name"), lookup.list_decided()
    referrals, repaired = repair_ids(referrals, REFERRAL_ENDS, customers, kept)
    dependent_rows, further = dependent_tables.repair_dependents(dependent_rows, lookup)
    return referrals, dependent_rows, repaired + further


def _append_rows(frame: pl.DataFrame, more: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([frame, more], how="diagonal") if more.height else frame


def _add_skipped(partition: Partition, skipped: pl.DataFrame) -> Partition:
    if not skipped.height:
        return partition
    parts = [part for part in (partition.skipped, skipped) if part is not None]
    return partition._replace(skipped=pl.concat(parts, how="diagonal"))


def _add_counts(resolutions: Sequence[Resolution]) -> Counter[str]:
    """Way -> cells, over all tables."""
    return sum((Counter(resolution.cells_by_way) for resolution in resolutions), Counter())


def _collect_findings(
    referrals: Partition, resolutions: Sequence[Resolution], lookup: PartyLookup
) -> pl.DataFrame:
    """What resolving parties found, and cells with several names that were not split."""
    findings = [resolution.findings for resolution in resolutions]
    for end in REFERRAL_ENDS:
        is_unknown = pl.col(ROW_COLUMN[end]) >= lookup.customers.height
        unknown = referrals.accepted.filter(is_unknown)
        findings.append(find_unsplit_cells(unknown, end, lookup))
    return add_up_confirmed(findings)
