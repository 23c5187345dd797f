"""Options whose help is looked up when it is shown, in the language of the call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import click

from refgraph.commands.console import get_console
from refgraph.commands.parameter_types import NumberType, WordType
from refgraph.texts import LANGUAGES

OPTION_GROUPS = ("own", "scope", "output", "reading", "database")
"""Sections of the options in the help of a command, in order."""
MAX_WORDS_WIDTH = 40
"""Longer lists of words stand in the meaning of an option, not behind its name."""


class LocalizedOption(click.Option):
    """An option whose help is ``[option]`` of the texts.

    flags: the spellings, and the name of the Python parameter if it differs.
    group: section in the help, one of `OPTION_GROUPS`. command: command with a text of its own for
    this option (``segments.by``). old_flags: spellings that still work and are not shown.
    """

    def __init__(
        self,
        *flags: str,
        group: str = "own",
        command: str = "",
        old_flags: Sequence[str] = (),
        **settings: Any,
    ) -> None:
        self.group = group
        self.command = command
        self.old_flags = tuple(old_flags)
        self.text_key = flags[0].lstrip("-").replace("-", "_")
        super().__init__([*flags, *old_flags], **settings)

    @property
    def help(self) -> str:
        """What the option means, in the language of the call."""
        console = get_console()
        own_text = console.look_up("option", f"{self.command}.{self.text_key}", "")
        return own_text or console.look_up("option", self.text_key)

    @help.setter
    def help(self, value: str | None) -> None:
        """Ignored: the text is looked up."""

    def make_metavar(self, ctx: click.Context) -> str:
        """How the value is shown: ``FILE``, ``[any|columns]``."""
        if isinstance(self.type, click.Choice) and not self.metavar:
            words = f"[{'|'.join(self.type.choices)}]"
            return words if len(words) <= MAX_WORDS_WIDTH else translate_metavar("WORD")
        return translate_metavar(self.metavar or self.type.name.upper())

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """(spellings, meaning), or None for a hidden option."""
        if self.hidden:
            return None
        flags = sorted((flag for flag in self.opts if flag not in self.old_flags), key=len)
        term = ", ".join(flags)
        if not self.is_flag:
            term += f" {self.make_metavar(ctx)}"
        extra = "; ".join(self._describe_value())
        return term, f"{self.help} [{extra}]" if extra else self.help

    def _describe_value(self) -> Iterable[str]:
        """The default, the limits, and whether a value is needed."""
        console = get_console()
        if isinstance(self.type, click.Choice):
            words = ", ".join(self.type.choices)
            if len(words) > MAX_WORDS_WIDTH:
                yield words
        if self.show_default and not self.is_flag:
            yield f"{console.look_up('help', 'default')} {self.default}"
        if isinstance(self.type, NumberType) and str(self.type.limits):
            yield str(self.type.limits)
        if self.required:
            yield console.look_up("help", "required")


def translate_metavar(word: str) -> str:
    """A placeholder such as ``[FILE]`` in the language of the call; unknown ones stay."""
    bare = word.strip("[].")
    key = "".join(c if c.isalnum() else "-" for c in bare.lower())
    return word.replace(bare, get_console().look_up("metavar", key, bare))


LANG = LocalizedOption(
    "--lang", group="output", type=WordType(LANGUAGES), envvar="REFGRAPH_LANG", expose_value=False
)
"""Option of the program and of every command; `Console` reads it before options are parsed."""
