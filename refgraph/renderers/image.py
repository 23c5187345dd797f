"""SCENE -> PNG and PDF by matplotlib: one collection per group, never one artist per edge.

Figures have the Agg or PDF canvas directly: no pyplot, and settings of matplotlib hold for the call
only, so that a user's own matplotlibrc changes nothing. No dates in the file: the same scene gives
the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import numpy as np

from refgraph.errors import UsageError
from refgraph.renderers import text_runs
from refgraph.renderers.fonts import Font
from refgraph.renderers.scene import Group, Lines, Marks, Scene, Texts

PIXELS_PER_INCH = 96
POINTS_PER_PIXEL = 72 / PIXELS_PER_INCH
PNG_SCALE = 2.0
"""Pixels of a PNG per pixel of the scene, so that names stay sharp on a slide."""
MAX_PIXELS, MAX_SIDE = 40_000_000, 60_000
PDF_MAX_SIDE = 14_400
"""Points; readers of PDF refuse longer pages."""
PNG_COMPRESSION = 4
PATH_CODES = {"M": 1, "L": 2, "C": 4}
ANCHOR_OFFSETS = {"start": 0.0, "middle": 0.5, "end": 1.0}
"""Part of a text's width that lies before its anchor."""
MATPLOTLIB_SETTINGS: dict[Any, Any] = {
    "pdf.fonttype": 42,
    "pdf.compression": 6,
    "pdf.inheritcolor": False,
    "pdf.use14corefonts": False,
    "text.hinting": "none",
    "text.antialiased": True,
    "text.usetex": False,
    "text.parse_math": False,
    "path.simplify": False,
    "agg.path.chunksize": 0,
    "path.sketch": None,
    "path.effects": [],
}
"""The settings that these drawings depend on; type 42 keeps text in a PDF searchable."""


def write_image(scene: Scene, font: Font, format: str) -> bytes:
    """The scene as ``png`` or ``pdf``.

    A PNG has two pixels per pixel of the scene, fewer where it would be too large, but at least
    one. Raises UsageError ``picture-too-large`` where even that is too large.
    """
    import matplotlib as mpl

    with mpl.rc_context(MATPLOTLIB_SETTINGS):
        return _render_png(scene, font) if format == "png" else _render_pdf(scene, font)


def draw_on_axes(scene: Scene, font: Font, axes: Any) -> None:
    """Draw the scene into axes of matplotlib, whose scales it replaces by its own pixels."""
    figure = axes.get_figure(root=True)
    box = axes.get_window_extent()
    scale = box.width / figure.dpi * PIXELS_PER_INCH / scene.width
    axes.set_xlim(0, scene.width)
    axes.set_ylim(scene.height, 0)
    axes.set_axis_off()
    for number, group in enumerate(scene.groups):
        for artist in _build_artists(group, font, axes.transData, scale):
            artist.set_zorder(number)
            axes.add_artist(artist)


def _render_png(scene: Scene, font: Font) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    scale_by_area = (MAX_PIXELS / (scene.width * scene.height)) ** 0.5
    scale_by_side = MAX_SIDE / max(scene.width, scene.height)
    max_scale = min(scale_by_area, scale_by_side)
    if max_scale < 1:
        raise UsageError("picture-too-large", width=round(scene.width), height=round(scene.height))
    figure = _build_figure(scene, font, 1.0)
    figure.set_dpi(PIXELS_PER_INCH * min(PNG_SCALE, max_scale))
    out = io.BytesIO()
    metadata = {"Software": None, "Title": _drop_surrogates(scene.title)}
    canvas: Any = FigureCanvasAgg(figure)
    canvas.print_png(out, metadata=metadata, pil_kwargs={"compress_level": PNG_COMPRESSION})
    return out.getvalue()


def _render_pdf(scene: Scene, font: Font) -> bytes:
    from matplotlib.backends.backend_pdf import FigureCanvasPdf

    side = max(scene.width, scene.height) * POINTS_PER_PIXEL
    out = io.BytesIO()
    metadata = {
        "CreationDate": None,
        "Creator": None,
        "Producer": "refgraph",
        "Title": _drop_surrogates(scene.title),
    }
    canvas: Any = FigureCanvasPdf(_build_figure(scene, font, min(1.0, PDF_MAX_SIDE / side)))
    canvas.print_pdf(out, metadata=metadata)
    return out.getvalue()


def _drop_surrogates(text: str) -> str:
    return text.encode("utf-8", "ignore").decode()


