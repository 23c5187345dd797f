"""Font files: where they are found, and the tables that are read from them."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from refgraph.errors import FileError

SHIPPED_FONT = ("zhplot", "fonts/NotoSansSC-Regular.ttf")
FALLBACK_FONT = ("matplotlib", "mpl-data/fonts/ttf/DejaVuSans.ttf")
"""Package, and a file in it."""
FONT_FOLDERS = (
    "~/.fonts",
    "~/.local/share/fonts",
    "~/Library/Fonts",
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "C:/Windows/Fonts",
)
FONT_NAMES = (
    "NotoSansSC-Regular",
    "NotoSansCJKsc-Regular",
    "SourceHanSansSC-Regular",
    "SourceHanSansCN-Regular",
    "NotoSansCJK-Regular",
    "PingFang",
    "Hiragino Sans GB",
    "msyh",
    "wqy-microhei",
    "wqy-zenhei",
    "simhei",
    "DroidSansFallbackFull",
)
"""Chinese fonts of systems, best first; Japanese and Korean ones lack characters such as 钢铁东."""
FONT_SUFFIXES = (".ttf", ".otf", ".ttc")
CODE_POINTS = 0x110000
ZERO_WIDTH = 1e-6
"""Advance of a mark without width: not 0, because the font has it."""
FULL_CHARMAP_FORMAT = 12


def find_default_font() -> str | None:
    """The shipped font, otherwise the best one of the system; None where there is none."""
    return find_shipped_font(*SHIPPED_FONT) or _find_system_font()


def find_shipped_font(package: str, file: str) -> str | None:
    """The path of a file in a package, without importing it; None where it is missing."""
    spec = find_spec(package)
    folders = (spec.submodule_search_locations or []) if spec else []
    paths = (Path(folder, file) for folder in folders)
    return next((str(path) for path in paths if path.is_file()), None)


def _find_system_font() -> str | None:
    """The first of `FONT_NAMES` below `FONT_FOLDERS`."""
    paths: dict[str, str] = {}
    for root in map(os.path.expanduser, FONT_FOLDERS):
        for folder, subfolders, files in os.walk(root):
            subfolders.sort()
            for file in sorted(files):
                stem, suffix = os.path.splitext(file)
                if suffix.lower() in FONT_SUFFIXES:
                    paths.setdefault(stem.lower(), os.path.join(folder, file))
    return next((paths[name.lower()] for name in FONT_NAMES if name.lower() in paths), None)


def open_font(path: str) -> Any:
    """The file as a lazy fontTools ``TTFont``. Raises FileError ``font-unreadable``."""
    from fontTools.ttLib import TTFont, TTLibError

    try:
        return TTFont(path, fontNumber=0, lazy=True)
    except (TTLibError, OSError, ValueError) as error:
        raise _make_unreadable_error(path, error) from error


def read_advances(path: str) -> np.ndarray:
    """float32[0x110000]: width of each character in ems, 0 where the font lacks it.

    Raises FileError ``font-unreadable``.
    """
    advance = np.zeros(CODE_POINTS, np.float32)
    try:
        file = open_font(path)
        codes, glyphs = _read_charmap(file)
        metrics = int.from_bytes(file.reader["hhea"][34:36], "big")
        widths = np.frombuffer(file.reader["hmtx"], ">u2", 2 * metrics)[::2]
        advance[codes] = widths[np.minimum(glyphs, metrics - 1)] / file["head"].unitsPerEm
        advance[codes[advance[codes] == 0]] = ZERO_WIDTH
    except FileError:
        raise
    except Exception as error:  # a damaged font fails anywhere in its tables
        raise _make_unreadable_error(path, error) from error
    return advance


def _make_unreadable_error(path: str, error: Exception) -> FileError:
    return FileError("font-unreadable", path=path, why=str(error)[:200] or type(error).__name__)


def _read_charmap(file: Any) -> tuple[np.ndarray, np.ndarray]:
    """Code points and their glyphs, straight from the bytes of a format 12 table if possible."""
    table = file.reader["cmap"]
    offsets = _find_charmap_offsets(table)
    if FULL_CHARMAP_FORMAT in offsets:
        return _expand_groups(_read_groups(table, offsets[FULL_CHARMAP_FORMAT]))
    names = file.getBestCmap()
    glyphs = [file.getGlyphID(name) for name in names.values()]
    return np.array(list(names), np.int64), np.array(glyphs, np.int64)


def _find_charmap_offsets(table: bytes) -> dict[int, int]:
    """Format -> offset of the (last) subtable of that format."""
    subtables = int.from_bytes(table[2:4], "big")
    offsets = [int.from_bytes(table[8 + 8 * k : 12 + 8 * k], "big") for k in range(subtables)]
    return {int.from_bytes(table[offset : offset + 2], "big"): offset for offset in offsets}


def _read_groups(table: bytes, offset: int) -> np.ndarray:
    """int64[n, 3]: first code point, last code point and first glyph of each group."""
    count = int.from_bytes(table[offset + 12 : offset + 16], "big")
    groups = np.frombuffer(table, ">u4", 3 * count, offset + 16)
    return groups.reshape(-1, 3).astype(np.int64)


def _expand_groups(groups: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every code point of the groups with its glyph, without glyph 0 (missing)."""
    first_code, last_code, first_glyph = groups.T
    length = last_code - first_code + 1
    offset = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    codes = np.repeat(first_code, length) + offset
    glyphs = np.repeat(first_glyph, length) + offset
    return codes[glyphs > 0], glyphs[glyphs > 0]
