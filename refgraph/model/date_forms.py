"""How a user may declare that the dates of a column are written."""

from __future__ import annotations

import re

import polars as pl

DAY_ORDERS = ("dmy", "mdy", "ymd")
"""Order of day, month and year, whatever separates them; years of two or four digits."""
FORM_WORDS = (*DAY_ORDERS, "excel", "excel1904", "unix", "month")
"""Further words: the days of a spreadsheet since 1900 or 1904, Unix time in seconds or
milliseconds, months without a day."""

UNIX = "unix"
_ZONE_SIGN = "@"
_YEAR_DIRECTIVE = re.compile(r"%[-_0]?[YyGgDFcsvx+]")


def is_pattern(form: str) -> bool:
    """Whether a form is a pattern of strptime, not one of `FORM_WORDS`."""
    return split_zone(form)[0] not in FORM_WORDS


def split_zone(form: str) -> tuple[str, str]:
    """A form and the time zone that follows it, empty if none does.

    >>> split_zone("unix@Asia/Shanghai")
    ('unix', 'Asia/Shanghai')
    """
    word, _, zone = form.partition(_ZONE_SIGN) if form.startswith(UNIX) else (form, "", "")
    return word, zone


def add_zone(form: str, zone: str) -> str:
    """A form with a time zone behind it, if it counts moments and has none.

    >>> add_zone("unix", "Asia/Shanghai"), add_zone("dmy", "Asia/Shanghai")
    ('unix@Asia/Shanghai', 'dmy')
    """
    return f"{form}{_ZONE_SIGN}{zone}" if form == UNIX and zone else form


def is_known_form(form: str) -> bool:
    """Whether a form is one of `FORM_WORDS`, ``unix@ZONE`` or a pattern that has a year."""
    word, zone = split_zone(form)
    if word in FORM_WORDS:
        return is_known_zone(zone)
    return bool(_YEAR_DIRECTIVE.search(form))


def is_known_zone(zone: str) -> bool:
    """Whether a text names a time zone, such as Asia/Shanghai; empty = UTC."""
    moment = pl.lit(0).cast(pl.Datetime("ms", "UTC"))
    try:
        pl.select(moment.dt.convert_time_zone(zone or "UTC"))
    except pl.exceptions.PolarsError:
        return False
    return True
