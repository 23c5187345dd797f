"""Ways to write a currency."""

from __future__ import annotations

import re
from collections.abc import Mapping

CURRENCIES: Mapping[str, tuple[str, ...]] = {
    "元": ("¥", "cny", "rmb", "cn¥", "人民币", "元人民币", "元整", "圆", "圆整"),
    "USD": ("$", "us$", "美元", "美金"),
    "EUR": ("€", "欧元"),
    "GBP": ("£", "英镑"),
    "HKD": ("hk$", "港币", "港元"),
    "TWD": ("nt$", "新台币", "台币"),
    "JPY": ("jp¥", "日元", "日圆", "円"),
    "SGD": ("s$", "新加坡元", "新币"),
    "AUD": ("a$", "au$", "澳元"),
    "CAD": ("c$", "ca$", "加元"),
    "KRW": ("₩", "韩元"),
    "INR": ("₹", "卢比"),
    "RUB": ("₽", "卢布"),
    "CHF": ("fr.", "瑞士法郎"),
}
"""Currency as units name it -> other ways to write it, in lower case."""
_OTHER_CODES = (
    *("AED", "ARS", "BDT", "BGN", "BRL", "CLP", "COP", "CZK", "DKK", "EGP"),
    *("HUF", "IDR", "ILS", "ISK", "KES", "KWD", "KZT", "LKR", "MOP", "MXN"),
    *("MYR", "NGN", "NOK", "NZD", "PEN", "PHP", "PKR", "PLN", "QAR", "RON"),
    *("SAR", "SEK", "THB", "TRY", "UAH", "VND", "ZAR"),
)
"""Codes of ISO 4217 that are recognized in a cell of an amount, besides `CURRENCIES`."""
SHARED_SIGNS = {"$": ("USD", "HKD", "TWD", "SGD", "AUD", "CAD"), "¥": ("元", "JPY")}
"""Sign -> currencies that use it; a column of currencies decides between them."""
CURRENCY_BY_SPELLING = {
    spelling: currency
    for currency, spellings in CURRENCIES.items()
    for spelling in (currency.lower(), *spellings)
} | {code.lower(): code for code in _OTHER_CODES}
CURRENCY_PATTERN = "|".join(map(re.escape, sorted(CURRENCY_BY_SPELLING, key=len, reverse=True)))
"""Every way to write a currency, in lower case, the longest first."""
