"""The files of l96 and of its variant l96-29."""

from __future__ import annotations

from pathlib import Path

from sample_data_maker import customers, documents, files, orders, parties, referrals
from sample_data_maker.contacts import contact, manager

CUSTOMERS = ("客户编号 客户名称 角色 类型 成交状态 首次合同日期 流失日期 流向 行业 所有制 地区 所属集团 客户来源 发展潜力 竞争风险 "
             "邮箱 电话 地址 税号 负责人 下一步 计划日期 完成日期").split()  # fmt: skip
REFERRALS = "推荐人 被推荐人 推荐日期 份额 关系 联系人 奖励(元) 状态".split()
ORDERS = "订单号 客户编号 订单日期 销售额(万元) 利润(万元) 数量(kg) 返利(万元) 退货(万元) 服务成本(万元) 账期(天)".split()
AFFILIATIONS = "客户编号 集团 关系".split()
OWN_SALES_IN_VARIANT = "C093"
"""In l96-29 this one came by own sales, and nobody referred it."""


def write(folder: Path, variant: bool) -> None:
    """Write one folder: the case with 30 referred customers, or the variant with 29."""
    folder.mkdir(parents=True, exist_ok=True)
    files.table(folder / "customers.csv", CUSTOMERS, [*_customers(variant), *_prospects(), *_others()])
    files.table(folder / "referrals.csv", REFERRALS, _referrals(variant))
    files.table(folder / "orders.csv", ORDERS, _orders())
    files.table(folder / "affiliations.csv", AFFILIATIONS, parties.AFFILIATIONS)
    files.text(folder / "refgraph.toml", documents.SETTINGS)
    files.text(folder / "README.md", documents.readme(variant))


def _customers(variant: bool) -> list[list[str]]:
    rows = []
    for c in customers.plan():
        source = "自有销售" if variant and c.id == OWN_SALES_IN_VARIANT else c.source
        rows.append([c.id, c.name, "客户", c.kind, "已成交", *c[3:10], source, c.potential, c.rival_exposure,
                     *contact(c.id, c.region, buys=True), manager(c.id), "", "", ""])  # fmt: skip
    return rows


def _prospects() -> list[list[str]]:
    rows = []
    for p in parties.prospects():
        kind = "经销商" if p.sector == "钢材贸易" else "终端用户"
        rows.append([p.id, p.name, "客户", kind, p.status, "", "", "", *p[3:10],
                     *contact(p.id, p.region, buys=False), manager(p.id), *p[10:]])  # fmt: skip
    return rows


def _others() -> list[list[str]]:
    others = parties.OTHERS.items()
    return [[id, name, role, *[""] * 7, region, *[""] * 12] for id, (name, role, region) in others]


def _referrals(variant: bool) -> list[list[str]]:
    status = {c.id: "已成交" for c in customers.plan()} | {p.id: p.status for p in parties.prospects()}
    return [[*r, status.get(r.referred, "")] for r in referrals.referrals()
            if not (variant and r.referred == OWN_SALES_IN_VARIANT)]  # fmt: skip


def _orders() -> list[list[str]]:
    rows = []
    for k, o in enumerate(orders.orders(customers.plan()), 1):
        costs = [_money(o.rebate), _money(o.returns), _money(o.service)]
        amounts = [_money(o.sales), _money(o.profit), str(o.kg)]
        rows.append([f"D{k:05d}", o.customer, o.at.isoformat(), *amounts, *costs, str(o.credit_days)])
    return rows


def _money(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}"
