"""docs/presets.md: the systems whose exports are read without settings."""

from __future__ import annotations

from collections.abc import Iterator

from docs_maker.markdown import NOTICE, format_table
from refgraph.config.presets import load_presets
from refgraph.model.preset import Choice, PresetSection

EVIDENCE = {"R": "vendor documentation", "C": "public code", "T": "a third party", "m": "memory"}


def build_preset_page() -> str:
    """One section per preset."""
    parts = [
        NOTICE,
        "# Presets\n\n",
        "Exports of these systems are read without settings: a preset fits a file that has all of ",
        "the headers that it needs. It fills gaps only: refgraph.toml and `--column` win. ",
        "`refgraph check` names the preset of a file. refgraph asks for what an export does not ",
        "contain, and words without a meaning are listed, never guessed.\n\n",
    ]
    for preset in load_presets():
        evidence = EVIDENCE[preset.evidence]
        parts.append(f"## {preset.name}\n\nVersion {preset.version}, based on {evidence}.\n\n")
        if preset.zone:
            parts.append(f"Days of Unix times are those of {preset.zone}.\n\n")
        for section in preset.sections:
            needs = ", ".join(" or ".join(f"`{h}`" for h in group) for group in section.needs)
            parts.append(f"**{section.table}** needs {needs}.\n\n")
            parts.append(format_table(("column", "header"), _list_rows(section)))
        words = {**preset.status, **preset.order_status}
        if words:
            rows = [(f"`{word}`", ", ".join(spellings)) for word, spellings in words.items()]
            parts.append(format_table(("word", "words of the system"), rows))
    return "".join(parts).rstrip("\n") + "\n"


def _list_rows(section: PresetSection) -> Iterator[tuple[str, str]]:
    for name, choices in section.columns.items():
        folded = " (ignoring case)" if name in section.fold else ""
        yield f"`{name}`", " or ".join(map(_describe_choice, choices)) + folded
    for name, header in section.filled.items():
        yield f"`{name}`", f"closed if `{header}` is filled; an empty cell has to be decided"
    for name in section.ask:
        yield f"`{name}`", "to be named by you: the export does not contain it"
    for header, cells in section.keep.items():
        kept = ", ".join(f"`{cell}`" if cell else "empty" for cell in cells)
        yield "rows", f"only those whose `{header}` is {kept}"
    if section.newest:
        yield "rows", f"of several files with the same `{section.newest}`: those of the last file"
    if section.staff:
        yield (
            "`source`",
            f"a referral by staff if `{section.staff}` is filled and nobody else named",
        )
    for header in section.unused:
        yield "", f"`{header}` is kept as it is"


def _describe_choice(choice: Choice) -> str:
    return " + ".join(f"`{header}`" for header in choice.headers)
