"""Which header is which field: aliases in both languages, units, --column, and the faults."""

from __future__ import annotations

import pytest
from support.intake_tables import admit, table

from refgraph import intake
from refgraph.errors import DataError, UsageError
from refgraph.intake.mapping import detect_tables, map_headers, normalize_header
from refgraph.model.field_types import Field
from refgraph.model.fields import FIELDS_BY_TABLE
from refgraph.model.settings import Settings

ALL = [
    (field, alias)
    for fields in FIELDS_BY_TABLE.values()
    for field in fields
    for alias in (field.name, *field.aliases)
]


def list_mandatory(field: Field) -> list[str]:
    return [f.name for f in FIELDS_BY_TABLE[field.table] if f.mandatory and f is not field]


@pytest.mark.parametrize(
    ("field", "alias"), ALL, ids=lambda x: x if isinstance(x, str) else x.table
)
def test_map_headers_alias_in_any_spelling_finds_field(field: Field, alias: str) -> None:
    for header in (
        alias,
        alias.upper(),
        f" {alias} ",
        alias.replace("_", " "),
        alias.replace("_", "-"),
    ):
        found = map_headers(field.table, "f", [*list_mandatory(field), header], Settings())
        assert (field.name, header) in [(m.field.name, m.header) for m in found]


def test_aliases_within_table_are_unique() -> None:
    for name, fields in FIELDS_BY_TABLE.items():
        spelt = [a for f in fields for a in {normalize_header(x) for x in (f.name, *f.aliases)}]
        assert len(spelt) == len(set(spelt)), name


@pytest.mark.parametrize(
    ("header", "field", "power", "symbol"),
    [
        ("合同额(万元)", "revenue", 4, "元"),
        ("合同额（亿元）", "revenue", 8, "元"),
        ("销售额[千元]", "revenue", 3, "元"),
        ("成交额【元】", "revenue", 0, "元"),
        ("Sales (kUSD)", "revenue", 3, "USD"),
        ("利润( 万 )", "profit", 4, "元"),
        ("数量(kg)", "volume", -3, "t"),
        ("吨数(t)", "volume", 0, "t"),
        ("销量（万吨）", "volume", 4, "t"),
        ("volume (KG)", "volume", -3, "t"),
        ("revenue", "revenue", 0, ""),
    ],
)
def test_map_headers_with_unit_returns_power_and_symbol(
    header: str, field: str, power: int, symbol: str
) -> None:
    found = map_headers("customers", "f", ["id", header], Settings())[1]
    assert (found.field.name, found.power, found.symbol) == (field, power, symbol)


def test_map_headers_without_unit_uses_settings() -> None:
    chosen = Settings(units={"money": "万元", "customers.profit": "元"})
    found = {
        m.field.name: m.power
        for m in map_headers("customers", "f", ["id", "revenue", "profit"], chosen)
    }
    assert found == {"id": 0, "revenue": 4, "profit": 0}
    assert map_headers("customers", "f", ["id", "revenue(亿元)"], chosen)[1].power == 8
    assert admit([{"id": "a", "合同额(万元)": "1", "数量(kg)": "5"}]).units == {
        "money": "元",
        "volume": "t",
    }


@pytest.mark.parametrize(
    "header",
    [
        "revenue(furlong)",
        "revenue(kg)",
        "合同额(吨)",
        "volume(元)",
        "数量(万)",
        "profit(天)",
        "revenue(%)",
    ],
)
def test_map_headers_with_bad_unit_raises(header: str) -> None:
    with pytest.raises(DataError) as caught:
        map_headers("customers", "f.csv", ["id", header], Settings())
    assert (caught.value.id, caught.value.values["file"], caught.value.values["header"]) == (
        "unknown-unit",
        "f.csv",
        header,
    )
    unit = caught.value.values["unit"]
    known = caught.value.values["known"]
    assert isinstance(known, list)
    assert unit not in known


def test_missing_column_in_several_files_raises_all_with_headers() -> None:
    with pytest.raises(DataError) as caught:
        admit([{"name;id": "x"}], [{"referrer": "a", "to whom": "b"}])
    reported = [caught.value, *caught.value.others]
    assert [(e.id, e.values["table"], e.values["column"]) for e in reported] == [
        ("missing-column", "customers", "id"),
        ("missing-column", "referrals", "referred"),
    ]
    assert reported[0].values["seen"] == ["name;id"]


def test_named_column_wins_and_other_header_becomes_extra() -> None:
    chosen = Settings(
        columns={
            "customers.name": "短名",
            "referrals.referrer": "alter",
            "referrals.referred": "ego",
        }
    )
    data = admit(
        [{"id": "a", "name": "long", "短名": "short"}],
        [{"ego": "b", "alter": "a"}],
        settings=chosen,
    )
    assert data.customers.filter(~data.customers["stub"]).select("name", "name*").rows() == [
        ("short", "long")
    ]
    assert data.referrals.select("referrer", "referred").rows() == [("a", "b")]
    assert data.mapping["customers.name"] == "短名"


def test_named_column_absent_from_files_raises() -> None:
    with pytest.raises(DataError) as caught:
        admit(
            [{"id": "a", "turnover": "5"}],
            settings=Settings(columns={"customers.revenue": "Turnover"}),
        )
    values = caught.value.values
    assert (caught.value.id, values["header"], values["seen"]) == (
        "absent-header",
        "Turnover",
        ["id", "turnover"],
    )
    assert values["line"] == 'columns.customers.revenue = "turnover"'
    halves = [
        table("1.csv", [{"id": "a", "turnover": "5"}]),
        table("2.csv", [{"id": "b", "revenue": "6"}]),
    ]
    data = intake.build_dataset(
        {"customers": halves}, Settings(columns={"customers.revenue": "turnover"})
    )
    assert data.customers["revenue"].to_list() == [5, 6]


def test_named_column_that_is_no_field_raises() -> None:
    for target in ("customers.colour", "clients.id", "id"):
        with pytest.raises(UsageError) as caught:
            admit([{"id": "a"}], settings=Settings(columns={target: "id"}))
        assert caught.value.id == "unknown-column"


def test_extra_columns_keep_their_headers() -> None:
    row = {"id": "a", "file": "1", "file*": "2", "line": "3", "stub": "4", "备注": "5", "\x00": "6"}
    kept = admit([row]).customers.row(0, named=True)
    assert [kept[c] for c in ("file**", "file*", "line*", "stub*", "备注", "\x00")] == [
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
    ]
    assert (kept["file"], kept["line"], kept["stub"]) == ("customers.csv", 2, False)


@pytest.mark.parametrize(
    ("headers", "table_"),
    [
        (["客户编号", "客户名称", "推荐人"], "customers"),
        (["推荐人", "被推荐人", "编号"], "referrals"),
        (["from", "to"], "referrals"),
        (["订单号", "客户", "日期", "金额(万元)"], "orders"),
        (["客户", "集团", "关系"], "affiliations"),
        (["x"], None),
        ([], None),
    ],
)
def test_detect_table_by_headers_returns_table(headers: list[str], table_: str | None) -> None:
    assert next(iter(detect_tables(headers)), None) == table_
