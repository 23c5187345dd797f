"""SCENE -> PNG and PDF by matplotlib: one collection a group, never one artist an edge.

A Figure of its own with the Agg or PDF canvas: no pyplot, and settings of matplotlib hold for the call only, so that a
person's own matplotlibrc changes nothing. No dates in the file: the same scene gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import numpy as np

from refgraph.errors import UsageError
from refgraph.renderers.fonts import Font
from refgraph.renderers.scene import Floats, Group, Lines, Marks, Scene, Texts

PIXELS_PER_INCH = 96
POINTS = 72 / PIXELS_PER_INCH
SCALE = 2.0
"""Pixels of a PNG to one of the scene, so that names stay sharp on a slide."""
MOST_PIXELS, LONGEST = 40_000_000, 60_000
PDF_LONGEST = 14_400
"""Points; readers of PDF refuse longer pages."""
CODES = {"M": 1, "L": 2, "C": 4}
SETTINGS: dict[Any, Any] = {
    "pdf.fonttype": 42, "pdf.compression": 6, "pdf.inheritcolor": False, "pdf.use14corefonts": False,
    "text.hinting": "none", "text.antialiased": True, "text.usetex": False, "text.parse_math": False,
    "path.simplify": False, "agg.path.chunksize": 0, "path.sketch": None, "path.effects": [],
}  # fmt: skip
"""What these drawings need of matplotlib's settings; type 42 keeps text in a PDF searchable."""


def write(scene: Scene, font: Font, format: str) -> bytes:
    """The scene as ``png`` or ``pdf``.

    A PNG holds two pixels to one of the scene, fewer where it would be too large, at least one. Raises UsageError
    ``picture-too-large`` where even that is too large.
    """
    import matplotlib as mpl

    with mpl.rc_context(SETTINGS):
        return _png(scene, font) if format == "png" else _pdf(scene, font)


def _png(scene: Scene, font: Font) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    most = min((MOST_PIXELS / (scene.width * scene.height)) ** 0.5, LONGEST / max(scene.width, scene.height))
    if most < 1:
        raise UsageError("picture-too-large", width=round(scene.width), height=round(scene.height))
    figure = _figure(scene, font, 1.0)
    figure.set_dpi(PIXELS_PER_INCH * min(SCALE, most))
    out = io.BytesIO()
    meta = {"Software": None, "Title": _plain(scene.title)}
    canvas: Any = FigureCanvasAgg(figure)
    canvas.print_png(out, metadata=meta, pil_kwargs={"compress_level": 4})
    return out.getvalue()


def _pdf(scene: Scene, font: Font) -> bytes:
    from matplotlib.backends.backend_pdf import FigureCanvasPdf

    shrink = min(1.0, PDF_LONGEST / (max(scene.width, scene.height) * POINTS))
    out = io.BytesIO()
    meta = {"CreationDate": None, "Creator": None, "Producer": "refgraph", "Title": _plain(scene.title)}
    canvas: Any = FigureCanvasPdf(_figure(scene, font, shrink))
    canvas.print_pdf(out, metadata=meta)
    return out.getvalue()


def _plain(text: str) -> str:
    return text.encode("utf-8", "ignore").decode()


def _figure(scene: Scene, font: Font, shrink: float) -> Any:
    from matplotlib.figure import Figure
    from matplotlib.transforms import Affine2D

    inch = shrink / PIXELS_PER_INCH
    figure = Figure(figsize=(scene.width * inch, scene.height * inch), dpi=PIXELS_PER_INCH, facecolor=scene.background)
    page = Affine2D().scale(1 / scene.width, -1 / scene.height).translate(0, 1) + figure.transFigure
    for group in scene.groups:
        for order, artist in enumerate(_artists(group, font, page, shrink)):
            artist.set_zorder(len(figure.get_children()) + order)
            figure.add_artist(artist)
    return figure


def _artists(group: Group, font: Font, page: Any, shrink: float) -> Iterator[Any]:
    if isinstance(group, Lines) and len(group.points):
        yield _lines(group, page, shrink)
    elif isinstance(group, Marks) and len(group.x):
        yield _marks(group, page, shrink)
    elif isinstance(group, Texts) and len(group.x):
        yield _words(group, font, page, shrink)


def _dashes(dash: tuple[float, float] | None, width: float) -> Any:
    """matplotlib counts dashes in widths of the line."""
    return (0, [d / max(width, 1e-9) for d in dash]) if dash else "solid"


def _lines(group: Lines, page: Any, shrink: float) -> Any:
    from matplotlib.collections import PathCollection
    from matplotlib.path import Path

    codes = np.array([CODES[c] for c in "".join(group.code)], np.uint8)
    return PathCollection([Path(points, codes) for points in group.points], facecolors=group.fill or "none",
                          edgecolors=group.color, linewidths=group.width * POINTS * shrink, capstyle="butt",
                          linestyles=_dashes(group.dash, group.width), transform=page, antialiaseds=True)  # fmt: skip


def _marks(group: Marks, page: Any, shrink: float) -> Any:
    from matplotlib.collections import PathCollection
    from matplotlib.path import Path

    from matplotlib.transforms import IdentityTransform

    shape = Path.unit_circle() if group.shape == "circle" else Path([(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)], closed=True)
    return PathCollection([shape], sizes=(group.r * POINTS * shrink) ** 2, offsets=np.column_stack((group.x, group.y)),
                          offset_transform=page, transform=IdentityTransform(), facecolors=group.fill, edgecolors=group.color,
                          linewidths=group.width * POINTS * shrink, linestyles=_dashes(group.dash, group.width))  # fmt: skip


def _words(group: Texts, font: Font, page: Any, shrink: float) -> Any:
    """One artist that hands each run of each text to the renderer."""
    from matplotlib.artist import Artist
    from matplotlib.colors import to_rgba
    from matplotlib.font_manager import FontProperties

    class Words(Artist):
        def draw(self, renderer: Any) -> None:
            ink = renderer.new_gc()
            ink.set_foreground(to_rgba(group.color), isRGBA=True)
            faces = {file: FontProperties(fname=file, size=group.size * POINTS * shrink) for file in (font.path, font.fallback)}
            for x, y, text, file in _runs(group, font):
                px, py = page.transform((x, y))
                renderer.draw_text(ink, px, renderer.height - py if renderer.flipy() else py, text, faces[file], 0)
            ink.restore()

    return Words()


def _runs(group: Texts, font: Font) -> Iterator[tuple[float, float, str, str]]:
    """(x, y, text, font file): each text, cut where the font has to change."""
    widths = font.widths(group.texts, group.size)
    start: Floats = group.x - widths * {"start": 0.0, "middle": 0.5, "end": 1.0}[group.anchor]
    for x, y, text in zip(start, group.y, group.texts, strict=True):
        for piece, own in _pieces(text, font):
            yield float(x), float(y), piece, font.path if own else font.fallback
            x += font.widths([piece], group.size)[0]


def _pieces(text: str, font: Font) -> Iterator[tuple[str, bool]]:
    own = [bool(font.own[ord(c)]) or not font.fallback for c in text]
    first = 0
    for k in range(1, len(text) + 1):
        if k == len(text) or own[k] != own[first]:
            yield text[first:k], own[first]
            first = k
