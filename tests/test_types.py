"""The rooms that compute are typed strictly, and stay so."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("kernels", "graphs", "model")


@pytest.mark.skipif(find_spec("mypy") is None, reason="mypy is not installed")
def test_rooms_that_compute_are_typed_strictly() -> None:
    words = [sys.executable, "-m", "mypy", "--strict", *(f"refgraph/{room}" for room in ROOMS)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
