"""Commands and groups whose help is looked up when it is shown, in the language of the call."""

from __future__ import annotations

from typing import Any

import click

from refgraph.commands.console import Console, get_console
from refgraph.commands.help_page import HelpFormatter
from refgraph.commands.localized_option import LANG, OPTION_GROUPS, translate_metavar
from refgraph.commands.usage_errors import suggest, translate_error
from refgraph.errors import UsageError

OUTPUT_NAMES = {"output", "verbose"}
"""Without one of these options, those of the group ``output`` have no section of their own."""


class _LocalizedHelp(click.Command):
    """The parts of a help page that commands and groups share.

    text: (table, key) of the help. epilog_text: (table, key) of what stands at its end.
    """

    def __init__(
        self,
        name: str,
        *,
        text: tuple[str, str] | None = None,
        epilog_text: tuple[str, str] | None = None,
        **settings: Any,
    ) -> None:
        super().__init__(name, **settings)
        self.text = text or ("command", name)
        self.epilog_text = epilog_text

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """The context of click, with a `Console` as its object."""
        if parent is None and extra.get("obj") is None:
            extra["obj"] = Console.from_words(args)
        return super().make_context(info_name, args, parent, **extra)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse, and remember which command runs. Raises UsageError ``extra-words``."""
        get_console().command_path = ctx.command_path
        try:
            self._check_repeated_options(ctx, args)
            rest = super().parse_args(ctx, args)
        except click.UsageError as error:
            raise translate_error(error, ctx) from None
        if rest and not isinstance(self, click.Group) and not ctx.resilient_parsing:
            raise UsageError("extra-words", words=rest)
        return rest

    def _check_repeated_options(self, ctx: click.Context, args: list[str]) -> None:
        """Raise UsageError ``option-twice`` for an option of one value that is given twice."""
        if isinstance(self, click.Group):
            return
        *_, order = self.make_parser(ctx).parse_args(list(args))
        for parameter in set(order):
            if not isinstance(parameter, click.Option) or parameter.multiple or parameter.is_flag:
                continue
            if order.count(parameter) > 1:
                raise UsageError("option-twice", option=max(parameter.opts, key=len))

    def get_short_help_str(self, limit: int = 45) -> str:
        """The line of the command in a list."""
        return get_console().look_up(*self.text)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option ``--help``, its text in the language of the call."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = get_console().look_up("option", "help")
        return option

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The first line: how the command is called."""
        heading, colon = (get_console().look_up("help", key) for key in ("usage", "colon"))
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write(f"{heading}{colon}{ctx.command_path} {pieces}\n")

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Arguments, then ``[OPTIONS]``."""
        arguments = [p for p in self.get_params(ctx) if isinstance(p, click.Argument)]
        words = [translate_metavar(argument.make_metavar(ctx)) for argument in arguments]
        return [*words, translate_metavar("[OPTIONS]")]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What the command does."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(get_console().look_up(*self.text))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Options by group: its own first, then those that many commands have."""
        rows: dict[str, list[tuple[str, str]]] = {group: [] for group in OPTION_GROUPS}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None and isinstance(parameter, click.Option):
                rows[getattr(parameter, "group", "output")].append(record)
        if not any(parameter.name in OUTPUT_NAMES for parameter in self.params):
            rows["own"] += rows.pop("output")
        for group, records in rows.items():
            if records:
                with formatter.section(get_console().look_up("help", f"options-{group}")):
                    formatter.write_dl(records)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Examples, then what else there is to say."""
        console = get_console()
        path = ctx.command_path.split()[1:]
        examples = console.look_up("example", "-".join(path), "")
        if examples and isinstance(formatter, HelpFormatter):
            with formatter.section(console.look_up("help", "examples")):
                formatter.write_lines(examples)
        if self.epilog_text:
            formatter.write_paragraph()
            formatter.write_text(console.look_up(*self.epilog_text))


class LocalizedContext(click.Context):
    """A context with the help pages of refgraph."""

    formatter_class = HelpFormatter


class LocalizedCommand(_LocalizedHelp):
    """A command; see `_LocalizedHelp`."""

    context_class = LocalizedContext
    allow_extra_args = True


class LocalizedGroup(_LocalizedHelp, click.Group):
    """A command whose first word is another command.

    word: what that first word is, such as ``ANALYSIS``.
    unknown_word: id of the error for a first word that is not known.
    """

    context_class = LocalizedContext
    word = "COMMAND"
    unknown_word = "unknown-command"

    def __init__(self, name: str, **settings: Any) -> None:
        defaults = {"params": [LANG], "invoke_without_command": True}
        super().__init__(name, callback=self._require_command, **{**defaults, **settings})

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands, then the options."""
        self.format_commands(ctx, formatter)
        super().format_options(ctx, formatter)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """The first word, then those of the command that it names."""
        return [translate_metavar(word) for word in (self.word, "[SOURCE]", "[OPTIONS]")]

    def _require_command(self) -> None:
        context = click.get_current_context()
        if context.invoked_subcommand is None:
            self.handle_no_command(context)

    def handle_no_command(self, ctx: click.Context) -> None:
        """Called if no command follows the group. Raises UsageError ``missing-value``."""
        raise UsageError("missing-value", name=translate_metavar(self.word))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click, with the nearest names for an unknown one. Raises UsageError `unknown_word`."""
        name = args[0]
        if not name.startswith("-") and self.get_command(ctx, name) is None:
            near = suggest(name, self.list_commands(ctx))
            raise UsageError(self.unknown_word, name=name, near=near)
        return super().resolve_command(ctx, args)
