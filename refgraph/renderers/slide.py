"""SCENE -> PPTX by python-pptx: one slide of native shapes, each of which can be edited.

A text is a text box without margins, a mark an oval or a rectangle, a line a freeform with true
curves. The same scene gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any

import numpy as np

from refgraph.errors import UsageError
from refgraph.renderers.fonts import Font
from refgraph.renderers.scene import Floats, Lines, Marks, Scene, Texts
from refgraph.renderers.svg import drop_forbidden

EMU_PER_PIXEL, EMU_PER_POINT = 9_525, 12_700
SLIDE_WIDTH, MAX_SIDE = 12_192_000, 51_206_400
"""EMU of the width of PowerPoint's own wide slide, and of the longest side that it opens."""
ZIP_DAY, FILE_DAY = (1980, 1, 1, 0, 0, 0), datetime(2000, 1, 1)
"""The days in the file, so that the same scene gives the same bytes."""
TYPEFACE = "Microsoft YaHei"
"""The font of the words; programs without it take one of theirs that has Chinese characters."""
BOX_HEIGHT, MIDDLE_RISE = 1.4, 0.36
"""Height of a text box, and from the base line up to the middle of the letters, in font sizes."""
ANCHOR_SHIFTS = {"start": 0.5, "middle": 0.0, "end": -0.5}
"""From the anchor of a text to the middle of its box, in widths."""
MAX_SINGLE_LINES = 300
"""Of more lines in one ink, one shape is made of all."""
COMMANDS = {"M": ("moveTo", 1), "L": ("lnTo", 1), "C": ("cubicBezTo", 3)}


def write_slide(scene: Scene, font: Font) -> bytes:
    """The scene as a presentation of one slide.

    It is as wide as PowerPoint's own slide at most. Raises UsageError ``missing-extra`` without the
    extra ``pptx``.
    """
    try:
        from pptx import Presentation
    except ImportError as error:
        raise UsageError("missing-extra", extra="pptx", why=str(error)) from error
    longest = MAX_SIDE / max(scene.width, scene.height)
    emu = min(EMU_PER_PIXEL, SLIDE_WIDTH / scene.width, longest)
    deck = Presentation()
    deck.slide_width, deck.slide_height = round(scene.width * emu), round(scene.height * emu)
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    properties = deck.core_properties
    properties.title, properties.author = drop_forbidden(scene.title), "refgraph"
    properties.created = properties.modified = FILE_DAY
    slide.background.fill.solid()
    slide.background.fill.fore_color.rgb = _parse_color(scene.background)
    shapes = slide.shapes
    shapes.turbo_add_enabled = True
    for group in scene.groups:
        if isinstance(group, Lines):
            _add_lines(shapes, group, emu)
        elif isinstance(group, Marks):
            _add_marks(shapes, group, emu)
        else:
            _add_texts(shapes, group, font, emu)
    out = io.BytesIO()
    deck.save(out)
    return _drop_days(out.getvalue())


