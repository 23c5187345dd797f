"""The wheel contains everything the program needs: it is built, installed elsewhere and run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.long
def test_the_wheel_answers_in_both_languages_outside_the_checkout(tmp_path: Path) -> None:
    ignored = shutil.ignore_patterns(
        ".git", ".venv*", ".neo4j", "tests", "*.egg-info", "__pycache__", ".*cache", "build"
    )
    shutil.copytree(ROOT, tmp_path / "tree", ignore=ignored)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run(
        [*pip, "wheel", "--no-deps", "-w", tmp_path / "wheel", tmp_path / "tree"], check=True
    )
    (wheel,) = (tmp_path / "wheel").glob("*.whl")
    subprocess.run([*pip, "install", "--no-deps", "--target", tmp_path / "site", wheel], check=True)
    shutil.copytree(ROOT / "sample_data" / "l96", tmp_path / "case")
    program = (
        "import refgraph; assert 'site' in refgraph.__file__;"
        " from refgraph.commands import main; main()"
    )
    for lang, words in (("en", "30 of 96 customers"), ("zh", "96 家客户中有 30 家")):
        done = subprocess.run(
            [sys.executable, "-c", program, "effect", "case", "--lang", lang, "--format", "md"],
            check=True,
            text=True,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
            capture_output=True,
        )
        assert words in done.stdout
    assert (tmp_path / "site" / "refgraph" / "cypher" / "__init__.py").is_file()
