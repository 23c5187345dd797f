"""Start and stop a server; the one that a folder holds is found again by any process."""

from __future__ import annotations

import os
import random
import secrets
import shutil
import signal
import socket
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from neo4j_tools import Fault, home as house, jars
from neo4j_tools.ready import await_ready, reason

PORTS = range(20_000, 32_000)
"""Below those that systems give to outgoing connections: else a client that waits for a server could meet itself."""
TRIES = 5


@dataclass
class Server:
    """A server in a folder; password is empty without authentication, and in no repr."""

    uri: str
    user: str
    password: str = field(repr=False)
    pid: int
    home: Path
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def env_file(self) -> Path:
        """The 0600 file of the NEO4J_ variables."""
        return self.home / "env"

    def running(self) -> bool:
        """Whether its process lives."""
        return (self.process is None or self.process.poll() is None) and alive(self.pid, self.home)

    def driver(self, **options: Any) -> Any:
        """A neo4j driver for it; the caller closes it."""
        from neo4j import GraphDatabase

        auth = (self.user, self.password) if self.password else None
        given = {"connection_timeout": 5, "connection_acquisition_timeout": 10, **options}
        return GraphDatabase.driver(self.uri, auth=auth, **given)

    def stop(self, grace: float = 60) -> None:
        """SIGTERM, and wait until it is gone, about 2 s; raises Fault if it still lives after grace seconds."""
        self._end(signal.SIGTERM, grace)

    def kill(self) -> None:
        """SIGKILL: nothing is tidied up; what was acknowledged is on disk."""
        self._end(signal.SIGKILL, 30)

    def _end(self, by: signal.Signals, grace: float) -> None:
        until = time.monotonic() + grace
        if self.running():
            os.kill(self.pid, by)
        while self.running():
            if time.monotonic() > until:
                raise Fault(f"the server (pid {self.pid}) still runs {grace:.0f} s after {by.name}.")
            time.sleep(0.05)

    def restart(self) -> None:
        """Start it again as it was, on the same port; stops it before if it runs."""
        self.stop()
        last = house.how(self.home)
        given = {k: last[k] for k in ("auth", "heap", "page_cache", "plugins", "fast", "tied", "port")}
        new = start(self.home, **given)
        self.pid, self.process = new.pid, new.process


def start(home: Path, *, auth: bool = True, heap: str = "512m", page_cache: str = "64m", plugins: bool = False,
          fast: bool = False, tied: bool = False, port: int | None = None, kept: Path = jars.KEPT,
          offline: bool = False) -> Server:  # fmt: skip
    """The server of a folder, ready to answer; one that runs there already is returned as it is.

    heap and page_cache: as Java and Neo4j write sizes, such as 512m, 2g. plugins: with APOC and open GDS. fast: flags
    that start quickest and stay small; without it those for timings. tied: it ends when the calling main thread ends
    (Linux). port: this one or none; else the one it had last if that is free, else any. offline: Maven asks no network.
    Raises Fault or Missing.
    """
    home = home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    with jars.locked(home / "lock"):
        there = find(home)
        if there:
            return there
        lib = jars.fetch(plugins, kept, offline)
        given: dict[str, Any] = {"auth": auth, "heap": heap, "page_cache": page_cache}
        given |= {"plugins": plugins, "fast": fast, "tied": tied}
        for k in range(TRIES):
            at = port or free_port(None if k else house.how(home).get("port"))
            made = _launch(home, lib, at, **given)
            if made:
                return made
        raise Fault(f"no free port of 127.0.0.1 was found for the server in {home}.")


def find(home: Path) -> Server | None:
    """The server that runs in a folder, or None; without a password if its env file is gone, so that it can be stopped."""
    home = home.resolve()
    last, known = house.how(home), house.variables(home)
    if last and alive(last["pid"], home):
        return Server(f"neo4j://127.0.0.1:{last['port']}", house.USER, known.get("NEO4J_PASSWORD", ""), last["pid"], home)
    return None


def alive(pid: int, home: Path) -> bool:
    """Whether the process is there and is the server of this home, not another that has its number now."""
    try:
        line = Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace").replace("\0", " ")
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return False
        line = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return house.told(home)[1] in line


def free_port(wanted: int | None = None) -> int:
    """A port of 127.0.0.1 that nobody listens on at this moment: the wanted one if that is so."""
    for port in ([wanted] if wanted else []) + random.SystemRandom().sample(PORTS, 50):
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise Fault("no free port of 127.0.0.1 was found.")


def _launch(home: Path, lib: Path, port: int, *, auth: bool, heap: str, page_cache: str, plugins: bool, fast: bool,
            tied: bool) -> Server | None:  # fmt: skip
    """Start on a port; None if somebody else took it meanwhile."""
    conf = house.configuration(port, auth=auth, page_cache=page_cache, plugins=plugins)
    house.prepare(home, lib, conf, plugins)
    password = house.variables(home).get("NEO4J_PASSWORD") or (secrets.token_urlsafe(24) if auth else "")
    made = Server(f"neo4j://127.0.0.1:{port}", house.USER, password, 0, home)
    house.write_variables(home, made.uri, password)  # before the server knows it: a start cut short loses no password
    console = home / "logs" / "console.log"
    with console.open("wb") as out:
        words = [*_tie(tied), *house.words(jars.java() or "java", home, heap, fast)]
        made.process = subprocess.Popen(words, cwd=home, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                        env=house.surroundings(), start_new_session=True)  # fmt: skip
    made.pid = made.process.pid
    given = {"auth": auth, "heap": heap, "page_cache": page_cache, "plugins": plugins, "fast": fast, "tied": tied}
    house.write_how(home, pid=made.pid, port=port, **given)
    try:
        await_ready(made.uri, password, made.process, console)
    except BaseException as fault:
        made.process.kill()
        made.process.wait()
        if isinstance(fault, Fault) and "BindException" in console.read_text(errors="replace"):
            return None
        if isinstance(fault, Fault):
            raise Fault(f"{fault} {reason(console)} (all of it: {console})") from None
        raise
    return made


def _tie(tied: bool) -> list[str]:
    """A word in front that ends the server with us; only from the main thread, since it watches the thread that calls."""
    program = shutil.which("setpriv") if tied and threading.current_thread() is threading.main_thread() else None
    return [program, "--pdeathsig", "TERM"] if program else []
