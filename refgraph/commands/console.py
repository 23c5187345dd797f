"""What holds during a whole call: language, remarks on stderr, and which command runs."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import click

from refgraph import config
from refgraph.model.message import Message
from refgraph.texts import LANGUAGES, detect_language, format_message, look_up

PROGRAM = "refgraph"


@dataclass
class Console:
    """The terminal as all parts of a call see it; the context of click carries it as ``obj``.

    is_language_fixed: chosen by ``--lang`` or REFGRAPH_LANG, so that refgraph.toml does not change
    it. command_path: the command that runs, such as ``refgraph snapshot list``.
    """

    language: str
    is_language_fixed: bool = False
    is_quiet: bool = False
    is_debug: bool = False
    command_path: str = PROGRAM

    @classmethod
    def from_words(
        cls, words: Sequence[str], environment: Mapping[str, str] = os.environ
    ) -> Console:
        """The console for a command line, before its options are parsed."""
        fixed = find_language(words) or environment.get("REFGRAPH_LANG", "")
        if fixed in LANGUAGES:
            language = fixed
        else:
            source = find_source(words) or environment.get("REFGRAPH_SOURCE")
            configured = config.read_language(config.find_config(source, None, environment))
            is_known = configured in LANGUAGES
            language = configured if configured and is_known else detect_language(environment)
        return cls(
            language=language,
            is_language_fixed=fixed in LANGUAGES,
            is_quiet="--quiet" in words,
            is_debug="--debug" in words,
        )

    def prefer_language(self, language: str | None) -> None:
        """Use the language of refgraph.toml, unless one is fixed."""
        if language in LANGUAGES and not self.is_language_fixed:
            self.language = language

    def print_remark(self, remark: Message) -> None:
        """A sentence on stderr; nothing with ``--quiet``."""
        if not self.is_quiet:
            self.print_message(remark)

    def print_message(self, sentence: Message) -> None:
        """A sentence on stderr."""
        lines = format_message(sentence, self.language).split("\n")
        click.echo("\n".join(map(to_one_line, lines)), err=True)

    def look_up(self, table: str, key: str, default: str | None = None) -> str:
        """A text in the language of the call; see `refgraph.texts.look_up`."""
        return look_up(table, key, self.language, default)


def get_console() -> Console:
    """The console of the running call; outside of a call, one for the environment alone."""
    context = click.get_current_context(silent=True)
    console = context.find_object(Console) if context else None
    return console or Console.from_words(())


def find_source(words: Sequence[str]) -> str | None:
    """The first word that is a path and no value of an option, before options are known."""
    for before, word in pairwise(words):
        is_plain = not before.startswith("-") and not word.startswith("-")
        if is_plain and os.path.exists(word):
            return word
    return None


def find_language(words: Sequence[str]) -> str | None:
    """The value of the last ``--lang``, wherever it stands; None if there is none."""
    language = None
    for index, word in enumerate(words):
        if word == "--":
            break
        if word == "--lang" and index + 1 < len(words):
            language = words[index + 1]
        elif word.startswith("--lang="):
            language = word.removeprefix("--lang=")
    return language


def to_one_line(text: str) -> str:
    """The text with a blank for every character that acts on a terminal."""
    return "".join(c if c.isprintable() else " " for c in text)
