"""``refgraph generate OUT``: a synthetic company with a planted truth, as a folder that every command reads."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import click
from click.core import ParameterSource

from refgraph.commands import options
from refgraph.commands.bar import away, bar
from refgraph.commands.language import chosen
from refgraph.flow import generating
from refgraph.generator import Plan
from refgraph.generator import plain as bare
from refgraph.texts import LANGUAGES, label, lookup, say

NAME = "generate"


def _knobs(function: Any) -> Any:
    """One option a field of the Plan, with its range and default."""
    for knob in reversed(fields(Plan)):
        name = "--" + knob.name.replace("_", "-")
        if isinstance(knob.default, bool):
            made = options.option(name, of=NAME, is_flag=True)
        else:
            kind, span = int if isinstance(knob.default, int) else float, f"{knob.metadata['low']}..{knob.metadata['high']}"
            made = options.option(name, of=NAME, type=kind, default=knob.default, show_default=True, metavar=span)
        function = made(function)
    return function


@click.command(NAME, help=lookup("generate", "help", chosen()), epilog=lookup("generate", "laws", chosen()))
@click.argument("out", type=click.Path())
@_knobs
@options.option("--plain", of=NAME, is_flag=True)
@options.option("--force", of=NAME, is_flag=True)
@options.option("--quiet", is_flag=True)
@options.option("--lang", type=click.Choice(LANGUAGES), envvar="REFGRAPH_LANG")
@options.option("--debug", is_flag=True)
@click.pass_context
def command(context: click.Context, /, out: str, plain: bool, force: bool, quiet: bool, lang: str | None, debug: bool,
            **knobs: Any) -> None:
    """Write the folder and say what it holds."""
    given = {name for name in knobs if context.get_parameter_source(name) is not ParameterSource.DEFAULT}
    plan = bare(**{name: knobs[name] for name in given}) if plain else Plan(**knobs)
    language = lang or chosen()
    told = generating.write(plan, out, force, bar(lambda stage, done, _: f"{label(stage, language)} {done:,}", quiet))
    away(quiet)
    click.echo(say(told, language))
