"""Rows that name parties: who is meant, whether it is known, and the same referral told twice."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.intake.findings import finding
from refgraph.intake.sifted import Sifted, unsifted
from refgraph.intake.typed import reject
from refgraph.kernels.encoder import Lookup
from refgraph.model.dataset import FINDINGS, schema
from refgraph.model.raw import no_rejects
from refgraph.model.vocabulary import NONE_WORDS

SEPARATORS = r"\s*[；;、|]\s*"
ENDS = ("referrer", "referred")
ROW = {name: f"\x00{name}" for name in (*ENDS, "customer")}
"""Column of ids -> the column, Int32, of the rows of ``customers`` that are meant: found once, carried along by every step."""


def from_column(customers: pl.DataFrame, everyone: pl.DataFrame | None = None) -> pl.DataFrame:
    """Referrals told by a column ``referred_by`` of the customers: one row for each name in it.

    A cell that is an id or a name as a whole is not split; words for "not known" (``无``, ``-``) name nobody.
    everyone: whose ids and names are known, where that is not these customers.
    """
    told = customers.filter(pl.col("referred_by").str.strip_chars().str.len_bytes() > 0)
    if not told.height:
        return told.select(pl.col("referred_by").alias("referrer"), pl.col("id").alias("referred"), "file", "line")
    whom = customers if everyone is None else everyone
    known = pl.concat([whom["id"], whom["name"]]).drop_nulls().unique().implode()
    whole = pl.col("referred_by").is_in(known) | ~pl.col("referred_by").str.contains(SEPARATORS)
    names = pl.when(whole).then(pl.concat_list("referred_by")).otherwise(
        pl.col("referred_by").str.strip_chars().str.replace_all(SEPARATORS, ";").str.split(";"))
    nobody = pl.col("referrer").str.strip_chars().str.to_lowercase().is_in(NONE_WORDS)
    return (
        told.select(names.alias("referrer"), pl.col("id").alias("referred"), "file", "line")
        .explode("referrer")
        .filter(~nobody | pl.col("referrer").is_in(known))
    )


def resolved(referrals: pl.DataFrame, customers: pl.DataFrame, lookup: Lookup) -> tuple[
    pl.DataFrame, list[tuple[str, int]], pl.DataFrame
]:
    """Names in place of ids: exact id, then unique exact name. Returns referrals, warnings, findings.

    A name that several customers bear stays as it is (an unknown party) and is flagged ``ambiguous-name``. Referrals come with
    their `ROW`; those of strangers go on behind the customers, in order of their ids.
    """
    names: pl.DataFrame | None = None
    warnings, doubtful = 0, []
    for end in ENDS:
        row = lookup.positions(referrals[end]).alias(ROW[end])
        referrals = referrals.with_columns(row)
        if not row.null_count():
            continue
        if names is None:
            bearers = customers.select("id", "name", row=pl.int_range(pl.len(), dtype=pl.Int32)).drop_nulls("name")
            names = bearers.group_by("name").agg(pl.col("id", "row").first(), pl.len().alias("bearers"))
        strange = referrals.select(end, "file", "line").filter(row.is_null())
        told = strange.join(names, left_on=end, right_on="name", maintain_order="left")
        doubtful.append(finding("ambiguous-name", told.filter(pl.col("bearers") > 1), [end], pl.col("bearers")))
        unique = names.filter(pl.col("bearers") == 1)
        found = referrals.select(pl.when(row.is_null()).then(end).alias(end)).join(
            unique, left_on=end, right_on="name", how="left", maintain_order="left")
        warnings += found.height - found["id"].null_count()
        referrals = referrals.with_columns(
            pl.coalesce(found["id"], end).alias(end), pl.coalesce(row, found["row"]).alias(ROW[end]))
    flagged = pl.concat([pl.DataFrame(schema=FINDINGS), *doubtful])
    return _numbered(referrals, customers.height), [("matched-by-name", warnings)] if warnings else [], flagged


def _numbered(referrals: pl.DataFrame, first: int) -> pl.DataFrame:
    """Strangers' rows filled: ``first`` for the one of least id, and so on."""
    blank = {end: referrals[ROW[end]].is_null() for end in ENDS}
    if not any(of.any() for of in blank.values()):
        return referrals
    strange = pl.concat([referrals[end].filter(of).alias("id") for end, of in blank.items()]).unique().sort().to_frame()
    strange = strange.with_columns(row=first + pl.int_range(pl.len(), dtype=pl.Int32))
    for end, of in blank.items():
        asked = referrals.select(pl.when(of).then(end).alias(end))
        row = asked.join(strange, left_on=end, right_on="id", how="left", maintain_order="left")["row"]
        referrals = referrals.with_columns(pl.coalesce(ROW[end], row).alias(ROW[end]))
    return referrals


