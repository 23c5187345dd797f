"""Units of columns: renderers format a cell by the unit of its column alone."""

from __future__ import annotations

from enum import StrEnum


class Unit(StrEnum):
    """The unit of a column; a cell may be a list of values of that unit.

    LABEL: a word of a closed vocabulary. REASON: such a word, a space, and figures. POINTS: the
    difference of two shares, stored like a share (0.043) and shown in percentage points (4.3).
    VALUE becomes MONEY, QUANTITY or COUNT by the value basis.
    """

    ID = "id"
    TEXT = "text"
    LABEL = "label"
    REASON = "reason"
    COUNT = "count"
    SHARE = "share"
    POINTS = "points"
    RATIO = "ratio"
    MONEY = "money"
    QUANTITY = "quantity"
    DAYS = "days"
    DATE = "date"
    DEPTH = "depth"
    SCORE = "score"
    VALUE = "value"
