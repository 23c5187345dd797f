"""Every option of reading can stand in refgraph.toml, and means the same there."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.program import Done, call

from refgraph.commands.option_families import READING

NO_SETTINGS = {
    "source": "what is read",
    "config": "names the settings",
    "pseudonymize": "a key, which must not lie with the data that it protects",
    "rejects": "a file that is written; a folder of data from elsewhere must not name one",
}
"""Options of reading that refgraph.toml cannot hold, and why."""
CUSTOMERS = (
    "id,name,referred_by,joined,revenue,religion\nA,Ann,,2020-01-02,1,x\nB,Bo,A,2020-02-01,2,"
)
DAYS = "id,name,referred_by,joined\nA,Ann,,03/04/2020\nB,Bo,A,05/06/2020\n"
Files = dict[str, str | bytes]
CASES: dict[str, tuple[Files, list[str], str]] = {
    "customers": (
        {"customers.csv": CUSTOMERS, "x/new.csv": "id,referred_by\nA,\nB,A\nC,A"},
        ["--customers", "x/new.csv"],
        'customers = ["x/new.csv"]',
    ),
    "referrals": (
        {"customers.csv": CUSTOMERS, "x/new.csv": "referrer,referred\nB,A"},
        ["--referrals", "x/new.csv"],
        'referrals = ["x/new.csv"]',
    ),
    "orders": (
        {"customers.csv": CUSTOMERS, "x/new.csv": "customer,at,revenue\nB,2020-03-01,9"},
        ["--orders", "x/new.csv"],
        'orders = ["x/new.csv"]',
    ),
    "affiliations": (
        {"customers.csv": CUSTOMERS, "x/new.csv": "customer,group\nB,G"},
        ["--affiliations", "x/new.csv"],
        'affiliations = ["x/new.csv"]',
    ),
    "contacts": (
        {"customers.csv": CUSTOMERS, "x/new.csv": "party,person\nB,Max"},
        ["--contacts", "x/new.csv"],
        'contacts = ["x/new.csv"]',
    ),
    "events": (
        {"customers.csv": CUSTOMERS, "x/new.csv": "party,at,kind\nB,2020-03-01,visit"},
        ["--events", "x/new.csv"],
        'events = ["x/new.csv"]',
    ),
    "customers_patch": (
        {"customers.csv": CUSTOMERS, "x/new.csv": "id,source\nA,网上"},
        ["--customers-patch", "x/new.csv"],
        'customers_patch = ["x/new.csv"]',
    ),
    "matches": (
        {
            "customers.csv": CUSTOMERS + "\nC,Cy,Annie,,,",
            "x/new.csv": "written,candidate,confirm\nAnnie,A,y",
        },
        ["--matches", "x/new.csv"],
        'matches = ["x/new.csv"]',
    ),
    "column": (
        {"customers.csv": "id,who\nA,\nB,A"},
        ["--column", "customers.referred_by=who"],
        "",
    ),
    "encoding": (
        {"customers.csv": "id,name,referred_by\nA,Zoë,\nB,Bo,A".encode("cp1250")},
        ["--encoding", "cp1250"],
        'encoding = "cp1250"',
    ),
    "delimiter": (
        {"customers.csv": "id!referred_by\nA!\nB!A"},
        ["--delimiter", "!"],
        'delimiter = "!"',
    ),
    "input_format": (
        {"customers.dat": "id\treferred_by\nA\t\nB\tA"},
        ["--input-format", "tsv"],
        'input_format = "tsv"',
    ),
    "sheet": (
        {"db.sqlite": b""},
        ["--sheet", "customers=now"],
        'sheet = ["customers=now"]',
    ),
    "header_row": (
        {"customers.csv": "id,referred_by\nid,referred_by\nA,\nB,A"},
        ["--header-row", "customers=2"],
        "header_row = { customers = 2 }",
    ),
    "date_format": (
        {"customers.csv": DAYS},
        ["--date-format", "dmy"],
        'date_format = ["dmy"]',
    ),
    "decimal": (
        {"customers.csv": 'id,referred_by,revenue\nA,,"1.500"\nB,A,"2.500"'},
        ["--decimal", "comma"],
        'decimal = ["comma"]',
    ),
    "loose_numbers": (
        {"customers.csv": 'id,referred_by,revenue\nA,,"1.500"\nB,A,"2.500"'},
        ["--loose-numbers"],
        "loose_numbers = true",
    ),
    "currency": (
        {"customers.csv": "id,referred_by,revenue\nA,,5 USD\nB,A,6 EUR"},
        ["--currency", "USD"],
        "",
    ),
    "trim": (
        {"customers.csv": "id,referred_by\n A,\nB,A"},
        ["--trim"],
        "trim = true",
    ),
    "duplicates": (
        {"customers.csv": "id,name,referred_by\nA,Ann,\nA,Anna,\nB,Bo,A"},
        ["--duplicates", "first"],
        'duplicates = "first"',
    ),
    "strict": (
        {"customers.csv": "id,referred_by\nA,X\nB,A"},
        ["--strict"],
        "strict = true",
    ),
    "no_referrals": (
        {"customers.csv": "id,revenue\nA,5"},
        ["--no-referrals"],
        "no_referrals = true",
    ),
    "repair_ids": (
        {"customers.csv": "id,referred_by\n001,\n002,1"},
        ["--repair-ids"],
        "repair_ids = true",
    ),
    "same_order_once": (
        {
            "customers.csv": CUSTOMERS,
            "orders.csv": "customer,at,revenue\nA,2020-01-01,5\nA,2020-01-01,5",
        },
        ["--same-order-once"],
        "same_order_once = true",
    ),
    "fill_down": (
        {
            "customers.csv": CUSTOMERS,
            "referrals.csv": "referrer,referred,at\nA,B,2020-01-02\n,C,2020-01-03",
        },
        ["--fill-down", "referrer"],
        'fill_down = ["referrer"]',
    ),
    "sensitive": ({"customers.csv": CUSTOMERS}, ["--sensitive"], "sensitive = true"),
    "allow_rejects": (
        {"customers.csv": "id,referred_by\nA,\n,A"},
        ["--allow-rejects"],
        "allow_rejects = true",
    ),
}
"""Option -> files in the folder, the words of a command line, the line of table [read]."""
OTHER_TABLES = {
    "column": '[columns]\ncustomers.referred_by = "who"',
    "currency": '[currency]\nuse = "USD"',
}
"""Options that have a table of their own."""


def write_files(folder: Path, files: Files) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        if name.endswith(".sqlite"):
            write_database(path)
        else:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())


def write_database(path: Path) -> None:
    import sqlite3

    with sqlite3.connect(path) as database:
        for name, rows in (("old", 2), ("now", 3)):
            database.execute(f"create table {name} (id text, referred_by text)")
            database.executemany(
                f"insert into {name} values (?, ?)", [(str(k), "0") for k in range(rows)]
            )


def check(*words: str) -> tuple[int, str, str]:
    done: Done = call("check", ".", *words, "--format", "json", "--lang", "en")
    return done.code, done.out, done.err


def test_every_option_of_reading_is_tested_or_exempt() -> None:
    names = {str(parameter.name) for parameter in READING.parameters}
    assert set(CASES) == names - set(NO_SETTINGS)


@pytest.mark.parametrize("option", CASES)
def test_option_of_reading_means_the_same_in_refgraph_toml(
    option: str, clean_environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, words, line = CASES[option]
    write_files(clean_environment, files)
    monkeypatch.chdir(clean_environment)
    without, given = check(), check(*words)
    assert without != given
    text = OTHER_TABLES.get(option, f"[read]\n{line}")
    (clean_environment / "refgraph.toml").write_text(text + "\n", encoding="utf-8")
    assert check() == given


def test_option_wins_over_refgraph_toml(
    clean_environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_files(clean_environment, CASES["duplicates"][0])
    monkeypatch.chdir(clean_environment)
    rejected = check("--duplicates", "reject")
    (clean_environment / "refgraph.toml").write_text('[read]\nduplicates = "first"\n')
    assert check("--duplicates", "reject") == rejected != check()


def test_output_may_not_replace_a_file_that_settings_name(
    clean_environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_files(clean_environment, CASES["orders"][0])
    monkeypatch.chdir(clean_environment)
    (clean_environment / "refgraph.toml").write_text('[read]\norders = ["x/new.csv"]\n')
    done = call("effect", ".", "-o", "x/new.csv", "--lang", "en")
    assert done.code == 2 and "would overwrite" in done.err
    assert (clean_environment / "x" / "new.csv").read_text() == CASES["orders"][0]["x/new.csv"]
