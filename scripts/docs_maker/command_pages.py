"""docs/cli.md: the help of every command; options that many commands share stand there once."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass

import click

from docs_maker.markdown import NOTICE
from refgraph.commands.cli import cli
from refgraph.commands.localized_option import OPTION_GROUPS
from refgraph.texts import look_up

WIDTH = 100
INTRODUCTION = (
    "Many commands share these options, and they mean the same everywhere. The last line under a "
    "command names the groups that it takes; `refgraph COMMAND --help` lists every option.\n"
)
_TERM = re.compile(r"^  (-.*?)(?:  +(.*))?$")
"""A line that begins an option: its spellings, and perhaps the first words of its meaning."""


@dataclass(frozen=True)
class Family:
    """A group of shared options. text: as the help prints it; options: spellings -> meaning."""

    title: str
    text: str
    options: Mapping[str, str]

    @property
    def link(self) -> str:
        """A link to its section."""
        title = self.title.lower()
        return f"[{title}](#{title.replace(' ', '-')})"


def build_command_page() -> str:
    """The list of commands, the shared options, then one section per command."""
    os.environ["LANG"] = "C.UTF-8"
    names = cli.list_commands(click.Context(cli))
    pages = {name: read_help(name) for name in names}
    families = find_families(pages.values())
    parts = [NOTICE, "# Command line\n\n", f"```text\n{read_help()}```\n"]
    parts.append(f"\n## Common options\n\n{INTRODUCTION}")
    parts += [f"\n### {family.title}\n\n```text\n{family.text}\n```\n" for family in families]
    parts += [f"\n## {name}\n\n{format_command(pages[name], families)}" for name in names]
    return "".join(parts)


def read_help(*words: str) -> str:
    """What `refgraph WORDS --help` prints in English."""
    printed = io.StringIO()
    with redirect_stdout(printed):
        cli.main(
            [*words, "--help"],
            prog_name="refgraph",
            standalone_mode=False,
            terminal_width=WIDTH,
        )
    return printed.getvalue()


def find_families(pages: Iterable[str]) -> list[Family]:
    """The groups of shared options, each as the command shows it that has most of them."""
    fullest: dict[str, Family] = {}
    for page in pages:
        for section in page.split("\n\n"):
            title, _, text = section.rstrip("\n").partition(":\n")
            family = Family(title, text, read_options(text))
            known = fullest.get(title)
            if known is None or len(family.options) > len(known.options):
                fullest[title] = family
    titles = [look_up("help", f"options-{group}", "en") for group in OPTION_GROUPS[1:]]
    return [fullest[title] for title in titles]


def read_options(text: str) -> dict[str, str]:
    """The options of a section of the help: spellings -> meaning."""
    options: dict[str, str] = {}
    term = ""
    for line in text.splitlines():
        match = _TERM.match(line)
        if match:
            term = match[1]
            options[term] = match[2] or ""
        elif term:
            options[term] = f"{options[term]} {line.strip()}".strip()
    return options


def format_command(page: str, families: Iterable[Family]) -> str:
    """The help of a command; links in place of options that mean what they mean everywhere."""
    sections, links = [], []
    family_by_title = {family.title: family for family in families}
    for section in page.rstrip("\n").split("\n\n"):
        family = family_by_title.get(section.partition(":\n")[0])
        options = read_options(section)
        if family and options.items() <= family.options.items():
            links.append(family.link + describe_selection(options, family))
        else:
            sections.append(section)
    text = "\n\n".join(sections)
    common = f"\nCommon options: {', '.join(links)}.\n" if links else ""
    return f"```text\n{text}\n```\n{common}"


def describe_selection(options: Mapping[str, str], family: Family) -> str:
    """Which options of a family a command takes, in brackets; empty for all."""
    missing = [term for term in family.options if term not in options]
    if not missing:
        return ""
    if len(missing) <= len(options):
        return f" (without {format_flags(missing)})"
    return f" (only {format_flags(options)})"


def format_flags(terms: Iterable[str]) -> str:
    """The long spelling of each option, as code."""
    flags = [re.findall(r"--[a-z-]+", term)[-1] for term in terms]
    return ", ".join(f"`{flag}`" for flag in flags)
