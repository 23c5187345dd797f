"""Styles of text on a terminal, as ANSI escape sequences (ECMA-48)."""

from __future__ import annotations

import os

PLAIN, BOLD, FAINT, BOLD_UNDERLINED = "", "1", "2", "1;4"
"""Parameters of the sequence that switches a style on."""


def style_text(text: str, style: str) -> str:
    """The text between the sequences of a style and of its end."""
    return f"\x1b[{style}m{text}\x1b[0m" if text and style else text


def is_color_forbidden() -> bool:
    """Whether the environment sets NO_COLOR to a non-empty value (https://no-color.org)."""
    return bool(os.environ.get("NO_COLOR"))
