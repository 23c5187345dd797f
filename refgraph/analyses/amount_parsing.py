"""Amounts of money as people write them: 50000, 50,000, 5万, 50k."""

from __future__ import annotations

import re

from refgraph.errors import UsageError
from refgraph.intake.numbers import MAGNITUDES
from refgraph.model.parameter_values import describe_value

_POWERS = {**MAGNITUDES, "k": 3, "m": 6, "": 0}
_AMOUNT = re.compile(
    rf"(\d{{1,3}}(?:[,，]\d{{3}})+|\d+)(\.\d+)?\s*({'|'.join(filter(None, _POWERS))}|)\s*(?:元)?",
    re.ASCII | re.IGNORECASE,
)


def parse_amount(text: str, option: str) -> float:
    """An amount above 0. option: how the caller spells it. Raises UsageError ``not-an-amount``.

    >>> parse_amount("5万", "budget"), parse_amount("1,250.5", "budget"), parse_amount("3 k", "b")
    (50000.0, 1250.5, 3000.0)
    """
    match = _AMOUNT.fullmatch(text.strip())
    amount = 0.0
    if match:
        whole, part, word = match.groups()
        digits = re.sub("[,，]", "", whole) + (part or "")
        amount = float(f"{digits}e{_POWERS[word.lower()]}")
    if not 0 < amount < 1e15:
        raise UsageError("not-an-amount", value=describe_value(text), option=option)
    return amount
