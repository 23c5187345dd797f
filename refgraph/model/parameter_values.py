"""Values of options, checked against their type hints: for the command line and Python alike.

The type hint of a parameter says what it takes: ``Literal`` words, ``bool``, ``str``, ``date``,
``tuple[str, ...]``, ``int`` or ``float`` (within `Limits` if it is ``Annotated``), each of these or
None. Text is parsed, so that a command line, a settings file and Python are held to one rule.
"""

from __future__ import annotations

import math
import numbers
import operator
import os
import reprlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from refgraph.errors import UsageError
from refgraph.model.message import Message, message

LARGEST_COUNT = 2**31 - 1
MAX_VALUE_CHARS = 60
"""A longer value is shortened in an error."""
MAX_NEAREST, MIN_SIMILARITY = 3, 0.65


@dataclass(frozen=True)
class Limits:
    """The numbers that a parameter takes: ``Annotated[float, Limits(0, 1)]``; both ends included.

    is_above: ``low`` itself is excluded.
    """

    low: float = -LARGEST_COUNT
    high: float = LARGEST_COUNT
    is_above: bool = False

    def __str__(self) -> str:
        """The limits as a help page shows them, such as ``0..1``; empty if there are none."""
        if self.low == -LARGEST_COUNT:
            return ""
        if self.high == LARGEST_COUNT:
            return f"{'>' if self.is_above else '≥'} {self.low:g}"
        return f"{self.low:g}..{self.high:g}"

    def check(self, number: float, option: str) -> None:
        """Raises UsageError ``out-of-range`` or ``not-above`` for a number outside."""
        value = describe_value(number)
        if self.is_above and number <= self.low:
            raise UsageError("not-above", value=value, option=option, low=self.low)
        if not self.low <= number <= self.high:
            low, high = self.low, self.high
            raise UsageError("out-of-range", value=value, option=option, low=low, high=high)


NO_LIMITS = Limits()
Proportion = Annotated[float, Limits(0, 1)]
"""A number from 0 to 1."""


def convert_value(value: object, hint: object, option: str) -> Any:
    """The value as its type hint says.

    Text is parsed where a number or date is meant, one text stands for a list of one, numbers
    become text where an id is meant, numpy scalars become those of Python.
    option: how the caller spells the parameter, for the error.
    Raises UsageError ``bad-word``, ``not-a-number``, ``not-an-integer``, ``out-of-range``,
    ``not-above``, ``not-yes-or-no``, ``bad-day`` or ``not-text``.
    """
    value = _unwrap_scalar(value)
    if value is None and NoneType in _list_alternatives(hint):
        return None
    kind, limits = split_hint(hint)
    if get_origin(kind) is Literal:
        return convert_word(value, get_args(kind), option)
    if get_origin(kind) is tuple:
        return _convert_list(value, get_args(kind)[0], option)
    if kind is int or kind is float:
        return convert_number(value, kind, limits, option)
    convert = _CONVERTERS.get(kind)
    return convert(value, option) if convert else value


def convert_word(value: object, words: Sequence[str], option: str) -> str:
    """One of several words. Raises UsageError ``bad-word`` with all of them, the nearest first."""
    if not isinstance(value, str) or value not in words:
        shown, near = describe_value(value), suggest_nearest(value, words)
        known = list(words)
        raise UsageError("bad-word", value=shown, option=option, known=known, near=near)
    return str(value)


def convert_number(value: object, kind: type, limits: Limits, option: str) -> float:
    """A whole number (kind int) or any finite one (kind float), from text too.

    Raises UsageError ``not-an-integer``, ``not-a-number``, ``out-of-range``, ``not-above``.
    """
    number = _parse_integer(value) if kind is int else _parse_number(value)
    if number is None:
        error = "not-an-integer" if kind is int else "not-a-number"
        raise UsageError(error, value=describe_value(value), option=option)
    limits.check(number, option)
    return number


def split_hint(hint: object) -> tuple[Any, Limits]:
    """The type that a hint names besides None, and the limits of its numbers."""
    kind = next(part for part in _list_alternatives(hint) if part is not NoneType)
    if get_origin(kind) is not Annotated:
        return kind, NO_LIMITS
    kind, limits = get_args(kind)[:2]
    return kind, limits


