"""What refgraph is doing, in one line on a terminal, for every step of more than a second."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from refgraph import progress
from refgraph.commands.console import Console

_CLEAR_LINE = "\r\033[K"
_FIRST_SECONDS = 1.0
_EVERY_SECONDS = 0.5


@contextmanager
def show_waiting_line(console: Console) -> Iterator[None]:
    """Show the running step and its seconds until the block ends.

    Nothing in a pipe, with ``--quiet`` and with ``--debug``, which logs the steps.
    """
    if console.is_quiet or console.is_debug or not sys.stderr.isatty():
        yield
        return
    line = _WaitingLine(console)
    with progress.watch_steps(line.enter):
        thread = threading.Thread(target=line.run, daemon=True)
        thread.start()
        try:
            yield
        finally:
            line.end()
            thread.join()


class _WaitingLine:
    """The line, written by a thread of its own and cleared by whoever ends a step."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._lock = threading.Lock()
        self._is_over = threading.Event()
        self._step, self._since, self._is_shown = "", 0.0, False

    def enter(self, step: str) -> None:
        """A step begins, or with an empty text none is left."""
        with self._lock:
            self._clear()
            if not self._step:
                self._since = time.monotonic()
            self._step = step

    def run(self) -> None:
        """Write the line now and then until the end."""
        while not self._is_over.wait(_EVERY_SECONDS):
            with self._lock:
                seconds = time.monotonic() - self._since
                if self._step and seconds >= _FIRST_SECONDS:
                    self._write(f"{self._describe()} {seconds:.0f} s")

    def end(self) -> None:
        """Clear the line and let the thread end."""
        self._is_over.set()
        with self._lock:
            self._clear()

    def _describe(self) -> str:
        verb = self._step.split(maxsplit=1)[0]
        return self._console.look_up("step", verb)

    def _write(self, text: str) -> None:
        sys.stderr.write(_CLEAR_LINE + text)
        sys.stderr.flush()
        self._is_shown = True

    def _clear(self) -> None:
        if self._is_shown:
            sys.stderr.write(_CLEAR_LINE)
            sys.stderr.flush()
            self._is_shown = False
