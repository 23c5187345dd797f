"""From errors to exit codes: a line of cause, a line of remedy, no traceback but by ``--debug``."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from refgraph import progress
from refgraph.commands.console import PROGRAM, Console, to_one_line
from refgraph.commands.signals import INTERRUPTED, watch_signals
from refgraph.commands.streams import silence_stdout
from refgraph.commands.waiting_line import show_waiting_line
from refgraph.errors import DataError, FileError, RefgraphError, UsageError
from refgraph.model.message import message
from refgraph.model.refusals import describe_refusal
from refgraph.texts import explain_error, fill_text


def run_command_line(cli: click.Command, arguments: Sequence[str]) -> int:
    """Run the command line and return its exit code; no error leaves it as a traceback."""
    console = Console.from_words(arguments)

    def print_remark(id: str) -> None:
        console.print_remark(message(f"remark.{id}"))

    try:
        with (
            watch_signals(),
            show_waiting_line(console),
            progress.listen(print_remark),
            _log_to_stderr(console.is_debug),
        ):
            return _run(cli, list(arguments), console)
    except click.exceptions.Exit as leave:  # a signal before the work began, or after its end
        return leave.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED


def _run(cli: click.Command, arguments: list[str], console: Console) -> int:
    try:
        code = cli.main(arguments, prog_name=PROGRAM, standalone_mode=False, obj=console)
        sys.stdout.flush()
        return int(code or 0)
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except SystemExit:  # so click ends when the reader has closed the pipe, and only then
        return 0
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except click.ClickException as error:
        return _fail(UsageError("usage", what=error.format_message()), console)
    except RefgraphError as error:
        return _fail(error, console)
    except BrokenPipeError:
        silence_stdout()
        return 0
    except OSError as error:  # what no part of the program expects, such as a full disk
        path = error.filename or "stdout"
        silence_stdout()
        return _fail(FileError("io-failed", path=str(path), why=describe_refusal(error)), console)
    except MemoryError as error:
        return _fail(DataError("not-enough-memory", what=str(error)[:300]), console)
    except BaseException as error:  # a panic of a compiled library is no Exception
        what = str(error)[:300]
        return _fail(RefgraphError("internal", kind=type(error).__name__, what=what), console)


def _fail(error: RefgraphError, console: Console) -> int:
    """Print an error, with ``--debug`` where it happened; returns its exit code."""
    if console.is_debug:
        traceback.print_exc()
    print_error(error, console)
    return error.exit_code


def print_error(error: RefgraphError, console: Console) -> None:
    """Cause and remedy of an error and of all found with it, on stderr.

    The remedy of a wrong call names the help of the command.
    """
    language = console.language
    for fault in (error, *error.others):
        cause, remedy = explain_error(fault, language)
        if isinstance(fault, UsageError):
            text = console.look_up("help", "remedy-of-usage")
            values = {"remedy": remedy, "command": console.command_path}
            remedy = fill_text(text, values, language)
        click.echo(f"{console.look_up('help', 'error')}: {to_one_line(cause)}", err=True)
        click.echo(f"  {to_one_line(remedy)}", err=True)


@contextmanager
def _log_to_stderr(is_debug: bool) -> Iterator[None]:
    """With ``--debug``, show on stderr what refgraph logs."""
    if not is_debug:
        yield
        return
    import logging

    logger = logging.getLogger("refgraph")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(relativeCreated)6d ms %(name)s: %(message)s"))
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
