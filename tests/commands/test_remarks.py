"""What a person hears of kernels; and ``doctor --warm``.

Kernels are compiled once, kept or not, and never for a small company.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from support import examples
from support.program import CASE, CLEAN, run

from refgraph.texts import load_texts

PROGRAM = """
import sys
import click, numpy as np
from refgraph.commands.exit_codes import run_command_line
@click.command()
@click.option("--quiet", is_flag=True)
@click.option("--lang")
def cli(quiet, lang):
    from refgraph.kernels import passes
    print(passes.sum_up(np.array([-1, 0], np.int32), np.ones(2)).tolist())
    passes.compute_heights(np.array([-1, 0], np.int32))
sys.exit(run_command_line(cli, sys.argv[1:]))
"""
SMALL = """
import sys
from refgraph import analyses, pipeline, renderers
from refgraph.reports.report import build_report
engine = pipeline.open_source(sys.argv[1])
ASKED = {"without": {"of": ("C001",)}, "reach": {"of": ("C001",)},
         "common": {"of": ("C001", "C002")},
         "compare": {"of": ("C001", "C002")}, "path": {"from_": "C001", "to": "C002"},
         "introduce": {"to": "C001"}}
ASKED |= dict.fromkeys(("rewards", "payouts"), {"plan": sys.argv[2]})
for name in analyses.NAMES:
    renderers.render(pipeline.run(engine, name, ASKED.get(name, {})), "table", "zh")
renderers.render(build_report(engine), "md", "en")
print("numba" in sys.modules, "matplotlib" in sys.modules, len(analyses.NAMES))
"""


def run_and_read_remarks(folder: Path | str, *words: str, **env: str) -> list[str]:
    """The lines on stderr of a command that uses two kernels, both compiled."""
    env = CLEAN | {"REFGRAPH_KERNELS": "compiled", "REFGRAPH_CACHE": str(folder)} | env
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words], env=env, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[2.0, 1.0]\n"
    return done.stderr.splitlines()


def test_first_compilation_is_announced_once(tmp_path: Path) -> None:
    announced = run_and_read_remarks(tmp_path, "--lang", "zh")
    assert announced == [load_texts("zh")["remark"]["compiling"]]
    assert run_and_read_remarks(tmp_path, "--lang", "zh") == []


def test_unwritable_cache_prints_one_remark(tmp_path: Path) -> None:
    texts = load_texts("en")["remark"]
    home = {"TMPDIR": str(tmp_path), "LANG": "C.UTF-8"}
    assert run_and_read_remarks("/dev/null/cache", **home) == [
        texts["cache-unwritable"],
        texts["compiling"],
    ]
    assert run_and_read_remarks("/dev/null/cache", "--quiet", **home) == []


@pytest.mark.slow
def test_doctor_warm_fills_the_cache_and_names_its_folder(tmp_path: Path) -> None:
    done = run("doctor", "--warm")
    assert done.returncode == 0
    assert re.search(r"^ok  \d+ kernels compiled$", done.stdout, re.M)
    place = re.search(r"^ok  compiled kernels are stored in (.+)$", done.stdout, re.M)
    assert place
    assert list(Path(place[1]).rglob("*.nbi"))
    assert done.stderr.splitlines() in ([], [load_texts("en")["remark"]["compiling"]])
    assert done.stdout.count("!!") == 0
    lost = run("doctor", env={"REFGRAPH_CACHE": "/dev/null/cache", "TMPDIR": str(tmp_path)})
    assert "!!  compiled kernels are stored in" in lost.stdout
    assert load_texts("en")["doctor"]["cache-remedy"] in lost.stdout


def test_small_company_never_waits_for_a_compiler(tmp_path: Path) -> None:
    """Nor is anything put into the cache of compiled kernels.

    No analysis and no page of l96 is large enough.
    """
    done = subprocess.run(
        [sys.executable, "-c", SMALL, CASE, str(examples.PLAN)],
        capture_output=True,
        text=True,
        check=True,
        env=CLEAN | {"REFGRAPH_CACHE": str(tmp_path)},
    )
    words = done.stdout.split()
    assert words[0] == "False"
    assert int(words[2]) > 5
    assert not list(tmp_path.iterdir())
