"""Start and stop a server; any process finds the server that runs in a folder."""

from __future__ import annotations

import os
import random
import secrets
import signal
import socket
import subprocess
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from neo4j_tools import ToolError, jars, java_process, server_home
from neo4j_tools.readiness import await_ready, find_cause

PORTS = range(20_000, 32_000)
"""Below the ports of outgoing connections, so that a waiting client never connects to itself."""
MAX_TRIES = 5
"""Ports tried for a start."""
STOP_SECONDS, KILL_SECONDS = 60, 30
POLL_SECONDS = 0.05


@dataclass(kw_only=True)
class Server:
    """A server in a folder. password: empty without authentication; in no repr."""

    uri: str
    user: str
    password: str = field(repr=False)
    pid: int
    home: Path
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def env_file(self) -> Path:
        """The private file of NEO4J_ variables."""
        return self.home / "env"

    def is_running(self) -> bool:
        """Whether its process lives."""
        if self.process is not None and self.process.poll() is not None:
            return False
        return is_alive(self.pid, self.home)

    def driver(self, **options: Any) -> Any:
        """A neo4j driver for it, to be closed by the caller."""
        from neo4j import GraphDatabase

        auth = (self.user, self.password) if self.password else None
        timeouts = {"connection_timeout": 5, "connection_acquisition_timeout": 10}
        return GraphDatabase.driver(self.uri, auth=auth, **{**timeouts, **options})

    def stop(self, grace: float = STOP_SECONDS) -> None:
        """Send SIGTERM and wait, about 2 s. Raises ToolError if it runs after ``grace`` seconds."""
        self._send_and_wait(signal.SIGTERM, grace)

    def kill(self) -> None:
        """SIGKILL: nothing is tidied up; what was acknowledged is on disk."""
        self._send_and_wait(signal.SIGKILL, KILL_SECONDS)

    def _send_and_wait(self, number: signal.Signals, grace: float) -> None:
        deadline = time.monotonic() + grace
        if self.is_running():
            os.kill(self.pid, number)
        while self.is_running():
            if time.monotonic() > deadline:
                raise ToolError(
                    f"the server (pid {self.pid}) still runs {grace:.0f} s after {number.name}."
                )
            time.sleep(POLL_SECONDS)
        if self.process is not None:
            self.process.wait()  # collects its exit code, so that no zombie stays

    def restart(self) -> None:
        """Stop it if it runs, and start it again with the same options on the same port."""
        self.stop()
        last = server_home.read_start_options(self.home)
        names = [*StartOptions.__dataclass_fields__, "port"]
        new = start_server(self.home, **{name: last[name] for name in names})
        self.pid, self.process = new.pid, new.process


@dataclass(frozen=True, kw_only=True)
class StartOptions:
    """How a server is started.

    heap and page_cache: sizes such as 512m, 2g. plugins: with APOC and open GDS. fast: starts
    soonest and stays small; do not measure with it. tied: it ends when the calling main thread ends
    (Linux). records: when it stops, it writes the archive of classes, see `java_process`.
    """

    auth: bool = True
    heap: str = "512m"
    page_cache: str = "64m"
    plugins: bool = False
    fast: bool = False
    tied: bool = False
    records: bool = False


def start_server(
    home: Path,
    *,
    port: int | None = None,
    tool_folder: Path = jars.TOOL_FOLDER,
    offline: bool = False,
    **options: Any,
) -> Server:
    """The server of a folder, ready to answer; one that runs there already is returned as it is.

    port: this one or none; by default the last one if it is free, else any. offline: Maven uses no
    network. options: those of StartOptions. Raises ToolError, MissingDependency.
    """
    start_options = StartOptions(**options)
    home = home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    with jars.hold_file_lock(home / "lock"):
        running = find_server(home)
        if running:
            return running
        lib = jars.fetch_jars(start_options.plugins, tool_folder, offline)
        last_port = server_home.read_start_options(home).get("port")
        for attempt in range(MAX_TRIES):
            wanted = None if attempt else last_port
            server = _launch(home, lib, port or find_free_port(wanted), start_options)
            if server:
                return server
        raise ToolError(f"no free port of 127.0.0.1 was found for the server in {home}.")


def find_server(home: Path) -> Server | None:
    """The server that runs in a folder, or None.

    It has no password if its env file is gone; it can still be stopped.
    """
    home = home.resolve()
    last = server_home.read_start_options(home)
    if not last or not is_alive(last["pid"], home):
        return None
    return Server(
        uri=f"neo4j://127.0.0.1:{last['port']}",
        user=server_home.USER,
        password=server_home.read_variables(home).get("NEO4J_PASSWORD", ""),
        pid=last["pid"],
        home=home,
    )


def is_alive(pid: int, home: Path) -> bool:
    """Whether the process exists and is the server of this home, not one that reuses its id."""
    _, identifying_option = server_home.get_home_options(home)
    return identifying_option in _read_command_line(pid)


def _read_command_line(pid: int) -> str:
    """The command line of a process; empty if there is none."""
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
        return raw.decode("utf-8", "replace").replace("\0", " ")
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return ""
    command = ["ps", "-o", "command=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def find_free_port(wanted: int | None = None) -> int:
    """A port of 127.0.0.1 on which nobody listens: the wanted one if it is free.

    Raises ToolError if none is found.
    """
    candidates = random.SystemRandom().sample(PORTS, 50)
    if wanted:
        candidates.insert(0, wanted)
    for port in candidates:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise ToolError("no free port of 127.0.0.1 was found.")


def _launch(home: Path, lib: Path, port: int, options: StartOptions) -> Server | None:
    """Start on a port and wait; None if another process has taken the port meanwhile."""
    conf = server_home.render_configuration(
        port, auth=options.auth, page_cache=options.page_cache, plugins=options.plugins
    )
    server_home.prepare_home(home, lib, conf, options.plugins)
    password = server_home.read_variables(home).get("NEO4J_PASSWORD", "")
    if not password and options.auth:
        password = secrets.token_urlsafe(24)
    uri = f"neo4j://127.0.0.1:{port}"
    # written before the server knows the password: an interrupted start does not lose it
    server_home.write_variables(home, uri, password)
    console = home / "logs" / "console.log"
    process = java_process.start_java(
        home,
        lib,
        console,
        heap=options.heap,
        fast=options.fast,
        tied=options.tied,
        records=options.records,
    )
    server_home.write_start_options(home, pid=process.pid, port=port, **asdict(options))
    try:
        await_ready(uri, password, process, console)
    except BaseException as error:
        process.kill()
        process.wait()
        if not isinstance(error, ToolError):
            raise
        if "BindException" in console.read_text(errors="replace"):
            return None
        raise ToolError(f"{error} {find_cause(console)} (log: {console})") from None
    return Server(
        uri=uri,
        user=server_home.USER,
        password=password,
        pid=process.pid,
        home=home,
        process=process,
    )
