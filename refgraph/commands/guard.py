"""From errors to exit codes: one line of cause, one line of remedy, no traceback without ``--debug``."""

from __future__ import annotations

import signal
import sys
import traceback
from collections.abc import Sequence

import click

from refgraph import progress
from refgraph.commands.language import chosen
from refgraph.errors import RefgraphError, UsageError
from refgraph.texts import explain_error, lookup

INTERRUPTED, TERMINATED = 130, 143


def guarded(cli: click.Command, arguments: Sequence[str]) -> int:
    """Run the command line and return its exit code (RELIABILITY P8)."""
    signal.signal(signal.SIGTERM, _terminate)
    lang = chosen(list(arguments))
    if "--quiet" not in arguments:
        progress.listeners.append(lambda id: click.echo(lookup("remark", id, lang), err=True))
    try:
        code = cli.main(list(arguments), prog_name="refgraph", standalone_mode=False)
        sys.stdout.flush()
        return int(code or 0)
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except SystemExit:  # click leaves so, and only so, when whoever reads has closed the pipe
        return 0
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except click.ClickException as error:
        tell(UsageError("usage", what=error.format_message()), lang)
        return UsageError.exit_code
    except RefgraphError as error:
        _trace(arguments)
        tell(error, lang)
        return error.exit_code
    except BaseException as error:  # a panic of a compiled library is no Exception
        _trace(arguments)
        tell(RefgraphError("internal", kind=type(error).__name__, what=str(error)[:300]), lang)
        return RefgraphError.exit_code


def _trace(arguments: Sequence[str]) -> None:
    """With ``--debug``: where it happened, before cause and remedy."""
    if "--debug" in arguments:
        traceback.print_exc()


def tell(error: RefgraphError, lang: str) -> None:
    """Cause and remedy of an error and of all found with it, on stderr."""
    for each in (error, *error.others):
        cause, remedy = explain_error(each, lang)
        click.echo(f"{lookup('help', 'error', lang)}: {_one_line(cause)}", err=True)
        click.echo(f"  {_one_line(remedy)}", err=True)


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def _terminate(*_: object) -> None:
    raise click.exceptions.Exit(TERMINATED)
