"""What only the whole company tells: with it, a Graph of some of its parties says of them what that of all would."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from refgraph.model.message import Message
from refgraph.model.plain import plain, told

_PLAIN = ("as_of", "scale", "since", "until", "missing", "first", "key_scale", "bar")


@dataclass(frozen=True)
class Census:
    """Of the Graph of all parties under the plain scope.

    as_of: its day. scale, since, until, missing: those of its Value. first: day of the first order. key_scale:
    by what orders are multiplied to find key accounts. bar: minus the yearly mean that a key account must pass where no rule
    says how much; None = cannot tell. counts: parties, existing, former, prospects, referrals, findings. notes: those of the
    Graph.
    """

    as_of: date | None
    scale: int
    since: date | None
    until: date | None
    missing: int
    first: date | None
    key_scale: int | None
    bar: float | None
    counts: Mapping[str, int]
    notes: tuple[Message, ...]

    def as_json(self) -> dict[str, Any]:
        """Everything in plain values."""
        kept = {name: plain(getattr(self, name)) for name in _PLAIN}
        return kept | {"counts": dict(self.counts), "notes": [plain(note) for note in self.notes]}


def from_json(kept: Mapping[str, Any]) -> Census:
    """The Census that `as_json` was told of."""
    values: dict[str, Any] = {name: told(kept[name]) for name in _PLAIN}
    return Census(**values, counts=kept["counts"], notes=tuple(told(note) for note in kept["notes"]))
