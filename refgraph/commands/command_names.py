"""Names of all commands, in groups, with their one-line summaries; no command is loaded for it."""

from __future__ import annotations

from collections.abc import Iterable

from refgraph import analyses
from refgraph.commands.console import get_console

COMMANDS = (
    "init",
    "check",
    "match",
    "generate",
    "draw",
    "chart",
    "explore",
    "report",
    "customer",
    "timeline",
    "changes",
    "rows",
    "why",
    "export",
    "load",
    "write-back",
    "unload",
    "snapshot",
    "catalog",
    "explain",
    "mcp",
    "doctor",
    "completion",
)
"""Commands with a module of their own in this folder; those of analyses come from ``analysis``."""
GROUPS = {
    "read": ("init", "check", "match", "generate"),
    "questions": (
        "effect",
        "growth",
        "cohorts",
        "time-to-refer",
        "referred",
        "segments",
        "channels",
        "funnel",
    ),
    "money": ("credit", "concentration", "quadrants", "rfm", "accounts", "without"),
    "people": ("recommenders", "chance", "influence", "prospects", "missing-sources", "integrity"),
    "structure": ("chains", "trees", "communities", "flows", "reach", "path", "common", "compare"),
    "pictures": ("draw", "chart", "explore"),
    "reports": ("report", "customer", "rows", "why", "timeline", "changes"),
    "actions": ("ask", "introduce", "campaign", "early-adopters", "rewards", "payouts"),
    "databases": ("export", "load", "write-back", "unload", "snapshot"),
    "help": ("catalog", "explain", "mcp", "doctor", "completion"),
}
"""Sections of ``refgraph --help``; a new analysis that is not listed stands under questions."""
FIRST_COMMANDS = ("check", "effect", "recommenders", "report", "draw")
"""What ``refgraph`` alone shows."""
OLD_NAMES = {"luck": "chance", "ask-source": "missing-sources"}
"""Names before commands were renamed; they still work and are not shown."""


def list_groups() -> dict[str, list[str]]:
    """Group -> its commands, in order, with analyses that `GROUPS` does not list."""
    groups = {group: list(names) for group, names in GROUPS.items()}
    listed = {name for names in groups.values() for name in names}
    groups["questions"] += [name for name in analyses.NAMES if name not in listed]
    return groups


def list_summaries(names: Iterable[str]) -> list[tuple[str, str]]:
    """(command, one line about it), names padded to the same width."""
    console = get_console()
    width = max(len(name) for name in (*COMMANDS, *analyses.NAMES))
    summaries = []
    for name in names:
        text = console.look_up("summary", name, "") or console.look_up("command", name)
        summaries.append((name.ljust(width), text))
    return summaries
