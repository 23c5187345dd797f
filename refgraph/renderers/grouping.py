"""What the fill of a mark stands for: the state of a party, or a group it belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph import texts
from refgraph.model.message import message
from refgraph.renderers import palette
from refgraph.renderers.label_text import Phrases, clean_texts

NO_GROUP = -1
OPEN_OUTLINE_WIDTH = 1.2


@dataclass(frozen=True, eq=False)
class Grouping:
    """Groups of the parties of a picture by a column; empty where fills stand for states.

    names: of the groups by size, all smaller ones together, and none of these. group: int64[n], the
    group of each party or `NO_GROUP`. has_blank: whether some party is in no group. colors: of the
    groups.
    """

    names: tuple[str, ...]
    group: np.ndarray
    has_blank: bool
    colors: tuple[str, ...]

    def iter_fills(self, state: str, mask: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
        """(fill, mask) of the parties of a state."""
        if not self.names:
            yield palette.STATE_INKS[state].fill, mask
            return
        for code, color in enumerate(self.colors):
            yield color, mask & (self.group == code)
        yield palette.NO_GROUP_COLOR, mask & (self.group == NO_GROUP)

    def choose_ink(self, state: str, fill: str) -> palette.Ink:
        """The ink of a mark; where fills stand for groups, open states have one outline."""
        ink = palette.STATE_INKS[state]._replace(fill=fill)
        if self.names and state in palette.OPEN_STATES:
            return ink._replace(color=palette.MUTED_TEXT, width=OPEN_OUTLINE_WIDTH)
        return ink

    def all_colors(self) -> tuple[str, ...]:
        """One color per name."""
        return (*self.colors, palette.NO_GROUP_COLOR) if self.has_blank else self.colors


def build_grouping(nodes: pl.DataFrame, by: str, lang: str) -> Grouping:
    """The groups of a column: the eight largest, all others together; none for ``state``."""
    if by == "state":
        return Grouping((), np.full(nodes.height, NO_GROUP), False, ())
    values = nodes[by]
    counts = values.drop_nulls().value_counts().sort("count", by, descending=[True, False])
    largest = counts[by].head(len(palette.GROUP_COLORS)).to_list()
    group = _assign_groups(values, largest)
    names = [
        texts.get_label(name, lang) for name in clean_texts(pl.Series(largest, dtype=pl.String))
    ]
    colors = list(palette.GROUP_COLORS[: len(largest)])
    others = counts.height - len(largest)
    if others:
        names.append(texts.format_message(message("picture.rest-groups", groups=others), lang))
        colors.append(palette.OTHER_GROUPS_COLOR)
    has_blank = bool((group == NO_GROUP).any())
    if has_blank:
        names.append(Phrases(lang).text("group-none"))
    return Grouping(tuple(names), group, has_blank, tuple(colors))


def _assign_groups(values: pl.Series, largest: list[str]) -> np.ndarray:
    """int64[n]: the rank of a value among the largest groups, their number for others."""
    ranks = {name: rank for rank, name in enumerate(largest)}
    group = values.replace_strict(ranks, default=len(palette.GROUP_COLORS), return_dtype=pl.Int64)
    return np.where(values.is_null().to_numpy(), NO_GROUP, group.to_numpy())
