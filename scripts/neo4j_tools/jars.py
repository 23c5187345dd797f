"""Java, Maven, and the jars of the server: fetched once into .neo4j/jars, named by the pom.xml."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from neo4j_tools import MissingDependency

ROOT = Path(__file__).resolve().parents[2]
TOOL_FOLDER = ROOT / ".neo4j"
"""Everything that this tool keeps; ignored by git."""
POM = Path(__file__).with_name("pom.xml")
COPY_GOAL = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"
OLDEST_JAVA = 17
JAVA_SECONDS = 60
NO_JAVA = "Java 17 or newer is missing: install it (Debian: apt-get install default-jdk-headless)"
NO_MAVEN = "Maven is missing: install it (Debian: apt-get install maven)"
FETCH_NOTE = "neo4j: fetching the server with Maven (once, about a minute, 130 MB) ..."


def find_java() -> str | None:
    """The Java of JAVA_HOME, else of the PATH; None if neither is version 17 or newer."""
    paths = [os.environ.get("PATH", "")]
    java_home = os.environ.get("JAVA_HOME")
    if java_home:
        paths.insert(0, str(Path(java_home) / "bin"))
    for path in paths:
        program = shutil.which("java", path=path)
        if program and _read_java_version(program) >= OLDEST_JAVA:
            return program
    return None


def _read_java_version(program: str) -> int:
    """17 for `openjdk version "17.0.15"`, 8 for "1.8.0"; 0 if it does not run."""
    try:
        completed = subprocess.run(
            [program, "-version"],
            capture_output=True,
            text=True,
            check=False,
            timeout=JAVA_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return 0
    match = re.search(r'version "(?:1\.)?(\d+)', completed.stderr + completed.stdout)
    return int(match[1]) if match and completed.returncode == 0 else 0


def describe_missing(plugins: bool = False, tool_folder: Path = TOOL_FOLDER) -> str | None:
    """What a server needs and this machine lacks, one sentence each; None if nothing.

    Maven is needed only until the jars are here.
    """
    missing = []
    if find_java() is None:
        missing.append(NO_JAVA)
    if not find_jar_folder(plugins, tool_folder).is_dir() and shutil.which("mvn") is None:
        missing.append(NO_MAVEN)
    return " ".join(f"{sentence}." for sentence in missing) or None


def find_jar_folder(plugins: bool = False, tool_folder: Path = TOOL_FOLDER) -> Path:
    """The folder for the jars of this pom.xml, whether it exists or not."""
    key = hashlib.sha256(POM.read_bytes()).hexdigest()[:16]
    return tool_folder / "jars" / (f"{key}-plugins" if plugins else key)


def fetch_jars(
    plugins: bool = False, tool_folder: Path = TOOL_FOLDER, offline: bool = False
) -> Path:
    """The folder of the jars, fetched if need be; concurrent calls wait, and fetch once.

    offline: Maven uses its local repository and no network. Raises MissingDependency if Java or
    Maven are not here, or if Maven fails.
    """
    missing = describe_missing(plugins, tool_folder)
    if missing:
        raise MissingDependency(missing)
    target = find_jar_folder(plugins, tool_folder)
    target.parent.mkdir(parents=True, exist_ok=True)
    options = []
    if plugins:
        options.append("-Pplugins")
    if offline:
        options.append("-o")
    with hold_file_lock(target.with_suffix(".lock")):
        if not target.is_dir():
            _fetch_with_maven(target, options)
    return target


def _fetch_with_maven(target: Path, options: list[str]) -> None:
    """Fetch into a new folder, then rename it, so that the target is complete or absent."""
    print(FETCH_NOTE, file=sys.stderr, flush=True)
    new, log = target.with_suffix(".new"), target.with_suffix(".log")
    shutil.rmtree(new, ignore_errors=True)  # of a fetch that was killed; we hold the lock
    command = ["mvn", "-B", "-q", "-f", str(POM), COPY_GOAL]
    command += ["-DincludeScope=runtime", f"-DoutputDirectory={new}", *options]
    with log.open("w") as output:
        completed = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if completed.returncode or not list(new.glob("neo4j-5*.jar")):
        shutil.rmtree(new, ignore_errors=True)
        reason = _find_maven_error(log)
        raise MissingDependency(f"Maven could not fetch the server: {reason} (log: {log})")
    new.rename(target)


def _find_maven_error(log: Path) -> str:
    """The first line of the log with an error."""
    for line in log.read_text(errors="replace").splitlines():
        if "ERROR" in line:
            return line.strip()
    return "no reason given"


@contextmanager
def hold_file_lock(path: Path) -> Iterator[None]:
    """Exclude all other processes; the system releases the lock if this one dies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
