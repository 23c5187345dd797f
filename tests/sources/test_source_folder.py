"""Which file of a folder holds which table, and reading them all, with the faults of all files at once."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from refgraph.errors import DataError, FileError, RefgraphError, UsageError
from refgraph.sources import TABLES, find, read_tables
from refgraph.sources.folder import by_stem


def tell(headers: Sequence[str]) -> str | None:
    """Headers that name a table hold it."""
    return next((table for table in TABLES if table[:-1] in headers), "other" if "other" in headers else None)


def fill(folder: Path, **files: bytes) -> Path:
    for name, data in files.items():
        (folder / name.replace("__", ".")).write_bytes(data)
    return folder


STEMS = [
    ("customers.csv", "customers"), ("Customers.CSV", "customers"), ("customer.tsv", "customers"),
    ("客户.csv", "customers"), ("customers-1.csv", "customers"), ("customers_2024.csv", "customers"),
    ("orders.part2.csv", "orders"), ("orders_2024-03.csv", "orders"), ("orders 2024Q1.csv", "orders"),
    ("订单2024年.csv", "orders"), ("订单第2部分.csv", "orders"), ("推荐.csv", "referrals"),
    ("推荐关系.csv", "referrals"), ("推荐记录_1.csv", "referrals"), ("关联.csv", "affiliations"),
    ("隶属.tab", "affiliations"), ("AFFILIATIONS.txt", "affiliations"), ("customers_old.csv", None),
    ("customers (1).csv", None), ("reorders.csv", None), ("推荐人.csv", None), ("orders-.csv", None),
    ("customers" + "1" * 200 + "x.csv", None), ("customers" + "-" * 200 + "x.csv", None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "table"), STEMS)
def test_stems(name: str, table: str | None) -> None:
    assert by_stem(Path(name)) == table


def test_find(tmp_path: Path) -> None:
    names = ["customers_2.csv", "customers-1.csv", "orders.tsv", "README.csv", "readme", "refgraph.toml",
             "notes.md", ".orders.csv", "客户.csv", "customers.xlsx", "picture.png", "customers.md",
             "notes.txt"]  # fmt: skip
    for name in names:
        (tmp_path / name).write_bytes(b"x\n")
    (tmp_path / "referrals.csv").mkdir()
    fill(tmp_path, by_header__csv=b"referral,b\n", copy__csv=b"customer,b\n", what__csv=b"x\n")
    fill(tmp_path, broken__tsv=b"\xff", other__csv=b"other\n", plain__txt=b"affiliation\tb\n")
    found = {table: [path.name for path in paths] for table, paths in find(tmp_path, tell).items()}
    assert found == {
        "customers": ["customers-1.csv", "customers_2.csv", "客户.csv"],
        "referrals": ["by_header.csv"],
        "orders": ["orders.tsv"],
        "affiliations": ["plain.txt"],
        "ignored": ["broken.tsv", "copy.csv", "customers.xlsx", "other.csv", "what.csv"],
    }


def test_a_file_is_customers(tmp_path: Path) -> None:
    path = fill(tmp_path, any__csv=b"id\n1\n") / "any.csv"
    assert find(path, tell) == {**{table: [] for table in TABLES}, "customers": [path], "ignored": []}
    assert read_tables(path, tell=tell)["customers"][0].file == str(path)


def refused(source: str | Path | None, **options: list[str | Path]) -> RefgraphError:
    with pytest.raises(RefgraphError) as caught:
        read_tables(source, tell=tell, **options)  # type: ignore[arg-type]
    return caught.value


def test_sources_that_cannot_be_read(tmp_path: Path) -> None:
    error = refused(tmp_path)
    assert isinstance(error, DataError) and error.id == "no-tables"
    assert error.values == {"path": str(tmp_path), "seen": []}
    assert refused(fill(tmp_path, what__csv=b"x\n")).values["seen"] == ["what.csv"]
    error = refused(tmp_path / "none")
    assert isinstance(error, FileError)
    assert (error.id, error.values) == ("not-found", {"path": str(tmp_path / "none")})
    (tmp_path / "a.xlsx").write_bytes(b"PK")
    assert refused(tmp_path / "a.xlsx").id == "unknown-format-of-file"
    assert refused("a\0b").id == "not-found"
    fill(tmp_path, what__csv="客户\n中\n".encode("gbk"))
    error = refused(tmp_path)
    assert [error.id, *(other.id for other in error.others)] == ["no-tables", "encoding-error-gb18030"]
    assert refused("x" * 9999).id == "cannot-read"
    for nothing in (None, ""):
        error = refused(nothing)
        assert isinstance(error, UsageError) and error.id == "no-source"


def test_a_fault_of_the_call_is_told_once(tmp_path: Path) -> None:
    fill(tmp_path, customers__csv=b"id\n", orders__csv=b"id\n", what__csv=b"x\n")
    for option, code in (("encoding", "unknown-encoding"), ("delimiter", "bad-delimiter")):
        error = refused(tmp_path, **{option: "none"})  # type: ignore[arg-type]
        assert (error.id, error.others) == (code, ())


def test_a_link_to_nowhere_is_not_passed_over(tmp_path: Path) -> None:
    fill(tmp_path, customers__csv=b"id\n1\n")
    (tmp_path / "orders.csv").symlink_to(tmp_path / "gone.csv")
    assert refused(tmp_path).id == "not-found"


def test_read_tables(tmp_path: Path) -> None:
    fill(tmp_path, customers__csv=b"id\n1\n2\n", orders__csv=b"id\n", what__csv=b"x\n", mine__csv=b"id\n9\n")
    tables = read_tables(str(tmp_path), tell=tell)
    files = {table: [raw.file for raw in tables[table]] for table in TABLES if tables[table]}
    assert files == {"customers": ["customers.csv"], "orders": ["orders.csv"]}
    assert tables["ignored"] == ["mine.csv", "what.csv"]  # type: ignore[comparison-overlap]
    mine = str(tmp_path / "mine.csv")
    tables = read_tables(tmp_path, tell=tell, orders=[mine])
    assert [(raw.file, raw.read) for raw in tables["orders"]] == [(mine, 1)]
    assert tables["customers"][0].read == 2
    assert read_tables(None, tell=tell, customers=[mine])["customers"][0].frame.rows() == [("9",)]


def test_one_file_twice_would_count_double(tmp_path: Path) -> None:
    fill(tmp_path, a__csv=b"id\n1\n")
    error = refused(None, orders=[tmp_path / "a.csv", f"{tmp_path}/./a.csv"])
    assert isinstance(error, UsageError)
    assert (error.id, error.values) == ("file-twice", {"file": f"{tmp_path}/./a.csv", "table": "orders"})


def test_every_fault_of_every_file(tmp_path: Path) -> None:
    fill(tmp_path, customers__csv=b"", orders__csv=b"a,a,\n1,2,3\n", referrals__csv=b"a\n\xff")
    error = refused(tmp_path)
    faults = [error, *error.others]
    ids = ["duplicate-header", "empty-file", "encoding-error", "missing-header"]
    assert sorted(fault.id for fault in faults) == ids
    assert {fault.values["file"] for fault in faults} == {"customers.csv", "orders.csv", "referrals.csv"}
