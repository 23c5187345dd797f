"""The whole package passes strict mypy."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.long
@pytest.mark.skipif(
    find_spec("mypy") is None and not os.environ.get("CI"), reason="mypy is not installed"
)
def test_package_passes_strict_mypy() -> None:
    assert find_spec("mypy"), "mypy is not installed, and CI does not skip this test"
    words = [sys.executable, "-m", "mypy", "--strict", "refgraph"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
