"""Facts about the whole graph that a subgraph needs in order to give the answers of the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from refgraph.model.message import Message
from refgraph.model.serialization import from_json_value, to_json_value

_SERIALIZED_FIELDS = (
    "as_of",
    "scale",
    "since",
    "until",
    "missing",
    "first",
    "key_scale",
    "is_key_account_known",
)


@dataclass(frozen=True, kw_only=True)
class WholeGraphSummary:
    """Facts about the Graph of all parties under the default scope.

    as_of: its as-of date. scale, since, until, missing: those of its Value.
    first: the date of the first order.
    key_scale: by what orders are multiplied to find key accounts.
    is_key_account_known: whether the rule for key accounts could be applied.
    counts: parties, existing, former, prospects, referrals, findings. notes: those of the Graph.
    ends: referrer and referred -> parties there, and how many of them match no customer.
    """

    as_of: date | None
    scale: int
    since: date | None
    until: date | None
    missing: int
    first: date | None
    key_scale: int | None
    is_key_account_known: bool
    counts: Mapping[str, int]
    notes: tuple[Message, ...]
    ends: Mapping[str, Sequence[int]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The summary in plain JSON values."""
        fields = {name: to_json_value(getattr(self, name)) for name in _SERIALIZED_FIELDS}
        notes = [to_json_value(note) for note in self.notes]
        ends = {end: list(count) for end, count in self.ends.items()}
        return {**fields, "counts": dict(self.counts), "ends": ends, "notes": notes}


def summary_from_json(stored: Mapping[str, Any]) -> WholeGraphSummary:
    """The summary that `WholeGraphSummary.to_json` was called on."""
    fields: dict[str, Any] = {name: from_json_value(stored[name]) for name in _SERIALIZED_FIELDS}
    notes = tuple(from_json_value(note) for note in stored["notes"])
    return WholeGraphSummary(
        **fields, counts=stored["counts"], ends=stored.get("ends", {}), notes=notes
    )
