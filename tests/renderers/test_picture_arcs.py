"""Pictures of networks with cycles and several referrers: no arc runs through a text."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from support.picture_checks import overlaps, rectangles
from support.picture_trees import grow_tree, picture
from support.random_cases import cases

from refgraph.layouts.arcs import ROUTE
from refgraph.renderers import fonts
from refgraph.renderers.pictures import build_scene
from refgraph.renderers.scene import Lines, Marks, Scene, Texts
from refgraph.renderers.style import PictureStyle

FONT = fonts.load_font()
BADGES = {"loop-flag", "loop-badge"}


def list_arcs(page: Scene) -> np.ndarray:
    """float64[m, k, 2]: points along every arc."""
    arcs = [g.points for g in page.groups if isinstance(g, Lines) and g.code == ROUTE]
    paths = np.concatenate((np.empty((0, len(ROUTE), 2)), *arcs))
    t = np.linspace(0, 1, 80)[None, None, :, None]
    points = paths[:, :-1, None] * (1 - t) + paths[:, 1:, None] * t
    return points.reshape(len(paths), 80 * (len(ROUTE) - 1), 2)


def find_texts(page: Scene, badges: bool = False) -> np.ndarray:
    """float64[n, 4]: rectangles of all texts, those around the tree included, or of the badges."""
    groups = tuple(g for g in page.groups if isinstance(g, Texts) and (g.name in BADGES) == badges)
    some = Scene(width=0, height=0, title="", description="", lang="en", groups=groups)
    return np.concatenate((rectangles(some, FONT), rectangles(some, FONT, around=True)))


@settings(max_examples=cases(500), deadline=None)
@given(
    n=st.integers(1, 45),
    seed=st.integers(0, 10**6),
    extras=st.integers(1, 14),
    max_names=st.none() | st.integers(1, 30),
    style=st.sampled_from(["auto", "tidy", "rows"]),
)
def test_arcs_of_any_network_cross_no_text_and_stay_on_the_page(
    n: int, seed: int, extras: int, max_names: int | None, style: str
) -> None:
    look = PictureStyle(max_names=max_names, style=style)
    shown = picture(grow_tree(n, seed), seed, extras)
    shown = replace(shown, extras=shown.extras.unique(["source", "target"], maintain_order=True))
    page = build_scene(shown, "en", look, FONT)
    texts, arcs = find_texts(page), list_arcs(page)
    for arc in arcs:
        x, y = arc[:, :1], arc[:, 1:]
        inside = (x > texts[:, 0] + 0.5) & (x < texts[:, 2] - 0.5)
        inside &= (y > texts[:, 1] + 0.5) & (y < texts[:, 3] - 0.5)
        assert not inside.any()
    assert (arcs >= 0).all() and (arcs <= [page.width, page.height]).all()
    flags = find_texts(page, badges=True)
    assert overlaps(np.concatenate((texts, flags))) == 0
    marks = [g for g in page.groups if isinstance(g, Marks) and g.name == "loop-badge"]
    assert sum(map(len, marks)) == len(flags)


def test_arc_of_the_cycle_that_ran_through_the_legend_stays_below_it() -> None:
    parent = np.array([-1, 0, 0, 2, 3, 4, 5], np.int32)
    page = build_scene(picture(parent, 3, extras=8), "zh", PictureStyle(), FONT)
    legend = max(g.y.max() for g in page.groups if g.name == "legend")
    assert len(list_arcs(page)) == 8 and (list_arcs(page)[..., 1] > legend + 8).all()
