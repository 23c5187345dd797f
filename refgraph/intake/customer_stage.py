"""The first stage of intake: which customers there are, and how other tables name them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from refgraph.intake import duplicates
from refgraph.intake.cast_tables import TypedTables, concatenate_files
from refgraph.intake.findings import make_findings
from refgraph.intake.match_decisions import Decisions, settle_decisions
from refgraph.intake.merged_customers import ROW, merge_customers
from refgraph.intake.name_matches import FOUND_SCHEMA
from refgraph.intake.options import IntakeOptions
from refgraph.intake.partition import Partition
from refgraph.intake.party_lookup import PartyLookup
from refgraph.intake.person_lookup import add_persons
from refgraph.intake.referred_by import extract_referrals, split_cells
from refgraph.intake.several_contacts import Conflict
from refgraph.kernels.id_index import IdIndex
from refgraph.model.dataset import FINDINGS_SCHEMA
from refgraph.model.matches import CELL, SAME_FIRM
from refgraph.model.raw import MATCHES


class CustomerStage(NamedTuple):
    """partition: without ``referred_by``. lookup: of accepted customers. listed: referrals that
    ``referred_by`` lists. split: how many referrals cells with several names added.

    decisions: what the files of matches say, None without any. findings: one per merged customer.
    conflicts: columns in which rows of one id differ. joined_rows: rows that hold further contacts.
    """

    partition: Partition
    lookup: PartyLookup
    listed: pl.DataFrame
    split: int
    decisions: Decisions | None
    findings: pl.DataFrame
    conflicts: list[Conflict]
    joined_rows: int


def admit_customers(
    tables: TypedTables, options: IntakeOptions, no_party: frozenset[str]
) -> CustomerStage:
    """Accept customers, merge those that are declared to be one firm, list their referrers.

    no_party: words in lower case that name no party.
    """
    rows = concatenate_files("customers", tables)
    index = IdIndex(rows["id"])
    partition = duplicates.partition_customers(rows.drop("referred_by"), options.policy, index)
    if partition.accepted.height < rows.height:
        index = IdIndex(partition.accepted["id"])
    conflicts = duplicates.list_conflicts(rows.drop("referred_by"), partition)
    joined_rows = _count_joined_rows(partition, options)
    if partition.rejected.height:
        rows = rows.join(partition.rejected, on=["file", "line"], how="anti")
    lookup, decisions = PartyLookup(partition.accepted, index, no_party), None
    findings = pl.DataFrame(schema=FINDINGS_SCHEMA)
    if tables[MATCHES]:
        decisions = settle_decisions(tables[MATCHES], partition.accepted, index)
        lookup, partition, findings = _apply_decisions(decisions, lookup, partition)
    lookup = add_persons(lookup, tables, options.repair_ids)
    cells = extract_referrals(rows, lookup)
    listed = split_cells(cells, "referrer", lookup)
    split = listed.height - cells.height
    return CustomerStage(
        partition, lookup, listed, split, decisions, findings, conflicts, joined_rows
    )


def _count_joined_rows(partition: Partition, options: IntakeOptions) -> int:
    return partition.duplicates.height if options.policy == "contacts" else 0


def _apply_decisions(
    decisions: Decisions, lookup: PartyLookup, partition: Partition
) -> tuple[PartyLookup, Partition, pl.DataFrame]:
    """The lookup that knows what was decided, customers after merging, and a finding per merger."""
    customers, index, merged = lookup.customers, lookup.index, None
    findings = pl.DataFrame(schema=FINDINGS_SCHEMA)
    if decisions.firms.height:
        customers, merged = merge_customers(customers, decisions.firms)
        index = IdIndex(customers["id"])
        repeated = pl.concat([partition.duplicates, merged.drop(ROW)], how="diagonal")
        partition = partition._replace(accepted=customers, duplicates=repeated)
        firm = customers["id"].gather(merged[ROW]).alias("firm")
        findings = make_findings("merged-customer", merged.with_columns(firm), ["id", "firm"])
    decided = [
        _find_rows(pairs, index, way)
        for pairs, way in ((decisions.cells, "confirmed"), (decisions.firms, "same-firm"))
    ]
    lookup = PartyLookup(customers, index, lookup.no_party, pl.concat(decided), merged)
    return lookup, partition, findings


def _find_rows(pairs: pl.DataFrame, index: IdIndex, way: str) -> pl.DataFrame:
    row = index.find_indices(pairs["candidate"])
    found = pairs.select("written", row=row, way=pl.lit(way), column=pl.lit(""))
    return found.cast(FOUND_SCHEMA)  # type: ignore[arg-type]


class MatchOutcome(NamedTuple):
    """partition: what became of the rows of the files of matches. counts: code -> rows.

    decided: ``kind``, ``written``, ``candidate`` and ``confirm`` of rows with yes or no, and the
    ``id`` of the customer that the text means where a yes is applied.
    """

    partition: Partition
    counts: dict[str, int]
    decided: pl.DataFrame


def account_for_matches(decisions: Decisions, findings: pl.DataFrame) -> MatchOutcome:
    """Skip confirmed texts that no longer occur in the data.

    findings: with one ``matched-by-confirmed`` for each text that was found.
    """
    found = findings.filter(pl.col("code") == "matched-by-confirmed")
    texts = found["members"].list.first()
    accepted = decisions.partition.accepted
    is_cell = accepted["written"].is_in(decisions.cells["written"].implode())
    is_stale = is_cell & ~accepted["written"].is_in(texts.implode())
    stale = accepted.filter(is_stale)
    parts = [decisions.partition.skipped, stale]
    skipped = pl.concat([part for part in parts if part is not None], how="diagonal")
    partition = decisions.partition._replace(accepted=accepted.filter(~is_stale), skipped=skipped)
    counts = dict(decisions.skipped)
    counts["stale-match"] = counts.get("stale-match", 0) + stale.height
    columns = ["kind", "written", "candidate", "confirm"]
    judged = pl.concat([accepted.select(columns), skipped.select(columns)])
    decided = judged.filter(pl.col("confirm") != "").unique(maintain_order=True)
    applied = [
        pairs.select("written", id="candidate", kind=pl.lit(kind), confirm=pl.lit("yes"))
        for pairs, kind in ((decisions.cells, CELL), (decisions.firms, SAME_FIRM))
    ]
    keys = ["kind", "written", "confirm"]
    ids = pl.concat(applied).unique(keys, keep="first", maintain_order=True)
    decided = decided.join(ids, on=keys, how="left", maintain_order="left")
    return MatchOutcome(partition, counts, decided)


def add_up_confirmed(findings: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Findings of all columns; one per confirmed text, with the number of all its cells."""
    every = pl.concat(findings)
    is_confirmed = pl.col("code") == "matched-by-confirmed"
    confirmed = every.filter(is_confirmed)
    if not confirmed.height:
        return every
    by_text = confirmed.group_by("members", maintain_order=True)
    cells = pl.col("detail").cast(pl.Int64).sum().cast(pl.String)
    summed = by_text.agg(pl.col("code", "file", "line").first(), detail=cells)
    return pl.concat([every.filter(~is_confirmed), summed.select(every.columns)])
