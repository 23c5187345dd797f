"""Numbers, dates, names and labels in the style of a language."""

from __future__ import annotations

import math
import re
import string
from collections.abc import Callable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from refgraph.model.message import Amount, Label, Message, Names
from refgraph.model.units import Unit

NOT_RECORDED = {"en": "–", "zh": "–"}
MAX_EXACT_SHARE = 1e15
_SCALES = {"en": ((1e9, " bn"), (1e6, " M"), (1e4, " k")), "zh": ((1e8, " 亿"), (1e4, " 万"))}
_CHINESE = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")


def format_count(number: float) -> str:
    """1234567 -> 1,234,567."""
    return f"{number:,.0f}"


def format_decimal(number: float, digits: int) -> str:
    """At most ``digits`` decimals, commas between thousands, no trailing zeros or negative zero."""
    text = f"{number:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def format_share(number: float, lang: str, digits: int = 1) -> str:
    """0.3125 -> 31.3 % with one digit (halves are rounded up); 31.3% in Chinese."""
    return f"{format_percent(number, digits)}{'%' if lang == 'zh' else ' %'}"


def format_points(number: float, lang: str) -> str:
    """A difference of shares in percentage points: 0.043 -> 4.3 points, 4.3 个百分点."""
    return f"{format_percent(number)} {'个百分点' if lang == 'zh' else 'points'}"


def format_percent(number: float, digits: int = 1) -> str:
    """A share in percent, without the sign and without negative zero.

    Halves of the decimal that the float stands for are rounded away from zero. What is not finite
    is unknown; beyond `MAX_EXACT_SHARE` no decimal of a float means anything.
    """
    if not math.isfinite(number):
        return NOT_RECORDED["en"]
    if abs(number) > MAX_EXACT_SHARE:
        return f"{100 * Decimal(number):.4g}"
    percent = 100 * Decimal(repr(float(number)))
    rounded = percent.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return str(abs(rounded) if rounded.is_zero() else rounded)


def format_amount(value: Amount, lang: str) -> str:
    """1234567.0 元 -> 1.23 M 元, 123.5 万元; 640 t stays 640 t."""
    return (
        _format_scaled(value.number, lang, value.unit)
        if value.money
        else _join_unit(_format_plain(value.number), value.unit, lang)
    )


def _format_plain(number: float) -> str:
    return format_count(number) if abs(number) >= 1000 else format_decimal(number, 1)


def _format_scaled(number: float, lang: str, unit: str) -> str:
    for step, word in _SCALES[lang]:
        if abs(number) >= step:
            factor = 1e3 if word == " k" else step
            digits = 1 if abs(number) / factor >= 100 else 2
            return _join_unit(format_decimal(number / factor, digits) + word, unit, lang)
    return _join_unit(format_decimal(number, 2), unit, lang)


def _join_unit(number: str, unit: str, lang: str) -> str:
    if not unit:
        return number
    if lang == "zh":
        unit = {"t": "吨", "customers": "家"}.get(unit, unit)
        return f"{number}{unit}" if number[-1] in "万亿" else f"{number} {unit}"
    if number == "1" and unit == "customers":
        return "1 customer"
    return f"{number} {unit}"


def join_chinese(left: str, right: str) -> str:
    """Both texts in one; a space where they meet is left out between two Chinese characters."""
    if left.endswith(" ") and _ends_chinese(left[:-1]) and _CHINESE.match(right):
        return left[:-1] + right
    if right.startswith(" ") and _ends_chinese(left) and _CHINESE.match(right[1:]):
        return left + right[1:]
    return left + right


def _ends_chinese(text: str) -> bool:
    return _CHINESE.match(text[-1:]) is not None


def format_names(value: Names, lang: str) -> str:
    """A, B and C; A, B and 4 more; 甲、乙等 6 家."""
    listed = value.names
    if lang == "zh":
        text = "、".join(listed)
        return f"{text}等 {format_count(len(listed) + value.more)} 家" if value.more else text
    if value.more:
        return f"{', '.join(listed)} and {format_count(value.more)} more"
    return " and ".join([", ".join(listed[:-1]), listed[-1]] if len(listed) > 1 else list(listed))


