"""Which file of a folder holds which table, and reading all of them."""

import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest

from refgraph.errors import DataError, FileError, RefgraphError, UsageError
from refgraph.model.fields import TABLE_NAMES
from refgraph.model.remarks import describe_remark
from refgraph.sources import READERS, FileOptions, delimited, find_table_files, read_tables, readers
from refgraph.sources.folder import TableFiles
from refgraph.sources.source_files import SourceFile
from refgraph.sources.table_names import find_table_by_stem
from refgraph.texts import format_message


def detect(headers: Sequence[str]) -> list[str]:
    """The tables that the headers name in the singular; "other" is no table."""
    return [table for table in (*TABLE_NAMES, "others") if table[:-1] in headers]


def fill(folder: Path, **files: bytes) -> Path:
    for name, data in files.items():
        (folder / name.replace("__", ".")).write_bytes(data)
    return folder


STEMS = [
    ("customers.csv", "customers"),
    ("Customers.CSV", "customers"),
    ("customer.tsv", "customers"),
    ("客户.csv", "customers"),
    ("customers-1.csv", "customers"),
    ("customers_2024.csv", "customers"),
    ("orders.part2.csv", "orders"),
    ("orders_2024-03.csv", "orders"),
    ("orders 2024Q1.csv", "orders"),
    ("订单2024年.csv", "orders"),
    ("订单第2部分.csv", "orders"),
    ("推荐.csv", "referrals"),
    ("推荐关系.csv", "referrals"),
    ("推荐记录_1.csv", "referrals"),
    ("关联.csv", "affiliations"),
    ("隶属.tab", "affiliations"),
    ("AFFILIATIONS.txt", "affiliations"),
    ("contacts.csv", "contacts"),
    ("联系人.xlsx", "contacts"),
    ("拜访记录_2024.csv", "events"),
    ("customers_old.csv", None),
    ("customers (1).csv", None),
    ("reorders.csv", None),
    ("推荐人.csv", None),
    ("orders-.csv", None),
    ("customers" + "1" * 200 + "x.csv", None),
    ("customers" + "-" * 200 + "x.csv", None),
]


@pytest.mark.parametrize(("name", "table"), STEMS)
def test_find_table_by_stem_of_file_name_returns_table(name: str, table: str | None) -> None:
    assert find_table_by_stem(Path(name)) == table


def test_find_table_files_in_folder_sorts_files_by_table(tmp_path: Path) -> None:
    names = [
        "customers_2.csv",
        "customers-1.csv",
        "orders.tsv",
        "README.csv",
        "readme",
        "refgraph.toml",
        "notes.md",
        ".orders.csv",
        "客户.csv",
        "customers.docx",
        "picture.png",
        "customers.md",
        "notes.txt",
    ]
    for name in names:
        (tmp_path / name).write_bytes(b"x\n")
    (tmp_path / "referrals.csv").mkdir()
    fill(tmp_path, by_header__csv=b"referral,b\n", copy__csv=b"customer,b\n", what__csv=b"x\n")
    fill(tmp_path, broken__tsv=b"\xff", other__csv=b"other\n", plain__txt=b"affiliation\tb\n")
    files = find_table_files(tmp_path, detect)
    names_by_table = {
        table: [path.name for path in paths] for table, paths in files.by_table.items()
    }
    assert names_by_table == {
        "customers": ["customers-1.csv", "customers_2.csv", "客户.csv"],
        "referrals": ["by_header.csv"],
        "orders": ["orders.tsv"],
        "affiliations": ["plain.txt"],
        "contacts": [],
        "events": [],
    }
    ignored = [path.name for path in files.ignored]
    assert ignored == ["broken.tsv", "customers.docx", "other.csv", "what.csv"]
    assert [(file.name, table) for file, table in files.left_out] == [("copy.csv", "customers")]


def test_find_table_files_of_single_file_returns_customers(tmp_path: Path) -> None:
    path = fill(tmp_path, any__csv=b"id\n1\n") / "any.csv"
    by_table = {table: [] for table in TABLE_NAMES} | {"customers": [SourceFile(path, str(path))]}
    assert find_table_files(path, detect) == TableFiles(by_table)
    assert read_tables(path, detect_tables=detect).by_name["customers"][0].file == str(path)


def catch_refusal(source: str | Path | None, options: FileOptions = FileOptions()) -> RefgraphError:
    """The error with which a SOURCE is refused."""
    with pytest.raises(RefgraphError) as caught:
        read_tables(source, options, detect_tables=detect)
    return caught.value


def test_read_tables_from_unusable_source_raises(tmp_path: Path) -> None:
    error = catch_refusal(tmp_path)
    assert isinstance(error, DataError) and error.id == "no-tables"
    assert error.values == {"path": str(tmp_path), "seen": []}
    assert catch_refusal(fill(tmp_path, what__csv=b"x\n")).values["seen"] == ["what.csv"]
    error = catch_refusal(tmp_path / "none")
    assert isinstance(error, FileError)
    assert (error.id, error.values) == ("not-found", {"path": str(tmp_path / "none")})
    (tmp_path / "a.docx").write_bytes(b"PK")
    assert catch_refusal(tmp_path / "a.docx").id == "unknown-format-of-file"
    assert catch_refusal("a\0b").id == "not-found"
    fill(tmp_path, what__csv="客户\n中\n".encode("gbk"))
    error = catch_refusal(tmp_path)
    assert [error.id, *(other.id for other in error.others)] == [
        "no-tables",
        "encoding-error-gb18030",
    ]
    assert catch_refusal("x" * 9999).id == "cannot-read"
    for nothing in (None, ""):
        error = catch_refusal(nothing)
        assert isinstance(error, UsageError) and error.id == "no-source"


