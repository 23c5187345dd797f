"""How wide a text is on a terminal."""

from __future__ import annotations

import functools
import unicodedata

EMOJI_JOINER, _EMOJI_SELECTOR = "\u200d", "\ufe0f"


def measure_width(text: str) -> int:
    """Columns on a terminal: 2 for wide East Asian characters and emoji, 0 for combining marks."""
    if text.isascii():
        return len(text)
    total = last_width = 0
    previous = ""
    for character in text:
        if character == _EMOJI_SELECTOR and last_width == 1:
            total, last_width = total + 1, 2
        elif previous != EMOJI_JOINER:
            width = _measure_character(character)
            total += width
            last_width = width or last_width
        previous = character
    return total


@functools.cache
def _measure_character(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Mc", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
