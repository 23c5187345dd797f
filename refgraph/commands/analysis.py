"""The command of an analysis, made from its signature: ``refgraph ANALYSIS [SOURCE] [options]``."""

from __future__ import annotations

from typing import Any, Literal, get_args, get_origin

import click

from refgraph import analyses, flow
from refgraph.commands import options, output
from refgraph.commands.language import chosen
from refgraph.registry import Parameter
from refgraph.texts import lookup


def command(name: str) -> click.Command:
    """The click command of an analysis; its own options come from the signature, their help from the texts."""
    what = analyses.load(name)

    def run(**given: Any) -> int:
        if given.get("claimed"):
            output.page(flow.claimed(given["claimed"]), given)
            return 0
        engine = flow.open_source(options.source_of(given), options.reading(given))
        given = options.with_defaults(given, engine.dataset().settings)
        output.answerable(engine, given)
        own = {p.name: given[p.name] for p in what.parameters}
        output.page(flow.run(engine, name, own, options.scope(given)), given)
        return output.settle(engine, given)

    run.__doc__ = lookup("command", name, chosen())
    for parameter in reversed(what.parameters):
        run = _option(name, parameter)(run)
    if name == "effect":
        run = options.option("--claimed", metavar="COUNT/TOTAL")(run)
    shared = options.together(options.scope_options, options.page_options, options.reading_options)
    made: click.Command = click.command(name)(options.source(shared(run)))
    return made


def _option(command: str, parameter: Parameter) -> Any:
    name = parameter.name
    flag = "--" + name.rstrip("_").replace("_", "-")  # ``from_`` is --from: a word of the language cannot name a parameter
    if get_origin(parameter.hint) is Literal:
        words = [str(word) for word in get_args(parameter.hint)]
        return options.option(flag, name, of=command, type=click.Choice(words), default=parameter.default, show_default=True)
    if parameter.hint == tuple[str, ...]:
        return options.option(flag, name, of=command, multiple=True)
    if parameter.hint is bool:
        return options.option(flag, name, of=command, is_flag=True, default=parameter.default)
    plain = [hint for hint in get_args(parameter.hint) if hint is not type(None)]  # ``float | None`` is asked for as float
    hint = plain[0] if plain else parameter.hint
    shown = parameter.default not in (None, "")
    return options.option(flag, name, of=command, type=hint, default=parameter.default, show_default=shown)
