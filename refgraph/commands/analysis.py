"""The command of an analysis, made from its signature: ``refgraph ANALYSIS [SOURCE] [options]``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, get_args, get_origin

import click

from refgraph import analyses, flow
from refgraph.commands import options, output
from refgraph.commands.language import chosen
from refgraph.commands.opened import opened
from refgraph.engines.base import Engine
from refgraph.model.result import Result
from refgraph.registry import Parameter
from refgraph.texts import lookup


Ask = Callable[[Engine, str, dict[str, Any], dict[str, Any]], Result]
"""How a question is put: engine, name, its own options, all options given."""


def plainly(engine: Engine, name: str, own: dict[str, Any], given: dict[str, Any]) -> Result:
    """Once, under the scope given."""
    return flow.run(engine, name, own, options.scope(given), output.rows(given))


def command(name: str, ask: Ask = plainly, more: Sequence[Any] = ()) -> click.Command:
    """The click command of an analysis; its own options come from the signature, their help from the texts.

    ask, more: another way of putting the question, and the options that it takes.
    """
    what = analyses.load(name)

    def run(**given: Any) -> int:
        if given.get("claimed"):
            output.page(flow.claimed(given["claimed"]), given)
            return 0
        engine, given = opened(given)
        output.answerable(engine, given)
        own = {p.name: given[p.name] for p in what.parameters}
        one = given.get("explain")
        output.page(flow.explained(engine, one, options.scope(given)) if one else ask(engine, name, own, given), given)
        return output.settle(engine, given)

    run.__doc__ = lookup("command", name, chosen())
    for parameter in reversed(what.parameters):
        run = _option(name, parameter)(run)
    for option in reversed(more):
        run = option(run)
    if name == "effect" and ask is plainly:
        run = options.option("--claimed", metavar="COUNT/TOTAL")(run)
    if name == "accounts" and ask is plainly:
        run = options.option("--explain", metavar="ID")(run)
    shared = options.together(options.scope_options, options.page_options, options.reading_options)
    made: click.Command = click.command(name)(options.source(shared(run)))
    return made


class Questions(click.Group):
    """A command whose first word is an analysis: ``refgraph timeline effect SOURCE``; ask and more as `command` takes them."""

    def __init__(self, name: str, ask: Ask, more: Sequence[Any]) -> None:
        super().__init__(name, help=lookup("command", name, chosen()), subcommand_metavar="ANALYSIS [SOURCE] [OPTIONS]")
        self.ask, self.more = ask, more

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All analyses."""
        return list(analyses.NAMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        """The analysis, asked in this way. Raises UsageError ``unknown-analysis``."""
        return command(cmd_name, self.ask, self.more)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of analyses from the texts alone."""
        with formatter.section(lookup("help", "commands", chosen())):
            formatter.write_dl([(name, lookup("command", name, chosen())) for name in analyses.NAMES])


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
