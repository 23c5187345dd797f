"""Referrals with positions in place of ids: of which kind each is, and whether it counts."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import polars.selectors as cs

from refgraph.errors import UsageError
from refgraph.graphs.rows import reordered
from refgraph.graphs.suspicions import RULES
from refgraph.kernels.encoder import positions
from refgraph.model.dataset import Dataset
from refgraph.model.message import Message, message
from refgraph.model.scope import Scope
from refgraph.model.vocabulary import TIES_AS_ROLE, translation

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
    arcs = dataset.referrals
    if as_of is not None:
        arcs = arcs.filter((pl.col("at") <= as_of).fill_null(True))
    arcs = _positions(arcs, people)
    kinds = ["customer", *scope.count]
    arcs = arcs.with_columns(kind=_kind()).with_columns(valid=_valid())
    arcs = arcs.with_columns(pl.col("valid") & ~_excluded(dataset, scope))
    arcs = arcs.with_columns(counted=pl.col("valid") & pl.col("kind").is_in(kinds))
    arcs = arcs.drop(cs.matches("^refer(rer|red)_(role|stage|stub)$"))
    pair = arcs["referred"].to_numpy().astype(np.int64) << 32 | arcs["referrer"].to_numpy()
    return reordered(arcs, np.argsort(pair, kind="stable")).with_columns(pl.col("referred").set_sorted())


def _positions(arcs: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    for end in ("referrer", "referred"):
        role = "role_given" if end == "referrer" else "role"
        at = positions(people["id"], arcs[end])
        named = {"role": role, "stage": "stage", "stub": "stub"}
        told = {f"{end}_{name}": people[column].gather(at) for name, column in named.items()}
        arcs = arcs.drop(end).with_columns(**told, **{end: at})
    return arcs.filter(pl.col("referrer").is_not_null() & pl.col("referred").is_not_null())


def _kind() -> pl.Expr:
    words = translation(TIES_AS_ROLE)
    by_tie = pl.col("tie").str.strip_chars().str.to_lowercase().replace_strict(words, default=None, return_dtype=pl.String)
    role = pl.when(pl.col("referrer_role") == "outside").then(pl.lit("customer")).otherwise("referrer_role")
    return pl.coalesce(role, by_tie, pl.lit("customer"))


def _valid() -> pl.Expr:
    ends = (pl.col("referred_role") == "customer") & (pl.col("referred_stage") != "void")
    return (
        ends & (pl.col("referrer_stage") != "void") & pl.col("status").ne_missing("void") & (pl.col("kind") != "authority")
    )


def _excluded(dataset: Dataset, scope: Scope) -> pl.Expr:
    """Referrals that a finding of an excluded code points at, by file and line; of an unknown party, all of them.

    Loops are left out where they are found, by `flows.without_loops`; what needs the value, by `suspicions.without`.
    """
    strange = pl.col("referrer_stub") | pl.col("referred_stub") if "unknown-party" in scope.exclude else pl.lit(False)
    flagged = dataset.findings.filter(pl.col("code").is_in(scope.exclude) & pl.col("line").is_not_null())
    rows = flagged.select(pl.struct("file", "line")).to_series()
    return pl.struct("file", "line").is_in(rows.implode()) | strange if flagged.height else strange


def notes(arcs: pl.DataFrame) -> list[Message]:
    """What a reader must know of the arcs: undated ones, and those of kinds that do not count."""
    found = []
    undated = int(arcs.filter(pl.col("counted") & pl.col("at").is_null()).height)
    if undated:
        found.append(message("note.undated-referrals", referrals=undated))
    apart = arcs.filter(~pl.col("counted") & (pl.col("kind") != "customer"))
    if apart.height:
        each = {k: int(apart.filter(pl.col("kind") == k).height) for k in ("staff", "partner", "authority")}
        found.append(message("note.uncounted-referrals", referrals=apart.height, **each))
    return found
