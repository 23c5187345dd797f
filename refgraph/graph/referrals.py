"""Which referrals are valid and which count under a scope."""

from __future__ import annotations

import polars as pl

from refgraph.graph.prepared import prepare_dataset
from refgraph.model.dataset import Dataset
from refgraph.model.message import Message, message
from refgraph.model.scope import Scope


def select_referrals(dataset: Dataset, people: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """Arcs of a Dataset cut at the as-of date, sorted by referred and referrer.

    Adds ``kind`` (customer, staff, partner, authority: by the referrer's role, if that is blank by
    the tie), ``valid`` (into a party of role customer, not void, of a kind that can count, not
    excluded) and ``counted``.
    """
    arcs = prepare_dataset(dataset).arcs
    if scope.exclude:
        is_excluded = _match_excluded_findings(dataset, people, scope)
        arcs = arcs.with_columns(pl.col("valid") & ~is_excluded)
    is_countable = pl.col("kind").is_in(["customer", *scope.count])
    return arcs.with_columns(counted=pl.col("valid") & is_countable)


def _match_excluded_findings(dataset: Dataset, people: pl.DataFrame, scope: Scope) -> pl.Expr:
    """Referrals with a finding of an excluded code (by file and line) or with an unknown party.

    Cycles are excluded in `cycles.cut_cycles`, cases that need the value in
    `integrity_rules.exclude_cases`.
    """
    is_excluded = pl.lit(False)
    if "unknown-party" in scope.exclude:
        is_stub = pl.lit(people["stub"])
        is_excluded = is_stub.gather("referrer") | is_stub.gather("referred")
    is_flagged = pl.col("code").is_in(scope.exclude) & pl.col("line").is_not_null()
    findings = dataset.findings.filter(is_flagged)
    if findings.height:
        location = pl.struct("file", "line")
        locations = findings.select(location).to_series()
        is_excluded = location.is_in(locations.implode()) | is_excluded
    return is_excluded


def collect_notes(arcs: pl.DataFrame) -> list[Message]:
    """Notes on undated referrals and on those of kinds that are not counted."""
    notes = []
    undated = int(arcs.select((pl.col("counted") & pl.col("at").is_null()).sum()).item())
    if undated:
        notes.append(message("note.undated-referrals", referrals=undated))
    is_left_out = ~pl.col("counted") & (pl.col("kind") != "customer")
    not_counted = arcs.select(pl.col("kind").filter(is_left_out)).to_series()
    if len(not_counted):
        by_kind = {k: int((not_counted == k).sum()) for k in ("staff", "partner", "authority")}
        notes.append(message("note.uncounted-referrals", referrals=len(not_counted), **by_kind))
    return notes


def collect_unknown_notes(people: pl.DataFrame, arcs: pl.DataFrame) -> list[Message]:
    """How many parties have an unknown role or status, and how many referrals they leave out."""
    is_unknown = people.select(pl.col("stage") == "unknown").to_series()
    if not is_unknown.any():
        return []
    ends = [is_unknown.gather(arcs[end]) for end in ("referrer", "referred")]
    referrals = int((ends[0] | ends[1]).sum())
    return [message("note.unknown-parties", parties=int(is_unknown.sum()), referrals=referrals)]
