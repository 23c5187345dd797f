"""Two files of one folder that hold the same table count once, or are refused."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.program import ask, call
from support.public_cases import CASES
from support.random_cases import cases

import refgraph
from refgraph.errors import DataError
from refgraph.model.dataset import Dataset
from refgraph.model.raw import RawTable, Tables, make_empty_rejects
from refgraph.model.settings import Settings
from refgraph.pipeline.file_copies import leave_out_copies

SHOP = CASES / "21-shop-export"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The export of the shop with each table in a second format; the customers by e-mail there."""
    folder = tmp_path / "shop"
    folder.mkdir()
    for name in ("customers.csv", "orders.csv", "refgraph.toml"):
        shutil.copy(SHOP / name, folder)
    (folder / "orders.csv.gz").write_bytes(gzip.compress((SHOP / "orders.csv").read_bytes()))
    customers = pl.read_csv(SHOP / "customers.csv", infer_schema=False)
    by_email = customers.select(id=pl.col("Email").str.to_uppercase(), name="Full Name")
    by_email.write_parquet(folder / "customers.parquet")
    return folder


def make_table(file: str, **columns: list[str]) -> RawTable:
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    rows = frame.height
    return RawTable(
        file=file,
        frame=frame,
        line=pl.int_range(2, rows + 2, eager=True),
        rows_read=rows,
        rejects=make_empty_rejects(),
    )


def count_rows(table: str, *files: RawTable, named: tuple[str, ...] = ()) -> list[int]:
    """Rows of each file that are left."""
    tables = leave_out_copies(Tables({table: files}), Settings(), named)
    for before, after in zip(files, tables.by_name[table], strict=True):
        assert after.rows_read == after.frame.height + after.rows_skipped == before.rows_read
        assert after.line.len() == after.frame.height
        assert dict(after.warnings).get("copied-row", 0) == before.frame.height - after.frame.height
    return [raw.frame.height for raw in tables.by_name[table]]


def make_ids(letter: str, rows: int = 12) -> list[str]:
    return [f"{letter}{k}" for k in range(rows)]


def read_quietly(source: Path, options: refgraph.SourceOptions) -> Dataset:
    with pytest.warns(refgraph.RefgraphWarning):
        return refgraph.read(source, options)


def test_customers_under_two_ids_are_refused_with_both_files_and_the_remedy(shop: Path) -> None:
    with pytest.raises(DataError) as caught:
        refgraph.read(shop)
    values = caught.value.values
    assert (caught.value.id, values["shared"], values["column"]) == ("same-customers", 400, "email")
    assert {values["file"], values["other"]} == {"customers.csv", "customers.parquet"}
    done = call("effect", str(shop))
    assert done.code == 3
    assert "--customers" in done.err


def test_the_remedy_for_customers_under_two_ids_reads_each_row_once(shop: Path) -> None:
    code, row, _ = ask("effect", str(shop), "--customers", str(shop / "customers.csv"))
    assert (code, row["customers"], row["referred"]) == (0, 400, 131)
    assert round(float(str(row["value"])), 2) == 60_139.18


def test_orders_without_a_number_in_two_formats_count_once(shop: Path) -> None:
    lines = (shop / "refgraph.toml").read_text(encoding="utf-8")
    (shop / "refgraph.toml").write_text(lines.replace('order_id = "Name"\n', ""))
    (shop / "customers.parquet").unlink()
    data = read_quietly(shop, refgraph.SourceOptions())
    assert data.orders is not None
    assert round(data.orders["revenue"].sum(), 2) == 60_139.18
    assert dict(data.warnings)["copied-row"] == 869
    ledger = {row["file"]: row["skipped"] for row in data.ledger.to_dicts()}
    assert (ledger["orders.csv"], ledger["orders.csv.gz"]) == (215, 869)


