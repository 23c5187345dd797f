"""Fonts: which one draws, which characters it has, and how wide they are."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from refgraph.errors import FileError, UsageError
from refgraph.renderers import font_files

FONT_VARIABLE = "REFGRAPH_FONT"
PLACEHOLDER = "□"
"""Drawn for a character that no font has."""
DROPPED_CHARACTERS = "\u200d\ufe0e\ufe0f"
"""Joiners and selectors of emoji, which have no placeholder of their own."""
MAX_LISTED_CHARACTERS = 20
FONT_FAMILIES = (
    "Noto Sans SC",
    "Source Han Sans SC",
    "PingFang SC",
    "Microsoft YaHei",
    "Hiragino Sans GB",
    "sans-serif",
)
"""What a page asks the reader's system for where the font is not embedded."""


@dataclass(frozen=True, eq=False)
class Font:
    """A font and its fallback.

    path, fallback: files, the fallback may be empty. advance: float32[0x110000], width of each
    character in ems, 0 where neither font has it. has_glyph: bool[0x110000], characters of the
    first. in_fallback: the same of the fallback.
    """

    path: str
    fallback: str
    advance: np.ndarray
    has_glyph: np.ndarray
    in_fallback: np.ndarray

    def widths(self, texts: Sequence[str], size: float) -> np.ndarray:
        """float64[n]: width of each text in pixels at a size in pixels.

        A character without glyph counts one em.
        """
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        ems = self.advance[_to_code_points(texts)]
        ems = np.where(ems > 0, ems, 1.0)
        total = np.concatenate((np.zeros(1), np.cumsum(ems, dtype=np.float64)))
        ends = np.cumsum(lengths)
        return np.asarray((total[ends] - total[ends - lengths]) * size, np.float64)

    def find_missing_characters(self, texts: Iterable[str]) -> list[str]:
        """The characters that neither font has, in order of their code points."""
        codes = np.unique(_to_code_points(texts))
        return [chr(code) for code in codes[self.advance[codes] == 0]]


def _to_code_points(texts: Iterable[str]) -> np.ndarray:
    """uint32: the characters of all texts; a lone surrogate counts as a question mark."""
    return np.frombuffer("".join(texts).encode("utf-32-le", "replace"), np.uint32)


def load_font(path: str | None = None) -> Font:
    """The font that draws.

    It is ``path`` (--font), otherwise REFGRAPH_FONT, the shipped Noto Sans SC, or one of the
    system. Raises FileError ``no-font`` where there is none, ``font-missing`` and
    ``font-unreadable`` for a file that was named.
    """
    named = path or os.environ.get(FONT_VARIABLE) or ""
    file = os.path.expanduser(named) if named else font_files.find_default_font()
    if file is None:
        raise FileError("no-font")
    if not os.path.isfile(file):
        raise FileError("font-missing", path=file)
    return _read_font(file, os.stat(file).st_mtime_ns)


@lru_cache(maxsize=4)
def _read_font(path: str, _modified: int) -> Font:
    fallback = font_files.find_shipped_font(*font_files.FALLBACK_FONT) or ""
    advance = font_files.read_advances(path)
    has_glyph = advance > 0
    if not fallback:
        return Font(path, fallback, advance, has_glyph, np.zeros_like(has_glyph))
    other = font_files.read_advances(fallback)
    return Font(path, fallback, np.where(has_glyph, advance, other), has_glyph, other > 0)


def check_characters(font: Font, texts: Iterable[str]) -> None:
    """Raise UsageError ``missing-glyphs``, with the characters, if the fonts lack any."""
    missing = font.find_missing_characters(texts)
    missing = [character for character in missing if character not in DROPPED_CHARACTERS]
    if missing:
        raise UsageError(
            "missing-glyphs",
            font=font.path,
            characters="".join(missing[:MAX_LISTED_CHARACTERS]),
            count=len(missing),
        )
