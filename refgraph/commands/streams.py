"""Standard streams that are closed, full, or no longer read."""

from __future__ import annotations

import contextlib
import os
import sys


def open_closed_streams() -> None:
    """Let closed standard streams lead nowhere, so that no file of ours takes their number."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number: this one
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115


def mute_compiled_libraries() -> None:
    """Let what compiled libraries write to stderr go nowhere: reports of their panics.

    refgraph says in its own words what happened; Python keeps the stream under another number.
    """
    own = os.dup(2)
    stream = sys.stderr
    sys.stderr = open(own, "w", buffering=1, encoding=stream.encoding, errors=stream.errors)  # noqa: SIM115
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def silence_stdout() -> None:
    """Let what is still to be written to stdout go nowhere: nobody reads it, or it is full."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
