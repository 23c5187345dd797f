"""Rows with the same id: equal ones count once, conflicting ones are rejected."""

from __future__ import annotations

import polars as pl

from refgraph.intake.partition import Partition, accept_all
from refgraph.intake.rejects import make_rejects
from refgraph.intake.several_contacts import Conflict, describe_conflicts, join_contacts
from refgraph.kernels.id_index import IdIndex


def has_duplicates(values: pl.Series) -> bool:
    """Whether any value but null occurs twice.

    Hashes are compared first, which takes an eighth of the time; equal ones may be different texts.
    """
    filled = values.drop_nulls()
    return filled.hash().n_unique() < filled.len() and filled.n_unique() < filled.len()


def partition_customers(frame: pl.DataFrame, policy: str, index: IdIndex) -> Partition:
    """Accept one row per id.

    policy: "reject" rejects all rows of an id that has conflicting ones; "first" accepts the first
    row read and rejects those that differ from it; "contacts" joins rows that differ only in
    contacts, and rejects other conflicts. index: of all ids of `frame`.
    """
    if index.is_unique:
        return accept_all(frame)
    if policy != "contacts":
        return _partition_by_key(frame, "id", policy)
    joined, others = join_contacts(frame)
    partition = _partition_by_key(joined, "id", "reject")
    repeated = pl.concat([partition.duplicates, others], how="diagonal")
    return partition._replace(duplicates=repeated)


def list_conflicts(frame: pl.DataFrame, partition: Partition) -> list[Conflict]:
    """In which columns the rejected customers differ, see `describe_conflicts`."""
    rejected = partition.rejected.select("file", "line")
    if not rejected.height:
        return []
    ids = frame.join(rejected, on=["file", "line"], how="semi")["id"].unique()
    return describe_conflicts(frame.filter(pl.col("id").is_in(ids.implode())))


def partition_orders(frame: pl.DataFrame) -> Partition:
    """Accept one row per ``order_id``; two equal orders without an id are two orders."""
    has_id = frame["order_id"].is_not_null()
    partition = _partition_by_key(frame.filter(has_id), "order_id", "reject")
    if has_id.all():
        return partition
    return partition._replace(accepted=pl.concat([partition.accepted, frame.filter(~has_id)]))


def partition_equal_rows(frame: pl.DataFrame) -> Partition:
    """Accept each row once, the first by file and line; rows equal in all columns repeat it."""
    content = [column for column in frame.columns if column not in ("file", "line")]
    if not frame.select(content).is_duplicated().any():
        return accept_all(frame)
    ordered = frame.sort("file", "line", maintain_order=True)
    is_first = ordered.select(pl.struct(content).is_first_distinct()).to_series()
    return accept_all(ordered.filter(is_first))._replace(duplicates=ordered.filter(~is_first))


def _partition_by_key(frame: pl.DataFrame, key: str, policy: str) -> Partition:
    if not has_duplicates(frame[key]):
        return accept_all(frame)
    is_first = frame[key].is_first_distinct()
    conflicts = ~_equals_first(frame, frame.filter(is_first))
    if policy == "reject":
        conflicts = frame[key].is_in(frame.filter(conflicts)[key].implode())
    return Partition(
        accepted=frame.filter(is_first & ~conflicts),
        rejected=make_rejects(frame.filter(conflicts), "conflicting-duplicate", key, key),
        duplicates=frame.filter(~is_first & ~conflicts),
    )


def _equals_first(frame: pl.DataFrame, first_rows: pl.DataFrame) -> pl.Series:
    """Whether each row has the content of the first row of its key."""
    content = [column for column in frame.columns if column not in ("file", "line")]
    numbered = frame.with_row_index("row")
    equal_rows = numbered.join(first_rows, on=content, how="semi", nulls_equal=True)["row"]
    return pl.int_range(frame.height, eager=True).is_in(equal_rows.implode())
