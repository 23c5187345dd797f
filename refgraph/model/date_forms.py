"""How a user may declare that the dates of a column are written."""

from __future__ import annotations

import re

DAY_ORDERS = ("dmy", "mdy", "ymd")
"""Order of day, month and year, whatever separates them; years of two or four digits."""
FORM_WORDS = (*DAY_ORDERS, "excel", "excel1904", "unix", "month")
"""Further words: the days of a spreadsheet since 1900 or 1904, Unix time in seconds or
milliseconds, months without a day."""

_YEAR_DIRECTIVE = re.compile(r"%[-_0]?[YyGgDFcsvx+]")


def is_pattern(form: str) -> bool:
    """Whether a form is a pattern of strptime, not one of `FORM_WORDS`."""
    return form not in FORM_WORDS


def is_known_form(form: str) -> bool:
    """Whether a form is one of `FORM_WORDS` or a pattern that has a year."""
    return form in FORM_WORDS or bool(_YEAR_DIRECTIVE.search(form))
