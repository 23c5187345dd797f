"""refgraph.toml and README.md of the classic case."""
# ruff: noqa: E501 (paragraphs of Markdown)

from __future__ import annotations

SETTINGS = """\
# Rules of the classic case: `refgraph check` shows what was read.

[key_account]           # who is a key account: more than 100 t a year; exactly 100.0 t is out
measure = "volume"
over = 100
period = "yearly_mean"

[old_customer]          # who is an old customer when it refers: for 12 months, or with 2 orders before
months = 12
orders = 2

[units]                 # orders.csv says kg in its header; figures are shown in
volume = "t"

[accounts]              # the finer kinds of key accounts
# regions inside the territory
territory = ["河北", "北京", "天津", "山东", "山西", "河南", "辽宁", "江苏"]
# sectors that matter whatever they buy, inside the territory
special_sectors = ["党委", "政府", "军队", "公安", "检察", "法院", "文化", "教育", "卫生", "新闻"]
# relations to a group that make a link of the value chain; membership of an association does not
value_chain = ["owner", "supplier", "buyer"]
"""
FACTS = (
    (
        "existing, former, prospects, others",
        "现有、已流失、意向、其他",
        "96, 4 (C029 C035 C050 C066), 24 (C101–C124), 5",
    ),
    ("referred by customers", "经客户推荐", "{referred} of 96, by {arcs} referrals"),
    (
        "two referrers: the double claim",
        "两家推荐同一客户（撞单）",
        "C070 by C067 (0.6) and C039 (0.4)",
    ),
    ("through a key account that was no old customer", "仅经大客户", "C061 C083"),
    (
        "only by staff, only by partners, by the authority",
        "仅员工、仅合作伙伴、权威机构",
        "C007 C055 C080; C037 C045 C094; C051 C074",
    ),
    ("no source", "来源不明", "C004 C005 C008 C017 C030 C031 C049 C059 C098 C100"),
    (
        "the five mills, each above 500 t a year",
        "五家钢厂（每年均超 500 吨）",
        "C001 C011 C021 C023 C025",
    ),
    (
        "exactly 100.0 t a year (out), 100.1 t (in)",
        "恰 100.0 吨（不算）、100.1 吨（算）",
        "C022, C034",
    ),
    (
        "false large ones: one order of 600 t; volume without profit; gross fine, net negative",
        "假性大客户：一单 600 吨；有量无利；毛利好而净利为负",
        "C053, C028, C062",
    ),
    (
        "hidden key account (rank 66), and the six it referred",
        "隐形大客户（排名 66）及其带来的六家",
        "C020: C040 C048 C060 C069 C077 C095",
    ),
    ("longest chain, 4 referrals", "最长的链，4 次推荐", "C001 → C013 → C014 → C054 → C078"),
    (
        "inactive for more than twice its usual order interval; one-off buyer",
        "沉默客户；一次性客户",
        "C009; C082",
    ),
    ("alias pair: same phone and tax number", "同一主体（电话与税号相同）", "C038 C089"),
    (
        "important sector; special kind inside, outside the territory",
        "要害行业；辖区内、辖区外的特殊单位",
        "C051; C072, C076",
    ),
    ("group; strategic", "集团型；战略型", "C047; C042"),
    ("partner exchange (no finding)", "伙伴互荐（不算问题）", "P01 ⇄ P02"),
    ("open prospects overdue on 2025-12-31", "截至 2025-12-31 逾期的意向客户", "C106 C111"),
)
README = """\
# {name}

**Synthetic.** A trader in steel products with 96 customers, made by `scripts/make_sample_data`. All names but
those of the five mills are invented, so are all figures, dates, phones and tax numbers; no real relation between
companies is claimed.

**合成数据。** 一家钢材贸易商的 96 家客户，由 `scripts/make_sample_data` 生成。除五家钢厂的名称外，名称、数字、日期、电话、
税号均为虚构，不代表任何企业之间的真实关系。

{variant}Orders cover the years 2022–2025 (kg, 万元), profit is before rebates, returns, service and credit; the first
contract may be up to 24 years old. As of 2025-12-31; only planned and done dates lie in 2026. "Large" = more than
100 t a year on average. `tests/support/l96.py` holds all facts by member ids.

订单为 2022–2025 年（kg、万元），利润未扣返利、退货、服务与账期成本；首次合同最早在 24 年前。截至 2025-12-31，只有计划与完成日期在 2026 年。“大客户”指年均超过 100 吨。

| planted | 植入的事实 | members |
|---|---|---|
{facts}
"""
VARIANT = """\
This is l96 with one change: C093 came by own sales and C010 did not refer it. So 29 of 96 are referred (30 referrals,
22 unpaid, 15 through an old customer only, 51 from other sources; credit and direct value of C010 sink); all else is
as in l96.

与 l96 只差一处：C093 由自有销售而来，C010 没有推荐它。

"""


def render_readme(variant: bool) -> str:
    """The README.md of one folder."""
    count = {"referred": 29, "arcs": 30} if variant else {"referred": 30, "arcs": 31}
    facts = "\n".join(
        f"| {english} | {chinese} | {who.format(**count)} |" for english, chinese, who in FACTS
    )
    name = (
        "l96-29: the classic case with 29 referred customers"
        if variant
        else "l96: the classic case"
    )
    return README.format(name=name, variant=VARIANT if variant else "", facts=facts)
