"""Every column that refgraph knows: its table, type and the names people give it in English and 中文.

A header may carry a unit in brackets, ``合同额(万元)`` or ``volume (kg)``; `UNITS` says what it multiplies by.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Type(StrEnum):
    """How the text of a column is read."""

    ID = "id"
    TEXT = "text"
    WORD = "word"
    DATE = "date"
    MONEY = "money"
    QUANTITY = "quantity"
    NUMBER = "number"


@dataclass(frozen=True)
class Field:
    """One known column. ``aliases`` are compared without case, spaces, underscores and bracketed units.

    sensitive: nobody's business unless it is asked for: left unread without ``--sensitive``.
    """

    table: str
    name: str
    type: Type
    aliases: tuple[str, ...] = ()
    mandatory: bool = field(default=False)
    sensitive: bool = field(default=False)


def _customer(name: str, type: Type, *aliases: str, mandatory: bool = False) -> Field:
    return Field("customers", name, type, aliases, mandatory)


def _referral(name: str, type: Type, *aliases: str, mandatory: bool = False) -> Field:
    return Field("referrals", name, type, aliases, mandatory)


def _order(name: str, type: Type, *aliases: str, mandatory: bool = False) -> Field:
    return Field("orders", name, type, aliases, mandatory)


CUSTOMERS = (
    _customer("id", Type.ID, "customer_id", "customer", "客户编号", "客户号", "客户id", "编号", mandatory=True),
    _customer("name", Type.TEXT, "customer_name", "客户名称", "客户姓名", "名称", "姓名", "公司名称"),
    _customer("role", Type.WORD, "角色", "身份"),
    _customer("kind", Type.WORD, "customer_kind", "类型", "客户类型"),
    _customer("status", Type.WORD, "deal_status", "stage", "成交状态", "客户状态", "状态"),
    _customer("joined", Type.DATE, "first_contract", "customer_since", "首次合同日期", "首次成交日期", "成交日期", "签约日期"),
    _customer("left", Type.DATE, "left_on", "churned", "流失日期", "离开日期"),
    _customer("left_to", Type.TEXT, "流向", "流失去向"),
    _customer("sector", Type.TEXT, "industry", "行业"),
    _customer("ownership", Type.WORD, "所有制", "企业性质"),
    _customer("region", Type.TEXT, "地区", "区域", "省份"),
    _customer("group", Type.TEXT, "parent_company", "所属集团", "集团"),
    _customer("source", Type.TEXT, "channel", "客户来源", "来源", "渠道"),
    _customer("revenue", Type.MONEY, "sales", "合同额", "销售额", "营业额", "成交额"),
    _customer("profit", Type.MONEY, "margin", "利润", "毛利"),
    _customer("volume", Type.QUANTITY, "tonnage", "quantity", "吨数", "销量", "数量", "吨位"),
    _customer("potential", Type.WORD, "发展潜力", "潜力"),
    _customer("rival_exposure", Type.WORD, "竞争风险", "竞争暴露"),
    _customer("email", Type.TEXT, "e_mail", "mail", "邮箱", "电子邮箱"),
    _customer("phone", Type.TEXT, "telephone", "mobile", "电话", "手机", "手机号"),
    _customer("address", Type.TEXT, "地址"),
    _customer("tax_id", Type.TEXT, "tax_number", "vat_id", "税号", "统一社会信用代码"),
    _customer("owner", Type.TEXT, "account_manager", "负责人", "客户经理", "跟进人"),
    _customer("next_step", Type.TEXT, "下一步", "下一步计划"),
    _customer("due", Type.DATE, "due_date", "计划日期", "截止日期"),
    _customer("done", Type.DATE, "done_date", "完成日期"),
    Field("customers", "religion", Type.TEXT, ("faith", "religious_affiliation", "宗教", "宗教信仰"), sensitive=True),
    Field("customers", "politics", Type.TEXT, ("political_affiliation", "party_membership", "政治面貌", "党派"), sensitive=True),
    _customer("referred_by", Type.TEXT, "referrers", "referrer", "推荐人", "介绍人"),
)
REFERRALS = (
    _referral("referrer", Type.ID, "referred_by", "from", "source", "推荐人", "推荐人编号", "介绍人", mandatory=True),
    _referral("referred", Type.ID, "to", "target", "被推荐人", "被推荐人编号", "被推荐客户", "被介绍人", mandatory=True),
    _referral("at", Type.DATE, "date", "referred_at", "referral_date", "推荐日期", "日期", "介绍日期"),
    _referral("share", Type.NUMBER, "weight", "份额", "占比"),
    _referral("tie", Type.TEXT, "relationship", "关系", "关系类型"),
    _referral("contact", Type.TEXT, "联系人"),
    _referral("reward", Type.MONEY, "bonus", "commission", "奖励", "佣金"),
    _referral("status", Type.WORD, "状态"),
)
ORDERS = (
    _order("order_id", Type.ID, "order", "订单号", "订单编号", "合同号"),
    _order("customer", Type.ID, "customer_id", "客户编号", "客户号", "客户", mandatory=True),
    _order("at", Type.DATE, "date", "order_date", "ordered_at", "订单日期", "日期", "合同日期", mandatory=True),
    _order("revenue", Type.MONEY, "amount", "sales", "销售额", "合同额", "金额"),
    _order("profit", Type.MONEY, "margin", "利润", "毛利"),
    _order("volume", Type.QUANTITY, "tonnage", "quantity", "weight", "吨数", "数量", "重量", "销量"),
    _order("rebate", Type.MONEY, "返利"),
    _order("returns", Type.MONEY, "退货", "退货额"),
    _order("service_cost", Type.MONEY, "服务成本", "服务费用"),
    _order("credit_days", Type.NUMBER, "账期", "账期天数"),
)
AFFILIATIONS = (
    Field("affiliations", "customer", Type.ID, ("customer_id", "客户编号", "客户"), True),
    Field("affiliations", "group", Type.TEXT, ("集团", "所属集团"), True),
    Field("affiliations", "relation", Type.WORD, ("关系", "关系类型")),
)
TABLES: dict[str, tuple[Field, ...]] = {
    "customers": CUSTOMERS, "referrals": REFERRALS, "orders": ORDERS, "affiliations": AFFILIATIONS,
}  # fmt: skip

UNITS: dict[str, tuple[int, str]] = {
    "元": (0, "元"), "千元": (3, "元"), "万元": (4, "元"), "百万元": (6, "元"), "亿元": (8, "元"), "万": (4, "元"),
    "rmb": (0, "元"), "cny": (0, "元"), "usd": (0, "USD"), "eur": (0, "EUR"), "gbp": (0, "GBP"), "$": (0, "USD"),
    "kusd": (3, "USD"), "keur": (3, "EUR"), "€": (0, "EUR"), "£": (0, "GBP"),
    "吨": (0, "t"), "t": (0, "t"), "tonnes": (0, "t"), "万吨": (4, "t"), "kg": (-3, "t"), "公斤": (-3, "t"), "千克": (-3, "t"),
    "天": (0, ""), "days": (0, ""), "%": (-2, ""),
}  # fmt: skip
"""Unit as written -> (power of ten to multiply by, the unit that it is kept in)."""


def known(table: str, name: str) -> Field | None:
    """The field of a table by its canonical name."""
    return next((f for f in TABLES[table] if f.name == name), None)
