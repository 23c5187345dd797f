"""The whole package is typed strictly, and stays so."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.skipif(find_spec("mypy") is None, reason="mypy is not installed")
def test_the_package_is_typed_strictly() -> None:
    words = [sys.executable, "-m", "mypy", "--strict", "refgraph"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
