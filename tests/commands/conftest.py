"""What tests of the command line share."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.program import MACHINE_SETTINGS


@pytest.fixture
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """English, no settings of the machine or the user; returns an empty folder."""
    import os

    for name in list(os.environ):
        if name.startswith(MACHINE_SETTINGS):
            monkeypatch.delenv(name)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "user-config"))
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path
