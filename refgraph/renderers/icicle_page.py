"""A whole tree, or all trees, as an icicle on a paper."""

from __future__ import annotations

from refgraph.model.picture import Picture
from refgraph.renderers.fonts import Font
from refgraph.renderers.frame_words import build_frame, leave_arcs_out
from refgraph.renderers.icicle_scene import DrawnIcicle, draw_icicle
from refgraph.renderers.page_frame import Frame
from refgraph.renderers.paper import parse_paper
from refgraph.renderers.paper_page import compose_on_paper, measure_room
from refgraph.renderers.scene import Scene
from refgraph.renderers.style import PictureStyle

DEFAULT_PAPER = "slide"
FIRST_ROOM = 0.8
"""Share of the paper from which the words around the drawing are first made."""


def build_icicle_page(picture: Picture, lang: str, style: PictureStyle, font: Font) -> Scene:
    """The icicle in its frame, on the paper of the style or on a slide.

    Drawn at least twice: the words around it depend on what is drawn, and the room on the words.
    """
    paper = parse_paper(style.paper or DEFAULT_PAPER)
    room = (paper.width * FIRST_ROOM, paper.height * FIRST_ROOM)
    drawn = draw_icicle(picture, style, lang, font, room, paper.min_name)
    left = measure_room(_frame_icicle(picture, drawn, style, lang, font), paper, font)
    while True:
        room = left
        drawn = draw_icicle(picture, style, lang, font, room, paper.min_name)
        frame = _frame_icicle(picture, drawn, style, lang, font)
        left = measure_room(frame, paper, font)
        if left[1] >= room[1]:
            break
    return compose_on_paper(drawn.groups, room, 1.0, frame, paper, font)


def _frame_icicle(
    picture: Picture, drawn: DrawnIcicle, style: PictureStyle, lang: str, font: Font
) -> Frame:
    return build_frame(
        picture,
        style,
        lang,
        font,
        legend=drawn.legend,
        caption=leave_arcs_out(picture, [*picture.caption[1:], *drawn.notes]),
        labels=drawn.labels,
        named=drawn.nodes,
    )
