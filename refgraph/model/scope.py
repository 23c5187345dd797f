"""The scope of a question: which part of the data it is about."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Literal

from refgraph.errors import UsageError
from refgraph.model.parameter_values import convert_fields

if TYPE_CHECKING:
    from collections.abc import Sequence

ValueBasis = Literal["revenue", "profit", "volume", "customers"]
CountableRole = Literal["staff", "partner"]
ExcludableCode = Literal[
    "alias",
    "alias-farm",
    "ambiguous-name",
    "burst",
    "double-claim",
    "inside-group",
    "loop-cut",
    "reciprocal-referral",
    "referral-after-order",
    "referral-before-joined",
    "referral-loop",
    "unknown-party",
]
"""Codes of findings about referrals, which a scope can leave out."""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """The part of the data that a Graph is built from; a Result states it.

    as_of: the date that the answer describes; None = the latest joining, referral or order date.
    since, until: the window of orders, and of referrals counted as events; both dates included.
    value: the value basis, revenue, profit, volume or customers (each counts 1); None = the first
        that the data have, else customers.
    count: roles whose referrals count besides those of customers: staff, partner.
    exclude: codes of findings whose referrals are not counted.
    roll_up: whether every group of companies is one party.

    Dates may be given as ISO text (``"2025-12-31"``), roles and codes as text with commas between
    them; roles and codes are kept sorted, each once.
    Raises UsageError ``bad-day``, ``bad-word``, ``not-yes-or-no``, and ``bad-window`` for a window
    that ends before it begins.
    """

    as_of: date | None = None
    since: date | None = None
    until: date | None = None
    value: ValueBasis | None = None
    count: tuple[CountableRole, ...] = ()
    exclude: tuple[ExcludableCode, ...] = ()
    roll_up: bool = False

    if TYPE_CHECKING:

        def __init__(
            self,
            *,
            as_of: date | str | None = None,
            since: date | str | None = None,
            until: date | str | None = None,
            value: str | None = None,
            count: str | Sequence[str] = (),
            exclude: str | Sequence[str] = (),
            roll_up: bool = False,
        ) -> None:
            """The fields, before text is parsed."""

    def __post_init__(self) -> None:
        for name in ("count", "exclude"):
            words = getattr(self, name)
            if isinstance(words, str):
                parts = [part.strip() for part in words.split(",")]
                object.__setattr__(self, name, tuple(part for part in parts if part))
        convert_fields(self)
        for name in ("count", "exclude"):
            object.__setattr__(self, name, tuple(sorted(set(getattr(self, name)))))
        if self.since and self.until and self.since > self.until:
            raise UsageError("bad-window", since=self.since, until=self.until)

    def __repr__(self) -> str:
        changed = [
            f"{field.name}={getattr(self, field.name)!r}"
            for field in fields(self)
            if getattr(self, field.name) != field.default
        ]
        return f"Scope({', '.join(changed)})"

    def to_json(self) -> dict[str, object]:
        """The scope as in JSON output: dates as ISO text, empty parts as null or []."""
        return {
            "as_of": _to_iso_text(self.as_of),
            "since": _to_iso_text(self.since),
            "until": _to_iso_text(self.until),
            "value": self.value,
            "count": list(self.count),
            "exclude": list(self.exclude),
            "roll_up": self.roll_up,
        }


def _to_iso_text(value: date | None) -> str | None:
    return value.isoformat() if value else None
