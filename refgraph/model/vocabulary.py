"""Closed vocabularies: the canonical word and what people write for it. Compared without case and outer spaces."""

from __future__ import annotations

ROLES = {
    "customer": ("客户", "顾客", "client"),
    "staff": ("员工", "职员", "内部员工", "employee"),
    "partner": ("合作伙伴", "伙伴", "代理", "partner company"),
    "authority": ("权威机构", "权威", "专家", "endorser"),
    "outside": ("外部", "非客户", "outsider"),
}
STATUSES = {
    "prospect": ("意向", "潜在", "潜在客户", "新线索", "new", "lead", "open"),
    "contacted": ("已联系", "联系中"),
    "negotiating": ("洽谈中", "谈判中", "洽谈", "negotiation"),
    "closed": ("已成交", "成交", "won", "customer"),
    "lost": ("丢单", "已丢单", "未成交", "dead"),
    "void": ("作废", "无效", "denied", "invalid", "cancelled"),
}
KINDS = {
    "consumer": ("终端用户", "终端客户", "消费者", "end user"),
    "distributor": ("分销商",),
    "dealer": ("经销商",),
    "wholesaler": ("批发商",),
    "agent": ("代理商",),
}
OWNERSHIPS = {
    "state": ("国有", "国企", "央企", "state-owned"),
    "collective": ("集体", "集体所有"),
    "private": ("民营", "私营", "个体"),
    "foreign": ("外资", "合资", "港澳台"),
}
LEVELS = {"high": ("高", "大"), "medium": ("中", "一般", "mid"), "low": ("低", "小")}
RELATIONS = {
    "owner": ("控股", "所有", "母公司", "股东"),
    "supplier": ("供应", "供应商", "上游"),
    "buyer": ("采购", "采购方", "下游"),
    "association": ("协会", "商会", "会员"),
}
CUSTOMER_REFERRAL = ("customer referral", "referral", "referred by a customer", "老客户推荐", "客户推荐", "老客户介绍",
                     "客户介绍", "转介绍", "大客户推荐")  # fmt: skip
STAFF_REFERRAL = ("staff referral", "employee referral", "员工推荐", "员工介绍", "内部推荐")
NONE_WORDS = ("", "-", "—", "/", "n/a", "na", "null", "none", "无", "未知", "不详", "unknown")
"""Words in the source column that mean "not known"."""
TIES_AS_ROLE = {"staff": ("staff", "员工", "内部员工"), "partner": ("partner", "合作伙伴"),
                "authority": ("authority", "权威", "权威机构")}  # fmt: skip
"""Ties of a referral that tell the referrer's role where the customers table does not."""

WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "customers.role": ROLES,
    "customers.status": STATUSES,
    "customers.kind": KINDS,
    "customers.ownership": OWNERSHIPS,
    "customers.potential": LEVELS,
    "customers.rival_exposure": LEVELS,
    "referrals.status": STATUSES,
    "affiliations.relation": RELATIONS,
}
STRICT = frozenset({"customers.role", "customers.status", "referrals.status"})
"""Vocabularies that change answers: an unknown word sets the row aside; elsewhere it is kept as written."""


def translation(vocabulary: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """Everything a person may write, in lower case -> the canonical word."""
    return {alias.lower(): word for word, aliases in vocabulary.items() for alias in (word, *aliases)}
