"""Which part of the data a question looks at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Scope:
    """Given to ``engine.graph(scope)``, never to an analysis; it stands in the Result.

    as_of: the day that the answer describes; None = the latest of all joining, referral and order dates.
    since, until: the window of orders and of referrals counted as events, both days included.
    value: the value basis, revenue, profit or volume; None = the first that the data has, else 1 per customer.
    count: roles whose recommendations count beside those of customers: staff, partner.
    exclude: codes of findings whose referrals are left out.
    roll_up: every group of companies is one party.
    """

    as_of: date | None = None
    since: date | None = None
    until: date | None = None
    value: str | None = None
    count: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    roll_up: bool = False

    def as_json(self) -> dict[str, object]:
        """The scope as it stands in JSON output: dates as ISO text, empty parts as null or []."""
        return {
            "as_of": _iso(self.as_of),
            "since": _iso(self.since),
            "until": _iso(self.until),
            "value": self.value,
            "count": list(self.count),
            "exclude": list(self.exclude),
            "roll_up": self.roll_up,
        }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
