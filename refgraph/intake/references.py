"""Rows that name parties: who is meant, whether it is known, and the same referral told twice."""

from __future__ import annotations

import polars as pl

from refgraph.intake.findings import finding
from refgraph.intake.sifted import Sifted, unsifted
from refgraph.intake.typed import reject
from refgraph.kernels.encoder import positions
from refgraph.model.dataset import FINDINGS, schema
from refgraph.model.vocabulary import NONE_WORDS

SEPARATORS = r"\s*[；;、|]\s*"


def from_column(customers: pl.DataFrame) -> pl.DataFrame:
    """Referrals told by a column ``referred_by`` of the customers: one row for each name in it.

    A cell that is an id or a name as a whole is not split; words for "not known" (``无``, ``-``) name nobody.
    """
    told = customers.filter(pl.col("referred_by").str.strip_chars().str.len_bytes() > 0)
    if not told.height:
        return told.select(pl.col("referred_by").alias("referrer"), pl.col("id").alias("referred"), "file", "line")
    known = pl.concat([customers["id"], customers["name"]]).drop_nulls().unique().implode()
    whole = pl.col("referred_by").is_in(known) | ~pl.col("referred_by").str.contains(SEPARATORS)
    names = pl.when(whole).then(pl.concat_list("referred_by")).otherwise(
        pl.col("referred_by").str.strip_chars().str.replace_all(SEPARATORS, ";").str.split(";"))
    nobody = pl.col("referrer").str.strip_chars().str.to_lowercase().is_in(NONE_WORDS)
    return (
        told.select(names.alias("referrer"), pl.col("id").alias("referred"), "file", "line")
        .explode("referrer")
        .filter(~nobody | pl.col("referrer").is_in(known))
    )


def resolved(referrals: pl.DataFrame, customers: pl.DataFrame) -> tuple[
    pl.DataFrame, list[tuple[str, int]], pl.DataFrame
]:
    """Names in place of ids: exact id, then unique exact name. Returns referrals, warnings, findings.

    A name that several customers bear stays as it is (an unknown party) and is flagged ``ambiguous-name``.
    """
    names: pl.DataFrame | None = None
    warnings, doubtful = 0, []
    for column in ("referrer", "referred"):
        strange = referrals.filter(positions(customers["id"], referrals[column]).is_null()).select(column).unique()
        if not strange.height:
            continue
        if names is None:
            names = customers.filter(pl.col("name").is_not_null()).group_by("name").agg(
                pl.col("id").min().alias("found"), pl.len().alias("bearers"))
        told = strange.join(names, left_on=column, right_on="name")
        unique = told.filter(pl.col("bearers") == 1)
        many = referrals.join(told.filter(pl.col("bearers") > 1), on=column)
        doubtful.append(finding("ambiguous-name", many, [column], pl.col("bearers")))
        found = referrals.select(column).join(unique, on=column, how="left", maintain_order="left")["found"]
        warnings += found.len() - found.null_count()
        referrals = referrals.with_columns(pl.coalesce(found, pl.col(column)).alias(column))
    flagged = pl.concat([pl.DataFrame(schema=FINDINGS), *doubtful])
    return referrals, [("matched-by-name", warnings)] if warnings else [], flagged


def checked(referrals: pl.DataFrame, customers: pl.DataFrame, strict: bool) -> Sifted:
    """Self-referrals set aside (with ``strict`` also unknown parties), the same pair kept once, earliest first."""
    own = pl.col("referrer") == pl.col("referred")
    aside = [reject(referrals.filter(own), "self-referral", "referrer", "referrer")]
    kept = referrals.filter(~own)
    if strict:
        places = [positions(customers["id"], kept[end]) for end in ("referrer", "referred")]
        known = places[0].is_not_null() & places[1].is_not_null()
        aside.append(reject(kept.filter(~known), "unknown-party", "referrer", "referrer"))
        kept = kept.filter(known)
    repeated = kept.clear()
    if kept.select("referrer", "referred").is_duplicated().any():
        content = [c for c in kept.columns if c not in ("referrer", "referred", "file", "line", "at")]
        last = [pl.col("status").eq_missing("void"), pl.col("at"), *(pl.col(c) for c in content), "file", "line"]
        kept = kept.sort(last, nulls_last=True, maintain_order=True)
        first = kept.select(pl.struct("referrer", "referred").is_first_distinct()).to_series()
        kept, repeated = kept.filter(first), kept.filter(~first)
    return Sifted(kept, pl.concat(aside), repeated)


def of_known(frame: pl.DataFrame, customers: pl.DataFrame) -> Sifted:
    """Orders and affiliations of known customers; the others are set aside as ``unknown-id``."""
    known = positions(customers["id"], frame["customer"]).is_not_null()
    if known.all():
        return unsifted(frame)
    return Sifted(frame.filter(known), reject(frame.filter(~known), "unknown-id", "customer", "customer"), frame.clear())


def with_stubs(customers: pl.DataFrame, referrals: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Parties that only referrals name, added: a referrer with role outside, a referred one as a prospect.

    Returns the customers with ``stub`` filled, and one finding ``unknown-party`` for each stub, at its first row.
    """
    strange = pl.concat([
        referrals.filter(positions(customers["id"], referrals[c]).is_null()).select(
            pl.col(c).alias("id"), "file", "line", pl.lit(c == "referrer").alias("refers"))
        for c in ("referrer", "referred")
    ])
    each = strange.sort("id", "file", "line").group_by("id", maintain_order=True).agg(
        pl.col("refers").any(), pl.col("file", "line").first())
    customers = customers.with_columns(stub=pl.lit(False))
    if not each.height:
        return customers, pl.DataFrame(schema=FINDINGS)
    stubs = each.select(
        "id", pl.when("refers").then(pl.lit("outside")).otherwise(pl.lit("customer")).alias("role"),
        pl.when(~pl.col("refers")).then(pl.lit("prospect")).alias("status"), pl.lit(True).alias("stub"),
    ).cast({"id": schema("customers")["id"]})  # fmt: skip
    flagged = finding("unknown-party", each, ["id"])
    return pl.concat([customers, stubs], how="diagonal"), flagged
