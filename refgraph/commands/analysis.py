"""The command of an analysis, made from its signature: ``refgraph ANALYSIS [SOURCE] [options]``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, get_args, get_origin

import click
from click.core import ParameterSource
from click.shell_completion import CompletionItem

from refgraph import analyses, pipeline
from refgraph.commands.command_names import OLD_NAMES, list_summaries
from refgraph.commands.console import get_console
from refgraph.commands.localized_command import LocalizedCommand, LocalizedGroup
from refgraph.commands.localized_option import LocalizedOption
from refgraph.commands.option_families import ALL_FAMILIES, OptionFamily, define_command
from refgraph.commands.options import DatabaseOptions, OutputOptions, ReadingOptions, ScopeOptions
from refgraph.commands.output import write_page
from refgraph.commands.output_checks import check_page_output
from refgraph.commands.parameter_types import NumberType, WordType
from refgraph.commands.session import Session, open_session
from refgraph.model.parameter_values import split_hint
from refgraph.pipeline.party_names import name_parties
from refgraph.registry import Analysis, Parameter, Variant

AnalysisRunner = Callable[..., None]
"""Runs an analysis and writes its answer: ``(session, name, parameters, **more) -> None``."""
OLD_FLAGS = {"chance": ("--luck",)}
"""Parameter -> spellings of its option before it was renamed; they still work."""


def run_once(session: Session, name: str, parameters: dict[str, object]) -> None:
    """Run an analysis for the scope of the session."""
    result = pipeline.run(session.engine, name, parameters, session.scope, session.row_limit)
    session.write(result)


def make_command(
    name: str,
    runner: AnalysisRunner = run_once,
    more: Sequence[LocalizedOption] = (),
    families: Sequence[OptionFamily] = ALL_FAMILIES,
) -> LocalizedCommand:
    """The command of an analysis; its options come from the signature, their help from the texts.

    runner, more, families: another way to run it, its options, and the shared ones that it takes.
    Raises UsageError ``unknown-analysis``.
    """
    what = analyses.load(name)
    variants = what.variants if runner is run_once else ()
    variant_options = [LocalizedOption(f"--{v.option}", metavar=v.metavar) for v in variants]
    options = [*(_make_parameter(what, p) for p in what.parameters), *more, *variant_options]

    @define_command(name, *options, families=families)
    def command(
        reading: ReadingOptions,
        database: DatabaseOptions,
        scope: ScopeOptions,
        output: OutputOptions,
        **values: object,
    ) -> int:
        variant = next((v for v in variants if values[v.option]), None)
        if variant:
            _check_stands_alone(what, variant)
        if variant and not variant.needs_data:
            check_page_output(output, "table", reading, database)
            text = str(values[variant.option])
            write_page(pipeline.run_variant(None, name, variant.option, text), output)
            return 0
        with open_session(reading, database, scope, output) as session:
            session.require_customers()
            if variant:
                _write_variant(session, name, variant, str(values[variant.option]))
            else:
                parameters = {
                    p.name: name_parties(session.engine, p, values[p.name]) for p in what.parameters
                }
                extra = {str(option.name): values[str(option.name)] for option in more}
                runner(session, name, parameters, **extra)
            return session.report_ledger()

    return command


def _check_stands_alone(what: Analysis, variant: Variant) -> None:
    """Raises UsageError ``variant-alone`` if the command line has options of the analysis too."""
    context = click.get_current_context()
    given = [
        option.name
        for option in what.options
        if context.get_parameter_source(option.name) is ParameterSource.COMMANDLINE
    ]
    what.find_variant({name: context.params[name] for name in given})


def _write_variant(session: Session, name: str, variant: Variant, text: str) -> None:
    text = session.find_party(text)
    result = pipeline.run_variant(session.engine, name, variant.option, text, session.scope)
    session.write(result)


class AnalysisGroup(LocalizedGroup):
    """A command whose first word is an analysis: ``refgraph timeline effect SOURCE``.

    runner, more, families: as `make_command` takes them.
    """

    word = "ANALYSIS"
    unknown_word = "no-such-analysis"

    def __init__(
        self,
        name: str,
        runner: AnalysisRunner,
        more: Sequence[LocalizedOption],
        families: Sequence[OptionFamily] = ALL_FAMILIES,
    ) -> None:
        super().__init__(name)
        self.runner, self.more, self.families = runner, more, families

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All analyses."""
        return list(analyses.NAMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The analysis, run in this way; None for an unknown name."""
        name = OLD_NAMES.get(cmd_name, cmd_name)
        if name not in analyses.NAMES:
            return None
        return make_command(name, self.runner, self.more, self.families)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options of this way, then the list of analyses."""
        console = get_console()
        with formatter.section(console.look_up("help", "options-own")):
            records = [option.get_help_record(ctx) for option in self.more]
            formatter.write_dl([record for record in records if record])
        with formatter.section(console.look_up("help", "analyses")):
            formatter.write_dl(list_summaries(analyses.NAMES))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Names of analyses, without loading them."""
        return [CompletionItem(n) for n in analyses.NAMES if n.startswith(incomplete)]


def _make_parameter(what: Analysis, parameter: Parameter) -> click.Parameter:
    """The argument or the option of a parameter."""
    is_argument = parameter.name in what.arguments
    return click.Argument([parameter.name]) if is_argument else _make_option(what.name, parameter)


def _make_option(command: str, parameter: Parameter) -> LocalizedOption:
    """The option of a parameter. ``from_`` becomes ``--from``: Python reserves that word."""
    name, default, hint = parameter.name, parameter.default, parameter.hint
    flag = "--" + name.rstrip("_").replace("_", "-")
    old_flags = OLD_FLAGS.get(name, ())
    if hint == tuple[str, ...]:
        return LocalizedOption(flag, name, command=command, multiple=True)
    if hint is bool:
        return LocalizedOption(
            flag, name, command=command, old_flags=old_flags, is_flag=True, default=default
        )
    return LocalizedOption(
        flag,
        name,
        command=command,
        type=_make_type(hint),
        default=default,
        show_default=default not in (None, ""),
    )


def _make_type(hint: object) -> click.ParamType[Any]:
    """The click type of a hint: Literal words, int, float, str, or one of these or None."""
    kind, limits = split_hint(hint)
    if get_origin(kind) is Literal:
        return WordType([str(word) for word in get_args(kind)])
    if kind is int or kind is float:
        return NumberType(int if kind is int else float, limits)
    return click.STRING
