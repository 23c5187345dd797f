"""A server's own folder: its configuration, the secret, and who runs in it."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import sys
from pathlib import Path
from typing import Any

from neo4j_tools import Fault

FOLDERS = ("data", "logs", "run", "import", "plugins")
USER, DATABASE = "neo4j", "neo4j"
JVM = ("java.nio", "java.io", "sun.nio.ch", "java.lang", "java.util.concurrent")
MAIN = "org.neo4j.server.CommunityEntryPoint"
PLUGINS = ("apoc-co*.jar", "proc-*.jar")


def prepare(home: Path, jars: Path, conf: str, plugins: bool) -> None:
    """Folders, the configuration whole, a link to the jars, and links to the plugins that shall be there and no others."""
    if set(str(home)) & set("\n\r:\\"):
        raise Fault(f"a server cannot live in {str(home)!r}: the name holds a colon, a backslash or a line break.")
    shutil.rmtree(home / "plugins", ignore_errors=True)
    for name in (*FOLDERS, "conf"):
        (home / name).mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)
    (home / "conf" / "neo4j.conf").write_text(conf, encoding="utf-8")
    (home / "lib").unlink(missing_ok=True)
    (home / "lib").symlink_to(jars)
    for jar in (j for pattern in PLUGINS if plugins for j in jars.glob(pattern)):
        (home / "plugins" / jar.name).symlink_to(jar)


def configuration(port: int, *, auth: bool, page_cache: str, plugins: bool) -> str:
    """The text of neo4j.conf: loopback alone, Bolt alone, nothing reported, no file read by a statement.

    Folders stand in it as they lie in the home: the server reads this file as Latin-1, and a home may be named 家.
    """
    at = f"127.0.0.1:{port}"
    lines = {
        **{f"server.directories.{name}": name for name in FOLDERS},
        "server.default_listen_address": "127.0.0.1",
        "server.bolt.listen_address": at,
        "server.bolt.advertised_address": at,
        "server.http.enabled": "false",
        "server.https.enabled": "false",
        "dbms.security.auth_enabled": str(auth).lower(),
        "dbms.usage_report.enabled": "false",
        "dbms.security.allow_csv_import_from_file_urls": "false",
        "server.memory.pagecache.size": page_cache,
        "db.transaction.timeout": "300s",
        "db.tx_log.preallocate": "false",
        "internal.server.bolt.thread_pool_shutdown_wait_time": "1s",
        **({"dbms.security.procedures.unrestricted": "gds.*,apoc.*"} if plugins else {}),
    }
    return "".join(f"{key}={value}\n" for key, value in lines.items())


def words(java: str, home: Path, heap: str, fast: bool) -> list[str]:
    """The call, to be run in the home; no secret in it. fast: ready sooner and smaller, but slower at length."""
    tuning = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"] if fast else ["-XX:+UseG1GC"]
    opens = [f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in JVM]
    rest = ["-Dio.netty.tryReflectionSetAccessible=true", "-Dlog4j2.disable.jmx=true", "-cp", "conf:lib/*", MAIN]
    return [java, "-Xms256m", f"-Xmx{heap}", *tuning, *opens, *rest, *told(home), "--console-mode"]


def surroundings() -> dict[str, str]:
    """Our environment, with a locale in which Java can open files of any name; on macOS it always can."""
    return os.environ | ({"LC_ALL": "C.UTF-8"} if sys.platform == "linux" else {})


def told(home: Path) -> list[str]:
    """What tells the process of this home from any other."""
    return [f"--home-dir={home}", f"--config-dir={home / 'conf'}"]


def private(path: Path, text: str) -> None:
    """Write a file that none but its owner ever reads, whole or not at all."""
    new = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
    new.replace(path)


def variables(home: Path) -> dict[str, str]:
    """The NEO4J_ variables of the env file; empty if there is none."""
    path = home / "env"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return dict(line.split("=", 1) for line in lines if "=" in line)


def write_variables(home: Path, uri: str, password: str) -> None:
    """The env file: what refgraph reads from the environment or by --env-file."""
    given = {"URI": uri, "USERNAME": USER, "PASSWORD": password, "DATABASE": DATABASE}
    private(home / "env", "".join(f"NEO4J_{name}={value}\n" for name, value in given.items()))


def how(home: Path) -> dict[str, Any]:
    """How the server of a home was started last: pid, port, heap and the like; empty if never."""
    path = home / "server.json"
    found = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found if isinstance(found, dict) else {}


def write_how(home: Path, **given: Any) -> None:
    """Keep how it was started."""
    private(home / "server.json", json.dumps(given))