def checked(referrals: pl.DataFrame, customers: int, strict: bool) -> Sifted:
    """Self-referrals set aside (with ``strict`` also unknown parties), the same pair kept once, earliest first.

    customers: how many there are; from that `ROW` on, it is a stranger's.
    """
    row = [referrals[ROW[end]].to_numpy() for end in ENDS]
    aside, kept = [], referrals
    own = pl.Series(row[0] == row[1])
    if own.any():
        aside.append(reject(referrals.filter(own), "self-referral", "referrer", "referrer"))
        kept = referrals.filter(~own)
    if strict:
        known = (kept[ROW["referrer"]] < customers) & (kept[ROW["referred"]] < customers)
        aside.append(reject(kept.filter(~known), "unknown-party", "referrer", "referrer"))
        kept = kept.filter(known)
    repeated = kept.clear()
    if _repeats(kept):
        content = [c for c in kept.columns if c not in (*ENDS, *ROW.values(), "file", "line", "at")]
        last = [pl.col("status").eq_missing("void"), pl.col("at"), *(pl.col(c) for c in content), "file", "line"]
        kept = kept.sort(last, nulls_last=True, maintain_order=True)
        first = kept.select(pl.struct(*(ROW[end] for end in ENDS)).is_first_distinct()).to_series()
        kept, repeated = kept.filter(first), kept.filter(~first)
    return Sifted(kept, pl.concat([no_rejects(), *aside]), repeated)


def _repeats(referrals: pl.DataFrame) -> bool:
    """Whether two rows have the same ends; only those of parties who are referred twice are compared."""
    referrer, referred = (referrals[ROW[end]].to_numpy() for end in ENDS)
    if not len(referred):
        return False
    often = np.bincount(referred) > 1
    if not often.any():
        return False
    rows = np.flatnonzero(often[referred])
    return bool(pl.Series(referred[rows].astype(np.int64) << 32 | referrer[rows]).is_duplicated().any())


def of_known(frame: pl.DataFrame, lookup: Lookup) -> Sifted:
    """Orders and affiliations of known customers, with their `ROW`; the others are set aside as ``unknown-id``."""
    row = lookup.positions(frame["customer"]).alias(ROW["customer"])
    frame = frame.with_columns(row)
    if not row.null_count():
        return unsifted(frame)
    known = row.is_not_null()
    return Sifted(frame.filter(known), reject(frame.filter(~known), "unknown-id", "customer", "customer"), frame.clear())


def with_stubs(customers: pl.DataFrame, referrals: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Parties that only referrals name, added: a referrer with role outside, a referred one as a prospect.

    Returns the customers with ``stub`` filled, the referrals with `ROW` of the strangers that are left, and one finding
    ``unknown-party`` for each stub, at its first row.
    """
    known = customers.height
    customers = customers.with_columns(stub=pl.lit(False))
    strange = pl.concat([
        referrals.filter(referrals[ROW[end]] >= known).select(
            pl.col(end).alias("id"), "file", "line", pl.lit(end == "referrer").alias("refers"), pl.col(ROW[end]).alias("row"))
        for end in ENDS
    ])
    if not strange.height:
        return customers, referrals, pl.DataFrame(schema=FINDINGS)
    each = strange.sort("id", "file", "line").group_by("id", maintain_order=True).agg(
        pl.col("refers").any(), pl.col("file", "line", "row").first())
    stubs = each.select(
        "id", pl.when("refers").then(pl.lit("outside")).otherwise(pl.lit("customer")).alias("role"),
        pl.when(~pl.col("refers")).then(pl.lit("prospect")).alias("status"), pl.lit(True).alias("stub"),
    ).cast({"id": schema("customers")["id"]})  # fmt: skip
    referrals = referrals.with_columns(_renumbered(referrals[ROW[end]], each["row"].to_numpy(), known) for end in ENDS)
    return pl.concat([customers, stubs], how="diagonal"), referrals, finding("unknown-party", each, ["id"])


def _renumbered(row: pl.Series, left: np.ndarray, known: int) -> pl.Series:
    """The strangers' rows without gaps; left: those that are left, in order."""
    at = row.to_numpy()
    return pl.Series(row.name, np.where(at < known, at, known + np.searchsorted(left, at)).astype(np.int32))
