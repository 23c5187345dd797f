"""Colors as numbers: how well a text can be read on its background, and mixtures.

Contrast by WCAG 2.2 (W3C, 2023), definitions of relative luminance and contrast ratio.
"""

from __future__ import annotations

import re

MIN_CONTRAST = 4.5
"""Of texts, by WCAG 2.2, criterion 1.4.3."""
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


def is_color(text: object) -> bool:
    """Whether it is written as #rrggbb."""
    return isinstance(text, str) and _COLOR.fullmatch(text) is not None


def compute_luminance(color: str) -> float:
    """Relative luminance of #rrggbb, 0 (black) to 1 (white)."""
    parts = []
    for value in _split(color):
        part = value / 255
        parts.append(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def compute_contrast(one: str, other: str) -> float:
    """Contrast ratio of two colors, 1 to 21.

    >>> round(compute_contrast("#000000", "#ffffff"), 3), round(
    ...     compute_contrast("#777777", "#ffffff"), 2
    ... )
    (21.0, 4.48)
    """
    low, high = sorted((compute_luminance(one), compute_luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mix_colors(one: str, other: str, share: float) -> str:
    """The color between two: `share` of the other, the rest of the first.

    >>> mix_colors("#000000", "#ffffff", 0.5)
    '#808080'
    """
    values = zip(_split(one), _split(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in values)


def turn_gray(color: str) -> str:
    """The gray of the same luminance."""
    light = compute_luminance(color)
    part = 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055
    return "#" + f"{round(255 * part):02x}" * 3


def darken_until(color: str, background: str) -> str:
    """The color, mixed with black until a text in it can be read on a light background."""
    found = (mix_colors(color, "#000000", step / 20) for step in range(21))
    return next((c for c in found if compute_contrast(c, background) >= MIN_CONTRAST), "#000000")


def lighten_until(color: str, text: str) -> str:
    """The color, mixed with white until a dark text can be read on it."""
    found = (mix_colors(color, "#ffffff", step / 20) for step in range(21))
    return next((c for c in found if compute_contrast(c, text) >= MIN_CONTRAST), "#ffffff")


def _split(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
