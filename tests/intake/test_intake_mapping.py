"""Which header is which field: every alias in both languages, units in headers, --column, and the faults."""

from __future__ import annotations

import pytest

from intake_tables import admit, table
from refgraph import intake
from refgraph.errors import DataError, UsageError
from refgraph.intake.mapping import map_headers, plain, tell
from refgraph.model.fields import TABLES, Field
from refgraph.model.settings import Settings

ALL = [(field, alias) for fields in TABLES.values() for field in fields for alias in (field.name, *field.aliases)]


def mandatory(field: Field) -> list[str]:
    return [f.name for f in TABLES[field.table] if f.mandatory and f is not field]


@pytest.mark.parametrize(("field", "alias"), ALL, ids=lambda x: x if isinstance(x, str) else x.table)
def test_every_alias_is_found_however_it_is_spelt(field: Field, alias: str) -> None:
    for header in (alias, alias.upper(), f" {alias} ", alias.replace("_", " "), alias.replace("_", "-")):
        found = map_headers(field.table, "f", [*mandatory(field), header], Settings())
        assert (field.name, header) in [(m.field.name, m.header) for m in found]


def test_no_alias_of_a_table_means_two_fields() -> None:
    for name, fields in TABLES.items():
        spelt = [a for f in fields for a in {plain(x) for x in (f.name, *f.aliases)}]
        assert len(spelt) == len(set(spelt)), name


@pytest.mark.parametrize(("header", "field", "power", "symbol"), [
    ("合同额(万元)", "revenue", 4, "元"), ("合同额（亿元）", "revenue", 8, "元"), ("销售额[千元]", "revenue", 3, "元"),
    ("成交额【元】", "revenue", 0, "元"), ("Sales (kUSD)", "revenue", 3, "USD"), ("利润( 万 )", "profit", 4, "元"),
    ("数量(kg)", "volume", -3, "t"), ("吨数(t)", "volume", 0, "t"), ("销量（万吨）", "volume", 4, "t"), ("volume (KG)", "volume", -3, "t"),
    ("revenue", "revenue", 0, ""),
])  # fmt: skip
def test_units_in_headers(header: str, field: str, power: int, symbol: str) -> None:
    found = map_headers("customers", "f", ["id", header], Settings())[1]
    assert (found.field.name, found.power, found.symbol) == (field, power, symbol)


def test_units_of_settings_hold_where_the_header_has_none() -> None:
    chosen = Settings(units={"money": "万元", "customers.profit": "元"})
    found = {m.field.name: m.power for m in map_headers("customers", "f", ["id", "revenue", "profit"], chosen)}
    assert found == {"id": 0, "revenue": 4, "profit": 0}
    assert map_headers("customers", "f", ["id", "revenue(亿元)"], chosen)[1].power == 8
    assert admit([{"id": "a", "合同额(万元)": "1", "数量(kg)": "5"}]).units == {"money": "元", "volume": "t"}


@pytest.mark.parametrize("header", ["revenue(furlong)", "revenue(kg)", "合同额(吨)", "volume(元)", "数量(万)", "profit(天)", "revenue(%)"])
def test_a_unit_unknown_or_of_another_kind(header: str) -> None:
    with pytest.raises(DataError) as caught:
        map_headers("customers", "f.csv", ["id", header], Settings())
    assert (caught.value.id, caught.value.values["file"], caught.value.values["header"]) == ("unknown-unit", "f.csv", header)
    unit = caught.value.values["unit"]
    known = caught.value.values["known"]
    assert isinstance(known, list)
    assert unit not in known


def test_a_missing_column_names_the_headers_seen_and_all_files_are_told() -> None:
    with pytest.raises(DataError) as caught:
        admit([{"name;id": "x"}], [{"referrer": "a", "to whom": "b"}])
    told = [caught.value, *caught.value.others]
    assert [(e.id, e.values["table"], e.values["column"]) for e in told] == [
        ("missing-column", "customers", "id"), ("missing-column", "referrals", "referred")]  # fmt: skip
    assert told[0].values["seen"] == ["name;id"]


def test_a_given_column_wins_and_the_header_of_its_name_is_kept_as_an_attribute() -> None:
    chosen = Settings(columns={"customers.name": "短名", "referrals.referrer": "alter", "referrals.referred": "ego"})
    data = admit([{"id": "a", "name": "long", "短名": "short"}], [{"ego": "b", "alter": "a"}], settings=chosen)
    assert data.customers.filter(~data.customers["stub"]).select("name", "name*").rows() == [("short", "long")]
    assert data.referrals.select("referrer", "referred").rows() == [("a", "b")]
    assert data.mapping["customers.name"] == "短名"


def test_a_given_column_that_no_file_has_is_a_fault() -> None:
    with pytest.raises(DataError) as caught:
        admit([{"id": "a", "turnover": "5"}], settings=Settings(columns={"customers.revenue": "Turnover"}))
    assert (caught.value.id, caught.value.values["column"], caught.value.values["seen"]) == (
        "missing-column", "Turnover", ["id", "turnover"])  # fmt: skip
    halves = [table("1.csv", [{"id": "a", "turnover": "5"}]), table("2.csv", [{"id": "b", "revenue": "6"}])]
    data = intake.admit({"customers": halves}, Settings(columns={"customers.revenue": "turnover"}))
    assert data.customers["revenue"].to_list() == [5, 6]


def test_a_given_column_that_is_no_field() -> None:
    for target in ("customers.colour", "clients.id", "id"):
        with pytest.raises(UsageError) as caught:
            admit([{"id": "a"}], settings=Settings(columns={target: "id"}))
        assert caught.value.id == "unknown-column"


def test_attributes_keep_their_headers_whatever_they_are() -> None:
    row = {"id": "a", "file": "1", "file*": "2", "line": "3", "stub": "4", "备注": "5", "\x00": "6"}
    kept = admit([row]).customers.row(0, named=True)
    assert [kept[c] for c in ("file**", "file*", "line*", "stub*", "备注", "\x00")] == ["1", "2", "3", "4", "5", "6"]
    assert (kept["file"], kept["line"], kept["stub"]) == ("customers.csv", 2, False)


@pytest.mark.parametrize(("headers", "table_"), [
    (["客户编号", "客户名称", "推荐人"], "customers"), (["推荐人", "被推荐人", "编号"], "referrals"), (["from", "to"], "referrals"),
    (["订单号", "客户", "日期", "金额(万元)"], "orders"), (["客户", "集团", "关系"], "affiliations"), (["x"], None), ([], None),
])  # fmt: skip
def test_which_table_a_file_holds(headers: list[str], table_: str | None) -> None:
    assert tell(headers) == table_
