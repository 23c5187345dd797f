"""Ids that a spreadsheet damaged: which repair makes them match the ids of customers.

A repair is a rule that brings an id to a plain form. Two ids match under a repair if their plain
forms are equal and exactly one customer has that form. Nothing is repaired unless the user asks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

Repair = Callable[[pl.Expr], pl.Expr]
_INVISIBLE = r"[\s\p{C}\u00a0\u200b-\u200f\u2060\ufeff]"
_ROUNDED = r"^\d(?:\.\d+)?[eE]\+\d{2,}$"
"""A long number as a spreadsheet shows it: 1.38E+10."""


def is_rounded_id(id: pl.Expr) -> pl.Expr:
    """Whether an id is a long number that a spreadsheet rounded (``1.38E+10``)."""
    return id.str.strip_chars().str.contains(_ROUNDED).fill_null(False)


def _drop_blanks(id: pl.Expr) -> pl.Expr:
    return id.str.replace_all(_INVISIBLE, "")


def _narrow(id: pl.Expr) -> pl.Expr:
    return id.str.normalize("NFKC")


def _drop_quotes(id: pl.Expr) -> pl.Expr:
    return id.str.replace(r"^=?[\"'‘’“`]+", "").str.replace(r"[\"'’”`]+$", "")


def _drop_decimals(id: pl.Expr) -> pl.Expr:
    return id.str.replace(r"^(\d+)\.0+$", "$1")


def _drop_zeros(id: pl.Expr) -> pl.Expr:
    return id.str.replace(r"^0+(\d)", "$1")


def _lower(id: pl.Expr) -> pl.Expr:
    return id.str.to_lowercase()


REPAIRS: dict[str, Repair] = {
    "blanks": _drop_blanks,
    "width": _narrow,
    "quotes": _drop_quotes,
    "decimals": _drop_decimals,
    "zeros": _drop_zeros,
    "case": _lower,
}
"""Name of a repair -> its rule, in the order in which all of them together are applied."""


def apply_all_repairs(id: pl.Expr) -> pl.Expr:
    """An id brought to its plain form by every repair in turn."""
    for repair in REPAIRS.values():
        id = repair(id)
    return id


def match_after_repair(ids: pl.Series, customers: pl.DataFrame, repair: Repair) -> pl.Series:
    """For each of the `ids` the id of the one customer who fits, null for none or several.

    A customer fits if its id has the same plain form, or, where no id has it, its name.
    customers: columns ``id`` and ``name``.
    """
    matched = _match_column(ids, customers, "id", repair)
    if not matched.null_count():
        return matched
    by_name = _match_column(ids, customers.drop_nulls("name"), "name", repair)
    return matched.zip_with(matched.is_not_null(), by_name)


def _match_column(
    ids: pl.Series, customers: pl.DataFrame, column: str, repair: Repair
) -> pl.Series:
    keys = customers.select(customer="id", form=repair(pl.col(column)))
    unique_keys = keys.filter(pl.col("form").is_unique() & (pl.col("form") != ""))
    forms = ids.alias("id").to_frame().select(form=repair(pl.col("id")))
    return forms.join(unique_keys, on="form", how="left", maintain_order="left")["customer"]


def repair_ids(
    rows: pl.DataFrame, columns: Sequence[str], customers: pl.DataFrame, kept: pl.Series
) -> tuple[pl.DataFrame, int]:
    """Replace ids that are no customer's id or name by the id of the one who fits after repairs.

    customers: columns ``id`` and ``name``. kept: texts to leave alone. Returns the rows and the
    number of cells that changed.
    """
    count = 0
    known = pl.concat([customers["id"], customers["name"], kept]).drop_nulls().unique().implode()
    for column in columns:
        is_unknown = ~rows[column].is_in(known)
        matched = match_after_repair(rows[column], customers, apply_all_repairs)
        is_repaired = is_unknown.fill_null(False) & matched.is_not_null()
        count += int(is_repaired.sum())
        repaired = pl.when(is_repaired).then(matched).otherwise(pl.col(column))
        rows = rows.with_columns(repaired.alias(column))
    return rows, count


def count_matches_by_repair(ids: pl.Series, customers: pl.DataFrame) -> dict[str, int]:
    """Repair -> how many of the `ids` would match a customer; ``all`` = every repair together.

    Repairs that match nothing are left out. customers: columns ``id`` and ``name``.
    """
    rules = {**REPAIRS, "all": apply_all_repairs}
    counts = {
        name: match_after_repair(ids, customers, rule).count() for name, rule in rules.items()
    }
    return {name: count for name, count in counts.items() if count}
