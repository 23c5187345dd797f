"""Referrals with positions in place of ids: of which kind each is, and whether it counts."""

from __future__ import annotations

from datetime import date

import polars as pl

from refgraph.errors import UsageError
from refgraph.graphs.prepared import prepared
from refgraph.graphs.rows import where
from refgraph.graphs.suspicions import RULES
from refgraph.model.dataset import Dataset
from refgraph.model.message import Message, message
from refgraph.model.scope import Scope

COUNTABLE = ("staff", "partner")
EXCLUDABLE = ("ambiguous-name", "loop-cut", "referral-before-joined", "referral-loop", "unknown-party", *sorted(RULES))
"""Codes of findings about referrals, which a scope can leave out."""


def placed(dataset: Dataset, people: pl.DataFrame, as_of: date | None, scope: Scope) -> pl.DataFrame:
    """Arcs up to the as-of day (undated ones kept), sorted by referred and referrer.

    Adds ``kind`` (customer, staff, partner, authority: by the referrer's role, where that is blank by the tie),
    ``valid`` (into a party of role customer, not void, of a kind that can count, not excluded) and ``counted``.
    Raises UsageError for a role in ``scope.count`` that cannot count, and for a code that points at no referral.
    """
    for code in scope.exclude:
        if code not in EXCLUDABLE:
            raise UsageError("unknown-code", name=code, known=list(EXCLUDABLE))
    for role in scope.count:
        if role not in COUNTABLE:
            raise UsageError("unknown-role", name=role, known=list(COUNTABLE))
    arcs = prepared(dataset).arcs
    if as_of is not None and arcs["at"].null_count() < arcs.height:
        arcs = where(arcs, (arcs["at"] <= as_of).fill_null(True))
    if scope.exclude:
        arcs = arcs.with_columns(pl.col("valid") & ~_excluded(dataset, people, scope))
    return arcs.with_columns(counted=pl.col("valid") & pl.col("kind").is_in(["customer", *scope.count]))


def _excluded(dataset: Dataset, people: pl.DataFrame, scope: Scope) -> pl.Expr:
    """Referrals that a finding of an excluded code points at, by file and line; of an unknown party, all of them.

    Loops are left out where they are found, by `flows.without_loops`; what needs the value, by `suspicions.without`.
    """
    strange = pl.lit(False)
    if "unknown-party" in scope.exclude:
        strange = pl.any_horizontal(pl.lit(people["stub"]).gather(end) for end in ("referrer", "referred"))
    flagged = dataset.findings.filter(pl.col("code").is_in(scope.exclude) & pl.col("line").is_not_null())
    rows = flagged.select(pl.struct("file", "line")).to_series()
    return pl.struct("file", "line").is_in(rows.implode()) | strange if flagged.height else strange


def notes(arcs: pl.DataFrame) -> list[Message]:
    """What a reader must know of the arcs: undated ones, and those of kinds that do not count."""
    found = []
    undated = int((arcs["counted"] & arcs["at"].is_null()).sum())
    if undated:
        found.append(message("note.undated-referrals", referrals=undated))
    apart = arcs.select("kind").filter(~arcs["counted"] & (arcs["kind"] != "customer"))
    if apart.height:
        each = {k: int(apart.filter(pl.col("kind") == k).height) for k in ("staff", "partner", "authority")}
        found.append(message("note.uncounted-referrals", referrals=apart.height, **each))
    return found
