"""The legend of a tree: what can be seen in this picture, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from refgraph import texts
from refgraph.model.message import Label, message
from refgraph.model.picture import CLOSED_STATES, Picture
from refgraph.renderers import palette
from refgraph.renderers.label_text import Phrases
from refgraph.renderers.page_frame import LegendEntry
from refgraph.renderers.scene import Group, Lines
from refgraph.renderers.style import PictureStyle
from refgraph.renderers.tree_marks import ROOT_RING_WIDTH
from refgraph.renderers.tree_scene import EDGE_WIDTHS, DrawnTree
from refgraph.renderers.tree_selection import TreeSelection
from refgraph.texts.numbers import format_count

DASHED_LINES = (
    ("second", palette.SECOND_REFERRER_EDGE, palette.EXTRA_ARC_DASH),
    ("loop", palette.CYCLE_EDGE, palette.EXTRA_ARC_DASH),
    ("edge-stub", palette.STUB_EDGE, palette.STUB_DASH),
)
"""Group of the drawing, and the color and dash of its line."""


OUTLINED_STATES = (*CLOSED_STATES, "void", "other")
"""States whose marks differ in outline or shape whatever their fill stands for."""


def build_legend(
    picture: Picture, selection: TreeSelection, tree: DrawnTree, style: PictureStyle, lang: str
) -> list[LegendEntry]:
    """One entry per color, size, mark, line and kind of text that is in the drawing."""
    phrases = Phrases(lang)
    named = selection.nodes[selection.names]
    drawn = {group.name for group in tree.groups if len(group)}
    if tree.grouping.names:
        entries = list(_describe_groups(tree, named, drawn, phrases))
    else:
        entries = list(_describe_states(named, phrases))
    if "root" in drawn:
        ink = palette.Ink(palette.BACKGROUND, palette.TEXT, width=ROOT_RING_WIDTH)
        entries.append(LegendEntry(text=phrases.text("legend-root"), ink=ink))
    if tree.largest_amount > 0:
        entries.append(_describe_size(picture, tree, style, lang))
    if "key" in drawn:
        entries.append(LegendEntry(text=phrases.text("legend-key")))
    for name, color, dash in DASHED_LINES:
        if name in drawn:
            text = phrases.text(f"legend-{name.removeprefix('edge-')}")
            entries.append(LegendEntry(text=text, line=color, dash=dash))
    if has_varied_widths(tree.groups):
        text, widest = phrases.text("legend-width"), EDGE_WIDTHS[-1]
        entries.append(LegendEntry(text=text, line=palette.EDGE, width=widest))
    kind = _find_kind_of_edge_texts(named, tree)
    if kind:
        entries.append(LegendEntry(text=phrases.text(kind)))
    return entries


def has_varied_widths(groups: Sequence[Group]) -> bool:
    """Whether edges of one kind differ in width."""
    widths: dict[str, set[float]] = {"edge": set(), "edge closed": set()}
    for group in groups:
        if isinstance(group, Lines) and group.name in widths and len(group):
            widths[group.name].add(group.width)
    return any(len(some) > 1 for some in widths.values())


def _find_kind_of_edge_texts(named: pl.DataFrame, tree: DrawnTree) -> str:
    """The key of the text that explains what is written on edges; empty if nothing is."""
    with_text = named.filter(pl.Series(tree.labels.edges, dtype=pl.String) != "")
    relations, dates = with_text["channel"].count(), with_text["date"].count()
    if relations and dates:
        return "legend-edge"
    if relations:
        return "legend-edge-relation"
    return "legend-edge-date" if dates else ""


def _describe_groups(
    tree: DrawnTree, named: pl.DataFrame, drawn: set[str], phrases: Phrases
) -> Iterator[LegendEntry]:
    """The color of each group, then what names, lines, outlines and shapes mean in any color."""
    for name, color in zip(tree.grouping.names, tree.grouping.all_colors(), strict=True):
        yield LegendEntry(text=name, ink=palette.Ink(color, palette.MUTED_TEXT))
    states, words = set(named["state"].unique()), phrases.words("state") | phrases.words("legend")
    words["closed"] = phrases.text("legend-red" if "edge closed" in drawn else "legend-red-name")
    if "former" in states and "closed" not in states:
        yield LegendEntry(text=words["closed"])
    for state in OUTLINED_STATES:
        if state in states:
            ink = palette.STATE_INKS[state]._replace(fill=palette.BACKGROUND)
            yield LegendEntry(text=words[state], ink=ink)


def _describe_states(named: pl.DataFrame, phrases: Phrases) -> Iterator[LegendEntry]:
    states, words = set(named["state"].unique()), phrases.words("state") | phrases.words("legend")
    for state, ink in palette.STATE_INKS.items():
        if state in states:
            yield LegendEntry(text=words[state], ink=ink)


def _describe_size(
    picture: Picture, tree: DrawnTree, style: PictureStyle, lang: str
) -> LegendEntry:
    """A mark of the largest size and the amount that it stands for."""
    largest = tree.largest_amount
    amount: object = picture.amount(largest)
    if style.size_by == "downstream":
        amount = format_count(largest)
    sentence = message(f"picture.size-{style.size_by}", basis=Label(picture.basis), amount=amount)
    ink = palette.Ink(palette.BACKGROUND, palette.FAINT_TEXT)
    return LegendEntry(
        text=texts.format_message(sentence, lang), ink=ink, radius=tree.largest_radius
    )
