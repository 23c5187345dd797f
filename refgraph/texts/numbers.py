"""Numbers, dates, names and labels as people of a language write them."""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from refgraph.model.message import Amount, Label, Message, Names
from refgraph.model.units import Unit

NOT_RECORDED = {"en": "–", "zh": "–"}
_STEPS = {"en": ((1e9, " bn"), (1e6, " M"), (1e4, " k")), "zh": ((1e8, " 亿"), (1e4, " 万"))}
_BASE = {"en": {"k": 1e3}, "zh": {}}


def count(number: float) -> str:
    """1234567 -> 1,234,567."""
    return f"{number:,.0f}"


def decimal(number: float, digits: int) -> str:
    """At most ``digits`` decimals, thousands apart, no trailing zeros, no negative zero."""
    text = f"{number:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def share(number: float, digits: int = 1) -> str:
    """0.3125 -> 31.3 % with one digit (halves go up), 31.25 % with two."""
    return f"{percent(number, digits)} %"


def percent(number: float, digits: int = 1) -> str:
    """A share in percent, without the sign; halves of the decimal that the float stands for go away from zero."""
    return str((100 * Decimal(repr(float(number)))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def amount(value: Amount, lang: str) -> str:
    """1234567.0 元 -> 1.23 M 元, 123.5 万元; 640 t stays 640 t."""
    return _scaled(value.number, lang, value.unit) if value.money else _joined(_plain(value.number), value.unit, lang)


def _plain(number: float) -> str:
    return count(number) if abs(number) >= 1000 else decimal(number, 1)


def _scaled(number: float, lang: str, unit: str) -> str:
    for step, word in _STEPS[lang]:
        if abs(number) >= step:
            factor = 1e3 if word == " k" else step
            digits = 1 if abs(number) / factor >= 100 else 2
            return _joined(decimal(number / factor, digits) + word, unit, lang)
    return _joined(decimal(number, 2), unit, lang)


def _joined(number: str, unit: str, lang: str) -> str:
    if not unit:
        return number
    if lang == "zh":
        unit = {"t": "吨", "customers": "家"}.get(unit, unit)
        return f"{number}{unit}" if number[-1] in "万亿" else f"{number} {unit}"
    return f"{number} {unit}"


def names(value: Names, lang: str) -> str:
    """A, B and C; A, B and 4 more; 甲、乙等 6 家."""
    listed = value.names
    if lang == "zh":
        text = "、".join(listed)
        return f"{text}等 {count(len(listed) + value.more)} 家" if value.more else text
    if value.more:
        return f"{', '.join(listed)} and {count(value.more)} more"
    return " and ".join([", ".join(listed[:-1]), listed[-1]] if len(listed) > 1 else list(listed))


def cell(value: Any, unit: Unit, lang: str, label: Callable[[str], str] = str) -> str:
    """A cell of a table for a human reader, by its unit alone; a missing value is an en dash."""
    if value is None or (isinstance(value, float) and value != value):
        return NOT_RECORDED[lang]
    if isinstance(value, bool):
        return label("yes" if value else "no")
    if unit in (Unit.COUNT, Unit.DEPTH, Unit.DAYS):
        return decimal(value, 1) if isinstance(value, float) else count(value)
    if unit is Unit.SHARE:
        return share(value)
    if unit in (Unit.MONEY, Unit.QUANTITY):
        small = 4 if unit is Unit.QUANTITY and abs(value) < 1 else 2
        return decimal(value, small if abs(value) < 1000 else 0)
    if unit in (Unit.RATIO, Unit.SCORE):
        return f"{value:,.4g}"
    if unit is Unit.REASON:
        word, *figures = str(value).split(" ", 1)
        return " ".join([label(word), *figures])
    return label(value) if unit is Unit.LABEL else str(value)


class Speaker(string.Formatter):
    """Fills the places of a text. A place is ``{name}`` or ``{name:how}``; how is one of

    count, share (one decimal), share2 (two), amount, date, days, ratio, plain, or ``one/many`` words that are chosen by
    the number: ``{n:count} {n:customer/customers}``.
    """

    def __init__(self, lang: str, label: Callable[[str], str], say: Callable[[Message], str]) -> None:
        self.lang, self.label, self.say = lang, label, say

    def fill(self, text: str, values: Mapping[str, object]) -> str:
        """The text with all its places filled; raises KeyError for a place without a value."""
        return self.vformat(text, (), values)

    def format_field(self, value: Any, format_spec: str) -> str:
        """One place."""
        if "/" in format_spec:
            one, many = format_spec.split("/")
            return one if value == 1 else many
        if value is None:
            return self.label("none")
        if isinstance(value, (int, float)) and format_spec:
            return self._number(value, format_spec)
        return self._word(value)

    def _number(self, value: float, how: str) -> str:
        if how in ("share", "share2"):
            return share(value, 2 if how == "share2" else 1)
        if how in ("number", "number2"):
            return percent(value, 2 if how == "number2" else 1)
        return decimal(value, {"ratio": 2, "days": 0, "tenth": 1}.get(how, 6)) if how != "count" else count(value)

    def _word(self, value: Any) -> str:
        if isinstance(value, Amount):
            return amount(value, self.lang)
        if isinstance(value, Names):
            return names(value, self.lang)
        if isinstance(value, Label):
            return self.label(value.word)
        if isinstance(value, Message):
            return self.say(value)
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, (list, tuple, set, frozenset)):
            return ("、" if self.lang == "zh" else ", ").join(map(self._word, value))
        return str(value)
