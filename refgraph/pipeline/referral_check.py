"""No figure about referrals over data in which no referral was understood."""

from __future__ import annotations

from typing import Any

import polars as pl

from refgraph.engines.base import Engine
from refgraph.errors import DataError
from refgraph.graph.summary import count_records
from refgraph.graph.unmatched import (
    Diagnosis,
    EndCount,
    diagnose_unmatched,
    get_unmatched_ends,
    make_column_option,
)
from refgraph.intake.referrer_columns import (
    ColumnMatch,
    find_referrer_columns,
    list_unknown_columns,
)
from refgraph.model.dataset import Dataset
from refgraph.model.graph import Graph
from refgraph.model.message import Label, Message, message
from refgraph.model.remarks import describe_remark, get_remark_code

_CONFLICTS = ("several-contacts", "conflicting-columns")
"""Remarks on customers whose rows contradict each other."""


def check_referrals(engine: Engine, graph: Graph) -> None:
    """Raise DataError if the data hold no referrals, or if no referrer is a customer.

    ``no-referrals``: no column was understood as a referrer or a source; a column that was
    understood and is empty is a real 0. ``no-referrer-matches``: every referrer is unknown, or
    every referred party is and a repair or another column would match some.
    """
    if not graph.has_referral_data:
        raise _describe_missing_referrals(engine.dataset())
    ends = get_unmatched_ends(graph)
    for end, count in ends.items():
        if not count.none_matches:
            continue
        _check_rejected_customers(engine.dataset(), end, count)
        diagnosis = diagnose_unmatched(engine.dataset(), end)
        if end == "referrer" or diagnosis.matched:
            raise _describe_unmatched(end, count, diagnosis)


def _check_rejected_customers(data: Dataset, end: str, count: EndCount) -> None:
    """Raises DataError ``no-referrer-matches-but-rejected`` if their rows contradict each other."""
    ids = data.rejects.filter(pl.col("code") == "conflicting-duplicate")["value"]
    named = data.referrals[end].unique().sort()
    found = named.filter(named.is_in(ids.implode()))
    reasons = [warning for warning in data.warnings if get_remark_code(warning[0]) in _CONFLICTS]
    if found.len() and reasons:
        raise DataError(
            "no-referrer-matches-but-rejected",
            end=Label(f"end-{end}"),
            parties=count.parties,
            rejected=found.len(),
            example=found[0],
            why=describe_remark(*reasons[0]),
        )


def collect_empty_notes(engine: Engine, graph: Graph) -> tuple[Message, ...]:
    """Notes for data without any referral: that it is a real 0, and columns that look like one.

    Also for analyses that answer without referrals: that their figures about referrals are unknown.
    """
    if count_records(graph)["referrals"]:
        return ()
    data = engine.dataset()
    if not graph.has_referral_data:
        return (message("note.no-referral-data", columns=list_unknown_columns(data) or ["–"]),)
    if data.referrals.height:
        return ()
    notes = []
    if graph.has("referrals.referrer"):
        notes.append(message("note.no-referral-entries"))
    matches = [_describe_match(data, match) for match in find_referrer_columns(data)[:1]]
    return (*notes, *(message("note.looks-like-referrer", **values) for values in matches))


def _describe_missing_referrals(data: Dataset) -> DataError:
    unknown = list_unknown_columns(data)
    matches = find_referrer_columns(data)
    if not matches:
        if unknown:
            return DataError("no-referrals-but-unknown-columns", columns=unknown)
        return DataError("no-referrals")
    values = _describe_match(data, matches[0])
    return DataError("no-referrals-but-column", columns=unknown, **values)


def _describe_match(data: Dataset, match: ColumnMatch) -> dict[str, Any]:
    """The values of a sentence on a column that looks like the referrer."""
    column = data.mapping.get(f"customers.{match.column}", match.column)
    key = data.mapping.get(f"customers.{match.key}", match.key)
    if "." in match.column:
        remedy = message("phrase.column-of-other-table", column=column)
    else:
        option = make_column_option("customers.referred_by", column)
        if match.key not in ("id", "name"):
            option += " " + make_column_option("customers.id", key)
        remedy = message("phrase.name-the-column", option=option)
    return {
        "column": column,
        "key": key,
        "matched": match.matched,
        "filled": match.filled,
        "remedy": remedy,
    }


def _describe_unmatched(end: str, count: EndCount, diagnosis: Diagnosis) -> DataError:
    values: dict[str, Any] = {
        "end": Label(f"end-{end}"),
        "parties": count.parties,
        "example": diagnosis.example,
        "matched": diagnosis.matched,
        "option": diagnosis.option,
    }
    if diagnosis.repair:
        repair = Label(diagnosis.repair)
        return DataError("no-referrer-matches-but-repaired", **values, repair=repair)
    if diagnosis.column:
        return DataError("no-referrer-matches-but-column", **values, column=diagnosis.column)
    return DataError("no-referrer-matches", **values)
