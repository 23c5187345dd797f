"""Ctrl-C and SIGTERM are heard in foreign code that never comes to an end."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from support.program import CLEAN, call

from refgraph.kernels.threads import WorkerPool

PROGRAM = """
import os, sys
import refgraph.pipeline
from refgraph.commands import main
from refgraph.files import open_atomically
from refgraph.kernels.compilation import kernel
from refgraph.kernels.threads import WorkerPool

@kernel(steps=lambda turns: turns)
def spin(turns: int) -> int:
    value = 1
    for _ in range(turns):
        value = (value * 6364136223846793005 + 1442695040888963407) & 0x7FFFFFFFFFFFFFFF
    return value

def work(*_):
    spin.compile()
    with open_atomically(os.environ["TARGET"]):
        print("up", flush=True)
        if kind == "kernel":
            spin(10**15)
        with WorkerPool() as pool:
            list(pool.map(spin, [10**15] * 4))

kind = sys.argv.pop(1)
refgraph.pipeline.open_source = work
main()
"""


@pytest.mark.parametrize("kind", ["kernel", "threads"])
@pytest.mark.parametrize(("sign", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signal_during_a_kernel_ends_the_program(
    tmp_path: Path, kind: str, sign: signal.Signals, code: int
) -> None:
    program_file = tmp_path / "program.py"
    program_file.write_text(PROGRAM)
    folder = tmp_path / "folder"
    folder.mkdir()
    environment = CLEAN | {"REFGRAPH_KERNELS": "compiled", "REFGRAPH_THREADS": "2"}
    environment |= {"REFGRAPH_CACHE": str(tmp_path / "cache"), "TARGET": str(folder / "target")}
    program = subprocess.Popen(
        [sys.executable, str(program_file), kind, "effect", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    )
    assert program.stdout
    assert program.stdout.readline() == b"up\n"
    program.send_signal(sign)
    program.communicate(timeout=120)
    assert program.returncode == code
    assert list(folder.iterdir()) == []


def test_call_leaves_the_handlers_of_signals_as_they_were(tmp_path: Path) -> None:
    before = [signal.getsignal(sign) for sign in (signal.SIGINT, signal.SIGTERM)]
    threads = threading.active_count()
    assert call("effect", str(tmp_path / "none")).code == 5
    assert [signal.getsignal(sign) for sign in (signal.SIGINT, signal.SIGTERM)] == before
    for thread in threading.enumerate():
        if thread.daemon and "signals" in thread.name:
            thread.join(20)
    assert threading.active_count() <= threads
    assert signal.set_wakeup_fd(-1) == -1


def test_worker_pool_after_an_error_does_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFGRAPH_THREADS", "2")
    may_end = threading.Event()
    with pytest.raises(KeyError), WorkerPool() as pool:
        pool.map(lambda _: may_end.wait(60), [1, 2])
        raise KeyError
    assert not may_end.is_set()
    may_end.set()
