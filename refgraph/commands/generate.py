"""``refgraph generate OUT``: a folder with a synthetic company and known facts about it."""

from __future__ import annotations

from dataclasses import Field, fields
from typing import Any

import click
from click.core import ParameterSource

from refgraph.commands.console import get_console
from refgraph.commands.localized_option import LocalizedOption
from refgraph.commands.option_families import define_command
from refgraph.commands.parameter_types import NumberType
from refgraph.commands.progress_bar import show_progress
from refgraph.generator import Plan, make_plain_plan
from refgraph.model.parameter_values import Limits
from refgraph.pipeline import generate
from refgraph.texts import format_message, get_label

COMMAND_NAME = "generate"


def _make_option(knob: Field[Any]) -> LocalizedOption:
    """The option of a field of the Plan. Its limits are checked by the Plan."""
    flag = "--" + knob.name.replace("_", "-")
    if isinstance(knob.default, bool):
        return LocalizedOption(flag, command=COMMAND_NAME, is_flag=True)
    kind = int if isinstance(knob.default, int) else float
    low, high = knob.metadata["low"], knob.metadata["high"]
    return LocalizedOption(
        flag,
        command=COMMAND_NAME,
        type=NumberType(kind, Limits(low, high)),
        default=knob.default,
        show_default=knob.default is not None,
    )


@define_command(
    COMMAND_NAME,
    click.Argument(["out"], type=click.Path()),
    *[_make_option(knob) for knob in fields(Plan)],
    LocalizedOption("--plain", command=COMMAND_NAME, is_flag=True),
    LocalizedOption("--force", command=COMMAND_NAME, is_flag=True),
    text=("generate", "help"),
    epilog_text=("generate", "laws"),
)
def command(out: str, plain: bool, force: bool, **knobs: Any) -> None:
    """Write the folder and print what it holds."""
    language = get_console().language

    def describe(stage: str, done: int, total: int | None) -> str:
        return f"{get_label(stage, language)} {done:,}"

    with show_progress(describe) as progress:
        written = generate.write_company(_make_plan(plain, knobs), out, force, progress)
    click.echo(format_message(written, language))


def _make_plan(plain: bool, knobs: dict[str, Any]) -> Plan:
    """The Plan; a plain one takes only the knobs that were given."""
    if not plain:
        return Plan(**knobs)
    context = click.get_current_context()
    given = {
        name: value
        for name, value in knobs.items()
        if context.get_parameter_source(name) is not ParameterSource.DEFAULT
    }
    return make_plain_plan(**given)
