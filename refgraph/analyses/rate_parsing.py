"""Rates as people write them: "3%,1%,0.5%", one for each generation."""

from __future__ import annotations

import re

from refgraph.errors import UsageError
from refgraph.model.parameter_values import describe_value

_SEPARATOR = re.compile(r"[,，、;；\s]+")
_TOLERANCE = 1e-12


def parse_rates(text: str, option: str) -> tuple[float, ...]:
    """The rates of a text, each from 0 to 1: "3%,1%" or "0.03, 0.01" -> (0.03, 0.01).

    A bare number is a share: 0.03 is 3 %, and 3 is refused. option: how the caller spells it.
    Raises UsageError ``not-a-rate``, ``rate-above-whole`` and ``rates-above-whole`` (their sum).

    >>> parse_rates("3%,1%，0.5 %", "rates")
    (0.03, 0.01, 0.005)
    """
    joined = re.sub(r"\s+([%％])", r"\1", text.strip())
    rates = tuple(_parse_rate(part, option) for part in _SEPARATOR.split(joined))
    if sum(rates) > 1 + _TOLERANCE:
        raise UsageError("rates-above-whole", option=option, total=sum(rates))
    return rates


def _parse_rate(part: str, option: str) -> float:
    is_percent = part.endswith(("%", "％"))
    digits = part.rstrip("%％")
    if not re.fullmatch(r"\d+(\.\d+)?|\.\d+", digits, re.ASCII):
        raise UsageError("not-a-rate", value=describe_value(part), option=option)
    rate = float(digits) / 100 if is_percent else float(digits)
    if rate > 1:
        raise UsageError("rate-above-whole", value=describe_value(part), option=option)
    return rate
