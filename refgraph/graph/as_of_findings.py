"""The findings of intake that hold on an earlier day."""

from __future__ import annotations

import polars as pl

from refgraph.model.dataset import FINDINGS_SCHEMA, Dataset


def cut_findings(findings: pl.DataFrame, cut: Dataset) -> pl.DataFrame:
    """Those about rows that a Dataset cut at a day still has.

    ``referral-before-joined`` needs a referrer who had joined by then, ``similar-ids`` two ids that
    are recorded, ``negative-value`` of an order that order; a party named by referrals only is
    found at its first referral. ``value-mismatch`` compares with an undated column and stays.
    """
    if not findings.height:
        return findings
    joined = cut.customers.filter(pl.col("joined").is_not_null())["id"]
    code, members = pl.col("code"), pl.col("members")
    is_of_order = (code == "negative-value") & pl.col("detail").str.starts_with("orders.")
    has_referral = _match_rows(cut.referrals)
    on_record = _select_members(findings, cut.customers["id"])
    holds = (
        pl.when(code == "similar-ids")
        .then(on_record.list.len() > 1)
        .when(code == "ambiguous-name")
        .then(has_referral)
        .when(code == "referral-before-joined")
        .then(has_referral & members.list.first().is_in(joined.implode()))
        .when(is_of_order)
        .then(_match_rows(cut.orders))
        .otherwise(on_record.list.len() == members.list.len())
    )
    is_similar = code == "similar-ids"
    rows = findings.with_columns(
        holds=holds, members=pl.when(is_similar).then(on_record).otherwise(members)
    )
    return _locate_unknown_parties(rows.filter("holds").drop("holds"), cut.referrals)


def _select_members(findings: pl.DataFrame, ids: pl.Series) -> pl.Series:
    """The members of each finding that are among the ids."""
    numbered = findings.select("members").with_row_index("row")
    members = numbered.explode("members", empty_as_null=False, keep_nulls=False)
    known = members.filter(pl.col("members").is_in(ids.implode()))
    known = known.group_by("row", maintain_order=True).agg("members")
    joined = numbered.select("row").join(known, on="row", how="left", maintain_order="left")
    return joined["members"].fill_null([])


def _match_rows(frame: pl.DataFrame | None) -> pl.Expr:
    """Whether the frame still has the row of a finding."""
    if frame is None:
        return pl.lit(False)
    location = pl.struct("file", "line")
    return location.is_in(frame.select(location).to_series().implode())


def _locate_unknown_parties(findings: pl.DataFrame, referrals: pl.DataFrame) -> pl.DataFrame:
    """``unknown-party`` at the first row that names the party, in order of file and line."""
    is_unknown = pl.col("code") == "unknown-party"
    if not findings.select(is_unknown.any()).item():
        return findings
    mentions = pl.concat(
        referrals.select("file", "line", id=end) for end in ("referrer", "referred")
    )
    first = mentions.sort("file", "line").unique("id", keep="first")
    located = findings.with_columns(id=pl.col("members").list.first()).join(
        first, on="id", how="left", suffix="_first", maintain_order="left"
    )
    return located.with_columns(
        file=pl.when(is_unknown).then("file_first").otherwise("file"),
        line=pl.when(is_unknown).then("line_first").otherwise("line"),
    ).select(*FINDINGS_SCHEMA)
