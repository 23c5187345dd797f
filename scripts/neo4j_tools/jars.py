"""Java, Maven, and the server's jars: fetched once into .neo4j/jars, named by what was asked for."""

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

from neo4j_tools import Missing

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / ".neo4j"
"""Everything that this tool keeps; git ignores it."""
POM = Path(__file__).with_name("pom.xml")
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"
OLDEST = 17
NO_JAVA = "Java 17 or newer is missing: install it (Debian: apt-get install default-jdk-headless)"
NO_MAVEN = "Maven is missing: install it (Debian: apt-get install maven)"


def java() -> str | None:
    """The Java to run: JAVA_HOME's, else the PATH's; None if there is none of version 17 or newer."""
    at = [str(Path(home) / "bin") for home in [os.environ.get("JAVA_HOME")] if home]
    for path in (*at, os.environ.get("PATH", "")):
        found = shutil.which("java", path=path)
        if found and _version(found) >= OLDEST:
            return found
    return None


def _version(program: str) -> int:
    """17 for `openjdk version "17.0.15"`, 8 for "1.8.0"; 0 for what does not run, such as the stub of macOS."""
    try:
        done = subprocess.run([program, "-version"], capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    told = re.search(r'version "(?:1\.)?(\d+)', done.stderr + done.stdout)
    return int(told[1]) if told and done.returncode == 0 else 0


def missing(plugins: bool = False, kept: Path = KEPT) -> str | None:
    """All that a server needs and this machine lacks, a sentence each; Maven only while the jars are not here."""
    no_maven = not folder(plugins, kept).is_dir() and shutil.which("mvn") is None
    lacking = [NO_JAVA] * (java() is None) + [NO_MAVEN] * no_maven
    return " ".join(f"{each}." for each in lacking) or None


def folder(plugins: bool = False, kept: Path = KEPT) -> Path:
    """Where the jars of this pom.xml lie, or would lie."""
    key = hashlib.sha256(POM.read_bytes()).hexdigest()[:16]
    return kept / "jars" / (f"{key}-plugins" if plugins else key)


def fetch(plugins: bool = False, kept: Path = KEPT, offline: bool = False) -> Path:
    """The folder of the jars, fetched if it is not here; whoever asks meanwhile waits, and finds all of them or none.

    offline: Maven takes them from its own store and asks no network. Raises Missing if Java or Maven are not here or Maven fails.
    """
    lacking = missing(plugins, kept)
    if lacking:
        raise Missing(lacking)
    target = folder(plugins, kept)
    target.parent.mkdir(parents=True, exist_ok=True)
    with locked(target.with_suffix(".lock")):
        if not target.is_dir():
            _fetch(target, [*["-Pplugins"] * plugins, *["-o"] * offline])
    return target


def _fetch(target: Path, options: list[str]) -> None:
    print("neo4j: fetching the server with Maven (once, about a minute, 130 MB) ...", file=sys.stderr, flush=True)
    new, log = target.with_suffix(".new"), target.with_suffix(".log")
    shutil.rmtree(new, ignore_errors=True)  # of a fetch that was killed; we hold the lock
    words = ["mvn", "-B", "-q", "-f", str(POM), COPY, "-DincludeScope=runtime", f"-DoutputDirectory={new}", *options]
    with log.open("w") as out:
        done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, check=False)
    if done.returncode or not list(new.glob("neo4j-5*.jar")):
        shutil.rmtree(new, ignore_errors=True)
        told = next((line for line in log.read_text(errors="replace").splitlines() if "ERROR" in line), "no reason given")
        raise Missing(f"Maven could not fetch the server: {told.strip()} (all of it: {log})")
    new.rename(target)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Nobody else is in here, in this process or another; given back by the system if we die."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
