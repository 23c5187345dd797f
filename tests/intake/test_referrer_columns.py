"""Columns that name customers by their content, and columns that were not understood."""

from __future__ import annotations

import polars as pl
from support.toys import company

from refgraph.intake.referrer_columns import (
    find_key_columns,
    find_referrer_columns,
    list_unknown_columns,
)
from refgraph.model.dataset import Dataset


def build() -> Dataset:
    """``via`` names others by name, ``copy`` the customer itself, ``half`` and ``few`` less often.

    ``orders.by`` names others by id, in two of two cells.
    """
    rows = {
        "a1": ("甲厂", "", "", "", ""),
        "b2": ("乙厂", "甲厂", "b2", "a1", "a1"),
        "c3": ("丙厂", "乙厂", "c3", "zz", "yy"),
        "d4": ("丁厂", "甲厂", "d4", "", "zz"),
    }
    people: dict[str, dict[str, object]] = {
        id: dict(zip(("name", "via", "copy", "half", "few"), cells, strict=True))
        for id, cells in rows.items()
    }
    orders = [
        {"customer": "b2", "at": "2020-01-01", "revenue": 1, "by": "a1"},
        {"customer": "c3", "at": "2020-01-02", "revenue": 1, "by": "A1 "},
        {"customer": "d4", "at": "2020-01-03", "revenue": 1, "by": ""},
    ]
    return company(people, [], orders)


def test_columns_that_name_other_customers_are_found_the_best_first() -> None:
    assert [tuple(match) for match in find_referrer_columns(build())] == [
        ("via", "name", 3, 3, 0),
        ("orders.by", "id", 2, 2, 0),
        ("half", "id", 1, 2, 0),
    ]


def test_unknown_columns_of_all_tables_are_listed_once() -> None:
    assert list_unknown_columns(build()) == ["copy", "few", "half", "via", "orders.by"]


def test_key_columns_are_those_that_hold_most_values_each_for_one_customer() -> None:
    people: dict[str, dict[str, object]] = {
        "1": {"code": "007", "old": "k1", "shared": "7"},
        "2": {"code": "8", "old": "k2", "shared": "7"},
        "3": {"code": "9", "old": "", "shared": "8"},
    }
    values = pl.Series(["7", "8", "k1"])
    found = find_key_columns(company(people, []).customers, values)
    assert [tuple(match) for match in found] == [("", "code", 2, 3, 1)]
