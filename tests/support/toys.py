"""Small companies with answers worked by hand; tests, doctests and the README share them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import polars as pl

from refgraph import intake
from refgraph.engines.offline import OfflineEngine
from refgraph.model.dataset import Dataset
from refgraph.model.raw import RawTable, make_empty_rejects
from refgraph.model.settings import Settings

Pairs = Sequence[tuple[str, str]]


def raw(file: str, rows: Sequence[dict[str, object]], columns: Sequence[str]) -> RawTable:
    """A table as read from a file: every cell is text."""
    cells = {c: [None if r.get(c) is None else str(r[c]) for r in rows] for c in columns}
    frame = pl.DataFrame(cells, schema=dict.fromkeys(columns, pl.String))
    return RawTable(
        file=file,
        frame=frame,
        line=pl.Series("line", range(2, len(rows) + 2), dtype=pl.Int64),
        rows_read=len(rows),
        rejects=make_empty_rejects(),
    )


def company(
    customers: dict[str, dict[str, object]],
    referrals: Pairs | Sequence[dict[str, object]],
    orders: Sequence[dict[str, object]] = (),
    settings: Settings | None = None,
    contacts: Sequence[dict[str, object]] = (),
) -> Dataset:
    """A Dataset from customers (id -> columns), referrals (pairs or rows), orders, contacts."""
    people = [{"id": id, **columns} for id, columns in customers.items()]
    pairs = [r if isinstance(r, dict) else {"referrer": r[0], "referred": r[1]} for r in referrals]
    tables = {
        "customers": [raw("customers.csv", people, _list_columns(people, ["id"]))],
        "referrals": [raw("referrals.csv", pairs, _list_columns(pairs, ["referrer", "referred"]))],
    }
    if orders:
        tables["orders"] = [raw("orders.csv", orders, _list_columns(orders, ["customer", "at"]))]
    if contacts:
        tables["contacts"] = [raw("contacts.csv", contacts, _list_columns(contacts, ["person"]))]
    return intake.build_dataset(tables, settings or Settings())


def _list_columns(rows: Sequence[dict[str, object]], first: list[str]) -> list[str]:
    return list(dict.fromkeys([*first, *(c for row in rows for c in row)]))


def worth(revenues: dict[str, object], referrals: Pairs) -> Dataset:
    """Customers that have only a revenue."""
    return company({id: {"revenue": r} for id, r in revenues.items()}, referrals)


def empty() -> Dataset:
    """No parties at all."""
    return company({}, [])


def single() -> Dataset:
    """One customer, no referral."""
    return worth({"a": 10}, [])


def pair() -> Dataset:
    """a referred b."""
    return worth({"a": 10, "b": 20}, [("a", "b")])


def chain() -> Dataset:
    """a referred b, b referred c, each worth 10: credit 55/3, 25/3, 10/3."""
    return worth({"a": 10, "b": 10, "c": 10}, [("a", "b"), ("b", "c")])


def star() -> Dataset:
    """a referred b, c, d and e."""
    return worth({"a": 1, "b": 2, "c": 3, "d": 4, "e": 5}, [("a", x) for x in "bcde"])


def binary() -> Dataset:
    """A complete binary tree of seven."""
    return worth({str(k): k for k in range(1, 8)}, [(str(k // 2), str(k)) for k in range(2, 8)])


def forest() -> Dataset:
    """Two trees and a single."""
    return worth({x: 7 for x in "abcdef"}, [("a", "b"), ("a", "c"), ("d", "e")])


def two_referrers() -> Dataset:
    """c (10) referred half by a and half by b, both roots: credit 2.5, 2.5 and 5."""
    return worth({"a": 0, "b": 0, "c": 10}, [("a", "c"), ("b", "c")])


def loop() -> Dataset:
    """a, b and c refer one another in a cycle; a joined first, so the referral into a is cut."""
    joined = {"a": "2020-01-01", "b": "2021-01-01", "c": "2022-01-01"}
    return company(
        {x: {"revenue": 6, "joined": day} for x, day in joined.items()},
        [("a", "b"), ("b", "c"), ("c", "a")],
    )


def unicode() -> Dataset:
    """Names that break careless pages."""
    names = {
        "1": "沙钢",
        "2": "𠮷野家",
        "3": "Acme [/] $\\frac$",
        "4": "</script>",
        "5": "\u202eevil",
        "6": "=1+1",
    }
    return company(
        {id: {"name": name, "revenue": 5} for id, name in names.items()},
        [("1", x) for x in "23456"],
    )


TOYS = {
    f.__name__: cache(f)
    for f in (empty, single, pair, chain, star, binary, forest, two_referrers, loop, unicode)
}
"""Name -> function of the Dataset, which is the same object every time."""


@cache
def open_toy(name: str) -> OfflineEngine:
    """The engine of a toy, shared by all tests of a worker; so are its graphs."""
    return OfflineEngine(TOYS[name]())