def _build_figure(scene: Scene, font: Font, scale: float) -> Any:
    """A figure of the scene's size in inches, scaled; one artist per group, in order."""
    from matplotlib.figure import Figure
    from matplotlib.transforms import Affine2D

    inch = scale / PIXELS_PER_INCH
    figure = Figure(
        figsize=(scene.width * inch, scene.height * inch),
        dpi=PIXELS_PER_INCH,
        facecolor=scene.background,
    )
    to_unit = Affine2D().scale(1 / scene.width, -1 / scene.height).translate(0, 1)
    page = to_unit + figure.transFigure
    for group in scene.groups:
        for order, artist in enumerate(_build_artists(group, font, page, scale)):
            artist.set_zorder(len(figure.get_children()) + order)
            figure.add_artist(artist)
    return figure


def _build_artists(group: Group, font: Font, page: Any, scale: float) -> Iterator[Any]:
    """The artist of a group; none for an empty group."""
    if isinstance(group, Lines) and len(group.points):
        yield _draw_lines(group, page, scale)
    elif isinstance(group, Marks) and len(group.x):
        yield _draw_marks(group, page, scale)
    elif isinstance(group, Texts) and len(group.x):
        yield _draw_texts(group, font, page, scale)


def _to_line_style(dash: tuple[float, float] | None, width: float) -> Any:
    """matplotlib counts dashes in widths of the line."""
    return (0, [length / max(width, 1e-9) for length in dash]) if dash else "solid"


def _draw_lines(group: Lines, page: Any, scale: float) -> Any:
    from matplotlib.collections import PathCollection
    from matplotlib.path import Path

    codes = np.array([PATH_CODES[code] for code in "".join(group.code)], np.uint8)
    return PathCollection(
        [Path(points, codes) for points in group.points],
        facecolors=group.fill or "none",
        edgecolors=group.color,
        linewidths=group.width * POINTS_PER_PIXEL * scale,
        capstyle="butt",
        linestyles=_to_line_style(group.dash, group.width),
        transform=page,
        antialiaseds=True,
    )


def _draw_marks(group: Marks, page: Any, scale: float) -> Any:
    from matplotlib.collections import PathCollection
    from matplotlib.path import Path
    from matplotlib.transforms import IdentityTransform

    shape = Path.unit_circle()
    if group.shape == "square":
        shape = Path([(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)], closed=True)
    area = (group.r * POINTS_PER_PIXEL * scale) ** 2
    return PathCollection(
        [shape],
        sizes=area,
        offsets=np.column_stack((group.x, group.y)),
        offset_transform=page,
        transform=IdentityTransform(),
        facecolors=group.fill,
        edgecolors=group.color,
        linewidths=group.width * POINTS_PER_PIXEL * scale,
        linestyles=_to_line_style(group.dash, group.width),
    )


def _draw_texts(group: Texts, font: Font, page: Any, scale: float) -> Any:
    """One artist that hands each run of each text to the renderer."""
    from matplotlib.artist import Artist
    from matplotlib.colors import to_rgba
    from matplotlib.font_manager import FontProperties

    size = group.size * POINTS_PER_PIXEL * scale
    faces = {file: FontProperties(fname=file, size=size) for file in (font.path, font.fallback)}

    class TextRuns(Artist):
        def draw(self, renderer: Any) -> None:
            context = renderer.new_gc()
            context.set_foreground(to_rgba(group.color), isRGBA=True)
            for x, y, angle, text, file in _split_into_runs(group, font):
                left, base = page.transform((x, y))
                base = renderer.height - base if renderer.flipy() else base
                renderer.draw_text(context, left, base, text, faces[file], angle)
            context.restore()

    return TextRuns()


def _split_into_runs(group: Texts, font: Font) -> Iterator[tuple[float, float, float, str, str]]:
    """(x, y, angle, text, font file): each text in runs from its left to its right, one font per
    run; the angle is in degrees counterclockwise, as matplotlib counts.
    """
    offset = -font.widths(group.texts, group.size) * ANCHOR_OFFSETS[group.anchor]
    angles = np.zeros(len(group)) if group.angles is None else group.angles
    along = np.stack((np.cos(np.radians(angles)), np.sin(np.radians(angles))), axis=1)
    anchors = np.stack((group.x, group.y), axis=1)
    for anchor, turn, start, step, text in zip(
        anchors, angles, offset, along, group.texts, strict=True
    ):
        for run, has_glyphs in text_runs.split_text(text, font):
            x, y = anchor + start * step
            yield float(x), float(y), -float(turn), run, font.path if has_glyphs else font.fallback
            start += font.widths([run], group.size)[0]
