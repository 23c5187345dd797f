"""Customers, referrals and orders with a file of decided matches, for the tests of intake."""

from __future__ import annotations

from refgraph import intake
from refgraph.model.dataset import Dataset
from refgraph.model.settings import Settings
from support.intake_tables import Row, table

PEOPLE: list[Row] = [
    {"id": "a", "name": "河北钢铁集团有限公司", "revenue": "100", "joined": "2020-05-01"},
    {"id": "b", "name": "瑞丰机械", "revenue": "20", "joined": "2021-01-01"},
    {"id": "c", "name": "恒通管业", "revenue": "7", "joined": "2022-01-01"},
]
REFERRALS: list[Row] = [
    {"referrer": "河钢", "referred": "b"},
    {"referrer": "河钢集团", "referred": "c"},
]
ORDERS: list[Row] = [{"customer": "河钢", "at": "2024-01-01", "revenue": "5"}]


def decide(*rows: tuple[str, str, str], kind: str = "") -> list[Row]:
    """Rows of a file of matches: written, candidate, confirm."""
    names = ("written", "candidate", "confirm")
    return [{"kind": kind, **dict(zip(names, row, strict=True))} for row in rows]


def admit(
    matches: list[Row],
    customers: list[Row] = PEOPLE,
    referrals: list[Row] = REFERRALS,
    orders: list[Row] = ORDERS,
    **options: bool,
) -> Dataset:
    tables = {"customers": customers, "referrals": referrals, "orders": orders, "matches": matches}
    raws = {name: [table(f"{name}.csv", rows)] for name, rows in tables.items() if rows}
    return intake.build_dataset(raws, Settings(), intake.IntakeOptions(**options))


def pairs(data: Dataset) -> set[tuple[str, str]]:
    return set(data.referrals.select("referrer", "referred").iter_rows())


def find_codes(data: Dataset) -> list[tuple[str, str]]:
    return list(data.rejects.select("code", "value").iter_rows())
