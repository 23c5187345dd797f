"""A signal at any call inside the driver is raised unchanged, and the next call works."""

from __future__ import annotations

import itertools
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest
from support.cutting_proxy import CuttingProxy
from support.stores import connect, make_credentials

from refgraph.engines.neo4j.connection import Database
from refgraph.engines.queries import load_statement

pytestmark = pytest.mark.neo4j
STRIDE = 1 if os.environ.get("REFGRAPH_SOAK") else 9
"""Every fifth driver call is interrupted in the suite, every one in a soak."""
MIN_CALLS = 100
"""Calls of the driver that the work of each case makes at least."""


class TerminatedError(Exception):
    """What the handler of SIGTERM raises."""


@contextmanager
def raise_signal_at(call: int, number: int) -> Iterator[list[int]]:
    """Raise a signal in the n-th call of a function of the driver; gives the signals raised."""
    calls, raised = itertools.count(1), list[int]()

    def count_call(frame: FrameType, event: str, _: object) -> None:
        is_driver = frame.f_globals.get("__name__", "").startswith("neo4j.")
        if event == "call" and is_driver and next(calls) == call:
            raised.append(number)
            signal.raise_signal(number)

    threading.setprofile(count_call)
    try:
        yield raised
    finally:
        threading.setprofile(None)  # type: ignore[arg-type]


def write(database: Database) -> None:
    statement = load_statement("lock/acquire").to_cypher()
    step = (statement, {"holder": "host 1 x", "lease": 0, "takeover": -1})
    assert len(database.write(step, step)) == 2


def read(database: Database) -> None:
    database.first_row("inspect/lease")


def reconnect(database: Database) -> None:
    database.close()
    database.version()


def test_read_signal_while_server_is_silent_interrupts(neo4j_empty: Any) -> None:
    with CuttingProxy(neo4j_empty.uri) as proxy:
        database = Database(make_credentials(neo4j_empty, proxy.uri))
        read(database)
        proxy.black_hole()
        # A shell that starts the tests in the background makes them ignore SIGINT.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
        try:
            with pytest.raises(KeyboardInterrupt):
                read(database)
        finally:
            signal.signal(signal.SIGINT, before)
        database.close()


@pytest.mark.parametrize(
    ("work", "number", "error"),
    [
        (write, signal.SIGINT, KeyboardInterrupt),
        (read, signal.SIGINT, KeyboardInterrupt),
        (reconnect, signal.SIGINT, KeyboardInterrupt),
        (write, signal.SIGTERM, TerminatedError),
    ],
    ids=["write", "read", "reconnect", "write-terminated"],
)
def test_database_signal_at_any_driver_call_leaves_a_working_connection(
    work: Callable[[Database], None],
    number: signal.Signals,
    error: type[BaseException],
    neo4j_empty: Any,
) -> None:
    def raise_error(number: int, frame: FrameType | None) -> None:
        raise error

    database, before = connect(neo4j_empty), signal.signal(number, raise_error)
    try:
        for call in itertools.count(1, STRIDE):
            work(database)
            is_interrupted = False
            try:
                with raise_signal_at(call, number) as raised:
                    work(database)
            except error:
                is_interrupted = True
            assert is_interrupted == bool(raised)
            if not raised:
                break
        assert call > MIN_CALLS
    finally:
        signal.signal(number, before)
        database.close()
