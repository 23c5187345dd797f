"""The files of l96 and of its variant l96-29."""

from __future__ import annotations

from pathlib import Path

from sample_data_maker import customers, documents, files, orders, parties, referrals
from sample_data_maker.contacts import make_contact, pick_manager

CUSTOMERS = [
    "客户编号",
    "客户名称",
    "角色",
    "类型",
    "成交状态",
    "首次合同日期",
    "流失日期",
    "流向",
    "行业",
    "所有制",
    "地区",
    "所属集团",
    "客户来源",
    "发展潜力",
    "竞争风险",
    "邮箱",
    "电话",
    "地址",
    "税号",
    "负责人",
    "下一步",
    "计划日期",
    "完成日期",
]
REFERRALS = ["推荐人", "被推荐人", "推荐日期", "份额", "关系", "联系人", "奖励(元)", "状态"]
ORDERS = [
    "订单号",
    "客户编号",
    "订单日期",
    "销售额(万元)",
    "利润(万元)",
    "数量(kg)",
    "返利(万元)",
    "退货(万元)",
    "服务成本(万元)",
    "账期(天)",
]
AFFILIATIONS = ["客户编号", "集团", "关系"]
OWN_SALES_IN_VARIANT = "C093"
"""In l96-29 this one came by own sales, and nobody referred it."""


def write_classic_case(folder: Path, variant: bool) -> None:
    """Write one folder: the case with 30 referred customers, or the variant with 29."""
    folder.mkdir(parents=True, exist_ok=True)
    files.write_table(
        folder / "customers.csv",
        CUSTOMERS,
        [*_list_customer_rows(variant), *_list_prospect_rows(), *_list_other_rows()],
    )
    files.write_table(folder / "referrals.csv", REFERRALS, _list_referral_rows(variant))
    files.write_table(folder / "orders.csv", ORDERS, _list_order_rows())
    files.write_table(folder / "affiliations.csv", AFFILIATIONS, parties.AFFILIATIONS)
    files.write_text(folder / "refgraph.toml", documents.SETTINGS)
    files.write_text(folder / "README.md", documents.render_readme(variant))


def _list_customer_rows(variant: bool) -> list[list[str]]:
    rows = []
    for c in customers.read_customers():
        source = "自有销售" if variant and c.id == OWN_SALES_IN_VARIANT else c.source
        rows.append(
            [
                c.id,
                c.name,
                "客户",
                c.kind,
                "已成交",
                *c[3:10],
                source,
                c.potential,
                c.rival_exposure,
                *make_contact(c.id, c.region, buys=True),
                pick_manager(c.id),
                "",
                "",
                "",
            ]
        )
    return rows


def _list_prospect_rows() -> list[list[str]]:
    rows = []
    for p in parties.read_prospects():
        kind = "经销商" if p.sector == "钢材贸易" else "终端用户"
        rows.append(
            [
                p.id,
                p.name,
                "客户",
                kind,
                p.status,
                "",
                "",
                "",
                *p[3:10],
                *make_contact(p.id, p.region, buys=False),
                pick_manager(p.id),
                *p[10:],
            ]
        )
    return rows


def _list_other_rows() -> list[list[str]]:
    others = parties.OTHERS.items()
    return [[id, name, role, *[""] * 7, region, *[""] * 12] for id, (name, role, region) in others]


def _list_referral_rows(variant: bool) -> list[list[str]]:
    status = {c.id: "已成交" for c in customers.read_customers()} | {
        p.id: p.status for p in parties.read_prospects()
    }
    return [
        [*r, status.get(r.referred, "")]
        for r in referrals.read_referrals()
        if not (variant and r.referred == OWN_SALES_IN_VARIANT)
    ]


def _list_order_rows() -> list[list[str]]:
    rows = []
    for k, o in enumerate(orders.make_orders(customers.read_customers()), 1):
        costs = [_format_money(o.rebate), _format_money(o.returns), _format_money(o.service)]
        amounts = [_format_money(o.sales), _format_money(o.profit), str(o.kg)]
        rows.append(
            [f"D{k:05d}", o.customer, o.at.isoformat(), *amounts, *costs, str(o.credit_days)]
        )
    return rows


def _format_money(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}"