def _drop_days(content: bytes) -> bytes:
    """The same archive with `ZIP_DAY` as the day of every part."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as parts,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as dated,
    ):
        for name in parts.namelist():
            info = zipfile.ZipInfo(name, ZIP_DAY)
            info.compress_type = zipfile.ZIP_DEFLATED
            dated.writestr(info, parts.read(name))
    return out.getvalue()


def _parse_color(color: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(color.removeprefix("#").upper())


def _ink_shape(shape: Any, fill: str | None, color: str, width: float, dashed: bool) -> None:
    """Fill and outline of a shape; width: EMU."""
    from pptx.enum.dml import MSO_LINE

    if fill is None or fill == "none":
        shape.fill.background()
    else:
        shape.fill.solid()
        shape.fill.fore_color.rgb = _parse_color(fill)
    if width <= 0:
        shape.line.fill.background()
        return
    shape.line.color.rgb = _parse_color(color)
    shape.line.width = round(width)
    if dashed:
        shape.line.dash_style = MSO_LINE.SQUARE_DOT
    shape.shadow.inherit = False


def _add_marks(shapes: Any, group: Marks, emu: float) -> None:
    """Ovals or rectangles, each with what a page shows on hovering as its description."""
    from pptx.enum.shapes import MSO_SHAPE

    kind = MSO_SHAPE.OVAL if group.shape == "circle" else MSO_SHAPE.RECTANGLE
    for k in range(len(group)):
        corner = ((group.x[k] - group.r[k]) * emu, (group.y[k] - group.r[k]) * emu)
        side = round(2 * float(group.r[k]) * emu)
        shape = shapes.add_shape(kind, round(corner[0]), round(corner[1]), side, side)
        _ink_shape(shape, group.fill, group.color, group.width * emu, group.dash is not None)
        _name_shape(shape, group.name, group.titles[k] if group.titles is not None else "")


def _name_shape(shape: Any, name: str, description: str = "") -> None:
    properties = shape._element.xpath(".//p:cNvPr")[0]
    properties.set("name", name)
    if description:
        properties.set("descr", drop_forbidden(description))


def _add_texts(shapes: Any, group: Texts, font: Font, emu: float) -> None:
    """A text box each, around its middle, so that it stands right in any font."""
    widths = font.widths(group.texts, group.size)
    angles = np.zeros(len(group)) if group.angles is None else group.angles
    turn = np.radians(angles)
    along = widths * ANCHOR_SHIFTS[group.anchor]
    rise = MIDDLE_RISE * group.size
    x = group.x + along * np.cos(turn) + rise * np.sin(turn)
    y = group.y + along * np.sin(turn) - rise * np.cos(turn)
    height = BOX_HEIGHT * group.size
    for k, text in enumerate(group.texts):
        corner = ((x[k] - widths[k] / 2) * emu, (y[k] - height / 2) * emu)
        size = (round(float(widths[k]) * emu), round(height * emu))
        box = shapes.add_textbox(round(corner[0]), round(corner[1]), *size)
        box.rotation = float(angles[k])
        _name_shape(box, group.name)
        _write_text(box.text_frame, text, group, group.size * emu / EMU_PER_POINT)


def _write_text(frame: Any, text: str, group: Texts, points: float) -> None:
    """One line in the middle of its box, aligned at its anchor, in a font for Chinese too."""
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Pt

    alignments = {"start": PP_ALIGN.LEFT, "middle": PP_ALIGN.CENTER, "end": PP_ALIGN.RIGHT}
    frame.word_wrap = False
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    frame.paragraphs[0].alignment = alignments[group.anchor]
    run = frame.paragraphs[0].add_run()
    run.text = drop_forbidden(text)
    run.font.size = Pt(max(1.0, round(points, 1)))
    run.font.name = TYPEFACE
    run.font.color.rgb = _parse_color(group.color)
    _append(run.font._element, "a:ea", typeface=TYPEFACE)


def _add_lines(shapes: Any, group: Lines, emu: float) -> None:
    """A connector for each straight line, a freeform for each other one; one for all if many."""
    points = np.round(group.points * emu)
    if group.code == "ML" and len(group) <= MAX_SINGLE_LINES:
        _add_connectors(shapes, points, group, emu)
        return
    step = 1 if len(points) <= MAX_SINGLE_LINES else len(points)
    for first in range(0, len(points), step):
        shape = _add_freeform(shapes, points[first : first + step], group)
        _ink_shape(shape, group.fill, group.color, group.width * emu, group.dash is not None)
        _name_shape(shape, group.name)


def _add_connectors(shapes: Any, points: Floats, group: Lines, emu: float) -> None:
    from pptx.enum.dml import MSO_LINE
    from pptx.enum.shapes import MSO_CONNECTOR

    for line in points:
        ends = [int(value) for value in line.reshape(-1)]
        shape = shapes.add_connector(MSO_CONNECTOR.STRAIGHT, *ends)
        shape.line.color.rgb = _parse_color(group.color)
        shape.line.width = round(group.width * emu)
        if group.dash:
            shape.line.dash_style = MSO_LINE.SQUARE_DOT
        _name_shape(shape, group.name)


def _add_freeform(shapes: Any, points: Floats, group: Lines) -> Any:
    """The lines with their curves in one path; python-pptx itself draws straight pieces only."""
    low = points.min(axis=(0, 1))
    width, height = (int(value) for value in np.maximum(points.max(axis=(0, 1)) - low, 1))
    builder = shapes.build_freeform(int(low[0]), int(low[1]))
    builder.add_line_segments([(int(low[0]) + width, int(low[1]) + height)], close=False)
    shape = builder.convert_to_shape()
    path = shape._element.xpath(".//a:path")[0]
    path.set("w", str(width))
    path.set("h", str(height))
    for child in list(path):
        path.remove(child)
    for line in points - low:
        _write_commands(path, line, group)
    return shape


def _write_commands(path: Any, points: Floats, group: Lines) -> None:
    """One line of a path; a line with a fill is closed."""
    k = 0
    while k < len(group.code):
        name, count = COMMANDS[group.code[k]]
        command = _append(path, f"a:{name}")
        for x, y in points[k : k + count].tolist():
            _append(command, "a:pt", x=str(int(x)), y=str(int(y)))
        k += count
    if group.fill and group.fill != "none":
        _append(path, "a:close")


def _append(parent: Any, tag: str, **attributes: str) -> Any:
    """A new element at the end of another one."""
    from pptx.oxml.xmlchemy import OxmlElement

    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(name, value)
    parent.append(element)
    return element
