"""The command line of refgraph with a database in its environment."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from support.program import ROOT, call, replace_surroundings

START = "from refgraph.commands import main; main()"


class Program:
    """``refgraph`` with the server's address and password in the environment, and its own cache.

    server_variables: the variables of the server. base: the other variables. Every run checks that
    there is no traceback and that the password is not printed.
    """

    def __init__(self, server: Any, folder: Path) -> None:
        self.password: str = server.password
        self.server_variables = {
            "NEO4J_URI": server.uri,
            "NEO4J_USERNAME": server.user,
            "NEO4J_PASSWORD": server.password,
        }
        self.base = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(sys.path),
            "LANG": "C.UTF-8",
            "PYTHONUTF8": "1",
            "REFGRAPH_CACHE": str(folder / "cache"),
        }

    def __call__(
        self, *words: str, env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end within this process, without a terminal.

        env: used instead of the variables of the server.
        """
        with replace_surroundings(self.base | (self.server_variables if env is None else env)):
            done = call(*words)
        completed = subprocess.CompletedProcess(words, *done)
        assert "Traceback" not in completed.stderr, completed.stderr
        assert self.password not in completed.stdout + completed.stderr
        return completed

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start a command in a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-c", START, *words],
            cwd=ROOT,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.base | self.server_variables,
        )