def format_cell(value: Any, unit: Unit, lang: str, label: Callable[[str], str] = str) -> str:
    """A table cell for human readers, by its unit; a missing value is an en dash."""
    if value is None or (isinstance(value, float) and value != value):
        return NOT_RECORDED[lang]
    if isinstance(value, bool):
        return label("yes" if value else "no")
    if unit in (Unit.COUNT, Unit.DEPTH, Unit.DAYS):
        return format_decimal(value, 1) if isinstance(value, float) else format_count(value)
    if unit is Unit.SHARE:
        return format_share(value, lang)
    if unit is Unit.POINTS:
        return format_points(value, lang)
    if unit in (Unit.MONEY, Unit.QUANTITY):
        small = 4 if unit is Unit.QUANTITY and abs(value) < 1 else 2
        return format_decimal(value, small if abs(value) < 1000 else 0)
    if unit in (Unit.RATIO, Unit.SCORE):
        return f"{value:,.4g}"
    if unit is Unit.REASON:
        return _format_reason(str(value), lang, label)
    return label(value) if unit is Unit.LABEL else str(value)


def _format_reason(reason: str, lang: str, label: Callable[[str], str]) -> str:
    """The label of the first word, and the figures; in Chinese no space after ： or before %."""
    word, *figures = reason.split(" ", 1)
    text = " ".join([label(word), *figures])
    return text.replace("： ", "：").replace(" %", "%") if lang == "zh" else text


_DECIMALS = {"count": 0, "days": 0, "tenth": 1, "ratio": 2}
"""Format of a placeholder -> decimals at most."""


class TextFormatter(string.Formatter):
    """Fills the placeholders of a text: ``{name}`` or ``{name:format}``.

    Formats of numbers: count, days (whole), tenth (one decimal), ratio (two), share (percent with
    one decimal), share2 (two), number and number2 (the same without the sign), points (a difference
    of shares). ``one/many`` chooses a word by the number: ``{n:count} {n:customer/customers}``.
    """

    def __init__(
        self, lang: str, label: Callable[[str], str], say: Callable[[Message], str]
    ) -> None:
        self.lang, self.label, self.say = lang, label, say

    def fill(self, text: str, values: Mapping[str, object]) -> str:
        """The text with all placeholders filled. Raises KeyError if a value is missing."""
        return self.vformat(text, (), values)

    def fill_sentence(self, text: str, values: Mapping[str, object]) -> str:
        """As `fill`, but without spaces between a value and the text around it if both are Chinese.

        从 {first} 到 {last} -> 从甲到乙, 从 A 到 B; inside values nothing changes.
        """
        filled = ""
        for literal, name, spec, _ in self.parse(text):
            filled = join_chinese(filled, literal)
            if name is not None:
                filled = join_chinese(filled, self.format_field(values[name], spec or ""))
        return filled

    def format_field(self, value: Any, format_spec: str) -> str:
        """The text of one placeholder; a missing value is the label ``none``."""
        if "/" in format_spec:
            one, many = format_spec.split("/")
            is_one = isinstance(value, (int, float)) and format_decimal(value, 1) == "1"
            return one if is_one else many
        if value is None:
            return self.label("none")
        if isinstance(value, (int, float)) and format_spec:
            return self._format_number(value, format_spec)
        return self._format_word(value)

    def _format_number(self, value: float, how: str) -> str:
        digits = 2 if how.endswith("2") else 1
        if how in ("share", "share2"):
            return format_share(value, self.lang, digits)
        if how in ("number", "number2"):
            return format_percent(value, digits)
        if how == "points":
            return format_points(value, self.lang)
        return format_decimal(value, _DECIMALS.get(how, 6))

    def _format_word(self, value: Any) -> str:
        if isinstance(value, Amount):
            return format_amount(value, self.lang)
        if isinstance(value, Names):
            return format_names(value, self.lang)
        if isinstance(value, Label):
            return self.label(value.word)
        if isinstance(value, Message):
            return self.say(value)
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, (list, tuple, set, frozenset)):
            if not value:
                return self.label("none")
            return ("、" if self.lang == "zh" else ", ").join(map(self._format_word, value))
        return str(value)
