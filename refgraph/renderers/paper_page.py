"""A drawing on a paper of a given size: title, legend and caption around it, in its middle."""

from __future__ import annotations

from collections.abc import Sequence

from refgraph.renderers.fonts import Font
from refgraph.renderers.labels import NAME_SIZE
from refgraph.renderers.page_frame import (
    CAPTION_SIZE,
    GAP_ABOVE_CAPTION,
    LINE_SPACING,
    MARGIN,
    Frame,
    build_scene,
    place_caption,
    place_header,
)
from refgraph.renderers.paper import Paper
from refgraph.renderers.scene import Group, Scene, scale_group, translate_group

FRAME_ENLARGEMENT = 1.25
"""Size of the texts around a drawing against names of the smallest size."""


def measure_room(frame: Frame, paper: Paper, font: Font) -> tuple[float, float]:
    """Width and height in pixels that the frame leaves to the drawing."""
    factor = _compute_factor(paper)
    inner = paper.width / factor - 2 * MARGIN
    top = place_header(frame, inner, font)[1]
    bottom = paper.height / factor - _measure_caption(frame, inner, font)
    return inner * factor, max(1.0, (bottom - top) * factor)


def compose_on_paper(
    groups: Sequence[Group],
    size: tuple[float, float],
    scale: float,
    frame: Frame,
    paper: Paper,
    font: Font,
) -> Scene:
    """The drawing of some size, enlarged by `scale`, in the middle of the room that it has."""
    factor = _compute_factor(paper)
    inner = paper.width / factor - 2 * MARGIN
    header, top = place_header(frame, inner, font)
    caption_height = _measure_caption(frame, inner, font)
    base = paper.height / factor - caption_height + GAP_ABOVE_CAPTION
    caption = place_caption(frame, base, inner, font)[0]
    room_width, room_height = measure_room(frame, paper, font)
    x = MARGIN * factor + max(0.0, room_width - size[0] * scale) / 2
    y = top * factor + max(0.0, room_height - size[1] * scale) / 2
    drawing = [translate_group(scale_group(group, scale), x, y) for group in groups]
    around = [scale_group(group, factor) for group in header]
    below = [scale_group(group, factor) for group in caption]
    return build_scene(paper.width, paper.height, frame, (*around, *drawing, *below))


def _compute_factor(paper: Paper) -> float:
    return FRAME_ENLARGEMENT * paper.min_name / NAME_SIZE


def _measure_caption(frame: Frame, inner: float, font: Font) -> float:
    """From the end of the drawing to the end of the page, at the size of the frame."""
    end = place_caption(frame, 0.0, inner, font)[1]
    lines = round(end / (CAPTION_SIZE * LINE_SPACING))
    return MARGIN if not lines else GAP_ABOVE_CAPTION + end - CAPTION_SIZE + MARGIN * 0.6
