"""Remarks on a Dataset: how many rows and cells were skipped, repaired or left out, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import polars as pl

from refgraph.intake import cast_tables
from refgraph.intake.cast_tables import TypedTables
from refgraph.intake.sensitive import WarningCounts
from refgraph.intake.stages import Stages
from refgraph.model.raw import RawTable


def sum_remarks(
    raws: Mapping[str, Sequence[RawTable]],
    tables: TypedTables,
    stages: Stages,
    dropped: WarningCounts,
    parties: int,
) -> tuple[tuple[str, int], ...]:
    """(code, count) of everything that was repaired or left out, by code.

    parties: customers and stubs; without a table of customers, all come from referrals.
    """
    total: Counter[str] = Counter()
    for group in raws.values():
        for raw in group:
            for code, count in raw.warnings:
                total[code] += count
    for code, count in dropped:
        total[code] += count
    total["only-referrals"] += 0 if tables["customers"] else parties
    total.update({f"matched-by-{way}": cells for way, cells in stages.cells_by_way.items()})
    total["split-cell"] += stages.split_count
    total.update(_count_skipped_rows(stages))
    total.update(stages.match_counts)
    total["merged-customer"] = stages.findings.filter(pl.col("code") == "merged-customer").height
    total.update(_describe_conflicts(stages, cast_tables.collect_headers(tables)))
    total["joined-contacts"] = stages.joined_rows
    total["repaired-id"] += stages.repaired_ids
    total["order-line"] += stages.order_lines
    total["trimmed"] += cast_tables.count_trimmed_ids(tables)
    total["time-offset"] += cast_tables.count_offset_times(tables)
    for files in tables.values():
        for table in files:
            for code, count in table.remarks:
                total[code] += count
    return tuple(sorted((code, count) for code, count in total.items() if count))


def _count_skipped_rows(stages: Stages) -> dict[str, int]:
    """Code of the reason -> rows that checks skipped, and orders that were refunded in part."""
    counts: dict[str, int] = {}
    referrals, orders = stages.partitions["referrals"], stages.partitions.get("orders")
    if referrals.skipped is not None:
        counts["channel-referrer"] = stages.channel_rows
        counts["nobody-referrer"] = referrals.skipped.height - stages.channel_rows
    if orders is None:
        return counts
    if orders.skipped is not None:
        by_status = orders.skipped["status"].value_counts().iter_rows()
        counts |= {f"{status}-order": rows for status, rows in by_status}
    counts["partly-refunded-order"] = int((orders.accepted["status"] == "partly-refunded").sum())
    return counts


def _describe_conflicts(stages: Stages, headers: Mapping[str, str]) -> dict[str, int]:
    """Code and the headers in which rows of one customer differ -> customers."""
    counts = {}
    for code, columns, customers in stages.conflicts:
        named = [headers.get(f"customers.{column}", column) for column in columns]
        counts[f"{code} {', '.join(named)}"] = customers
    return counts
