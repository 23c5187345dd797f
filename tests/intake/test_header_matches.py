"""Headers as exports write them: each is one field, or the user is asked which one is meant."""

from __future__ import annotations

import pytest
from support.intake_tables import admit

from refgraph.errors import DataError
from refgraph.intake.header_matches import match_headers
from refgraph.intake.mapping import build_header_counter, detect_tables, map_headers
from refgraph.model.settings import Settings

EXPORTED: list[tuple[str, str, str]] = [
    ("customers", "id", "Record ID,Customer ID,User ID,uid,客户编号,客户编码,会员号"),
    ("customers", "name", "Account Name,Company Name,客户名称,客户姓名,公司名称"),
    ("customers", "role", "身份类型,角色"),
    ("customers", "kind", "客户类型,客户性质"),
    ("customers", "status", "Lifecycle Stage,Lead Status,成交状态,客户状态,线索阶段"),
    ("customers", "joined", "customer_since,Won time,Approved Date,成交时间,签约时间"),
    ("customers", "left", "cancelled_at,退费日期"),
    ("customers", "sector", "Industry,客户行业,所属行业"),
    ("customers", "ownership", "单位性质"),
    ("customers", "region", "Country/Region,Province,区域,省份"),
    ("customers", "group", "Parent Account,所属集团"),
    ("customers", "source", "Lead Source,客户来源,线索来源,来源渠道,获客渠道"),
    ("customers", "revenue", "Total Spent,Deal - Value *,合同金额（万元）"),
    ("customers", "profit", "利润"),
    ("customers", "volume", "吨数(吨)"),
    ("customers", "owner", "Contact Owner,负责人,业务员,跟进人,客户经理"),
    ("customers", "next_step", "下一步"),
    ("customers", "due", "Expected close date,下次联系时间,下次跟进时间"),
    ("customers", "email", "Email Address,邮箱"),
    ("customers", "phone", "Phone Number,手机,手机号,联系电话"),
    ("customers", "tax_id", "VAT number,税号,统一社会信用代码,纳税人识别号"),
    ("referrals", "referrer", "ReferrerId,Referred By,Advocate Email,推荐人,介绍人,转介绍人"),
    ("referrals", "referred", "Friend Email,ReferredPartyId,被推荐人,被推荐会员,被邀请人"),
    ("referrals", "at", "Referred Date,推荐日期"),
    ("referrals", "share", "split_percentage_value"),
    ("referrals", "tie", "推荐关系"),
    ("referrals", "contact", "联系人"),
    ("referrals", "reward", "Reward Value,奖励金额,佣金金额（元）"),
    ("referrals", "status", "conversion_state"),
    ("orders", "order_id", "order_number,订单号,单据编号"),
    ("orders", "customer", "customer_id,客户编码,买家手机号"),
    ("orders", "at", "Paid at,order_date,买家付款时间,单据日期"),
    ("orders", "revenue", "order_total,订单金额,商品金额合计"),
    ("orders", "profit", "订单利润"),
    ("orders", "volume", "数量,净重kg"),
    ("orders", "rebate", "discount_total,店铺优惠合计"),
    ("orders", "returns", "退款金额"),
    ("orders", "service_cost", "交易佣金"),
    ("orders", "credit_days", "账期"),
]


@pytest.mark.parametrize(
    ("table", "field", "headers"), EXPORTED, ids=lambda x: x if x.isascii() else ""
)
def test_header_of_an_export_is_its_field(table: str, field: str, headers: str) -> None:
    for header in headers.split(","):
        found = match_headers(table, ["备忘", f" {header} "])
        assert {name: match.header for name, match in found.items()} == {field: f" {header} "}


def test_unit_in_the_name_of_a_header_is_read() -> None:
    orders = map_headers("orders", "f", ["customer", "at", "净重kg"], Settings())
    assert (orders[-1].field.name, orders[-1].power, orders[-1].symbol) == ("volume", -3, "t")
    ends = ["referrer", "referred", "split_percentage_value"]
    share = map_headers("referrals", "f", ends, Settings())[-1]
    assert (share.field.name, share.power) == ("share", -2)


@pytest.mark.parametrize(
    ("table", "headers", "column"),
    [
        ("customers", ["id", "Lead Status", "Lifecycle Stage"], "customers.status"),
        ("customers", ["id", "推荐人", "介绍人"], "customers.referred_by"),
        ("customers", ["id", "revenue(元)", "revenue(万元)"], "customers.revenue"),
        ("orders", ["customer", "paid_at", "order_date"], "orders.at"),
        ("referrals", ["推荐人", "邀请人", "被推荐人"], "referrals.referrer"),
    ],
)
def test_two_headers_for_a_field_are_refused_with_both_ways_out(
    table: str, headers: list[str], column: str
) -> None:
    with pytest.raises(DataError) as caught:
        map_headers(table, "f.csv", headers, Settings())
    values = caught.value.values
    assert (caught.value.id, values["column"]) == ("several-headers", column)
    first, second = values["headers"]  # type: ignore[misc]
    assert {first, second} < set(headers)
    for header in (first, second):
        found = map_headers(table, "f.csv", headers, Settings(columns={column: header}))
        assert (column, header) in [(f"{table}.{m.field.name}", m.header) for m in found]
    assert values["line"] == f'columns.{column} = "{first}"'


@pytest.mark.parametrize(
    ("headers", "field", "chosen"),
    [
        (["客户编号", "status", "客户状态"], "status", "status"),
        (["编号", "客户编号"], "id", "客户编号"),
        (["客户编号", "状态", "客户状态"], "status", "客户状态"),
        (["id", "revenue", "Revenue(元)"], "revenue", "revenue"),
    ],
)
def test_canonical_or_fuller_header_wins(headers: list[str], field: str, chosen: str) -> None:
    found = map_headers("customers", "f", headers, Settings())
    assert {m.field.name: m.header for m in found}[field] == chosen


def test_second_phone_is_kept_and_reported_not_asked() -> None:
    data = admit([{"id": "a", "phone_number": "1", "手机": "2", "联系电话": "3"}])
    (customer,) = data.customers.select("phone", "phone_number", "联系电话").rows()
    assert customer == ("2", "1", "3")
    assert dict(data.warnings)["other-header customers.phone"] == 2


@pytest.mark.parametrize(
    ("headers", "tables"),
    [
        (["Name", "Email", "source", "referred"], ()),
        (["Date", "Status", "Amount", "State"], ()),
        (["referrer", "referred"], ("referrals",)),
        (["source", "target"], ("referrals",)),
        (["from", "to"], ("referrals",)),
        (["客户编号", "状态", "创建时间"], ("customers",)),
        (["customer", "date", "amount"], ("orders", "customers")),
    ],
)
def test_headers_that_any_table_has_do_not_decide(
    headers: list[str], tables: tuple[str, ...]
) -> None:
    assert detect_tables(headers) == tables


def test_column_that_the_user_names_decides_the_table() -> None:
    chosen = Settings(columns={"referrals.referrer": "source", "referrals.referred": "referred"})
    assert detect_tables(["source", "referred"], chosen) == ("referrals",)


@pytest.mark.parametrize(("chars", "known"), [(100, 1), (101, 0)])
def test_a_cell_of_more_than_100_characters_is_no_header(chars: int, known: int) -> None:
    """Not even one that --column names: it would be a sentence above the table."""
    header = "x" * chars
    count = build_header_counter(Settings(columns={"customers.name": header}))
    assert count([header, "y"]) == known
