"""Files for the bulk import tool of Neo4j, with the command for each version of the tool."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path

from refgraph.engines.base import Engine
from refgraph.engines.neo4j.bulk_import import FORMAT_OPTIONS
from refgraph.engines.neo4j.import_files import write_import_files
from refgraph.engines.neo4j.load_plan import plan_load
from refgraph.engines.neo4j.load_record import KEY_PROPERTIES
from refgraph.engines.neo4j.load_setup import make_constraints
from refgraph.pipeline.stored_answers import compute_stored_answers

DATABASE = "neo4j"
CONSTRAINTS_FILE = "constraints.cypher"
REPORT_FILE = "import.report"
"""What the tool of Neo4j writes."""
VERSION_OPTIONS: Mapping[str, tuple[str, ...]] = {
    "5": (),
    "2026": ("--path-pattern-style=none", "--multiline-fields-format=v1"),
}
"""Version of Neo4j -> options that only its tool has: file names are no patterns, and what
``--multiline-fields=true`` means."""


def make_script_name(version: str) -> str:
    """The file that holds the command for a version of Neo4j."""
    return f"import-neo4j-{version}.sh"


def list_own_files() -> list[str]:
    """What stands beside the files to import."""
    return [*map(make_script_name, VERSION_OPTIONS), CONSTRAINTS_FILE, REPORT_FILE]


def write_import_folder(engine: Engine, folder: Path) -> None:
    """The files to import, a script per version of Neo4j, and the constraints as Cypher.

    A server that has run a script holds what ``refgraph load`` writes. Raises DataError
    ``import-name`` for a column name that the tool would misread.
    """
    source = str(engine.origin().get("source", ""))
    plan = plan_load(engine.dataset(), source, compute_stored_answers)
    files = write_import_files(folder, plan, is_dated=False)
    options = [option.replace(f"{folder}/", "", 1) for option in files]
    for version in VERSION_OPTIONS:
        script = "\n".join(("#!/bin/sh", *_format_command(version, options), ""))
        (folder / make_script_name(version)).write_text(script, encoding="utf-8")
    statements = "".join(f"{statement};\n" for statement in make_constraints(KEY_PROPERTIES))
    (folder / CONSTRAINTS_FILE).write_text(statements, encoding="utf-8")


def _format_command(version: str, options: list[str]) -> list[str]:
    """The command in the folder of the script; ``NEO4J_ADMIN`` may name the tool."""
    words = [*options, *FORMAT_OPTIONS, *VERSION_OPTIONS[version], f"--report-file={REPORT_FILE}"]
    quoted = (shlex.quote(word) for word in words)
    command = ("database", "import", "full", DATABASE)
    lines = [f"${{NEO4J_ADMIN:-neo4j-admin}} {' '.join(command)} \\"]
    lines += [f"  {word} \\" for word in quoted]
    return ['cd "$(dirname "$0")" || exit 1', *lines, '  "$@"']
