"""``refgraph init`` on the export of a shop: orders by e-mail, two files of the same customers."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path

import polars as pl
import pytest
from support.program import ask, call
from support.public_cases import CASES


@pytest.fixture
def shop(clean_environment: Path) -> Path:
    """The export of the shop without its settings."""
    folder = clean_environment / "shop"
    shutil.copytree(CASES / "21-shop-export", folder)
    (folder / "refgraph.toml").unlink()
    return folder


def test_init_finds_orders_by_email_and_answers_without_editing(shop: Path) -> None:
    done = call("init", str(shop), "--lang", "en")
    assert done.code == 0
    columns = tomllib.loads((shop / "refgraph.toml").read_text(encoding="utf-8"))["columns"]
    assert columns["orders"] == {"customer": "Email", "order_id": "Name", "revenue": "Total"}
    assert columns["customers"]["joined"] == "Created At"
    code, row, _ = ask("effect", str(shop))
    assert (code, row["customers"], row["referred"]) == (0, 400, 131)
    assert round(float(str(row["value"])), 2) == 60_139.18
    _, row, _ = ask("recommenders", str(shop), "--by", "direct")
    assert (row["customer"], row["direct"]) == ("KATE1062", 18)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_init_counts_a_needed_column_without_a_proposal_as_a_decision(
    language: str, shop: Path
) -> None:
    orders = shop / "orders.csv"
    orders.write_text(re.sub(r"[a-z.0-9]+@\w+.com", "?", orders.read_text(encoding="utf-8")))
    done = call("init", str(shop), "--lang", language)
    assert done.code == 3
    assert {"en": "1 line to decide", "zh": "1 行待决定"}[language] in done.out + done.err
    written = (shop / "refgraph.toml").read_text(encoding="utf-8")
    assert '# orders.customer = "..."' in written
    chosen = tomllib.loads(written.replace("# orders.customer", "orders.customer"))
    assert chosen["columns"]["orders"]["customer"] == "..."


def test_init_leaves_the_choice_between_files_of_the_same_customers(
    shop: Path,
) -> None:
    customers = pl.read_csv(shop / "customers.csv", infer_schema=False)
    by_email = customers.select(id="Email", name="Full Name")
    by_email.write_parquet(shop / "customers.parquet")
    assert call("init", str(shop), "--lang", "en").code == 3
    settings = shop / "refgraph.toml"
    written = settings.read_text(encoding="utf-8")
    settings.write_text(
        written.replace('# customers = "customers.csv"', 'customers="customers.csv"')
    )
    assert tomllib.loads(settings.read_text(encoding="utf-8"))["read"]["customers"]
    assert '# customers = "customers.parquet"' in written
