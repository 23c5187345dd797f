"""The ink of pictures. Closed is red in three ways (fill, name, edge), and every state also differs in grey print."""

from __future__ import annotations

from typing import NamedTuple


class Ink(NamedTuple):
    """Fill and outline of a mark, its shape, and the dash of its outline."""

    fill: str
    color: str
    shape: str = "circle"
    dash: tuple[float, float] | None = None
    width: float = 1.2


TEXT, SOFT, FAINT, PAPER = "#1f2933", "#5f6b7a", "#8a94a1", "#ffffff"
RED, EDGE, CLOSED_EDGE, STUB_EDGE, SECOND, LOOP = "#b3122b", "#aab4c0", "#d8596a", "#cfd6de", "#6b4fa0", "#c05a00"
STATES = {
    "closed": Ink("#d7263d", "#8f0f24"),
    "former": Ink("#f7cfd4", "#b3122b", dash=(2.5, 1.8), width=1.6),
    "negotiating": Ink("#f4a63a", "#9a6210"),
    "contacted": Ink("#3f7fbf", "#234f7d"),
    "new": Ink("#b4bdc8", "#6b7684"),
    "lost": Ink("#ffffff", "#6b7684", width=1.5),
    "void": Ink("#ffffff", "#aab4c0", dash=(2.0, 2.0)),
    "other": Ink("#dfe4ea", "#3e4c59", shape="square"),
}
GROUPS = ("#4477aa", "#ccbb44", "#228833", "#66ccee", "#8866aa", "#ee8866", "#44bb99", "#99775c")
"""Fills for groups other than states, told apart by colour-blind readers too (after Tol, "Colour schemes", 2021); no red."""
REST, BLANK = "#b4bdc8", "#ffffff"
"""Fill of all smaller groups together, and of parties of no group."""
