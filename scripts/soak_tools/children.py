"""One process that has imported the heavy libraries runs tests in children, forked one at a time.

The package and its tests are imported in the child only, so each child sees the files as they are
at that moment. A child that uses up its time is stopped.
"""

from __future__ import annotations

import contextlib
import importlib
import multiprocessing
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

HEAVY = (
    *("pytest", "hypothesis", "coverage", "numpy", "polars", "click", "networkx", "jinja2"),
    *("xlsxwriter", "fastexcel", "pandas", "pyarrow", "markdown_it", "matplotlib.font_manager"),
    *("scipy.stats", "scipy.special", "scipy.sparse", "scipy.optimize", "fontTools.ttLib"),
)
QUICK = "not neo4j and not browser and not slow"
PYTEST = [
    *("-q", "--tb=no", "-p", "no:xdist", "-p", "no:cacheprovider"),
    *("-m", QUICK, "-o", "addopts="),
]
EXIT_TIME = -1
"""Stands for the exit code of a child that did not end in time."""


def import_heavy_libraries() -> None:
    """Import what the package and the tests need, so that children need not; none is called.

    Raises RuntimeError if the package is imported already: children must import it themselves.
    """
    if "refgraph" in sys.modules:
        raise RuntimeError("refgraph is imported, so children would not see a changed package")
    for name in HEAVY:
        try:
            importlib.import_module(name)
        except ImportError:
            continue


def run_in_child(work: Callable[..., int], checkout: Path, cpu_seconds: float, *words: Any) -> int:
    """The number that ``work(*words)`` returns in a child whose working folder is the checkout.

    cpu_seconds: of the child; ten times as long by the clock, for tests that wait for ever.
    """
    context: Any = multiprocessing.get_context("fork")
    child = context.Process(target=_work, args=(work, checkout, int(cpu_seconds) + 1, words))
    child.start()
    child.join(10 * cpu_seconds + 60)
    is_over = child.exitcode is not None
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)  # with all that its tests have started
    child.join()
    return child.exitcode if is_over and child.exitcode >= 0 else EXIT_TIME


def _work(work: Callable[..., int], checkout: Path, cpu_seconds: int, words: Any) -> None:
    os.setsid()
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    silent = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silent, stream)
    folders = [str(checkout), str(checkout / "tests"), str(checkout / "scripts")]
    os.environ |= {"PYTHONPATH": os.pathsep.join(folders), "CI": "1"}
    os.environ["NUMBA_CACHE_DIR"] = str(checkout / ".numba")
    os.environ.pop("PYTEST_ADDOPTS", None)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    sys.path[:0] = folders
    os.chdir(checkout)
    code = work(*words)
    os._exit(code)  # threads that a test has left behind do not matter
