"""Words in headers that say what a column may be, where the header itself is not known."""

from __future__ import annotations

import re

_HINTS = {
    "id": r"编号|编码|代码|代号|号$|code|\bid\b|_id$|\bno\b",
    "name": r"名称|姓名|单位|公司|企业|客户|name|company|account",
    "referrer": r"推荐|介绍|邀请|上级|引荐|refer|invit|introduc|parent|upline|sponsor|pid",
    "referred": r"被|新客户|friend|referee|invitee|child",
    "joined": r"签约|成交|合同|首单|首次|开户|入会|加入|join|since|contract|sign|first|creat",
    "at": r"日期|时间|date|time|day|\bon\b|_at$",
    "status": r"状态|成交|签约|阶段|status|stage|state",
    "source": r"来源|渠道|途径|source|channel|origin",
    "revenue": r"金额|销售|营业|合同|成交|总额|amount|revenue|sales|total|spent|turnover",
    "profit": r"利润|毛利|profit|margin",
    "order_id": r"单号|订单|合同号|编号|order|invoice",
    "no_value": r"应收|欠|授信|额度|注册|成本|税|折扣|退|单价|limit|due|credit|cost|tax|price",
    "no_party": r"集团|母公司|总公司|负责|业务员|经理|group|owner|manager|holding",
}
"""Field, or what a header rules out -> words in a header, in lower case."""


def has_hint(hint: str, header: str) -> bool:
    """Whether a header has one of the words for a field."""
    return re.search(_HINTS[hint], header.lower()) is not None
