"""What is known about a column: its table, type and usual names."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class FieldType(StrEnum):
    """How the text of a column is read."""

    ID = "id"
    TEXT = "text"
    WORD = "word"
    DATE = "date"
    MONEY = "money"
    QUANTITY = "quantity"
    NUMBER = "number"


@dataclass(frozen=True, kw_only=True)
class Field:
    """A known column.

    aliases: other headers for it, compared without case, spaces, underscores and bracketed units.
    mandatory: whether a table without it is refused.
    sensitive: whether it is read with ``--sensitive`` only (religion, politics).
    is_loose: whether a fault in a mandatory column costs the cell only, not the row.
    """

    table: str
    name: str
    type: FieldType
    aliases: tuple[str, ...] = ()
    mandatory: bool = field(default=False)
    sensitive: bool = field(default=False)
    is_loose: bool = field(default=False)

    @property
    def costs_row(self) -> bool:
        """Whether a fault in a cell of the column costs the row."""
        return self.mandatory and not self.is_loose
