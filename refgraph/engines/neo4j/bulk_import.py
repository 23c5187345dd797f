"""Dataset -> an empty, stopped server, by the bulk import tool of Neo4j, in one call."""

from __future__ import annotations

import logging
import shlex
import subprocess
import tempfile
from pathlib import Path

from refgraph.engines.neo4j.credentials import Credentials
from refgraph.engines.neo4j.import_files import LIST_SEPARATOR, write_import_files
from refgraph.engines.neo4j.load_plan import LoadPlan
from refgraph.engines.neo4j.probe import probe
from refgraph.errors import DatabaseError, UsageError
from refgraph.model.refusals import describe_refusal

FORMAT_OPTIONS = (
    "--id-type=string",
    "--input-encoding=utf-8",
    "--multiline-fields=true",
    "--bad-tolerance=0",
    f"--array-delimiter=U+{ord(LIST_SEPARATOR):04X}",
)
MAX_REASON_CHARACTERS = 300
LOGGER = logging.getLogger("refgraph.engines.neo4j")


def run_bulk_import(credentials: Credentials, plan: LoadPlan, admin: str, overwrite: bool) -> None:
    """Fill the database while its server is stopped.

    On its next start the server holds what `loading.write_tables` would have written.

    admin: the program as a shell command: ``neo4j-admin``, ``scripts/neo4j admin``. overwrite:
    delete what the database holds. Raises UsageError ``import-running`` (the server answers),
    ``import-missing`` (no such program); DataError ``import-name`` (a column name that the tool
    would misread); DatabaseError ``import-refused`` with what the tool reports.
    """
    if _is_running(credentials):
        raise UsageError("import-running", uri=credentials.uri)
    with tempfile.TemporaryDirectory(prefix="refgraph-import-") as folder:
        command = shlex.split(admin)
        command += ["database", "import", "full", credentials.database]
        command += write_import_files(Path(folder), plan)
        command += FORMAT_OPTIONS
        command += [f"--report-file={folder}/report"]
        command += [f"--overwrite-destination={str(overwrite).lower()}"]
        completed = _run_tool(command, admin)
    if completed.returncode:
        why = _find_reason(completed)
        raise DatabaseError("import-refused", why=why, uri=credentials.uri)


def _is_running(credentials: Credentials) -> bool:
    try:
        probe(credentials)
    except DatabaseError:
        return False
    return True


def _run_tool(command: list[str], admin: str) -> subprocess.CompletedProcess[str]:
    LOGGER.debug("bulk import by %s", admin)
    try:
        return subprocess.run(
            command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
        )
    except OSError as error:
        raise UsageError("import-missing", admin=admin, why=describe_refusal(error)) from error


def _find_reason(completed: subprocess.CompletedProcess[str]) -> str:
    """The first line of the output that looks like an error, else its last line."""
    output = completed.stderr + completed.stdout
    lines = [line for line in output.splitlines() if line.strip()]
    for line in lines:
        if "rror" in line or "exist" in line:
            return line.strip()[:MAX_REASON_CHARACTERS]
    last = lines[-1] if lines else str(completed.returncode)
    return last.strip()[:MAX_REASON_CHARACTERS]
