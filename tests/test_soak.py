"""A seeded sample of scripts/soak, and every command on hostile files: no fault but of the data."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from soak_tools import calls  # noqa: E402
from soak_tools.calls import call, find_fault, list_calls, list_folders, make_words  # noqa: E402
from soak_tools.cases import KINDS, check_case  # noqa: E402
from soak_tools.companies import make_company, to_text  # noqa: E402
from soak_tools.mutations import write_hostile_folder  # noqa: E402

SAMPLES = {"files": 8, "formats": 150, "settings": 12, "order": 4, "processes": 1}
HOSTILE_FILES = 150


@pytest.mark.parametrize("kind", KINDS)
def test_soak_of_a_seeded_sample_finds_nothing(kind: str, tmp_path: Path) -> None:
    for number in range(SAMPLES[kind]):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert check_case(kind, 17, number, folder) == []


def test_every_command_on_dirty_samples_leaves_with_a_code_of_the_data() -> None:
    dice = random.Random(17)
    folders = list_folders(ROOT / "sample_data" / "dirty")
    for number, chosen in enumerate(list_calls()):
        words = make_words(dice, chosen, str(folders[number % len(folders)]))
        assert find_fault(words, call(words)) is None, words


def test_every_command_on_hostile_files_leaves_with_a_code_of_the_data(tmp_path: Path) -> None:
    dice = random.Random(18)
    commands, written = list_calls(), 0
    while written < HOSTILE_FILES:
        folder = tmp_path / str(written)
        folder.mkdir()
        write_hostile_folder(dice, make_company(dice), folder)
        words = make_words(dice, commands[written % len(commands)], str(folder))
        assert find_fault(words, call(words)) is None, words
        written += len(list(folder.iterdir()))


def test_find_fault_sees_what_no_call_may_do() -> None:
    from soak_tools.calls import Done

    words = ["effect", "x", "--format", "json"]
    faults = [
        Done(1, "", "refgraph: Internal error\n  x\n"),
        Done(0, "", "a.py:1: RuntimeWarning: overflow\n"),
        Done(3, "", "refgraph: one line\n"),
        Done(0, "", "\x1b[31m\n"),
        Done(0, '{"a": NaN}', ""),
        Done(0, "{", ""),
    ]
    assert all(find_fault(words, done) for done in faults)
    assert find_fault(["draw", "A", "x"], Done(0, "<svg>\x01</svg>", ""))
    assert find_fault(words, Done(3, '{"a": 1}', "1 row rejected\n")) is None


def test_calls_are_limited_by_the_time_they_compute(monkeypatch: pytest.MonkeyPatch) -> None:
    handlers = [signal.getsignal(sign) for sign in (signal.SIGPROF, signal.SIGALRM)]
    monkeypatch.setattr(calls, "MAX_CPU_SECONDS", 0.05)
    with pytest.raises(calls.StillRunningError), calls.limit_time():
        while True:
            sum(range(1000))
    assert [signal.getsignal(sign) for sign in (signal.SIGPROF, signal.SIGALRM)] == handlers
    assert signal.getitimer(signal.ITIMER_PROF) == signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_soak_ends_when_it_is_terminated() -> None:
    """A call hears the signal first; the soak must not take that for a finding and go on."""
    words = [sys.executable, "-m", "soak_tools", "--minutes", "30", "--only", "settings"]
    environment = os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'scripts'}"}
    soak = subprocess.Popen(words, env=environment, cwd=ROOT)
    time.sleep(6)
    soak.terminate()
    try:
        assert soak.wait(60) in (143, -signal.SIGTERM)
    finally:
        soak.kill()


def test_company_text_quotes_what_needs_it() -> None:
    assert to_text([["a,b", 'c"']]) == '"a,b","c"""\n'
