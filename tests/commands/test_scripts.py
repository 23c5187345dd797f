"""scripts/refgraph on a machine whose Python is too old: one clear sentence, and nothing made."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
TOOLS = ("cat", "cksum", "tr", "dirname", "sh")


def test_an_old_python_gets_a_clear_sentence(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "scripts", tmp_path / "tree" / "scripts")
    for name in ("setup.cfg", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / "tree")
    tools = tmp_path / "bin"
    tools.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found
        os.symlink(found, tools / tool)
    (tools / "python3").write_text('#!/bin/sh\ncase "$1" in --version) echo Python 3.9.2;; *) exit 1;; esac\n')
    (tools / "python3").chmod(0o755)
    done = subprocess.run(["scripts/refgraph", "--help"], cwd=tmp_path / "tree", env={"PATH": str(tools)}, capture_output=True, text=True)
    assert done.returncode == 3
    assert "Python 3.11 or newer; found: Python 3.9.2" in done.stderr
    assert not (tmp_path / "tree" / ".venv").exists()
