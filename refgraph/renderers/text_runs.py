"""A text as runs from left to right, each in one font.

Each run is shaped by the back end, right-to-left letters included, but a text may need two fonts;
the runs of a right-to-left part, Arabic or Hebrew, then follow each other from right to left. The
text as a whole runs from left to right, as in a browser. Unicode Standard Annex 9, rules W2 to N1
for a paragraph that runs from left to right.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from refgraph.renderers.fonts import Font

RIGHT_TO_LEFT = frozenset({"R", "AL"})
NUMBERS = frozenset({"EN", "AN"})
NUMBER_SIGNS = frozenset({"ET"})
"""Signs such as % and ¥ that belong to a number before or after them."""


def split_text(text: str, font: Font) -> Iterator[tuple[str, bool]]:
    """Runs from left to right, with whether the first font draws them; else the fallback does."""
    for part, is_reversed in split_by_direction(text):
        codes = [ord(character) for character in part]
        if is_reversed and not font.has_glyph[codes].all() and font.in_fallback[codes].all():
            yield part, False
        elif is_reversed:
            yield from reversed(list(split_by_font(part, font)))
        else:
            yield from split_by_font(part, font)


def split_by_direction(text: str) -> list[tuple[str, bool]]:
    """The parts of a text, with whether they run from right to left.

    Such a part begins and ends with a letter that does, or ends with a number after one; spaces and
    signs in it belong to it.
    """
    kinds = [unicodedata.bidirectional(character) for character in text]
    if RIGHT_TO_LEFT.isdisjoint(kinds):
        return [(text, False)]
    parts, start, k = [], 0, 0
    while k < len(text):
        if kinds[k] not in RIGHT_TO_LEFT:
            k += 1
            continue
        end = _find_end(kinds, k)
        if k > start:
            parts.append((text[start:k], False))
        parts.append((text[k:end], True))
        start = k = end
    return [*parts, (text[start:], False)] if start < len(text) else parts


def _find_end(kinds: list[str], start: int) -> int:
    """Where the right-to-left part that begins at `start` ends."""
    end = start + 1
    for k in range(start + 1, len(kinds)):
        if kinds[k] == "L":
            break
        is_number = kinds[k - 1] in NUMBERS | NUMBER_SIGNS and end == k
        if kinds[k] in RIGHT_TO_LEFT | NUMBERS or (kinds[k] in NUMBER_SIGNS and is_number):
            end = k + 1
    return end


def split_by_font(text: str, font: Font) -> Iterator[tuple[str, bool]]:
    """Runs of a text in its own order, with whether the first font draws them."""
    in_first = [bool(font.has_glyph[ord(c)]) or not font.fallback for c in text]
    start = 0
    for k in range(1, len(text) + 1):
        if k == len(text) or in_first[k] != in_first[start]:
            yield text[start:k], in_first[start]
            start = k
