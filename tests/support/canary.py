"""A company in which one name stands in every column that can hold text."""

from __future__ import annotations

import csv
from pathlib import Path

from refgraph.model.field_types import FieldType
from refgraph.model.fields import FIELDS_BY_TABLE

CANARY = "Zeisig"
"""The name; no text of refgraph holds it."""
SECTORS = ("steel", "wood")


def write_company(folder: Path) -> str:
    """The path of a folder with all tables: plain customers, and the canary in every text."""
    orders = [
        {"order_id": f"O{k}", "customer": f"C{k % 24:02}", "at": "2023-05-06", "revenue": "50"}
        for k in range(40)
    ]
    groups = [
        {"customer": id, "group": f"{CANARY} Group", "relation": "ownership"}
        for id in ("C03", "C04")
    ]
    tables = {
        "customers": list_customers(),
        "referrals": list_referrals(),
        "orders": [*orders, make_row("orders", at="2023-01-01", revenue="5", currency="")],
        "affiliations": [make_row("affiliations", relation="association"), *groups],
        "contacts": [make_row("contacts", party="C03"), {"party": "C04", "person": CANARY}],
        "events": [
            make_row("events", at="2021-01-01"),
            *({"party": f"C{k:02}", "at": "2021-02-01", "kind": "visit"} for k in range(3)),
        ],
    }
    for name, rows in tables.items():
        write_table(folder / f"{name}.csv", rows)
    return str(folder)


def list_customers() -> list[dict[str, str]]:
    people = [
        {
            "id": f"C{k:02}",
            "name": f"Firm {k}",
            "sector": SECTORS[k % 2],
            "status": "closed",
            "joined": f"20{10 + k % 12}-03-01",
            "source": "展会",
            "revenue": str(100 * k + 7),
        }
        for k in range(24)
    ]
    return [
        *people,
        make_row("customers", joined="2020-01-01", revenue="9"),
        {"id": "C98", "name": "Firm 98", "revenue": CANARY, "joined": CANARY, "due": CANARY},
        {"id": "C98", "name": CANARY},
    ]


def list_referrals() -> list[dict[str, str]]:
    referrals = [
        {"referrer": f"C{k // 3:02}", "referred": f"C{k:02}", "at": f"20{11 + k % 12}-02-01"}
        for k in range(1, 20)
    ]
    return [
        *referrals,
        make_row("referrals", referred="C21", at="2021-01-01"),
        {"referrer": f"{CANARY} unknown", "referred": "C22", "at": "2021-01-01"},
        {"referrer": "C01", "referred": CANARY, "at": "2021-01-01"},
    ]


def make_row(table: str, **values: str) -> dict[str, str]:
    """A row with the canary in every column of text, in known ones and in an unknown one."""
    kinds = (FieldType.ID, FieldType.TEXT, FieldType.WORD)
    left_out = ("religion", "politics", "referred_by")
    names = [f.name for f in FIELDS_BY_TABLE[table] if f.type in kinds and f.name not in left_out]
    return {**dict.fromkeys([*names, "remark"], CANARY), **values}


def write_table(file: Path, rows: list[dict[str, str]]) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, names)
        writer.writeheader()
        writer.writerows(rows)
