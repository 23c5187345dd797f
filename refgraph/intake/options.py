"""How strict intake is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from refgraph.intake.cast_rules import CastRules
from refgraph.model.parameter_values import convert_fields

DuplicateRule = Literal["reject", "first"]


@dataclass(frozen=True)
class IntakeOptions:
    """How strict intake is.

    rules: how the text of a cell may be written.
    strict: whether referrals that name an unknown party are rejected.
    duplicates: for customers with one id and different content, "reject" rejects all of them,
        "first" all but the first.
    sensitive: whether columns of religion and politics are read.
    no_referrals: the user states that there are no referrals, so that their absence is a real 0.
    repair_ids: whether ids that a spreadsheet damaged are matched by their repaired form.
    same_order_once: whether equal orders without a number are one order.
    Raises UsageError for a value of another kind.
    """

    rules: CastRules = field(default_factory=CastRules)
    strict: bool = False
    duplicates: DuplicateRule = "reject"
    sensitive: bool = False
    no_referrals: bool = False
    repair_ids: bool = False
    same_order_once: bool = False

    def __post_init__(self) -> None:
        convert_fields(self)
