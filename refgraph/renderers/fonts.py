"""Fonts: which file draws Chinese names, which characters it has, how wide they are, and a subset for web pages."""

from __future__ import annotations

import base64
import io
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from refgraph.errors import FileError, UsageError

VARIABLE = "REFGRAPH_FONT"
SHIPPED = ("zhplot", "fonts/NotoSansSC-Regular.ttf")
FALLBACK = ("matplotlib", "mpl-data/fonts/ttf/DejaVuSans.ttf")
FOLDERS = ("~/.fonts", "~/.local/share/fonts", "~/Library/Fonts", "/usr/share/fonts", "/usr/local/share/fonts",
           "/Library/Fonts", "/System/Library/Fonts", "C:/Windows/Fonts")  # fmt: skip
NAMES = ("NotoSansSC-Regular", "NotoSansCJKsc-Regular", "SourceHanSansSC-Regular", "SourceHanSansCN-Regular",
         "NotoSansCJK-Regular", "PingFang", "Hiragino Sans GB", "msyh", "wqy-microhei", "wqy-zenhei", "simhei",
         "DroidSansFallbackFull")  # fmt: skip
"""Chinese fonts of systems, best first; Japanese and Korean ones lack characters such as 钢铁东."""
SUFFIXES = (".ttf", ".otf", ".ttc")
FAMILIES = ("Noto Sans SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "Hiragino Sans GB", "sans-serif")
"""What a page asks the reader's system for where the font is not embedded."""
UNUSED = ("GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx", "STAT", "DSIG", "fpgm", "prep", "cvt ", "gasp")
SUBSET_NAME = "refgraph-sans"
PLACEHOLDER = "□"
TABLE = 0x110000
SHOWN = 20


@dataclass(frozen=True, eq=False)
class Font:
    """A font and its fallback. advance: float32[0x110000], width of each character in ems, 0 where neither has it.

    own: bool[0x110000], characters that the first font itself has.
    """

    path: str
    fallback: str
    advance: np.ndarray
    own: np.ndarray

    def widths(self, texts: Sequence[str], size: float) -> np.ndarray:
        """float64[n]: width of each text in pixels at a size in pixels; characters without glyph count one em."""
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        codes = np.frombuffer("".join(texts).encode("utf-32-le", "replace"), np.uint32)
        each = self.advance[codes]
        sums = np.concatenate((np.zeros(1), np.cumsum(np.where(each > 0, each, 1.0), dtype=np.float64)))
        ends = np.cumsum(lengths)
        return np.asarray((sums[ends] - sums[ends - lengths]) * size, np.float64)

    def lacking(self, texts: Iterable[str]) -> list[str]:
        """The characters that neither font has, in order of their code points."""
        codes = np.unique(np.frombuffer("".join(texts).encode("utf-32-le", "replace"), np.uint32))
        return [chr(c) for c in codes[self.advance[codes] == 0]]


def load(path: str | None = None) -> Font:
    """The font that draws: ``path`` (--font), else REFGRAPH_FONT, else the shipped Noto Sans SC, else one of the system.

    Raises FileError ``no-font`` where there is none, ``font-missing`` and ``font-unreadable`` for a file that was named.
    """
    named = path or os.environ.get(VARIABLE) or ""
    found = os.path.expanduser(named) if named else _shipped(*SHIPPED) or _system()
    if found is None:
        raise FileError("no-font")
    if not os.path.isfile(found):
        raise FileError("font-missing", path=found)
    return _font(found, os.stat(found).st_mtime_ns)


def is_exotic(character: str) -> bool:
    """Whether no text font is expected to have it: beyond the BMP, an emoji part or of private use; it gets a placeholder."""
    code = ord(character)
    return code > 0xFFFF or 0xE000 <= code <= 0xF8FF or 0xFE00 <= code <= 0xFE0F or 0x2600 <= code <= 0x27BF or code == 0x200D


def subset(font: Font, texts: Iterable[str]) -> str:
    """The characters of the texts that the font itself has, as base64 of a WOFF2 file; empty for no such character."""
    from fontTools import subset as cutter
    from fontTools.ttLib.woff2 import WOFF2FlavorData

    codes = {ord(c) for text in texts for c in text}
    codes = {c for c in codes if font.own[c]}
    if not codes:
        return ""
    file = _bare(_open(font.path))
    options = cutter.Options(layout_features=[], layout_closure=False, hinting=False, notdef_outline=True,
                             name_IDs=[1, 2, 13, 14])  # fmt: skip
    job = cutter.Subsetter(options)
    job.populate(unicodes=codes)
    job.subset(file)
    file.flavor, file.flavorData, file.recalcTimestamp = "woff2", WOFF2FlavorData(transformedTables=[]), False
    out = io.BytesIO()
    file.save(out)
    return base64.b64encode(out.getvalue()).decode()


def _bare(file: Any) -> Any:
    """Without tables that need no drawing and without names of glyphs: reading these takes longer than all the rest."""
    from fontTools.ttLib import newTable

    for table in UNUSED:
        if table in file:
            del file[table]
    file.setGlyphOrder([f"g{k}" for k in range(file["maxp"].numGlyphs)])
    post = newTable("post")
    post.formatType = 3.0
    for field in ("italicAngle", "underlinePosition", "underlineThickness", "isFixedPitch", "minMemType42", "maxMemType42",
                  "minMemType1", "maxMemType1"):  # fmt: skip
        setattr(post, field, 0)
    file["post"] = post
    return file


def face(font: Font, texts: Iterable[str]) -> str:
    """A CSS ``@font-face`` of `SUBSET_NAME` that holds the characters of the texts."""
    data = subset(font, texts)
    return f"@font-face{{font-family:{SUBSET_NAME};src:url(data:font/woff2;base64,{data}) format('woff2')}}" if data else ""


def check(font: Font, texts: Iterable[str], allow: bool) -> None:
    """Stop with the characters when the font lacks some that a text font should have. Raises UsageError ``missing-glyphs``."""
    lacking = [c for c in font.lacking(texts) if not is_exotic(c)]
    if lacking and not allow:
        raise UsageError("missing-glyphs", font=font.path, characters="".join(lacking[:SHOWN]), count=len(lacking))


def _shipped(package: str, file: str) -> str | None:
    spec = find_spec(package)
    folders = (spec.submodule_search_locations or []) if spec else []
    return next((str(Path(f, file)) for f in folders if Path(f, file).is_file()), None)


def _system() -> str | None:
    """The first of `NAMES` below `FOLDERS`."""
    found: dict[str, str] = {}
    for folder in map(os.path.expanduser, FOLDERS):
        for at, folders, files in os.walk(folder):
            folders.sort()
            for file in sorted(files):
                stem, suffix = os.path.splitext(file)
                if suffix.lower() in SUFFIXES:
                    found.setdefault(stem.lower(), os.path.join(at, file))
    return next((found[name.lower()] for name in NAMES if name.lower() in found), None)


def _open(path: str) -> Any:
    from fontTools.ttLib import TTFont, TTLibError

    try:
        return TTFont(path, fontNumber=0, lazy=True)
    except (TTLibError, OSError, ValueError) as error:
        raise FileError("font-unreadable", path=path, why=str(error)[:200] or type(error).__name__) from error


@lru_cache(maxsize=4)
def _font(path: str, _changed: int) -> Font:
    fallback = _shipped(*FALLBACK) or ""
    own = _advances(path)
    both = np.where(own > 0, own, _advances(fallback)) if fallback else own
    return Font(path, fallback, both, own > 0)


def _advances(path: str) -> np.ndarray:
    """float32[0x110000] in ems. Raises FileError ``font-unreadable``."""
    out = np.zeros(TABLE, np.float32)
    try:
        file = _open(path)
        codes, glyphs = _charmap(file)
        count = int.from_bytes(file.reader["hhea"][34:36], "big")
        advances = np.frombuffer(file.reader["hmtx"], ">u2", 2 * count)[::2]
        out[codes] = advances[np.minimum(glyphs, count - 1)] / file["head"].unitsPerEm
        out[codes[out[codes] == 0]] = 1e-6  # a mark without width is there all the same
    except FileError:
        raise
    except Exception as error:  # a damaged font fails anywhere in its tables
        raise FileError("font-unreadable", path=path, why=str(error)[:200] or type(error).__name__) from error
    return out


def _charmap(file: Any) -> tuple[np.ndarray, np.ndarray]:
    """Code points and their glyphs: of the table of format 12 straight from its bytes, else as fontTools reads it."""
    raw = file.reader["cmap"]
    tables = {int.from_bytes(raw[o : o + 2], "big"): o for o in (
        int.from_bytes(raw[8 + 8 * k : 12 + 8 * k], "big") for k in range(int.from_bytes(raw[2:4], "big")))}  # fmt: skip
    if 12 not in tables:
        names = file.getBestCmap()
        return np.array(list(names), np.int64), np.array([file.getGlyphID(n) for n in names.values()], np.int64)
    at = tables[12] + 12
    groups = np.frombuffer(raw, ">u4", 3 * int.from_bytes(raw[at : at + 4], "big"), at + 4).reshape(-1, 3).astype(np.int64)
    length = groups[:, 1] - groups[:, 0] + 1
    within = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    codes, glyphs = (np.repeat(groups[:, k], length) + within for k in (0, 2))
    real = glyphs > 0
    return codes[real], glyphs[real]
