"""Closed vocabularies: the canonical words, and what people write for them.

Cells are compared without case and outer spaces.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from refgraph.model.event_kinds import EVENT_KINDS

ROLES = {
    "customer": ("客户", "顾客", "client", "老客户", "会员", "业主", "member"),
    "staff": (
        *("员工", "职员", "内部员工", "内部人员", "业务员", "销售员", "销售人员", "店员", "导购"),
        *("employee", "salesperson", "sales rep", "sales representative"),
    ),
    "partner": (
        *("合作伙伴", "伙伴", "代理", "渠道商", "经纪人", "中介"),
        *("partner company", "affiliate", "reseller", "broker"),
    ),
    "authority": ("权威机构", "权威", "专家", "主管单位", "endorser"),
    "outside": ("外部", "非客户", "外部人员", "outsider", "non-customer"),
}
STATUSES = {
    "prospect": (
        *("意向", "潜在", "潜在客户", "意向客户", "新线索", "新建", "未成交", "未签约", "未联系"),
        *("待跟进", "未跟进", "否", "new", "lead", "open", "no", "false", "not contacted"),
        *("open - not contacted", "subscriber", "marketingqualifiedlead", "prospecting"),
        *("marketing qualified lead", "assigned", "visitor", "signup", "started"),
    ),
    "contacted": (
        *("已联系", "联系中", "跟进中", "跟进", "已跟进", "初步接触", "初步沟通", "已到访", "到访"),
        *("working", "working - contacted", "attempted to contact", "in process", "in progress"),
        *("qualified", "qualification", "salesqualifiedlead", "sales qualified lead"),
        *("appointmentscheduled", "appointment scheduled", "connected"),
    ),
    "negotiating": (
        *("洽谈中", "谈判中", "洽谈", "商务谈判"),
        *("需求确认", "方案报价", "报价", "报价中", "待签约"),
        *("认购", "已认购", "negotiation", "negotiation/review", "opportunity", "proposition"),
        *("needs analysis", "value proposition", "proposal", "proposal/price quote", "quoted"),
        *("qualifiedtobuy", "qualified to buy", "presentationscheduled", "contractsent"),
        *("presentation scheduled", "decisionmakerboughtin", "decision maker bought-in"),
        *("contract sent", "id. decision makers", "perception analysis"),
    ),
    "closed": (
        *(
            "已成交",
            "成交",
            "已签约",
            "签约",
            "成单",
            "已成单",
            "赢单",
            "已赢单",
            "已购买",
            "已付费",
        ),
        *("报名", "已报名", "老客户", "是", "won", "customer", "closed won", "closedwon", "yes"),
        *("true", "converted", "closed - converted", "conversion", "evangelist"),
        *("referral closure/converts", "friend completes first purchase"),
    ),
    "lost": (
        *("丢单", "已丢单", "输单", "已输单", "战败", "无意向", "放弃", "已放弃", "dead"),
        *("closed lost", "closedlost", "lost lead", "closed - not converted", "disqualified"),
        "unqualified",
    ),
    "void": (
        *("作废", "无效", "无效线索", "重复", "denied", "invalid", "cancelled", "canceled"),
        *("voided", "moved", "junk lead", "duplicate", "deleted", "spam"),
    ),
}
ORDER_STATUSES = {
    "paid": (
        *("completed", "complete", "fulfilled", "shipped", "delivered", "settled", "captured"),
        *(
            "已付款",
            "已支付",
            "已收款",
            "已完成",
            "完成",
            "交易成功",
            "交易完成",
            "已发货",
            "已签收",
            "已到账",
        ),
    ),
    "partly-refunded": ("partially_refunded", "partially refunded", "部分退款"),
    "refunded": (
        *("refund", "returned", "charged back", "chargeback", "reversed"),
        *("已退款", "退款", "全额退款", "退款成功", "已退货", "退货"),
    ),
    "cancelled": (
        *("canceled", "void", "voided", "failed", "declined", "expired"),
        *("已取消", "取消", "作废", "已作废", "已关闭", "交易关闭", "支付失败"),
    ),
    "unpaid": (
        *("pending", "pending payment", "awaiting payment", "authorized", "on-hold", "on hold"),
        *("draft", "overdue", "未付款", "未支付", "待付款", "待支付", "未收款", "待收款"),
    ),
}
SKIPPED_ORDERS = ("refunded", "cancelled", "unpaid")
"""Statuses of orders that are part of no sum."""
CUSTOMER_KINDS = {
    "consumer": (
        *("普通消费者", "个人", "个人客户", "终端用户", "终端客户", "消费者", "end user"),
        "individual",
    ),
    "distributor": ("分销商", "分销"),
    "dealer": ("经销商", "经销", "retailer"),
    "wholesaler": ("批发商", "批发"),
    "agent": ("代理商",),
}
OWNERSHIPS = {
    "state": ("国有", "国企", "央企", "state-owned"),
    "collective": ("集体", "集体所有"),
    "private": ("民营", "私营", "个体"),
    "foreign": ("外资", "合资", "港澳台"),
}
LEVELS = {"high": ("高", "大"), "medium": ("中", "一般", "mid"), "low": ("低", "小")}
YES_OR_NO: dict[str, tuple[str, ...]] = {
    "yes": ("y", "true", "1", "是", "有", "同意", "已同意"),
    "no": ("n", "false", "0", "否", "无", "不同意", "未同意"),
}
RELATIONS = {
    "owner": ("控股", "所有", "母公司", "股东"),
    "supplier": ("供应", "供应商", "上游"),
    "buyer": ("采购", "采购方", "下游"),
    "association": ("协会", "商会", "会员"),
}
CUSTOMER_REFERRAL = (
    "customer referral",
    "referral",
    "referred by a customer",
    "老客户推荐",
    "客户推荐",
    "老客户介绍",
    "客户介绍",
    "转介绍",
    "大客户推荐",
    "老带新",
    "老客户转介绍",
    "客户转介绍",
    "老业主推荐",
    "业主推荐",
    "会员推荐",
    "client referral",
    "refer a friend",
)
STAFF_REFERRAL = (
    *("staff referral", "employee referral", "员工推荐", "员工介绍", "内部推荐"),
    *("同事推荐", "业务员推荐", "全员营销"),
)
UNKNOWN_WORDS = ("", "-", "—", "/", "n/a", "na", "null", "none", "无", "未知", "不详", "unknown")
"""Words that mean "unknown", in a column of sources."""
EMPTY_WORDS = (*UNKNOWN_WORDS, "--", "——", "#n/a", "nil", "空", "暂无", "没有")
"""Words that stand for no date or no number."""
NOBODY_WORDS = (
    *UNKNOWN_WORDS,
    *("0", "0.0", "-1", "-1.0", "nan", "<na>", "nat", "#n/a", "false", "no", "nil"),
    *("nobody", "not referred", "no referrer", "--", "——"),
    *("没有", "否", "没有推荐人", "无推荐人", "无推荐", "非推荐", "空", "暂无", "无人"),
)
"""Words in place of a referrer that mean "nobody", where no customer has such an id or name."""
_TOTAL_WORDS = (
    *("合计", "小计", "总计", "共计", "累计", "汇总", "总合计", "本页合计", "本页小计"),
    *("合計", "小計", "總計", "共計", "累計"),
    *("total", "totals", "subtotal", "subtotals", "sub-total", "sub total", "grand total"),
    *("grand totals", "sum"),
)
TOTAL_PATTERN = (
    rf"(?i)^\s*(?:{'|'.join(_TOTAL_WORDS)})\s*"
    r"(?:[(（]\s*\d[\d,]*\s*(?:records?|rows?|条|行|户|家|笔|人)?\s*[)）])?[\s:：]*$"
)
"""The first filled cell of a row of sums: 合计, 总计：, Grand Totals (3 records)."""
_LABELS = (
    *("制表人?", "制单人?", "填表人?", "编制人?", "审核人?", "复核人?", "批准人?", "负责人签字"),
    *("制表日期", "制表时间", "打印日期", "打印时间", "导出日期", "导出时间", "数据来源"),
    *("备注", "说明", "注", "generated by", "generated on", "generated at", "generated"),
    *(
        "printed by",
        "printed on",
        "printed",
        "exported by",
        "exported on",
        "exported",
        "created by",
    ),
    *("report generated", "report date", "prepared by", "source", "note", "notes", "page", "as of"),
    *("filtered by", "filters"),
)
_NOTICES = (
    r"confidential\b.*\b(?:information|distribut|internal|do not)",
    r"copyright\s*(?:\(c\)|©|\d{4})",
    r"©",
    r"page\s+\d+\s+of\s+\d+",
    r"第\s*\d+\s*页",
    r"共\s*\d+\s*(?:条|页|行|户|家|笔|人)",
    r"\(?\d[\d,]*\s+(?:records?|rows?)(?:\s+(?:total|found|exported))?\)?$",
)
FOOTER_LABEL = rf"(?i)^\s*(?:{'|'.join(_LABELS)})\s*[:：]"
"""The first filled cell of a footer that may have several: 制表人：, Generated By: ..."""
FOOTER_NOTICE = rf"(?i)^\s*(?:{'|'.join(_NOTICES)})"
"""The only filled cell of a footer: a notice of confidentiality, a page number, a count."""
TIES_BY_ROLE = {
    "staff": ("staff", "员工", "内部员工"),
    "partner": ("partner", "合作伙伴"),
    "authority": ("authority", "权威", "权威机构"),
}
"""Ties of a referral that imply the referrer's role if the customers table does not name it."""

