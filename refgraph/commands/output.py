"""Data to stdout or a file, everything else to stderr, and the exit code that the ledger asks for."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from typing import Any

import click

from refgraph import renderers
from refgraph.commands.language import chosen
from refgraph.engines.base import Engine
from refgraph.errors import DataError
from refgraph.files import PRIVATE, write
from refgraph.model.message import message
from refgraph.model.result import Report, Result
from refgraph.texts import say

ON_TERMINAL = 20


def language(given: Mapping[str, Any]) -> str:
    """The language of the page."""
    return given.get("lang") or chosen()


def page(subject: Result | Report, given: Mapping[str, Any]) -> None:
    """Write the answer where and how the options say: a table on a terminal, TSV in a pipe (a report: Markdown).

    A page for people shows 20 rows unless ``--top``, a data format all.
    """
    form = _format(subject, given)
    terminal = sys.stdout.isatty() and not given["output"]
    top = given["top"] if isinstance(subject, Report) else rows(given)
    width = shutil.get_terminal_size().columns if form == "table" and terminal else None
    content = renderers.render(subject, form, language(given), top=top, width=width, color=terminal)
    if given["output"]:
        write(given["output"], content)
    else:
        put(content)


def rows(given: Mapping[str, Any]) -> int | None:
    """How many rows of an answer its page will show; None = all."""
    return given["top"] or (ON_TERMINAL if _format(None, given) == "table" else None)


def put(content: bytes) -> None:
    """Bytes to stdout; a pipe that was closed is no fault."""
    try:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # whoever reads has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def draws(given: Mapping[str, Any]) -> bool:
    """Whether the format asked for shows pictures."""
    asked = given["format"] or (given["output"] and renderers.format_of(given["output"]))
    return asked in renderers.DRAWING


def _format(subject: Result | Report | None, given: Mapping[str, Any]) -> str:
    if given["format"]:
        return str(given["format"])
    if given["output"]:
        return renderers.format_of(given["output"])
    if isinstance(subject, Report):
        return "md"
    return "table" if sys.stdout.isatty() else "tsv"


def answerable(engine: Engine, given: Mapping[str, Any]) -> None:
    """Raises DataError ``no-customers`` when there is nobody to ask about, the ledger told and the rejects written first."""
    if not engine.account().customers:
        settle(engine, given)
        raise DataError("no-customers")


def settle(engine: Engine, given: Mapping[str, Any]) -> int:
    """Tell the ledger and write the rejects file; the exit code: 3 when rows were set aside, unless allowed."""
    told = engine.account()
    if given["rejects"]:
        write(given["rejects"], engine.dataset().rejects.write_csv().encode(), PRIVATE)
    aside = told.totals["set_aside"]
    lang = language(given)
    if aside or given["verbose"]:
        click.echo(say(message("report.ledger", **told.totals, findings=told.findings), lang), err=True)
    for file in told.ignored:
        if not given["quiet"]:
            click.echo(say(message("report.ignored", file=file), lang), err=True)
    return DataError.exit_code if aside and not given["allow_rejects"] else 0
