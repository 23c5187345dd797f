"""What a person hears of kernels: compiled once, kept or not, never for a small company; and ``doctor --warm``."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from program import CASE, CLEAN, run

from refgraph.texts import load

PROGRAM = """
import sys
import click, numpy as np
from refgraph.commands.guard import guarded
@click.command()
@click.option("--quiet", is_flag=True)
@click.option("--lang")
def cli(quiet, lang):
    from refgraph.kernels import passes
    print(passes.sums_up(np.array([-1, 0], np.int32), np.ones(2)).tolist())
    passes.heights(np.array([-1, 0], np.int32))
sys.exit(guarded(cli, sys.argv[1:]))
"""
SMALL = """
import sys
from refgraph import analyses, flow, renderers
from refgraph.flow.reports import report
engine = flow.open_source(sys.argv[1])
ASKED = {"without": {"of": ("C001",)}, "reach": {"of": ("C001",)}, "common": {"of": ("C001", "C002")},
         "compare": {"of": ("C001", "C002")}, "path": {"from_": "C001", "to": "C002"}}
for name in analyses.NAMES:
    renderers.render(flow.run(engine, name, ASKED.get(name, {})), "table", "zh")
renderers.render(report(engine), "md", "en")
print("numba" in sys.modules, "matplotlib" in sys.modules, len(analyses.NAMES))
"""


def heard(folder: Path | str, *words: str, **env: str) -> list[str]:
    """The lines on stderr of a command that uses two kernels, both compiled."""
    env = CLEAN | {"REFGRAPH_KERNELS": "compiled", "REFGRAPH_CACHE": str(folder)} | env
    done = subprocess.run([sys.executable, "-c", PROGRAM, *words], env=env, capture_output=True, text=True, check=True)
    assert done.stdout == "[2.0, 1.0]\n"
    return done.stderr.splitlines()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_cold_compilation_is_announced_once(tmp_path: Path, lang: str) -> None:
    assert heard(tmp_path, "--lang", lang) == [load(lang)["remark"]["compiling"]]
    assert heard(tmp_path, "--lang", lang) == []


def test_a_home_that_cannot_be_written_costs_a_line(tmp_path: Path) -> None:
    texts = load("en")["remark"]
    home = {"TMPDIR": str(tmp_path), "LANG": "C.UTF-8"}
    assert heard("/dev/null/cache", **home) == [texts["cache-unwritable"], texts["compiling"]]
    assert heard("/dev/null/cache", "--quiet", **home) == []


def test_the_doctor_warms_the_cache_and_tells_where_it_is(tmp_path: Path) -> None:
    done = run("doctor", "--warm")
    assert done.returncode == 0
    assert re.search(r"^ok  \d+ kernels compiled$", done.stdout, re.M)
    place = re.search(r"^ok  compiled kernels are kept in (.+)$", done.stdout, re.M)
    assert place
    assert list(Path(place[1]).rglob("*.nbi"))
    assert done.stderr.splitlines() in ([], [load("en")["remark"]["compiling"]])
    assert done.stdout.count("!!") == 0
    lost = run("doctor", env={"REFGRAPH_CACHE": "/dev/null/cache", "TMPDIR": str(tmp_path)})
    assert "!!  compiled kernels are kept in" in lost.stdout
    assert load("en")["doctor"]["cache-remedy"] in lost.stdout


def test_ninety_six_customers_never_wait_for_a_compiler(tmp_path: Path) -> None:
    """Nor is anything put into the cache of compiled kernels; no analysis and no page of l96 is large enough."""
    done = subprocess.run([sys.executable, "-c", SMALL, CASE], capture_output=True, text=True, check=True,
                          env=CLEAN | {"REFGRAPH_CACHE": str(tmp_path)})  # fmt: skip
    words = done.stdout.split()
    assert words[0] == "False"
    assert int(words[2]) > 5
    assert not list(tmp_path.iterdir())
