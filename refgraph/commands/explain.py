"""``refgraph explain NAME``: a formula with source and worked example, a term, or a column."""

from __future__ import annotations

import click

from refgraph.commands.console import get_console
from refgraph.commands.explanations import explain, list_explanations
from refgraph.commands.option_families import define_command


@define_command("explain", click.Argument(["name"], nargs=-1))
def command(name: tuple[str, ...]) -> None:
    """Print one explanation, or a line for each formula and term."""
    language = get_console().language
    lines = explain(" ".join(name), language) if name else list_explanations(language)
    click.echo("\n".join(lines))
