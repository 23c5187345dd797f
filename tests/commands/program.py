"""The program as a process of its own, free of the settings of the machine that runs the tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
CASE = str(ROOT / "sample_data" / "l96")
RUN = [sys.executable, "-c", "from refgraph.commands import main; main()"]
CLEAN = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "REFGRAPH_")) and k != "NO_COLOR"} | {"LANG": "C.UTF-8"}


def run(*words: str, env: dict[str, str] | None = None, **more: object) -> subprocess.CompletedProcess[str]:
    """One call, its exit code and what it wrote."""
    return subprocess.run([*RUN, *words], capture_output=True, text=True, env=CLEAN | (env or {}), **more)  # type: ignore[call-overload,no-any-return]
