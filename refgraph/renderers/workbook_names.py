"""Names of sheets that every spreadsheet program accepts."""

from __future__ import annotations

import re
from itertools import chain, count

MAX_NAME_LENGTH = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")


class SheetNames:
    """The names of one workbook: no two are alike, also if case is ignored."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def make_name(self, title: str) -> str:
        """A name for a sheet, as close to ``title`` as its rules allow.

        At most 31 characters, none of ``[ ] : * ? / \\`` and no apostrophe at an end.
        """
        plain = _FORBIDDEN.sub(" ", title).strip(" '") or "-"
        numbered = (_shorten(plain, f" {number}") for number in count(2))
        names = chain([_shorten(plain, "")], numbered)
        name = next(name for name in names if name.casefold() not in self._taken)
        self._taken.add(name.casefold())
        return name


def _shorten(title: str, end: str) -> str:
    """The title followed by ``end``, cut to the longest name in UTF-16 units."""
    head = title
    while _count_units(head + end) > MAX_NAME_LENGTH:
        head = head[:-1]
    return head.rstrip(" '") + end


def _count_units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
