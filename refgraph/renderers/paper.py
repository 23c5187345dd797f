"""Papers: how large a page is, and how small its names may be."""

from __future__ import annotations

import re
from dataclasses import dataclass

from refgraph.errors import UsageError
from refgraph.model.parameter_values import suggest_nearest

PIXELS_PER_POINT = 96 / 72
MIN_PRINTED_NAME, MIN_SCREEN_NAME, MIN_SLIDE_NAME = 7 * PIXELS_PER_POINT, 12.0, 16.0
"""Pixels of the smallest name: 7 pt on paper, 12 px on a screen, 16 px on a slide."""
MIN_SIDE, MAX_SIDE = 300, 20_000
SLIDE_WIDTH = 1920
_SIZE = re.compile(r"([1-9]\d{0,5})\s*[xX×]\s*([1-9]\d{0,5})")


@dataclass(frozen=True)
class Paper:
    """width, height: pixels, 96 per inch. min_name: pixels of the smallest name."""

    width: float
    height: float
    min_name: float


PAPERS = {
    "slide": Paper(1920, 1080, MIN_SLIDE_NAME),
    "a4": Paper(794, 1123, MIN_PRINTED_NAME),
    "a4-landscape": Paper(1123, 794, MIN_PRINTED_NAME),
    "a3": Paper(1587, 1123, MIN_PRINTED_NAME),
    "screen": Paper(1440, 900, MIN_SCREEN_NAME),
}
"""a3 is a wide sheet, as a wall or a table needs it."""


def parse_paper(text: str) -> Paper:
    """A name of `PAPERS`, or WxH in pixels: names of 12 px, more on a page wider than a slide.

    Raises UsageError ``bad-paper``.
    """
    paper = PAPERS.get(text.strip().lower())
    if paper:
        return paper
    size = _SIZE.fullmatch(text.strip())
    width, height = map(int, size.groups()) if size else (0, 0)
    if min(width, height) < MIN_SIDE or max(width, height) > MAX_SIDE:
        known = [*PAPERS, "WxH"]
        near = suggest_nearest(text, PAPERS)
        raise UsageError(
            "bad-paper", value=text, known=known, near=near, least=MIN_SIDE, most=MAX_SIDE
        )
    return Paper(width, height, max(MIN_SCREEN_NAME, MIN_SLIDE_NAME * width / SLIDE_WIDTH))
