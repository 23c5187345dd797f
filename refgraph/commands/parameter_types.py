"""Types of option values; values are converted as those of Python are, under the option's name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import click

from refgraph.model.parameter_values import (
    NO_LIMITS,
    Limits,
    convert_number,
    convert_value,
    convert_word,
)


class DateType(click.ParamType[date]):
    """A date as ISO text, such as 2025-12-31."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The date. Raises UsageError ``bad-day``."""
        day: date = convert_value(value, date, get_flag(param))
        return day


class WordType(click.Choice[str]):
    """One of several words."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The word. Raises UsageError ``bad-word``."""
        return convert_word(value, [str(word) for word in self.choices], get_flag(param))


class WordListType(click.ParamType[str]):
    """Words with commas between them, none for an empty text."""

    name = "words"

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text. Raises UsageError ``bad-word``."""
        words = [word.strip() for word in str(value).split(",") if word.strip()]
        return ",".join(convert_word(word, self.words, get_flag(param)) for word in words)


class NumberType(click.ParamType[float]):
    """A number within limits, both included.

    kind: int or float. low, high: the limits; those of a 32-bit integer if not given.
    """

    def __init__(self, kind: type[int] | type[float], limits: Limits = NO_LIMITS) -> None:
        self.kind, self.limits = kind, limits
        self.name = "integer" if kind is int else "number"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> int | float:
        """The number.

        Raises UsageError ``not-an-integer``, ``not-a-number``, ``out-of-range``, ``not-above``.
        """
        return convert_number(value, self.kind, self.limits, get_flag(param))


def get_flag(parameter: click.Parameter | None) -> str:
    """How an option is written, such as ``--top``; the name of an argument; empty for None."""
    if parameter is None:
        return ""
    return (
        parameter.opts[0] if isinstance(parameter, click.Option) else parameter.human_readable_name
    )
