"""Which preset fits a file, by its headers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from refgraph.config.presets import load_presets
from refgraph.intake.header_matches import normalize_header
from refgraph.model.preset import Choice, Preset, PresetSection


class PresetMatch(NamedTuple):
    """A preset, and its section that fits a file."""

    preset: Preset
    section: PresetSection


def find_presets(headers: Collection[str]) -> dict[str, PresetMatch]:
    """Table -> the preset that fits these headers: the one that needs most of them.

    Two presets that need as many fit neither.
    """
    known = {normalize_header(header) for header in headers}
    found: dict[str, list[PresetMatch]] = {}
    for preset in load_presets():
        for section in preset.sections:
            if all(any(normalize_header(h) in known for h in group) for group in section.needs):
                found.setdefault(section.table, []).append(PresetMatch(preset, section))
    best = {}
    for table, matches in found.items():
        most = max(len(match.section.needs) for match in matches)
        fitting = [match for match in matches if len(match.section.needs) == most]
        if len(fitting) == 1:
            best[table] = fitting[0]
    return best


def list_preset_columns(match: PresetMatch, headers: Sequence[str]) -> dict[str, str]:
    """``table.field`` -> the header that a preset reads it from; joined headers are left out."""
    section = match.section
    columns = {}
    for name, choices in section.columns.items():
        found = find_choice(choices, headers)
        if found is not None and len(found.headers) == 1:
            columns[f"{section.table}.{name}"] = found.headers[0]
    return columns


def find_header(wanted: str, headers: Sequence[str]) -> str | None:
    """The header as the file writes it."""
    spelling = normalize_header(wanted)
    return next((h for h in headers if normalize_header(h) == spelling), None)


def find_choice(choices: Sequence[Choice], headers: Sequence[str]) -> Choice | None:
    """The first choice whose headers are all there, as the file writes them."""
    for choice in choices:
        found = [find_header(header, headers) for header in choice.headers]
        if all(found):
            return Choice(tuple(header for header in found if header), choice.join)
    return None
