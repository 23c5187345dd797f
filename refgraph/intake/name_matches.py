"""Names that fit one customer, and names that several share."""

from __future__ import annotations

import polars as pl

FOUND_SCHEMA = {
    "written": pl.String,
    "row": pl.Int32,
    "way": pl.String,
    "column": pl.String,
}
"""A text, the row of the customer that it means, how it was found, and the column that holds it."""


def describe_found(match: pl.DataFrame, way: str, column: str = "") -> pl.DataFrame:
    """Matches of one way, with the columns of `FOUND_SCHEMA`."""
    rows = match.select("written", "row", way=pl.lit(way), column=pl.lit(column))
    return rows.cast(FOUND_SCHEMA)  # type: ignore[arg-type]


def keep_unique_forms(match: pl.DataFrame, referred: pl.DataFrame) -> pl.DataFrame:
    """Without customers who are named with two different legal forms: these are two firms."""
    forms = pl.concat([match.select("row", "form"), referred]).filter(pl.col("form") != "")
    several = forms.group_by("row").agg(pl.col("form").n_unique()).filter(pl.col("form") > 1)
    return match.join(several, on="row", how="anti")


def find_shared(wanted: pl.DataFrame, names: pl.DataFrame, text: str, key: str) -> pl.DataFrame:
    """Texts whose key several customers share: ``written``, ``bearers``."""
    bearers = names.drop_nulls(key).group_by(key).agg(pl.col("bearers").sum())
    several = bearers.filter(pl.col("bearers") > 1).rename({key: "\x00key"})
    shared = wanted.join(several, left_on=text, right_on="\x00key", suffix="*")
    return shared.select("written", pl.col("bearers").cast(pl.UInt32))


def find_by_person(texts: pl.Series, persons: pl.DataFrame | None) -> pl.DataFrame:
    """Texts that name a person of exactly one customer; `FOUND_SCHEMA`.

    persons: ``person`` and the ``row`` of the customer, None = none.
    """
    if persons is None:
        return pl.DataFrame(schema=FOUND_SCHEMA)
    owners = persons.select("person", "row").unique()
    owners = owners.filter(pl.len().over("person") == 1)
    written = texts.to_frame("written").with_columns(person=pl.col("written").str.strip_chars())
    return describe_found(written.join(owners, on="person"), "person")


def mark_names_of_persons(named: pl.DataFrame, persons: pl.DataFrame | None) -> pl.DataFrame:
    """Found names; those that also name a person of another customer by a way of their own."""
    if persons is None or not named.height:
        return named
    others = named.join(persons.select(written="person", other="row"), on="written")
    also = others.filter(pl.col("row") != pl.col("other"))["written"].unique()
    is_also = pl.col("written").is_in(also.implode())
    return named.with_columns(way=pl.when(is_also).then(pl.lit("name-or-person")).otherwise("way"))
