"""Ctrl-C and SIGTERM end the program within a second or two, whatever it is doing.

Python runs the handler of a signal between two of its own instructions, so a compiled kernel or a
sort of millions of rows would first come to its end. A thread that waits for signals ends the
process if the main thread does not react in time: it is then in compiled code, where no Python can
be unwound.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import click

from refgraph.temporary_files import remove_own_files

INTERRUPTED, TERMINATED = 130, 143
CODES = {signal.SIGINT: INTERRUPTED, signal.SIGTERM: TERMINATED}
PATIENCE = 1.0
"""Seconds that the main thread has to hear a signal."""


@contextmanager
def watch_signals() -> Iterator[None]:
    """Until the block ends, SIGINT raises KeyboardInterrupt in it, and SIGTERM click's Exit.

    If the block hears neither in time, the process ends with the code of the signal.
    """
    heard = threading.Event()

    def interrupt(number: int, _: FrameType | None) -> None:
        heard.set()
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        raise click.exceptions.Exit(TERMINATED)

    reading_end, writing_end = os.pipe()
    os.set_blocking(writing_end, False)
    threading.Thread(
        target=_wait_for_signals, args=(reading_end, heard), name="signals", daemon=True
    ).start()
    handlers = {number: signal.getsignal(number) for number in CODES}
    previous_end = signal.set_wakeup_fd(writing_end, warn_on_full_buffer=False)
    try:
        for number in CODES:
            signal.signal(number, interrupt)
        yield
    finally:
        signal.set_wakeup_fd(previous_end)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        os.close(writing_end)


def leave_at_once(code: int) -> None:
    """End the process without waiting for threads that still work."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            continue
    os._exit(code)


def _wait_for_signals(reading_end: int, heard: threading.Event) -> None:
    """Read the numbers of signals as they come, until the other end is closed."""
    while number := os.read(reading_end, 1):
        code = CODES.get(signal.Signals(number[0]))
        if code is not None and not heard.wait(PATIENCE):
            remove_own_files()
            os._exit(code)
    os.close(reading_end)