def convert_fields(options: Any) -> None:
    """Convert the fields of a frozen dataclass in place, by their hints; for ``__post_init__``.

    Fields of other types stay as they are. Raises UsageError as `convert_value`.
    """
    kind: type = type(options)
    hints = _find_hints(kind)
    for field in fields(kind):
        value = convert_value(getattr(options, field.name), hints[field.name], field.name)
        object.__setattr__(options, field.name, value)


def suggest_nearest(word: object, known: Iterable[str]) -> Message | str:
    """A question with the names that are most like a mistyped one; empty if none is alike."""
    names = find_nearest(word, known)
    return message("help.did-you-mean", names=names) if names else ""


def find_nearest(word: object, known: Iterable[str]) -> list[str]:
    """Up to three of the names that are most like a mistyped one (Ratcliff & Obershelp)."""
    if not isinstance(word, str):
        return []
    return get_close_matches(word.lower(), list(known), MAX_NEAREST, MIN_SIMILARITY)


def describe_value(value: object) -> str:
    """A value for an error: one line, not too long, whatever it is."""
    try:
        text = value if isinstance(value, str) and value.strip() else reprlib.repr(value)
    except ValueError:  # an integer of more than 4,300 digits
        text = "…"
    text = "".join(c if c.isprintable() else " " for c in text)
    return text if len(text) <= MAX_VALUE_CHARS else f"{text[:MAX_VALUE_CHARS]}…"


@cache
def _find_hints(kind: type) -> dict[str, object]:
    return get_type_hints(kind, include_extras=True)


def _list_alternatives(hint: object) -> tuple[Any, ...]:
    """The parts of a union, or the hint alone."""
    has_parts = get_origin(hint) not in (None, Literal, Annotated, tuple, type)
    parts = get_args(hint)
    return parts if has_parts and NoneType in parts else (hint,)


def _unwrap_scalar(value: Any) -> Any:
    """A scalar of numpy as one of Python."""
    is_scalar = type(value).__module__ == "numpy" and getattr(value, "shape", None) == ()
    return value.item() if is_scalar else value


def _parse_integer(value: Any) -> int | None:
    """The whole number, None if it is none."""
    if isinstance(value, bool):
        return None
    try:
        return int(value) if isinstance(value, str) else operator.index(value)
    except (TypeError, ValueError):
        return None


def _parse_number(value: Any) -> float | None:
    """The number, None if it is none or not finite."""
    is_number = isinstance(value, (str, numbers.Real, Decimal)) and not isinstance(value, bool)
    try:
        number = float(value) if is_number else math.nan
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _convert_flag(value: object, option: str) -> bool:
    if not isinstance(value, bool):
        raise UsageError("not-yes-or-no", value=describe_value(value), option=option)
    return value


def _convert_date(value: object, option: str) -> date:
    """A date, the date of a point in time, or ISO text such as 2025-12-31."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise UsageError("bad-day", value=describe_value(value), option=option) from None


def _convert_text(value: object, option: str) -> str:
    """Text, a path, or a whole number, digit by digit."""
    value = os.fspath(value) if isinstance(value, os.PathLike) else value
    if isinstance(value, str):
        return value
    number = _parse_integer(value)
    if number is None or abs(number) > 10**MAX_VALUE_CHARS:
        raise UsageError("not-text", value=describe_value(value), option=option)
    return str(number)


def _convert_list(value: Any, kind: object, option: str) -> tuple[Any, ...]:
    """Several values: a list, a tuple, a column of a frame; one text stands for a list of one."""
    for name in ("to_list", "tolist"):
        convert = getattr(value, name, None)
        value = convert() if callable(convert) else value
    items = value if isinstance(value, (list, tuple)) else [value]
    return tuple(convert_value(item, kind, option) for item in items)


_CONVERTERS: dict[object, Callable[[object, str], object]] = {
    bool: _convert_flag,
    date: _convert_date,
    str: _convert_text,
}
"""Type -> the function that takes a value and the name of its option."""
