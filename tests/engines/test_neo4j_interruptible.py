"""A wait for work ends when the work is silent, not when it takes long."""

from __future__ import annotations

from threading import Event

import pytest

from refgraph.engines.neo4j.interruptible import BackgroundTask, Pulse

SILENCE = 2.0
BEATS = 40
"""Beats a tenth of a second apart: longer than the silence that is allowed."""


def test_wait_goes_on_while_the_pulse_beats() -> None:
    pulse, pause = Pulse(), Event()

    def work() -> str:
        for _ in range(BEATS):
            pause.wait(0.1)
            pulse.beat()
        return "done"

    task = BackgroundTask(work, pulse)
    task.wait(SILENCE)
    assert task.outcome() == "done"


def test_wait_ends_without_a_beat() -> None:
    released = Event()
    task = BackgroundTask(released.wait, Pulse())
    with pytest.raises(TimeoutError):
        task.wait(0.2)
    released.set()