@pytest.mark.parametrize("column", ["email", "phone", "name"])
def test_customers_that_share_a_unique_column_under_other_ids_are_refused(column: str) -> None:
    keys = make_ids("K")
    a = make_table("customers.csv", id=make_ids("A"), **{column: keys})
    b = make_table("customers_old.csv", id=make_ids("B"), **{column: [k.lower() for k in keys]})
    with pytest.raises(DataError, match="same customers"):
        count_rows("customers", a, b)
    assert count_rows("customers", a, b, named=("customers",)) == [12, 12]


@pytest.mark.parametrize(
    ("ids", "names"),
    [
        (make_ids("A"), make_ids("K")),  # the same ids: intake compares the rows
        (make_ids("B"), make_ids("L")),  # other names: other customers
        (make_ids("B"), ["Kim"] * 12),  # names that many share prove nothing
    ],
    ids=["same-ids", "other-names", "shared-names"],
)
def test_customers_that_nothing_shows_to_be_the_same_are_read(
    ids: list[str], names: list[str]
) -> None:
    a = make_table("customers.csv", id=make_ids("A"), name=make_ids("K"))
    assert count_rows("customers", a, make_table("customers_2.csv", id=ids, name=names)) == [12, 12]


def test_orders_of_two_files_are_copies_only_if_no_cell_and_no_field_differs() -> None:
    fees = {"customer": make_ids("A"), "at": ["2024-01-05"] * 12, "revenue": ["100"] * 12}
    first = make_table("orders_1.csv", **fees)
    assert count_rows("orders", first, make_table("orders_2.csv", **fees)) == [12, 0]
    assert count_rows("orders", first, make_table("book.xlsx[orders]", **fees)) == [12, 0]
    next_year = make_table("orders_2.csv", **{**fees, "at": ["2025-01-05"] * 12})
    assert count_rows("orders", first, next_year) == [12, 12]
    profits = make_table(
        "orders_2.csv", customer=fees["customer"], at=fees["at"], profit=["9"] * 12
    )
    assert count_rows("orders", first, profits) == [12, 12]
    more = make_table("orders_2.csv", profit=["9"] * 12, **fees)
    assert count_rows("orders", first, more) == [0, 12]


def test_orders_with_numbers_and_few_orders_under_other_names_are_left_to_intake() -> None:
    fees = {"customer": make_ids("A"), "at": ["2024-01-05"] * 12, "revenue": ["100"] * 12}
    numbered = [make_table(f"orders.{s}", order_id=make_ids("O"), **fees) for s in ("csv", "gz")]
    assert count_rows("orders", *numbered) == [12, 12]
    few = {name: cells[:9] for name, cells in fees.items()}
    parts = make_table("orders_1.csv", **few), make_table("orders_2.csv", **few)
    assert count_rows("orders", *parts) == [9, 9]
    assert count_rows("orders", *parts, named=("orders",)) == [9, 9]


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 9999)), min_size=1), st.randoms())
@settings(max_examples=cases(50), deadline=None)
def test_orders_in_two_formats_in_any_row_order_are_copies_unless_a_row_differs(
    orders: list[tuple[int, int]], random: object
) -> None:
    mixed = list(orders)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    rows, dates = len(orders), ["2024-01-05"] * len(orders)
    plain = make_table(
        "orders.csv",
        customer=[str(c) for c, _ in orders],
        at=dates,
        revenue=[f"{r}.50" for _, r in orders],
    )
    typed = make_table(
        "orders.xlsx",
        customer=[str(c) for c, _ in mixed],
        at=dates,
        revenue=[f"${r}.5" for _, r in mixed],
    )
    assert count_rows("orders", plain, typed) == [rows, 0]
    changed = typed.frame.with_columns(
        revenue=pl.when(pl.int_range(pl.len()) == 0)
        .then(pl.lit("7.25"))
        .otherwise(pl.col("revenue"))
    )
    other = make_table("orders.xlsx", **changed.to_dict(as_series=False))
    assert count_rows("orders", plain, other) == [rows, rows]
