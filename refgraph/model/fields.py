"""Every column that refgraph knows: its table, type and usual names in English and Chinese.

A header may carry a unit in brackets, ``合同额(万元)`` or ``volume (kg)``; see `UNITS`.
"""

from __future__ import annotations

from refgraph.model.customer_fields import CUSTOMER_FIELDS
from refgraph.model.field_types import Field, FieldType
from refgraph.model.side_fields import CONTACT_FIELDS, EVENT_FIELDS


def _referral_field(name: str, type: FieldType, *aliases: str, mandatory: bool = False) -> Field:
    return Field(table="referrals", name=name, type=type, aliases=aliases, mandatory=mandatory)


def _order_field(name: str, type: FieldType, *aliases: str, mandatory: bool = False) -> Field:
    return Field(table="orders", name=name, type=type, aliases=aliases, mandatory=mandatory)


def _affiliation_field(name: str, type: FieldType, *aliases: str, mandatory: bool = False) -> Field:
    return Field(table="affiliations", name=name, type=type, aliases=aliases, mandatory=mandatory)


REFERRAL_FIELDS = (
    _referral_field(
        "referrer",
        FieldType.ID,
        *("referred_by", "from", "source", ":START_ID", "FromNodeId"),
        "推荐人",
        "推荐人编号",
        "介绍人",
        *("referrerid", "转介绍人", "邀请人", "advocate_email"),
        mandatory=True,
    ),
    _referral_field(
        "referred",
        FieldType.ID,
        *("to", "target", ":END_ID", "ToNodeId"),
        "被推荐人",
        "被推荐人编号",
        "被推荐客户",
        "被介绍人",
        *("referredpartyid", "被推荐会员", "被邀请人", "friend_email"),
        *("被介绍单位", "被推荐单位", "被介绍客户"),
        mandatory=True,
    ),
    _referral_field(
        "at",
        FieldType.DATE,
        *("date", "referred_at", "referral_date", "推荐日期", "日期", "介绍日期", "referred_date"),
        *("介绍时间", "推荐时间"),
    ),
    _referral_field("share", FieldType.NUMBER, "份额", "占比", "split_percentage_value"),
    _referral_field("tie", FieldType.TEXT, "relationship", "关系", "关系类型", "推荐关系"),
    _referral_field("contact", FieldType.TEXT, "联系人"),
    _referral_field(
        "reward",
        FieldType.MONEY,
        *("bonus", "commission", "奖励", "佣金", "reward_value", "奖励金额", "佣金金额"),
    ),
    _referral_field("status", FieldType.WORD, "状态", "conversion_state", "是否成交"),
)
ORDER_FIELDS = (
    _order_field(
        "order_id",
        FieldType.ID,
        *("order", "订单号", "订单编号", "合同号", "order_number", "单据编号"),
    ),
    _order_field(
        "customer",
        FieldType.ID,
        *("customer_id", "客户编号", "客户号", "客户", "客户编码", "客户代码", "买家手机号"),
        mandatory=True,
    ),
    _order_field(
        "at",
        FieldType.DATE,
        "date",
        "order_date",
        "ordered_at",
        "订单日期",
        "日期",
        "合同日期",
        *("paid_at", "买家付款时间", "单据日期", "下单日期", "下单时间"),
        mandatory=True,
    ),
    _order_field(
        "revenue",
        FieldType.MONEY,
        *("amount", "sales", "销售额", "合同额", "金额", "order_total", "订单金额", "商品金额合计"),
    ),
    _order_field("profit", FieldType.MONEY, "margin", "利润", "毛利", "订单利润"),
    _order_field(
        "volume",
        FieldType.QUANTITY,
        "tonnage",
        "quantity",
        "weight",
        "吨数",
        "数量",
        "重量",
        "销量",
        "净重kg",
    ),
    _order_field(
        "status",
        FieldType.WORD,
        *("order_status", "financial_status", "payment_status"),
        *("订单状态", "付款状态", "支付状态", "交易状态", "状态"),
    ),
    _order_field(
        "product", FieldType.TEXT, "product_name", "item", "产品", "产品名称", "品名", "商品名称"
    ),
    _order_field("currency", FieldType.TEXT, "currency_code", "币种", "货币"),
    _order_field("rebate", FieldType.MONEY, "返利", "discount_total", "店铺优惠合计"),
    _order_field("returns", FieldType.MONEY, "退货", "退货额", "退款金额"),
    _order_field("service_cost", FieldType.MONEY, "服务成本", "服务费用", "交易佣金"),
    _order_field("credit_days", FieldType.NUMBER, "账期", "账期天数"),
)
AFFILIATION_FIELDS = (
    _affiliation_field("customer", FieldType.ID, "customer_id", "客户编号", "客户", mandatory=True),
    _affiliation_field("group", FieldType.TEXT, "集团", "所属集团", mandatory=True),
    _affiliation_field("relation", FieldType.WORD, "关系", "关系类型"),
)
FIELDS_BY_TABLE: dict[str, tuple[Field, ...]] = {
    "customers": CUSTOMER_FIELDS,
    "referrals": REFERRAL_FIELDS,
    "orders": ORDER_FIELDS,
    "affiliations": AFFILIATION_FIELDS,
    "contacts": CONTACT_FIELDS,
    "events": EVENT_FIELDS,
}
TABLE_NAMES = tuple(FIELDS_BY_TABLE)
COLUMN_OF_PARTY = {
    "orders": "customer",
    "affiliations": "customer",
    "contacts": "party",
    "events": "party",
}
"""Table whose rows belong to one party -> its column for that party."""
SIDE_TABLES = ("contacts", "events")
"""Tables that mean something only beside customers or referrals; no number depends on them."""

UNITS: dict[str, tuple[int, str]] = {
    "元": (0, "元"),
    "千元": (3, "元"),
    "万元": (4, "元"),
    "百万元": (6, "元"),
    "亿元": (8, "元"),
    "万": (4, "元"),
    "rmb": (0, "元"),
    "cny": (0, "元"),
    "usd": (0, "USD"),
    "eur": (0, "EUR"),
    "gbp": (0, "GBP"),
    "$": (0, "USD"),
    "kusd": (3, "USD"),
    "keur": (3, "EUR"),
    "€": (0, "EUR"),
    "£": (0, "GBP"),
    "吨": (0, "t"),
    "t": (0, "t"),
    "tonnes": (0, "t"),
    "万吨": (4, "t"),
    "kg": (-3, "t"),
    "公斤": (-3, "t"),
    "千克": (-3, "t"),
    "天": (0, ""),
    "days": (0, ""),
    "%": (-2, ""),
}
"""Unit as written, in lower case -> (power of ten to multiply by, the unit of the result)."""

HEADER_UNITS = {"净重kg": "kg", "split_percentage_value": "%"}
"""Headers that name their unit without brackets."""

NO_EVIDENCE = (
    *("name", "amount", "status", "state", "date", "email", "referred", "referral"),
    *("状态", "金额", "创建时间", "注册时间", "source"),
)
"""Headers that stand in tables of any kind, so that they do not identify the table."""


def find_field(table: str, name: str) -> Field | None:
    """The field of a table by its canonical name."""
    return next((f for f in FIELDS_BY_TABLE[table] if f.name == name), None)
