"""The ink of pictures. Closed is red (fill, name, edge); all states also differ in gray print."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Ink(NamedTuple):
    """Fill and outline of a mark, its shape, and the dash of its outline."""

    fill: str
    color: str
    shape: str = "circle"
    dash: tuple[float, float] | None = None
    width: float = 1.2


TEXT, MUTED_TEXT, FAINT_TEXT, BACKGROUND = "#1f2933", "#56616f", "#68727f", "#ffffff"
"""Texts have a contrast of at least 4.5 : 1 on the background."""
CLOSED_TEXT = "#b3122b"
EDGE, CLOSED_EDGE, STUB_EDGE = "#aab4c0", "#d8596a", "#9aa5b1"
SECOND_REFERRER_EDGE, CYCLE_EDGE = "#6b4fa0", "#c05a00"
EXTRA_ARC_DASH, STUB_DASH = (5.0, 3.0), (3.0, 3.0)
CUSTOMER_INKS = {
    "closed": Ink("#d7263d", "#8f0f24"),
    "former": Ink("#f7cfd4", "#b3122b", dash=(2.5, 1.8), width=1.6),
}
PROSPECT_INKS = {
    "negotiating": Ink("#f4a63a", "#9a6210"),
    "contacted": Ink("#3f7fbf", "#234f7d"),
    "new": Ink("#b4bdc8", "#6b7684"),
    "lost": Ink("#ffffff", "#6b7684", width=1.5),
}
STATE_INKS = {
    **CUSTOMER_INKS,
    **PROSPECT_INKS,
    "void": Ink("#ffffff", "#aab4c0", dash=(2.0, 2.0)),
    "other": Ink("#dfe4ea", "#3e4c59", shape="square"),
}
OPEN_STATES = frozenset(PROSPECT_INKS)
GROUP_COLORS = (
    "#4477aa",
    "#ccbb44",
    "#228833",
    "#66ccee",
    "#8866aa",
    "#ee8866",
    "#44bb99",
    "#99775c",
)
"""Fills for groups other than states, distinct for color-blind readers, too; no red.

After Tol, "Colour schemes", 2021.
"""
OTHER_GROUPS_COLOR, NO_GROUP_COLOR = "#b4bdc8", "#ffffff"
"""Fill of all smaller groups together, and of parties of no group."""
CLOSED_BAND = "#fbe3e6"
"""An interval around a line of what closed."""
SHARE_LIMITS = (0.0, 0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
"""Limits of the shares that `SHARE_COLORS` stand for; the first is nothing at all."""
SHARE_COLORS = (
    "#e6eaee",
    "#fff3ec",
    "#fde3d8",
    "#fbd2c6",
    "#f8beb3",
    "#f3a8a0",
    "#ec9490",
    "#e57f80",
    "#c43a4b",
    "#a31c33",
    "#7a0c22",
)
SHARE_TEXT_COLORS = (*(TEXT,) * 8, *(BACKGROUND,) * 3)
"""Text on each of them, with a contrast of at least 4.5 : 1."""


def find_share_colors(share: np.ndarray) -> np.ndarray:
    """int64[n]: the index in `SHARE_COLORS` of each share, 0 to 1."""
    index: np.ndarray = np.searchsorted(SHARE_LIMITS[1:-1], share, side="left")
    return index
