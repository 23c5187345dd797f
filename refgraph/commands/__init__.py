"""THE COMMAND LINE: click lives only here; one file, one command.

`main` is the program. A command's module is imported when the command is called, so ``refgraph --help`` loads neither
polars nor numpy.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Run the program and leave with its exit code."""
    from refgraph import lean
    from refgraph.commands.guard import guarded
    from refgraph.commands.group import cli

    lean.own()
    sys.exit(guarded(cli, sys.argv[1:]))
