"""Traditional characters of the usual headers -> simplified ones."""

from __future__ import annotations

_TRADITIONAL = (
    "戶編號稱薦萬類態狀約來區屬團額銷營業潤級別幣種貨發潛競爭風險電郵機話稅統碼負責經"
    "進計劃間關聯獎勵訂單數噸務費賬隸錄記員職離開丟輸總領導質從紹轉億價辦產證組織時長"
    "樣豐協會師買賣實際應帳"
)
_SIMPLIFIED = (
    "户编号称荐万类态状约来区属团额销营业润级别币种货发潜竞争风险电邮机话税统码负责经"
    "进计划间关联奖励订单数吨务费账隶录记员职离开丢输总领导质从绍转亿价办产证组织时长"
    "样丰协会师买卖实际应账"
)
_SIMPLIFY = str.maketrans(_TRADITIONAL, _SIMPLIFIED)


def simplify(text: str) -> str:
    """A text with simplified characters, for comparison only.

    >>> simplify("客戶編號")
    '客户编号'
    """
    return text.translate(_SIMPLIFY)
