"""Words in a date: names of months, days of the week, times and zones."""

from __future__ import annotations

import polars as pl

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_ENGLISH = {name: f"~{k}~" for k, name in enumerate(_MONTHS, 1)}
_SHORT_ENGLISH = {f"{name[:3]}": f"~{k}~" for k, name in enumerate(_MONTHS, 1)}
_ENGLISH_WORDS = _ENGLISH | {"sept": "~9~"} | _SHORT_ENGLISH
_DIGITS = "〇一二三四五六七八九"
_TENS = {
    f"{_DIGITS[k] if k > 1 else ''}十{_DIGITS[n] if n else ''}": str(10 * k + n)
    for k in (3, 2, 1)
    for n in (*range(9, 0, -1), 0)
}
_CHINESE_NUMBERS = _TENS | {digit: str(n) for n, digit in enumerate(_DIGITS)} | {"零": "0"}

_WEEKDAY = (
    r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+"
    r"|\s*\(?(?:星期|礼拜|周)[一二三四五六日天]\)?"
)
_NOON = r"(?:上午|下午|中午|凌晨|早上|晚上|a\.?m\.?|p\.?m\.?)"
_HOUR, _MINUTE = r"(?:[01]?\d|2[0-4])", r"[0-5]?\d"
_CLOCK = rf"{_HOUR}(?:[:点时]{_MINUTE}(?:[:分](?:{_MINUTE}|60))?|[点时])[分秒整]?(?:[.,]\d+)?"
_OFFSET = r"[+-]\d{1,2}(?::?\d{2})?"
_ZONE = rf"(?:z|(?:utc|gmt|[a-z]{{1,3}}t)(?:{_OFFSET})?|{_OFFSET})(?:\s?[\[(][^\])]*[\])])?"
_TIME = (
    rf"^(.*?)(?:t|,?\s+(?:at\s+)?|([日号]))"
    rf"{_NOON}?\s*{_CLOCK}\s*{_NOON}?\s*(?:{_ZONE})?$"
)
_COMPACT_TIME = r"^(\d{8})t?(?:[01]\d|2[0-3])[0-5]\d[0-5]\d(?:\.\d+)?(?:z|[+-]\d{2}:?\d{2})?$"
_ZONE_WITHOUT_TIME = r"^(\d{4}-\d{2}-\d{2})(?:z|[+-]\d{2}:\d{2})$"
_ZERO_DATE = r"^(?:0000[-/.]0?0[-/.]0?0|1900[-/.]0?1[-/.]0?0)(?:[t ][0:.]+)?z?$"


def remove_time(text: pl.Series) -> pl.Series:
    """Dates in lower case without their time, zone and day of the week.

    The day is the one written; a zone converts nothing.

    >>> remove_time(pl.Series(["2020/1/1 上午 9:30:00", "wed, 1 jan 2020 09:30 gmt"])).to_list()
    ['2020/1/1', '1 jan 2020']
    """
    without_day = text.str.replace(_WEEKDAY, "").str.strip_chars()
    clean = without_day.str.replace(_TIME, "$1$2").str.replace(_COMPACT_TIME, "$1")
    return clean.str.replace(_ZONE_WITHOUT_TIME, "$1").str.strip_chars()


def write_months_as_numbers(text: pl.Series) -> pl.Series:
    """Text in lower case with ``~5~`` for May, and digits for Chinese numerals up to 31.

    >>> write_months_as_numbers(pl.Series(["1 sept. 2020", "二〇二〇年十二月三十一日"])).to_list()
    ['1 ~9~ 2020', '2020年12月31日']
    """
    if text.str.contains("[a-z]{3}").any():
        text = text.str.replace_many(_ENGLISH_WORDS, leftmost=True).str.replace_all("~[.]", "~")
    if text.str.contains(f"[{_DIGITS}十零]").any():
        text = text.str.replace_many(_CHINESE_NUMBERS, leftmost=True)
    return text


def is_zero_date(text: pl.Expr) -> pl.Expr:
    """Whether a cell is what a database or a spreadsheet writes in place of no date."""
    return text.str.contains(_ZERO_DATE)
