"""Sheets as people have them: titles, footers, totals, encodings. Answers are worked by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.program import call

from refgraph import pipeline
from refgraph.errors import DataError, UsageError
from refgraph.intake import IntakeOptions
from refgraph.model.dataset import Dataset
from refgraph.model.raw import FileLayout
from refgraph.pipeline.options import SourceOptions
from refgraph.reports.check import check

CASES = Path(__file__).parent.parent / "data" / "cases"
TITLES = CASES / "05-title-and-total-rows"
ENCODINGS = CASES / "06-encodings"
LAYOUTS: list[tuple[str, int, int, float | None, dict[str, int]]] = [
    ("customers.csv", 3, 2, 1_955_000, {"above-header": 2, "header-found": 1, "total-row": 1}),
    ("siblings/blank-first.csv", 3, 2, 1_955_000, {}),
    ("siblings/commas-first.csv", 3, 2, 1_955_000, {"blank-row": 1}),
    ("siblings/empty-rows.csv", 3, 2, 1_955_000, {"blank-row": 2}),
    ("siblings/footer.csv", 3, 2, 1_955_000, {"footer": 3}),
    ("siblings/index-column.csv", 2, 1, 1_505_000, {"index-column": 1}),
    ("siblings/merged-header.csv", 3, 2, 1_955_000, {"above-header": 1, "header-found": 1}),
    ("siblings/repeated-header.csv", 4, 3, 2_055_000, {"repeated-header": 1}),
    ("siblings/sep-line.csv", 3, 2, 1_955_000, {"above-header": 1}),
    ("siblings/total-blank-id.csv", 3, 2, 1_955_000, {"total-row": 1}),
    ("siblings/total-only.csv", 3, 2, 1_955_000, {"total-row": 1}),
    ("siblings/total-row-zh.csv", 2, 1, None, {"total-row": 2}),
    ("siblings/total-row.csv", 2, 1, 150, {"total-row": 1}),
    ("siblings/trailing-comma.csv", 3, 2, 1_955_000, {}),
]
NOT_SKIPPED = {"header-found", "index-column", "merged-cells", "matched-by-name"}


def read(source: Path, **options: object) -> Dataset:
    data = pipeline.open_source(source, SourceOptions(**options)).dataset()  # type: ignore[arg-type]
    ledger = data.ledger.sum()
    parts = sum(ledger[name][0] for name in ("used", "rejected", "duplicates", "skipped"))
    assert ledger["read"][0] == parts
    return data


@pytest.mark.parametrize(("name", "customers", "referred", "revenue", "warnings"), LAYOUTS)
def test_sheet_with_extra_rows_gives_customers_alone(
    name: str, customers: int, referred: int, revenue: float | None, warnings: dict[str, int]
) -> None:
    data = read(TITLES / name)
    assert data.customers["id"].to_list() == [str(k) for k in range(1, customers + 1)]
    assert data.referrals["referred"].n_unique() == referred
    assert data.referrals.height == referred
    if revenue is not None:
        assert data.customers["revenue"].sum() == pytest.approx(revenue)
    assert dict(data.warnings) == warnings
    skipped = sum(count for code, count in warnings.items() if code not in NOT_SKIPPED)
    assert data.ledger["skipped"].sum() == skipped
    assert data.rejects.height == 0


def test_total_row_of_orders_is_skipped() -> None:
    data = read(TITLES / "siblings" / "total-in-orders")
    assert data.orders is not None and data.orders["revenue"].to_list() == [300, 80]
    assert dict(data.warnings) == {"total-row": 1}


def test_merged_cells_are_reported_and_never_filled() -> None:
    data = read(TITLES / "siblings" / "merged-cells")
    assert data.referrals.select("referrer", "referred").rows() == [("1", "2")]
    assert dict(data.warnings) == {"merged-cells": 2, "matched-by-name": 2}
    assert data.rejects.select("line", "code").rows() == [(3, "missing-id"), (4, "missing-id")]


@pytest.mark.parametrize("column", ["推荐人", "referrals.referrer"])
def test_named_column_is_filled_from_above(column: str) -> None:
    source = TITLES / "siblings" / "merged-cells"
    data = read(source, intake=IntakeOptions(fill_down=(column,)))
    assert data.referrals["referred"].to_list() == ["2", "3", "4"]
    assert set(data.referrals["referrer"]) == {"1"}
    assert dict(data.warnings)["filled-cell"] == 2 and not data.rejects.height


def test_column_to_fill_that_no_file_has_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        read(TITLES / "customers.csv", intake=IntakeOptions(fill_down=("who",)))
    assert caught.value.id == "unknown-fill-column"


ENCODED: list[tuple[str, str, int]] = [
    ("gbk.csv", "gb18030", 2),
    ("big5.csv", "big5", 2),
    ("latin1-name.csv", "cp1252", 1),
    ("gbk-cut.csv", "gb18030", 1),
    ("gbk-with-latin1-row.csv", "gb18030", 3),
    ("utf16-excel-unicode-text/customers.txt", "", 2),
    ("mixed", "gb18030", 2),
]


@pytest.mark.parametrize(("name", "encoding", "referred"), ENCODED)
def test_encoding_that_makes_headers_known_is_found_and_reported(
    name: str, encoding: str, referred: int
) -> None:
    data = read(ENCODINGS / name)
    assert data.referrals.height == referred
    assert [layout.encoding for _, layout in data.layouts] == ([encoding] if encoding else [])
    assert dict(data.warnings).get("encoding-found", 0) == bool(encoding)


def test_characters_of_found_encodings_are_right() -> None:
    names = {name: read(ENCODINGS / name).customers["name"].to_list() for name, *_ in ENCODED[:3]}
    assert names == {
        "gbk.csv": ["甲一", "乙二", "丙三"],
        "big5.csv": ["甲一", "乙二", "丙三"],
        "latin1-name.csv": ["Renée", "José"],
    }


def test_broken_character_costs_its_cell_alone() -> None:
    data = read(ENCODINGS / "gbk-with-latin1-row.csv")
    assert data.customers["name"].to_list() == ["甲一", "乙二", "丙三", None]
    assert data.customers["revenue"].sum() == pytest.approx(2_005_000)
    columns = ("line", "code", "column", "value", "loss")
    fault = (5, "broken-character", "客户名称", "Caf\ufffd", "cell")
    assert data.rejects.select(columns).rows() == [fault]
    assert data.ledger["cells"].sum() == 1


def test_cut_character_costs_the_row_that_it_ends() -> None:
    data = read(ENCODINGS / "gbk-cut.csv")
    assert data.rejects.select("line", "code", "value").rows() == [(4, "ragged-row", "4/5")]


def test_mojibake_in_headers_is_named_and_not_repaired() -> None:
    with pytest.raises(DataError) as caught:
        read(ENCODINGS / "mojibake.csv")
    assert caught.value.id == "misread-headers"
    assert (caught.value.values["header"], caught.value.values["meant"]) == ("¿Í»§±àºÅ", "客户编号")


def test_mojibake_in_cells_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text("id,name\n1,å®¢æˆ·\n2,锟斤拷\n3,a\ufffdb\n4,RenÃ©e\n5,Renée Ärmel\n6,客户\n")
    data = read(path)
    assert dict(data.warnings) == {"mojibake": 4}
    assert data.customers["name"][0] == "å®¢æˆ·"


def test_file_without_header_is_refused_and_readable_by_number() -> None:
    source = CASES / "10-edge-lists" / "no-header.csv"
    with pytest.raises(DataError) as caught:
        read(source)
    assert (caught.value.id, caught.value.values["line"]) == ("header-is-data", 1)
    columns = {"referrals.referrer": "1", "referrals.referred": "2"}
    people = TITLES / "siblings" / "total-in-orders" / "customers.csv"
    options = {"customers": (str(people),), "referrals": (str(source),), "columns": columns}
    data = read(people.parent / "customers.csv", header_rows=("referrals=0",), **options)
    pairs = data.referrals.select("referrer", "referred").rows()
    assert {("1", "2"), ("1", "3"), ("2", "4")} <= set(pairs)


def test_encoding_that_headers_do_not_tell_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_bytes("id,name\n1,甲钢\n".encode("gb18030"))
    with pytest.raises(DataError) as caught:
        read(path)
    assert caught.value.id == "encoding-unclear"
    assert "gb18030 (甲钢)" in caught.value.values["options"]  # type: ignore[operator]
    assert read(path, encoding="gbk").customers["name"].to_list() == ["甲钢"]


def test_header_row_of_option_and_settings_wins(tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text("id,name,joined\nid,name\n1,Ann\n")
    settings = tmp_path / "refgraph.toml"
    settings.write_text("[read]\nheader_row = 2\n")
    for rows in ((), ("2",), ("customers=2",), ("1", "customers=2")):
        data = read(path, header_rows=rows)
        assert data.customers.select("id", "name").rows() == [("1", "Ann")]
        assert not data.has("customers.joined")
    with pytest.raises(DataError) as caught:
        read(path, header_rows=("9",))
    assert (caught.value.id, caught.value.values["row"]) == ("no-such-header-row", 9)


@pytest.mark.parametrize("text", ["x", "-1", "people=1", "1.5", "", "=", "1" * 20])
def test_bad_header_row_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        SourceOptions(header_rows=(text,))
    assert caught.value.id == "bad-header-row"


@pytest.mark.parametrize("sign", [";", "\t", "|", ","])
@pytest.mark.parametrize("suffix", ["csv", "tsv", "txt"])
def test_delimiter_that_makes_headers_known_is_found_and_reported(
    tmp_path: Path, sign: str, suffix: str
) -> None:
    path = tmp_path / f"customers.{suffix}"
    path.write_text("id,name,joined\n1,Ann,2020-01-01\n".replace(",", sign))
    data = read(path)
    assert data.customers["name"].to_list() == ["Ann"]
    usual = {"csv": ","}.get(suffix, "\t")
    expected = () if sign == usual else ((str(path), FileLayout(delimiter=sign)),)
    assert data.layouts == expected
    assert dict(data.warnings) == ({"delimiter-found": 1} if expected else {})


def test_check_tells_line_encoding_and_delimiter(tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_bytes("名单\n客户编号;客户名称\n1;甲一\n".encode("gbk"))
    notes = {note.id: note.values for note in check(pipeline.open_source(path)).notes}
    assert notes["check.header-line"]["line"] == 2
    assert notes["check.encoding"]["encoding"] == "gb18030"
    assert "check.delimiter" in notes


def test_skipped_rows_are_reported_on_the_command_line() -> None:
    done = call("recommenders", str(TITLES / "customers.csv"), "--lang", "en", "--format", "csv")
    assert done.code == 0
    assert "2 rows above the header were skipped." in done.err
    assert "1 total row was skipped." in done.err
    assert done.out.splitlines()[1].startswith("1,1,甲一,2,")