def test_read_tables_with_bad_option_raises_one_error(tmp_path: Path) -> None:
    fill(tmp_path, customers__csv=b"id\n", orders__csv=b"id\n", what__csv=b"x\n")
    for options, code in (
        (FileOptions(encoding="none"), "unknown-encoding"),
        (FileOptions(delimiter="none"), "bad-delimiter"),
    ):
        error = catch_refusal(tmp_path, options)
        assert (error.id, error.others) == (code, ())


def test_read_tables_with_dangling_link_raises_not_found(tmp_path: Path) -> None:
    fill(tmp_path, customers__csv=b"id\n1\n")
    (tmp_path / "orders.csv").symlink_to(tmp_path / "gone.csv")
    assert catch_refusal(tmp_path).id == "not-found"


def test_read_tables_from_folder_returns_tables_and_ignored_files(tmp_path: Path) -> None:
    fill(
        tmp_path,
        customers__csv=b"id\n1\n2\n",
        orders__csv=b"id\n",
        what__csv=b"x\n",
        mine__csv=b"id\n9\n",
        copy__csv=b"customer\n9\n",
    )
    tables = read_tables(str(tmp_path), detect_tables=detect)
    files = {table: [raw.file for raw in raws] for table, raws in tables.by_name.items() if raws}
    assert files == {"customers": ["customers.csv"], "orders": ["orders.csv"]}
    assert tables.ignored == ("mine.csv", "what.csv")
    remarks = tables.by_name["customers"][0].warnings
    assert remarks == (("left-out-copy copy.csv\tcustomers\tcustomers.csv", 1),)


def test_left_out_file_is_not_reported_once_an_option_names_it(tmp_path: Path) -> None:
    fill(tmp_path, customers__csv=b"id\n1\n2\n", mine__csv=b"customer\n9\n")
    options = FileOptions(customers=(str(tmp_path / "mine.csv"),))
    tables = read_tables(str(tmp_path), options, detect_tables=detect)
    assert tables.by_name["customers"][0].warnings == ()
    patched = FileOptions(patches=(str(tmp_path / "mine.csv"),))
    tables = read_tables(str(tmp_path), patched, detect_tables=detect)
    assert tables.by_name["customers"][0].warnings == ()


def test_sentence_about_a_left_out_copy_names_both_files_and_the_table() -> None:
    sentence = describe_remark("left-out-copy b.xlsx[客户]\tcustomers\tcustomers.csv", 1)
    for lang, table in (("en", "customers"), ("zh", "客户")):
        text = format_message(sentence, lang)
        assert all(word in text for word in ("b.xlsx[客户]", "customers.csv", table))


def test_read_tables_with_named_files_replaces_those_of_source(tmp_path: Path) -> None:
    fill(tmp_path, customers__csv=b"id\n1\n2\n", orders__csv=b"id\n", mine__csv=b"id\n9\n")
    mine = str(tmp_path / "mine.csv")
    tables = read_tables(tmp_path, FileOptions(orders=(mine,)), detect_tables=detect).by_name
    assert [(raw.file, raw.rows_read) for raw in tables["orders"]] == [(mine, 1)]
    assert tables["customers"][0].rows_read == 2
    alone = read_tables(None, FileOptions(customers=(mine,)), detect_tables=detect).by_name
    assert list(alone) == ["customers"] and alone["customers"][0].frame.rows() == [("9",)]


def test_read_tables_with_registered_format_uses_its_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = ModuleType("refgraph.sources.upside_down")
    module.read = lambda path, file, dialect: delimited.read(  # type: ignore[attr-defined]
        b"\n".join(reversed(path.read_bytes().split())), "t.csv"
    )
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setitem(READERS, ".down", readers.Reader("upside_down"))
    fill(tmp_path, customers__down=b"2\n1\nid\n")
    (raw,) = read_tables(tmp_path, detect_tables=detect).by_name["customers"]
    assert raw.frame.rows() == [("1",), ("2",)]


def test_read_tables_with_same_file_twice_raises(tmp_path: Path) -> None:
    fill(tmp_path, a__csv=b"id\n1\n")
    error = catch_refusal(None, FileOptions(orders=(f"{tmp_path}/a.csv", f"{tmp_path}/./a.csv")))
    assert isinstance(error, UsageError)
    assert (error.id, error.values) == (
        "file-twice",
        {"file": f"{tmp_path}/./a.csv", "table": "orders"},
    )


def test_read_tables_with_several_bad_files_raises_all_faults(tmp_path: Path) -> None:
    fill(tmp_path, customers__csv=b"", orders__csv=b"a,a,\n1,2,3\n", referrals__csv=b"a\n\xff")
    error = catch_refusal(tmp_path)
    faults = [error, *error.others]
    ids = ["duplicate-header", "empty-file", "encoding-error", "missing-header"]
    assert sorted(fault.id for fault in faults) == ids
    assert {fault.values["file"] for fault in faults} == {
        "customers.csv",
        "orders.csv",
        "referrals.csv",
    }
