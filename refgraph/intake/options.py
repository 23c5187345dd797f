"""How strict intake is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from refgraph.intake.cast_rules import CastRules
from refgraph.model.parameter_values import convert_fields
from refgraph.model.settings import Settings

DuplicateRule = Literal["reject", "first", "contacts"]
DUPLICATE_RULES: tuple[DuplicateRule, ...] = get_args(DuplicateRule)


@dataclass(frozen=True)
class IntakeOptions:
    """How strict intake is.

    rules: how the text of a cell may be written.
    strict: whether referrals that name an unknown party are rejected.
    duplicates: for customers with one id and different content, "reject" rejects all of them,
        "first" all but the first; "contacts" makes one customer of rows that differ only in contact
        persons, phones, e-mails and unknown columns, with all of these. None = "reject".
    sensitive: whether columns of religion and politics are read.
    no_referrals: the user states that there are no referrals, so that their absence is a real 0.
    repair_ids: whether ids that a spreadsheet damaged are matched by their repaired form.
    same_order_once: whether equal orders without a number are one order.
    fill_down: headers, or ``table.field``, of columns whose empty cells are filled from above.
    Table ``[read]`` of refgraph.toml says what applies if an option is not given.
    Raises UsageError for a value of another kind.
    """

    rules: CastRules = field(default_factory=CastRules)
    strict: bool = False
    duplicates: DuplicateRule | None = None
    sensitive: bool = False
    no_referrals: bool = False
    repair_ids: bool = False
    same_order_once: bool = False
    fill_down: tuple[str, ...] = ()

    @property
    def policy(self) -> DuplicateRule:
        """What happens to customers with one id and different content."""
        return self.duplicates or "reject"

    def __post_init__(self) -> None:
        convert_fields(self)

    def complete(self, settings: Settings) -> IntakeOptions:
        """These options, and what the settings say where they say nothing.

        Raises UsageError as `CastRules.complete`.
        """
        read = settings.read
        chosen = self.duplicates or read.duplicates
        known: dict[str, DuplicateRule] = {rule: rule for rule in DUPLICATE_RULES}
        duplicates = known.get(chosen or "", DUPLICATE_RULES[0])
        flags = ("strict", "sensitive", "no_referrals", "repair_ids", "same_order_once")
        return replace(
            self,
            rules=self.rules.complete(settings),
            duplicates=duplicates,
            fill_down=self.fill_down or read.fill_down,
            **{flag: getattr(self, flag) or getattr(read, flag) for flag in flags},
        )
