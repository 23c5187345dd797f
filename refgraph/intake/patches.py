"""Answers that a person filled in afterwards: cells of customers that were empty, and who referred whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from refgraph.errors import DataError
from refgraph.intake import duplicates, references
from refgraph.intake.sifted import Sifted, unsifted
from refgraph.intake import typed as tables
from refgraph.intake.cast import Rules
from refgraph.intake.typed import Typed, reject
from refgraph.kernels.encoder import Lookup
from refgraph.model.dataset import empty, schema
from refgraph.model.raw import RawTable, no_rejects
from refgraph.model.settings import Settings
from refgraph.model.vocabulary import NONE_WORDS

PATCH = "patch"
"""The name of these files in the ledger; their columns are those of customers."""
CELLS = tuple(name for name in schema("customers") if name not in ("id", "stub", "file", "line"))
_OLD = "\x00recorded:"


class Patched(NamedTuple):
    """customers: with empty cells filled. listed: referrals told by ``referred_by``. sifted: what became of the rows of the
    patches; those that fill nothing are repeated. columns: ``customers.column`` for each that got a cell."""

    customers: pl.DataFrame
    listed: pl.DataFrame
    sifted: Sifted
    columns: frozenset[str]


def typed(raw: RawTable, settings: Settings, rules: Rules) -> Typed:
    """One patch in columns of customers; others, such as those by which ``ask-source`` sorts, say nothing.

    Raises DataError as for customers, and ``patch-without-answers`` where there is nothing beside the ids.
    """
    found = tables.typed("customers", raw, settings, rules)
    if len(found.headers) < 2:
        raise DataError("patch-without-answers", file=raw.file)
    return found


def applied(customers: pl.DataFrame, referrals: pl.DataFrame, patches: Sequence[Typed], policy: str,
            lookup: Lookup) -> Patched:
    """The customers and referrals after all patches, one file after the other; what an earlier one filled is recorded then.

    A row fills empty cells (words for "not known" are empty too), or is set aside as a whole: ``patch-unknown-id``, or
    ``patch-contradicts`` where a recorded cell, or a recorded referrer, is another one. policy: as for customers. lookup: of the
    ids of customers, whose order stays.
    """
    listed, columns, steps = [references.from_column(_whole(None))], frozenset[str](), [unsifted(_whole(None))]
    for patch in patches:
        done = _one(customers, pl.concat([referrals, *listed], how="diagonal"), _whole(patch), policy, lookup)
        customers, columns = done.customers, columns | done.columns
        listed, steps = [*listed, done.listed], [*steps, done.sifted]
    parts = (pl.concat([s[k] for s in steps], how="diagonal") for k in range(3))
    return Patched(customers, pl.concat(listed), Sifted(*parts), columns)


def _whole(patch: Typed | None) -> pl.DataFrame:
    """The columns of customers and ``referred_by``, words for "not known" as nulls."""
    bare = pl.concat([empty("customers").drop("stub").with_columns(referred_by=pl.lit(None, pl.String)),
                      *([patch.frame] if patch else [])], how="diagonal")  # fmt: skip
    return bare.select("id", *(_said(c) for c in CELLS), "referred_by", "file", "line")


def _said(column: str) -> pl.Expr:
    """A cell, null where its text says that nothing is known."""
    if schema("customers")[column] != pl.String:
        return pl.col(column)
    blank = pl.col(column).str.strip_chars().str.to_lowercase().is_in(NONE_WORDS)
    return pl.when(~blank).then(pl.col(column)).alias(column)


def _one(customers: pl.DataFrame, referrals: pl.DataFrame, patch: pl.DataFrame, policy: str,
         lookup: Lookup) -> Patched:
    single = duplicates.customers(patch, policy, Lookup(patch["id"]))
    known = lookup.positions(single.kept["id"]).is_not_null()
    strange, rows = reject(single.kept.filter(~known), "patch-unknown-id", "id", "id"), single.kept.filter(known)
    listed = references.from_column(rows, customers)
    other, new = _referrers(referrals, listed, customers, lookup)
    recorded = customers.select("id", *(_said(c).alias(_OLD + c) for c in CELLS))
    both = rows.join(recorded, on="id", how="left", maintain_order="left")
    apart = {c: _differs(c) for c in CELLS} | {"referred_by": pl.col("id").is_in(other.implode())}
    clash = both.select(pl.coalesce(pl.when(e).then(pl.lit(c)) for c, e in apart.items()).alias("column")).to_series()
    fills = both.select(pl.any_horizontal(
        *(pl.col(c).is_not_null() & pl.col(_OLD + c).is_null() for c in CELLS), pl.col("id").is_in(new.implode()))).to_series()
    kept = rows.filter(clash.is_null() & fills)
    wrong = [no_rejects(), strange, single.aside]
    for name in clash.drop_nulls().unique().sort():
        wrong.append(reject(rows.filter((clash == name).fill_null(False)), "patch-contradicts", name, name))
    again = pl.concat([single.repeated, rows.filter(clash.is_null() & ~fills)])
    listed = listed.filter(pl.col("referred").is_in(kept["id"].implode()) & pl.col("referred").is_in(new.implode()))
    filled, columns = _filled(customers, kept)
    return Patched(filled, listed, Sifted(kept, pl.concat(wrong), again), columns)


def _differs(column: str) -> pl.Expr:
    """Whether both say something, and not the same; outer spaces make no difference."""
    new, old = pl.col(column), pl.col(_OLD + column)
    if schema("customers")[column] == pl.String:
        new, old = new.str.strip_chars(), old.str.strip_chars()
    return (new != old).fill_null(False)


def _referrers(referrals: pl.DataFrame, listed: pl.DataFrame, customers: pl.DataFrame, lookup: Lookup) -> tuple[
    pl.Series, pl.Series
]:
    """Ids for whom the patch names a referrer beside those on record (void ones are not), and ids of whom none is."""
    base = references.resolved(referrals, customers, lookup)[0] if referrals.height else referrals
    void = pl.col("status").eq_missing("void") if "status" in base.columns else pl.lit(False)
    base = base.filter(~void)
    told = references.resolved(listed, customers, lookup)[0] if listed.height else listed
    first = ~told["referred"].is_in(base["referred"].implode())
    strange = told.filter(~first).join(base, on=["referrer", "referred"], how="anti")
    return strange["referred"].unique(), told.filter(first)["referred"].unique()


def _filled(customers: pl.DataFrame, rows: pl.DataFrame) -> tuple[pl.DataFrame, frozenset[str]]:
    cells = [c for c in CELLS if rows[c].null_count() < rows.height]
    new = rows.select("id", *(pl.col(c).alias(_OLD + c) for c in cells))
    both = customers.join(new, on="id", how="left", maintain_order="left")
    full = both.with_columns(
        pl.when(_said(c).is_null() & pl.col(_OLD + c).is_not_null()).then(pl.col(_OLD + c)).otherwise(pl.col(c)).alias(c)
        for c in cells)
    return full.drop(_OLD + c for c in cells), frozenset(f"customers.{c}" for c in cells)
