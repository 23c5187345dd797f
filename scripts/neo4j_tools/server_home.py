"""The folder of a server: its configuration, the password, and the options of its last start."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from neo4j_tools import ToolError

FOLDERS = ("data", "logs", "run", "import", "plugins")
USER, DATABASE = "neo4j", "neo4j"
OPENED_PACKAGES = ("java.nio", "java.io", "sun.nio.ch", "java.lang", "java.util.concurrent")
MAIN_CLASS = "org.neo4j.server.CommunityEntryPoint"
PLUGIN_PATTERNS = ("apoc-co*.jar", "proc-*.jar")
UNREADABLE_CHARACTERS = "\n\r:\\"
"""Characters that a path in the class path or the configuration cannot hold."""


def prepare_home(home: Path, jars: Path, conf: str, plugins: bool) -> None:
    """Write folders and configuration, link the jars, and link the plugins if wanted.

    Raises ToolError for a path that Java could not read.
    """
    if set(str(home)) & set(UNREADABLE_CHARACTERS):
        raise ToolError(
            f"a server cannot live in {str(home)!r}: "
            "the name holds a colon, a backslash or a line break."
        )
    shutil.rmtree(home / "plugins", ignore_errors=True)
    for name in (*FOLDERS, "conf"):
        (home / name).mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)
    (home / "conf" / "neo4j.conf").write_text(conf, encoding="utf-8")
    (home / "lib").unlink(missing_ok=True)
    (home / "lib").symlink_to(jars)
    for pattern in PLUGIN_PATTERNS if plugins else ():
        for jar in jars.glob(pattern):
            (home / "plugins" / jar.name).symlink_to(jar)


def render_configuration(port: int, *, auth: bool, page_cache: str, plugins: bool) -> str:
    """The text of neo4j.conf: loopback only, Bolt only, no telemetry, no files for statements.

    Folders are relative to the home: the server reads this file as Latin-1, and the path of a home
    may hold other characters.
    """
    address = f"127.0.0.1:{port}"
    lines = {
        **{f"server.directories.{name}": name for name in FOLDERS},
        "server.default_listen_address": "127.0.0.1",
        "server.bolt.listen_address": address,
        "server.bolt.advertised_address": address,
        "server.http.enabled": "false",
        "server.https.enabled": "false",
        "dbms.security.auth_enabled": str(auth).lower(),
        "dbms.usage_report.enabled": "false",
        "dbms.security.allow_csv_import_from_file_urls": "false",
        "server.memory.pagecache.size": page_cache,
        "db.transaction.timeout": "300s",
        "db.tx_log.preallocate": "false",
        "internal.server.bolt.thread_pool_shutdown_wait_time": "1s",
    }
    if plugins:
        lines["dbms.security.procedures.unrestricted"] = "gds.*,apoc.*"
    return "".join(f"{key}={value}\n" for key, value in lines.items())


def build_command(
    java: str, home: Path, heap: str, fast: bool, more_options: Sequence[str] = ()
) -> list[str]:
    """The command that runs in the home; it holds no secret.

    fast: starts sooner and stays smaller, but is slower in the long run.
    """
    tuning = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"] if fast else ["-XX:+UseG1GC"]
    return [
        *(java, "-Xms256m", f"-Xmx{heap}"),
        *tuning,
        *more_options,
        *(f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in OPENED_PACKAGES),
        "-Dio.netty.tryReflectionSetAccessible=true",
        "-Dlog4j2.disable.jmx=true",
        *("-cp", "lib/*", MAIN_CLASS),
        *get_home_options(home),
        "--console-mode",
    ]


def build_environment() -> dict[str, str]:
    """Our environment, with a locale in which Java can open files of any name (Linux)."""
    environment = dict(os.environ)
    if sys.platform == "linux":
        environment["LC_ALL"] = "C.UTF-8"
    return environment


def get_home_options(home: Path) -> list[str]:
    """The options that identify the process of this home."""
    return [f"--home-dir={home}", f"--config-dir={home / 'conf'}"]


def write_private_file(path: Path, text: str) -> None:
    """Write a file that only its owner can read; after a failure the old one is unchanged."""
    new = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    new.replace(path)


def read_variables(home: Path) -> dict[str, str]:
    """The NEO4J_ variables of the env file; empty if there is none."""
    path = home / "env"
    if not path.is_file():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def write_variables(home: Path, uri: str, password: str) -> None:
    """Write the env file, which refgraph reads by --env-file or from the environment."""
    variables = {"URI": uri, "USERNAME": USER, "PASSWORD": password, "DATABASE": DATABASE}
    text = "".join(f"NEO4J_{name}={value}\n" for name, value in variables.items())
    write_private_file(home / "env", text)


def read_start_options(home: Path) -> dict[str, Any]:
    """The options of the last start (pid, port, heap ...); empty if there was none."""
    path = home / "server.json"
    options = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return options if isinstance(options, dict) else {}


def write_start_options(home: Path, **options: Any) -> None:
    """Keep the options of a start."""
    write_private_file(home / "server.json", json.dumps(options))
