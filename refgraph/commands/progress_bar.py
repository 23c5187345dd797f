"""Progress of long work: one line on a terminal, nothing in a pipe or with ``--quiet``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from refgraph.commands.console import get_console
from refgraph.progress import Progress, ignore_progress

_CLEAR_LINE = "\r\033[K"


@contextmanager
def show_progress(describe: Callable[[str, int, int | None], str]) -> Iterator[Progress]:
    """A Progress that shows what ``describe(stage, done, total)`` returns, until the block ends."""

    def show(stage: str, done: int, total: int | None = None) -> None:
        click.echo(f"{_CLEAR_LINE}{describe(stage, done, total)}", nl=False, err=True)

    if get_console().is_quiet or not sys.stderr.isatty():
        yield ignore_progress
        return
    try:
        yield show
    finally:
        click.echo(_CLEAR_LINE, nl=False, err=True)
