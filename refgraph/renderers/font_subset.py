"""The characters of a page as a small font of their own, to be embedded in HTML and SVG."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable
from typing import Any

from refgraph.renderers.font_files import open_font
from refgraph.renderers.fonts import Font

SUBSET_NAME = "refgraph-sans"
UNUSED_TABLES = (
    "GSUB",
    "GPOS",
    "GDEF",
    "BASE",
    "VORG",
    "vhea",
    "vmtx",
    "STAT",
    "DSIG",
    "fpgm",
    "prep",
    "cvt ",
    "gasp",
)
"""Tables that horizontal text without hinting does not need."""
POST_FIELDS = (
    "italicAngle",
    "underlinePosition",
    "underlineThickness",
    "isFixedPitch",
    "minMemType42",
    "maxMemType42",
    "minMemType1",
    "maxMemType1",
)
NAME_IDS = [1, 2, 13, 14]
"""Family, style, license and its address."""


def build_font_face(font: Font, texts: Iterable[str]) -> str:
    """A CSS ``@font-face`` of `SUBSET_NAME` with the characters of the texts; empty for none."""
    data = encode_subset(font, texts)
    if not data:
        return ""
    source = f"url(data:font/woff2;base64,{data}) format('woff2')"
    return f"@font-face{{font-family:{SUBSET_NAME};src:{source}}}"


def encode_subset(font: Font, texts: Iterable[str]) -> str:
    """Base64 of a WOFF2 file with those characters that the font itself has; empty for none."""
    from fontTools import subset
    from fontTools.ttLib.woff2 import WOFF2FlavorData

    codes = {ord(character) for text in texts for character in text}
    codes = {code for code in codes if font.has_glyph[code]}
    if not codes:
        return ""
    file = open_font(font.path)
    _drop_unused_tables(file)
    options = subset.Options(
        layout_features=[],
        layout_closure=False,
        hinting=False,
        notdef_outline=True,
        name_IDs=NAME_IDS,
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(file)
    file.flavor = "woff2"
    file.flavorData = WOFF2FlavorData(transformedTables=[])
    file.recalcTimestamp = False
    out = io.BytesIO()
    file.save(out)
    return base64.b64encode(out.getvalue()).decode()


def _drop_unused_tables(file: Any) -> None:
    """Drop unneeded tables and glyph names, because parsing them dominates load time."""
    from fontTools.ttLib import newTable

    for table in UNUSED_TABLES:
        if table in file:
            del file[table]
    file.setGlyphOrder([f"g{k}" for k in range(file["maxp"].numGlyphs)])
    post = newTable("post")
    post.formatType = 3.0
    for field in POST_FIELDS:
        setattr(post, field, 0)
    file["post"] = post
