"""Mistakes in a command line as errors of refgraph, with the nearest names for a mistyped word."""

from __future__ import annotations

from collections.abc import Iterable

import click

from refgraph.commands.parameter_types import get_flag
from refgraph.errors import UsageError
from refgraph.model.message import Message, message
from refgraph.model.parameter_values import find_nearest


def translate_error(error: click.ClickException, context: click.Context) -> UsageError:
    """The UsageError that says the same as an error of click, in both languages."""
    if isinstance(error, click.NoSuchOption):
        near = suggest(error.option_name, _list_flags(context))
        return UsageError("unknown-option", name=error.option_name, near=near)
    if isinstance(error, click.MissingParameter):
        return UsageError("missing-value", name=get_flag(error.param))
    if isinstance(error, click.BadOptionUsage):
        if _is_flag(context, error.option_name):
            return UsageError("value-for-flag", option=error.option_name)
        return UsageError("option-without-value", option=error.option_name)
    return UsageError("usage", what=error.format_message())


def suggest(word: str, known: Iterable[str]) -> Message:
    """A sentence with the names that are most like a mistyped one."""
    names = find_nearest(word, known)
    return message("help.nearest", names=names) if names else message("help.no-nearest")


def _list_flags(context: click.Context) -> list[str]:
    """All spellings of the options of a command."""
    return [flag for parameter in context.command.get_params(context) for flag in parameter.opts]


def _is_flag(context: click.Context, name: str) -> bool:
    """Whether an option takes no value."""
    parameters = context.command.get_params(context)
    flags = (p for p in parameters if isinstance(p, click.Option) and p.is_flag)
    return any(name in parameter.opts for parameter in flags)
