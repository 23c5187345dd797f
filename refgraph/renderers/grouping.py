"""What the fill of a mark tells: the state of a party, or a group it belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph import texts
from refgraph.model.message import message
from refgraph.renderers import palette
from refgraph.renderers.labels import Phrases, plain


@dataclass(frozen=True, eq=False)
class Grouping:
    """names: the groups in order of size; all smaller ones are the last if ``rest``. member: int64[n], the group of each
    party, -1 = none. names is empty where the state is told."""

    names: tuple[str, ...]
    member: np.ndarray
    blank: bool
    colors: tuple[str, ...]

    def fills(self, state: str, mask: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
        """(fill, mask) of the parties of a state."""
        if not self.names:
            yield palette.STATES[state].fill, mask
            return
        for k, color in enumerate(self.colors):
            yield color, mask & (self.member == k)
        yield palette.BLANK, mask & (self.member < 0)


def grouping(nodes: pl.DataFrame, by: str, lang: str) -> Grouping:
    """The groups of a column of the nodes: the eight largest by name, all others together; ``state`` makes none."""
    none = np.full(nodes.height, -1)
    if by == "state":
        return Grouping((), none, False, ())
    counts = nodes[by].drop_nulls().value_counts().sort("count", by, descending=[True, False])
    most = len(palette.GROUPS)
    top = counts[by].head(most).to_list()
    rest = counts.height - len(top)
    order = {name: k for k, name in enumerate(top)}
    ranks = nodes[by].replace_strict(order, default=most, return_dtype=pl.Int64)
    member = np.where(nodes[by].is_null().to_numpy(), -1, ranks.to_numpy())
    said = [texts.label(name, lang) for name in plain(pl.Series(top, dtype=pl.String))]
    names = [*said, *([texts.say(message("picture.rest-groups", groups=rest), lang)] if rest else [])]
    blank = bool((member < 0).any())
    colors = [*palette.GROUPS[: len(top)], *([palette.REST] if rest else [])]
    return Grouping((*names, *([Phrases(lang).text("group-none")] if blank else [])), member, blank, tuple(colors))
