"""The legend of a tree: what can be seen in this picture, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from refgraph import texts
from refgraph.model.message import Label, message
from refgraph.model.picture import CLOSED_STATES, Picture
from refgraph.renderers import palette
from refgraph.renderers.label_text import Phrases
from refgraph.renderers.page_frame import LegendEntry
from refgraph.renderers.style import PictureStyle
from refgraph.renderers.tree_boxes import MAX_RADIUS
from refgraph.renderers.tree_scene import EDGE_WIDTHS, DrawnTree
from refgraph.renderers.tree_selection import TreeSelection
from refgraph.texts.numbers import format_count

DASHED_LINES = (
    ("second", palette.SECOND_REFERRER_EDGE, palette.EXTRA_ARC_DASH),
    ("loop", palette.CYCLE_EDGE, palette.EXTRA_ARC_DASH),
    ("stub", palette.FAINT_TEXT, palette.STUB_DASH),
)
"""Group of the drawing, and the color and dash of its line."""


def build_legend(
    picture: Picture, selection: TreeSelection, tree: DrawnTree, style: PictureStyle, lang: str
) -> list[LegendEntry]:
    """One entry per color, size, mark and line that is in the drawing."""
    phrases = Phrases(lang)
    named = selection.nodes[selection.names]
    states = set(named["state"].unique())
    if tree.grouping.names:
        entries = list(_describe_groups(tree, states, phrases))
    else:
        entries = list(_describe_states(states, phrases))
    if tree.largest_amount > 0:
        entries.append(_describe_size(picture, tree.largest_amount, style, lang))
    if named["key"].fill_null(False).any():
        entries.append(LegendEntry(text=phrases.text("legend-key")))
    drawn = {group.name for group in tree.groups if len(group)}
    for name, color, dash in DASHED_LINES:
        if name in drawn:
            text = phrases.text(f"legend-{name}")
            entries.append(LegendEntry(text=text, line=color, dash=dash))
    if selection.is_trunk:
        text, widest = phrases.text("legend-width"), EDGE_WIDTHS[-1]
        entries.append(LegendEntry(text=text, line=palette.EDGE, width=widest))
    if any(tree.labels.edges):
        entries.append(LegendEntry(text=phrases.text("legend-edge")))
    return entries


def _describe_groups(tree: DrawnTree, states: set[str], phrases: Phrases) -> Iterator[LegendEntry]:
    """The color of each group; red edges mean closed all the same."""
    for name, color in zip(tree.grouping.names, tree.grouping.all_colors(), strict=True):
        yield LegendEntry(text=name, ink=palette.Ink(color, palette.MUTED_TEXT))
    if states & set(CLOSED_STATES):
        yield LegendEntry(text=phrases.text("legend-red"), line=palette.CLOSED_EDGE)


def _describe_states(states: set[str], phrases: Phrases) -> Iterator[LegendEntry]:
    words = phrases.words("state") | phrases.words("legend")
    for state, ink in palette.STATE_INKS.items():
        if state in states:
            yield LegendEntry(text=words[state], ink=ink)


def _describe_size(picture: Picture, largest: float, style: PictureStyle, lang: str) -> LegendEntry:
    """A mark of the largest size and the amount that it stands for."""
    amount: object = picture.amount(largest)
    if style.size_by == "downstream":
        amount = format_count(largest)
    sentence = message(f"picture.size-{style.size_by}", basis=Label(picture.basis), amount=amount)
    ink = palette.Ink(palette.BACKGROUND, palette.FAINT_TEXT)
    return LegendEntry(text=texts.format_message(sentence, lang), ink=ink, radius=MAX_RADIUS)