VOCABULARIES: dict[str, dict[str, tuple[str, ...]]] = {
    "customers.role": ROLES,
    "customers.status": STATUSES,
    "customers.kind": CUSTOMER_KINDS,
    "customers.ownership": OWNERSHIPS,
    "customers.consent": YES_OR_NO,
    "customers.potential": LEVELS,
    "customers.rival_exposure": LEVELS,
    "referrals.status": STATUSES,
    "orders.status": ORDER_STATUSES,
    "affiliations.relation": RELATIONS,
    "events.kind": EVENT_KINDS,
}
STRICT_COLUMNS = frozenset(
    {"customers.role", "customers.status", "referrals.status", "orders.status", "events.kind"}
)
"""Vocabularies that change answers: an unknown word costs its cell; elsewhere it is kept."""
UNKNOWN_WORD = "unknown"
"""What a cell of `PARTY_WORDS` with an unknown word becomes: such a party counts nowhere."""
PARTY_WORDS = frozenset({"customers.role", "customers.status"})
"""Columns of which an unknown word becomes `UNKNOWN_WORD`, not an empty cell."""


def build_alias_map(
    vocabulary: Mapping[str, Sequence[str]], spellings: Mapping[str, Sequence[str]] = {}
) -> dict[str, str]:
    """Canonical words, aliases and further `spellings`, in lower case -> the canonical word."""
    words = {
        alias.lower(): word for word, aliases in vocabulary.items() for alias in (word, *aliases)
    }
    for word in vocabulary:
        words |= {spelling.strip().lower(): word for spelling in spellings.get(word, ())}
    return words
