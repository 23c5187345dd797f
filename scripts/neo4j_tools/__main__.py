"""The command line of scripts/neo4j."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from neo4j_tools import ToolError, jars, server, server_home
from neo4j_tools.statements import format_cell, run_statement

DESCRIPTION = (
    "A Neo4j Community server for development: loopback only, a password of its own, "
    "everything in .neo4j/."
)
ACTION_HELP = {
    "start": "fetch the server if need be, start it, print how to reach it",
    "stop": "stop it and wait",
    "status": "whether it runs, where, and how large it is",
    "cypher": "run a statement, print TSV",
    "admin": "run neo4j-admin on it, such as for refgraph load --via import "
    "(NEO4J_ADMIN='scripts/neo4j admin')",
}
SIZE_PATTERN = re.compile(r"[1-9]\d*[mg]")
VERSION_STATEMENT = (
    "CALL dbms.components() YIELD name, versions AS v, edition RETURN name, v[0], edition"
)
BLOCK_BYTES = 512
"""Unit of st_blocks."""


def parse_arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    """The action and its options."""
    parser = argparse.ArgumentParser("scripts/neo4j", description=DESCRIPTION)
    actions = parser.add_subparsers(dest="action", required=True, metavar="|".join(ACTION_HELP))
    home = jars.TOOL_FOLDER / "home"
    for name, help_text in ACTION_HELP.items():
        action = actions.add_parser(name, help=help_text, description=help_text)
        add = action.add_argument
        add("--home", type=Path, default=home, metavar="DIR", help="its folder (.neo4j/home)")
        if name == "start":
            _add_start_options(action)
        elif name == "cypher":
            add("statement", help="such as 'RETURN 1'; - reads it from the standard input")
        elif name == "admin":
            add("words", nargs=argparse.REMAINDER, help="such as: database info neo4j")
    return parser.parse_args(words)


def _add_start_options(action: argparse.ArgumentParser) -> None:
    action.add_argument(
        "--heap",
        type=parse_size,
        default="512m",
        metavar="SIZE",
        help="memory: 512m (default), 2g",
    )
    action.add_argument(
        "--page-cache",
        type=parse_size,
        metavar="SIZE",
        help="64m; 1g with a heap of 1g or more",
    )
    action.add_argument("--plugins", action="store_true", help="with APOC and open GDS")
    action.add_argument(
        "--offline",
        action="store_true",
        help="take the jars from Maven's local repository, use no network",
    )


def parse_size(text: str) -> str:
    """A size such as 512m or 2g."""
    if not SIZE_PATTERN.fullmatch(text.lower()):
        raise argparse.ArgumentTypeError(f"{text!r} is no size; write 512m or 2g")
    return text.lower()


def start(arguments: argparse.Namespace) -> None:
    """Start the server, and print what to paste into a shell."""
    running = server.find_server(arguments.home)
    if running:
        note = f"neo4j: runs already (pid {running.pid}); its options are not changed"
        print(note, file=sys.stderr)
    else:
        running = server.start_server(
            arguments.home,
            heap=arguments.heap,
            page_cache=arguments.page_cache or _choose_page_cache(arguments.heap),
            plugins=arguments.plugins,
            offline=arguments.offline,
        )
    print(format_connection(running))


def _choose_page_cache(heap: str) -> str:
    is_large = heap.endswith("g") or int(heap[:-1]) >= 1024
    return "1g" if is_large else "64m"


def format_connection(running: server.Server) -> str:
    """The address, and a line that sets the variables in a shell without showing the password.

    Raises ToolError if the file with the variables is gone.
    """
    file = running.env_file
    if not file.is_file():
        raise ToolError(
            f"the password is lost, {file} is gone: "
            "stop the server, and start one with a new --home."
        )
    path = str(file)
    if file.is_relative_to(Path.cwd()):
        path = os.path.relpath(file)
    if "/" not in path:
        path = f"./{path}"  # the shell looks for a name without a slash on the PATH
    return f"NEO4J_URI={running.uri}\nset -a; . {shlex.quote(path)}; set +a"


def stop(arguments: argparse.Namespace) -> None:
    """Stop the server, and print whether one was running."""
    running = server.find_server(arguments.home)
    if running:
        running.stop()
    print("stopped" if running else "not running")


def status(arguments: argparse.Namespace) -> None:
    """Print one line per fact: name, tab, value."""
    running = server.find_server(arguments.home)
    facts: dict[str, object] = {
        "state": "running" if running else "stopped",
        "home": arguments.home.resolve(),
    }
    if running:
        facts["uri"] = running.uri
        facts["pid"] = running.pid
        facts["version"] = read_version(running)
        facts["env"] = running.env_file
    facts["data"] = measure_folder(arguments.home / "data")
    for name, fact in facts.items():
        print(f"{name}\t{fact}")


def read_version(running: server.Server) -> str:
    """Name, version and edition of the server, or why they are unknown."""
    try:
        _, rows = run_statement(running, VERSION_STATEMENT)
    except ToolError as error:
        return f"unknown: {error}"
    return " ".join(rows[0])


def measure_folder(folder: Path) -> str:
    """Size of a folder on disk in MB; "none" if it does not exist. Files may vanish meanwhile."""
    if not folder.is_dir():
        return "none"
    total = 0
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            total += path.stat().st_blocks * BLOCK_BYTES
    return f"{total / 1e6:.1f} MB"


def cypher(arguments: argparse.Namespace) -> None:
    """Run a statement; print TSV with a header, or nothing if it returns no columns."""
    running = server.find_server(arguments.home)
    if not running:
        raise ToolError(f"no server runs in {arguments.home}: start it with scripts/neo4j start.")
    statement = arguments.statement
    columns, rows = run_statement(running, sys.stdin.read() if statement == "-" else statement)
    if columns:
        for row in [columns, *rows]:
            print("\t".join(map(format_cell, row)))


def admin(arguments: argparse.Namespace) -> None:
    """Run the administration tool, and exit with its code; most actions need a stopped server."""
    home = arguments.home.resolve()
    java, lib = jars.find_java(), jars.fetch_jars()
    command = [str(java), "-Xmx2g", "-cp", f"{lib}/*", "org.neo4j.cli.AdminTool", *arguments.words]
    folders = {"NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf")}
    environment = server_home.build_environment() | folders
    sys.exit(subprocess.run(command, env=environment, check=False).returncode)


ACTIONS: dict[str, Callable[[argparse.Namespace], None]] = {
    "start": start,
    "stop": stop,
    "status": status,
    "cypher": cypher,
    "admin": admin,
}


def main() -> None:
    """Run the action.

    An error is one sentence and code 4, Ctrl-C is 130; a closed output, as after head, is none.
    """
    arguments = parse_arguments()
    try:
        ACTIONS[arguments.action](arguments)
        sys.stdout.flush()
    except ToolError as error:
        print(f"neo4j: {error}", file=sys.stderr)
        sys.exit(error.code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
