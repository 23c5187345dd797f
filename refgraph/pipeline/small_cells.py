"""Figures about fewer than five parties are left out of answers about groups.

Where the rows of an answer are groups (segments, years, channels ...), a small count would let a
reader who knows one member find out about the others. Counts from 1 to 4 become empty, and with
them the shares of their row that would give them away, their intervals, and amounts that belong to
them. Counts that follow by subtracting rows from totals are not hidden. Answers whose rows are
parties keep their figures: there the pseudonym protects.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from refgraph.model.message import Amount, Message, message
from refgraph.model.result import Column, Result
from refgraph.model.units import Unit

LEAST = 5
"""The smallest count that is shown, other than 0."""
SMALL = f"<{LEAST}"
"""What a sentence says in place of a small count."""
GROUP_GRAINS = frozenset(
    {
        *("definition", "year", "cohort", "tenure", "measure", "flow", "part", "segment"),
        *("channel", "gap-method", "stay-state", "churn-state", "rate-group"),
        *("pay-question", "exit", "channel-year"),
    }
)
"""What a row stands for in an answer about groups."""
FIGURES_OF = {
    "referred": ("referred_value", "value_share"),
    "by_referral": ("referred_value", "value_share"),
    "key_accounts": ("key_value",),
    "closed": ("conversion", "difference"),
    "lost": ("conversion", "difference"),
    "occasions": ("rate", "ratio"),
    "leavers": ("hazard_ratio", "loss_rate", "stay_1", "stay_3", "stay_5"),
}
"""Count -> figures of the same row that are about the same parties."""
DETAILED_NOTES = frozenset({"note.flow-share"})
"""Notes that list counts as text."""
GROUP_COUNTS = frozenset({"groups", "channels", "cohorts", "trees", "generations"})
"""Values of sentences that count groups, not parties: a small one hides no other figure."""
INTERVAL_ENDS = ("_low", "_high")
TOLERANCE = 1e-9


def hide_small_cells(result: Result) -> Result:
    """The answer without small counts and what gives them away; a note says how many cells.

    Other answers than those about groups are returned as they are.
    """
    if result.grain not in GROUP_GRAINS:
        return result
    notes = [hide_small_counts(note) for note in result.notes if note.id not in DETAILED_NOTES]
    result = replace(result, headline=hide_small_counts(result.headline), notes=tuple(notes))
    rows = result.frame.to_dicts()
    hidden = [_find_hidden_cells(result.columns, row) for row in rows]
    cells = sum(map(len, hidden))
    if not cells:
        return result
    for row, names in zip(rows, hidden, strict=True):
        row.update(dict.fromkeys(names))
    note = message("note.small-cells", cells=cells, least=LEAST)
    return replace(
        result,
        frame=pl.DataFrame(rows, schema=result.frame.schema),
        notes=(*notes, note),
    )


def hide_small_counts(sentence: Message, is_small_above: bool = False) -> Message:
    """The sentence with `SMALL` for whole numbers from 1 to 4.

    If one of them counts parties, shares and amounts become ``…`` too, here and in all sentences
    inside: an interval or an amount would reveal what the count hides.
    """
    small = [name for name, value in sentence.values.items() if _is_small(value)]
    is_about_few = is_small_above or not GROUP_COUNTS.issuperset(small)

    def hide(value: object) -> object:
        if isinstance(value, Message):
            return hide_small_counts(value, is_about_few)
        if isinstance(value, (list, tuple)):
            return [hide(part) for part in value]
        if _is_small(value):
            return SMALL
        return "…" if is_about_few and isinstance(value, (float, Amount)) else value

    return replace(sentence, values={name: hide(v) for name, v in sentence.values.items()})


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_small(value: Any) -> bool:
    return _is_count(value) and 0 < value < LEAST


def _find_hidden_cells(columns: Sequence[Column], row: Mapping[str, Any]) -> set[str]:
    """The names of the columns that are hidden in a row, those that are empty anyway left out."""
    names = {column.name for column in columns}
    counts = {c.name: row[c.name] for c in columns if c.unit is Unit.COUNT and row[c.name]}
    small = {name for name, count in counts.items() if _is_small(count)}
    if not small:
        return set()
    hidden = set(small)
    base = next(iter(counts))
    if base in small:
        hidden |= {c.name for c in columns if c.unit not in (Unit.ID, Unit.LABEL, Unit.TEXT)}
    numbers, parts = list(counts.values()), [counts[name] for name in small]
    for column in columns:
        value, is_share = row[column.name], column.unit in (Unit.SHARE, Unit.RATIO, Unit.POINTS)
        if is_share and value is not None and _is_share_of(value, parts, numbers):
            hidden.add(column.name)
    for name in small:
        hidden |= set(FIGURES_OF.get(name, ())) & names
    hidden |= {f"{name}{end}" for name in hidden for end in INTERVAL_ENDS} & names
    return {name for name in hidden if row[name] is not None}


def _is_share_of(share: float, parts: Sequence[float], wholes: Sequence[float]) -> bool:
    """Whether a number is one of the parts over one of the wholes, or what that leaves of 1."""
    shares = [part / whole for part in parts for whole in wholes if whole]
    return any(abs(share - x) < TOLERANCE or abs(1 - share - x) < TOLERANCE for x in shares)
