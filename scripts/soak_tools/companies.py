"""Small companies as files, in many spellings, before anything is done to them."""

from __future__ import annotations

import random

Table = list[list[str]]
Tables = dict[str, Table]

IDS = ["A", "B", "C", "001", "1", "甲钢", "c-7", "Zoë", "12345678901234567890", "x y"]
DAYS = ["2015-01-01", "2019-12-31", "2020-02-29", "2024-06-30", "0001-01-01", "9999-12-31", ""]
AMOUNTS = [
    "1",
    "0",
    "12345.67",
    "-3",
    "",
    "1e15",
    "1e308",
    "-1e308",
    "0.000001",
    "99999999999999999999",
]
HEADERS = {
    "customers": [
        ("id", "name", "referred_by", "joined", "revenue", "status", "source", "lost_at"),
        ("客户编号", "客户名称", "介绍人", "成交日期", "销售额", "状态", "来源", "丢单日期"),
    ],
    "referrals": [("referrer", "referred", "at", "share"), ("推荐人", "被推荐人", "日期", "份额")],
    "orders": [
        ("order_id", "customer", "at", "revenue"),
        ("订单编号", "客户编号", "日期", "金额"),
    ],
}
CHOICES = {
    "joined": DAYS,
    "at": DAYS,
    "lost_at": DAYS,
    "revenue": AMOUNTS,
    "share": ["", "1", "0.5", "0", "2", "-1", "nan"],
    "status": ["closed", "prospect", "lost", "", "已成交", "???"],
    "source": ["customer referral", "转介绍", "fair", "", "own sales"],
    "role": ["customer", "staff", "partner", ""],
}


def make_company(dice: random.Random) -> Tables:
    """Tables with a header each; ids that referrals and orders name may be unknown."""
    ids = dice.sample(IDS, dice.randint(1, len(IDS)))
    tables = {"customers": make_table(dice, "customers", ids, len(ids))}
    for row, id in zip(tables["customers"][1:], ids, strict=True):
        row[0] = id
    for name in ("referrals", "orders"):
        if dice.random() < 0.7:
            tables[name] = make_table(dice, name, ids, dice.randint(0, 15))
    return tables


def make_table(dice: random.Random, name: str, ids: list[str], rows: int) -> Table:
    """One table; some of its columns are missing."""
    english, written = HEADERS[name][0], dice.choice(HEADERS[name])
    columns = [k for k in range(len(english)) if k < 2 or dice.random() < 0.7]
    table = [[written[k] for k in columns]]
    return table + [
        [make_cell(dice, english[k], ids, number) for k in columns] for number in range(rows)
    ]


def make_cell(dice: random.Random, field: str, ids: list[str], number: int) -> str:
    """A cell that suits a field, more or less."""
    if field in CHOICES:
        return dice.choice(CHOICES[field])
    if field == "order_id":
        return f"O{number}"
    if field == "referred_by" and dice.random() < 0.4:
        return ""
    return dice.choice([*ids, "nobody"])


def to_text(table: Table, delimiter: str = ",", newline: str = "\n") -> str:
    """The table as a file holds it; cells with special characters are quoted."""
    return "".join(delimiter.join(map(quote_cell, row)) + newline for row in table)


def quote_cell(cell: str) -> str:
    """The cell, in quotes where it needs them."""
    if any(sign in cell for sign in '",;\t\r\n'):
        return '"' + cell.replace('"', '""') + '"'
    return cell
