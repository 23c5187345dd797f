"""The command line. click lives only here; one file per command.

`main` is the program. The module of a command is imported when the command is called, so
``refgraph --help`` loads neither polars nor numpy.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Run the program and leave with its exit code."""
    try:
        code = _run()
    except KeyboardInterrupt:  # while the program is still being loaded
        code = 130
    if code in (130, 143):
        from refgraph.commands.signals import leave_at_once

        leave_at_once(code)
    sys.exit(code)


def _run() -> int:
    from refgraph.commands.cli import cli
    from refgraph.commands.exit_codes import run_command_line
    from refgraph.commands.streams import mute_compiled_libraries, open_closed_streams

    open_closed_streams()
    if "--debug" not in sys.argv:
        mute_compiled_libraries()
    return run_command_line(cli, sys.argv[1:])
