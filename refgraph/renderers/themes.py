"""Themes: the colors and the font of pictures; those of a brand come from a TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from refgraph.errors import DataError, FileError, UsageError, combine_errors
from refgraph.model.parameter_values import suggest_nearest
from refgraph.model.refusals import describe_refusal
from refgraph.renderers import palette
from refgraph.renderers.contrast import (
    MIN_CONTRAST,
    compute_contrast,
    darken_until,
    is_color,
    lighten_until,
    mix_colors,
    turn_gray,
)
from refgraph.renderers.scene import Group, Marks, Scene, Texts

COLOR_KEYS = ("background", "text", "muted", "closed", "closed_text")
KEYS = (*COLOR_KEYS, "accents", "font")
"""What a file of a theme may set: colors as #rrggbb, a list of them, a font file."""
TEXT_KEYS = ("text", "muted", "closed_text")
LIGHT_CELLS = 8
"""Colors of `palette.SHARE_COLORS` with dark text; the others have light text."""


@dataclass(frozen=True)
class Theme:
    """recolor: color of the palette -> color of the theme. font: a file, or None."""

    recolor: Callable[[str], str]
    font: str | None = None


def load_theme(name: str | None) -> Theme | None:
    """``light`` or None, ``print``, or a TOML file with some of `KEYS`.

    Raises UsageError ``unknown-theme``, ``low-contrast``; FileError ``cannot-read``; DataError
    ``config-not-toml``, ``config-unknown``, ``theme-color``.
    """
    if name is None or name == "light":
        return None
    if name == "print":
        return Theme(_turn_print)
    if not name.lower().endswith(".toml"):
        known = ["light", "print", "FILE.toml"]
        near = suggest_nearest(name, known[:2])
        raise UsageError("unknown-theme", name=name, known=known, near=near)
    return _read_theme(Path(name))


def apply_theme(scene: Scene, theme: Theme | None) -> Scene:
    """The scene in the colors of a theme."""
    if theme is None:
        return scene
    groups = tuple(_recolor(group, theme.recolor) for group in scene.groups)
    return replace(scene, groups=groups, background=theme.recolor(scene.background))


def _recolor(group: Group, recolor: Callable[[str], str]) -> Group:
    color = recolor(group.color)
    if isinstance(group, Texts):
        return replace(group, color=color)
    if isinstance(group, Marks):
        return replace(group, color=color, fill=recolor(group.fill))
    return replace(group, color=color, fill=recolor(group.fill) if group.fill else None)


PRINT_GROUPS = (
    "#5a5a5a",
    "#b8b8b8",
    "#3a3a3a",
    "#d8d8d8",
    "#7a7a7a",
    "#a0a0a0",
    "#c8c8c8",
    "#686868",
)
PRINT_COLORS = {
    palette.TEXT: "#000000",
    palette.MUTED_TEXT: "#3c3c3c",
    palette.FAINT_TEXT: "#4a4a4a",
    palette.CLOSED_TEXT: "#000000",
    palette.CLOSED_EDGE: "#1a1a1a",
    palette.CUSTOMER_INKS["closed"].fill: "#1a1a1a",
    palette.CUSTOMER_INKS["closed"].color: "#000000",
    palette.CUSTOMER_INKS["former"].fill: "#ffffff",
    palette.PROSPECT_INKS["contacted"].fill: "#8c8c8c",
    palette.PROSPECT_INKS["negotiating"].fill: "#c4c4c4",
    palette.PROSPECT_INKS["new"].fill: "#ededed",
    **dict(zip(palette.GROUP_COLORS, PRINT_GROUPS, strict=True)),
}
"""Closed is black, what is open is lighter; everything else becomes its gray."""


def _turn_print(color: str) -> str:
    return PRINT_COLORS.get(color) or turn_gray(color)


def _read_theme(path: Path) -> Theme:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise FileError("cannot-read", path=str(path), why=describe_refusal(error)) from error
    except (ValueError, RecursionError) as error:
        raise DataError("config-not-toml", file=str(path), why=str(error)) from error
    faults = list(_find_faults(table, str(path)))
    if faults:
        raise combine_errors(faults)
    colors = _complete_colors(table)
    low = list(_find_low_contrasts(colors, str(path)))
    if low:
        raise combine_errors(low)
    font = table.get("font")
    mapping = _map_colors(colors, table.get("accents", []))
    return Theme(lambda color: mapping.get(color, color), str(path.parent / font) if font else None)


def _find_faults(table: Mapping[str, Any], file: str) -> Iterator[DataError]:
    for name, value in table.items():
        if name not in KEYS:
            yield DataError("config-unknown", file=file, name=name, known=list(KEYS))
        elif name == "font":
            if not isinstance(value, str):
                yield DataError("config-type", file=file, name=name, value=value, kind="text")
        else:
            for color in value if name == "accents" and isinstance(value, list) else [value]:
                if not is_color(color):
                    yield DataError("theme-color", file=file, name=name, value=str(color))


def _complete_colors(table: Mapping[str, Any]) -> dict[str, str]:
    """The colors of a file, the rest from the palette or derived from them."""
    background = table.get("background", palette.BACKGROUND)
    closed = table.get("closed", palette.CUSTOMER_INKS["closed"].fill)
    derived = {
        "background": background,
        "text": palette.TEXT,
        "muted": palette.MUTED_TEXT,
        "closed": closed,
        "closed_text": darken_until(closed, background),
    }
    return derived | {name: table[name] for name in COLOR_KEYS if name in table}


def _find_low_contrasts(colors: Mapping[str, str], file: str) -> Iterator[UsageError]:
    """A fault for each text that cannot be read on the background."""
    for name in TEXT_KEYS:
        contrast = compute_contrast(colors[name], colors["background"])
        if contrast < MIN_CONTRAST:
            yield UsageError(
                "low-contrast",
                file=file,
                name=name,
                color=colors[name],
                background=colors["background"],
                contrast=round(contrast, 2),
                least=MIN_CONTRAST,
            )


def _map_colors(colors: Mapping[str, str], accents: list[str]) -> dict[str, str]:
    """Color of the palette -> color of the theme."""
    closed, text, background = colors["closed"], colors["text"], colors["background"]
    mapping = {
        palette.BACKGROUND: background,
        palette.TEXT: text,
        palette.MUTED_TEXT: colors["muted"],
        palette.FAINT_TEXT: colors["muted"],
        palette.CLOSED_TEXT: colors["closed_text"],
        palette.CUSTOMER_INKS["closed"].fill: closed,
        palette.CUSTOMER_INKS["closed"].color: mix_colors(closed, "#000000", 0.35),
        palette.CUSTOMER_INKS["former"].fill: mix_colors(closed, "#ffffff", 0.78),
        palette.CLOSED_EDGE: mix_colors(closed, "#ffffff", 0.25),
        palette.CLOSED_BAND: mix_colors(closed, "#ffffff", 0.86),
    }
    mapping |= dict(zip(palette.GROUP_COLORS, accents, strict=False))
    light, dark = palette.SHARE_COLORS[1:LIGHT_CELLS], palette.SHARE_COLORS[LIGHT_CELLS:]
    for k, color in enumerate(light):
        tint = mix_colors("#ffffff", closed, 0.08 + 0.5 * k / len(light))
        mapping[color] = lighten_until(tint, text)
    for k, color in enumerate(dark):
        shade = mix_colors(closed, "#000000", 0.1 + 0.2 * k)
        mapping[color] = darken_until(shade, background)
    return mapping
