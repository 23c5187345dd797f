"""What kind of number or word a column holds; renderers format by unit and by nothing else."""

from __future__ import annotations

from enum import StrEnum


class Unit(StrEnum):
    """The unit of a column; a cell may be a list of such. LABEL: a word of a closed vocabulary. REASON: such a word with figures
    behind it, after a space. VALUE is a place-holder: it becomes MONEY, QUANTITY or COUNT by the value basis.
    """

    ID = "id"
    TEXT = "text"
    LABEL = "label"
    REASON = "reason"
    COUNT = "count"
    SHARE = "share"
    RATIO = "ratio"
    MONEY = "money"
    QUANTITY = "quantity"
    DAYS = "days"
    DATE = "date"
    DEPTH = "depth"
    SCORE = "score"
    VALUE = "value"
