"""Progress of long work on a terminal: one line that goes away; nothing in a pipe or with ``--quiet``."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click

from refgraph.progress import Progress, silent

_AWAY = "\r\033[K"


def bar(sentence: Callable[[str, int, int | None], str], quiet: bool) -> Progress:
    """A Progress that shows what ``sentence`` says of stage, done and total."""

    def tell(stage: str, done: int, total: int | None = None) -> None:
        click.echo(f"{_AWAY}{sentence(stage, done, total)}", nl=False, err=True)

    return tell if _shown(quiet) else silent


def away(quiet: bool) -> None:
    """Take the line away, so that what is said next stands alone."""
    if _shown(quiet):
        click.echo(_AWAY, nl=False, err=True)


def _shown(quiet: bool) -> bool:
    return sys.stderr.isatty() and not quiet
