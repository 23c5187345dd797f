"""What can happen to a table, to the bytes of a file, and to settings."""

from __future__ import annotations

import random
from pathlib import Path

from soak_tools.companies import Table, Tables, to_text

HOSTILE_CELLS = [
    *["", " ", "0", "-1", "NaN", "inf", "-inf", "1e400", "1e-400", "null", "None", "TRUE", "合计"],
    *["=1+1", " =1", "\t=1", "+1", "-1-1", "@x", "＝1", "\u200b=1", "'001", '="001"'],
    *["\x00", "\x01", "\x1b[31m", "\x7f", "\x85", "\u2028", "\u202e", "\ufeff", "\ufffe", "\ufdd0"],
    *["]]>", "<script>", "&amp", "&#0;", "--", "'", '"', '"a', "{x}", "%s", "\\", "a\nb", "a\rb"],
    *["0000-01-01", "2024-02-30", "10000-01-01", "-0001-01-01", "24-1-1", "2024-13-01"],
    *["1,234.5", "１２", "1_000", "0x10", "9" * 400, "x" * 5_000, "😀" * 20, "e\u0301" * 30],
    *["A,B", "A;B", "A、B", "A/B", "a" * 301, "1" * 16, "1.5E+10", "\u0000\u0000"],
]
HOSTILE_HEADERS = [
    *["*", "**", "^.*$", "^a$", "", " ", "line", "file", "stub", "index", "id", "ID", "id*"],
    *["id_right", "literal", "len", "count", "_", "customer", "party", "referrer", "at", "{x}"],
    *["\x00", "\x1b[1m", "\u202e", "x" * 5_000, "a\nb", '"', "联系人", "revenue", "金额（万元）"],
    *["profit", "role", "volume", "phone", "左", "code", "value", "fault:id", "struct", "tier"],
]
ENCODINGS = ["utf-8-sig", "utf-16", "utf-16-le", "gb18030", "big5", "latin-1", "utf-32", "cp1252"]
SETTINGS = {
    "options": ["top", "lang", "format", "value", "count", "x"],
    "old_customer": ["months", "orders"],
    "key_account": ["measure", "over", "period"],
    "accounts": ["territory", "tiers", "tier_names", "bulk_share", "credit_days", "profit"],
    "channels": ["reach", "family", "method", "tie"],
    "units": ["money", "volume"],
    "columns": ["customers.id", "referrals.referrer", "x.y", "customers"],
    "words": ["nobody"],
    "status": ["closed", "won"],
    "currency": ["CNY", "base"],
    "nonsense": ["x"],
}
VALUES = [
    *["0", "1", "-1", "-3", "9999999999", "1" * 400, "1" * 5_000, "1e308", "-1e308", "nan", "inf"],
    *['""', '"x"', '"*"', '"revenue"', '"^.*$"', '"\\u0000"', '"{x}"', "true", "false", "[]"],
    *["[1, [2], {a = 3}]", "[" * 2_000 + "]" * 2_000, "{a = 1}", "{a = {b = {}}}", '["A", "B"]'],
    *["1979-05-27", "07:32:00", '["a", 1]', "[1, 2, 3]", "[3, 1]", "0.5", "12", '"yearly_mean"'],
]


def mutate_table(dice: random.Random, table: Table) -> None:
    """Change one thing in a table, in place."""
    width, row = len(table[0]), dice.choice(table)
    column, other = dice.randrange(width), dice.randrange(width)
    action = dice.choice(["cell", "cell", "cell", "header", "swap", "columns", "rows", "ragged"])
    if action == "cell" and column < len(row):
        row[column] = dice.choice(HOSTILE_CELLS)
    elif action == "header":
        table[0][column] = dice.choice(HOSTILE_HEADERS)
    elif action == "swap":
        table[0][column], table[0][other] = table[0][other], table[0][column]
    elif action == "columns":
        for line in table:
            line.append(dice.choice(HOSTILE_CELLS))
        table[0][-1] = dice.choice(HOSTILE_HEADERS)
    elif action == "rows":
        table.extend([list(row)] * dice.choice([1, 1, 50]))
    elif action == "ragged":
        row[:] = row[: dice.randrange(width + 1)] or [""]


def mutate_bytes(dice: random.Random, data: bytes) -> bytes:
    """Damage a file."""
    if not data:
        return data
    at, size = dice.randrange(len(data)), dice.randint(1, 20)
    action = dice.choice(["flip", "cut", "drop", "repeat", "insert", "nothing"])
    if action == "flip":
        return data[:at] + bytes([data[at] ^ (1 << dice.randrange(8))]) + data[at + 1 :]
    if action == "cut":
        return data[:at]
    if action == "drop":
        return data[:at] + data[at + size :]
    if action == "repeat":
        return data[:at] + data[at : at + size] * 3 + data[at:]
    if action == "insert":
        return data[:at] + dice.randbytes(size) + data[at:]
    return data


def write_hostile_folder(dice: random.Random, tables: Tables, folder: Path) -> None:
    """Write a company with a few faults in its tables, its bytes and its settings."""
    for _ in range(dice.randint(1, 4)):
        mutate_table(dice, dice.choice(list(tables.values())))
    for name, table in tables.items():
        newline = dice.choice(["\n", "\n", "\r\n", "\r"])
        text = to_text(table, dice.choice([",", ",", ",", ";", "\t"]), newline)
        encoding = dice.choice(ENCODINGS) if dice.random() < 0.2 else "utf-8"
        data = text.encode(encoding, "replace")
        if dice.random() < 0.3:
            data = mutate_bytes(dice, data)
        (folder / f"{name}{dice.choice(['.csv', '.csv', '.tsv', '.txt'])}").write_bytes(data)
    if dice.random() < 0.3:
        (folder / "refgraph.toml").write_text(make_settings(dice), encoding="utf-8")


def make_settings(dice: random.Random) -> str:
    """A refgraph.toml of known and unknown keys with senseless values."""
    lines = []
    for table in dice.sample(list(SETTINGS), dice.randint(1, 3)):
        lines.append(f"[{table}]")
        for key in dice.sample(SETTINGS[table], dice.randint(1, min(2, len(SETTINGS[table])))):
            written = f'"{key}"' if "." in key else key
            lines.append(f"{written} = {dice.choice(VALUES)}")
    return "\n".join(lines) + "\n"


def shuffle_rows(dice: random.Random, tables: Tables) -> Tables:
    """The same tables with their rows in another order."""
    return {
        name: [table[0], *dice.sample(table[1:], len(table) - 1)] for name, table in tables.items()
    }
