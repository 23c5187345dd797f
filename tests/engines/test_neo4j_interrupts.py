"""Ctrl-C, and an end asked for from outside, at every call inside the driver: it goes through as what it is, and the next word
to the server is sound."""

from __future__ import annotations

import itertools
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest

from cutting_proxy import CuttingProxy
from refgraph.engines.neo4j.database import Database
from refgraph.engines.queries import statement
from stores import access, database

pytestmark = pytest.mark.neo4j


class Ended(Exception):
    """What a handler of SIGTERM raises."""


@contextmanager
def struck(at: int, number: int) -> Iterator[list[int]]:
    """Raises the signal in the at-th call of a function of the driver from now on; what it gives holds the signals raised."""
    calls, raised = itertools.count(1), list[int]()

    def seen(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_globals.get("__name__", "").startswith("neo4j.") and next(calls) == at:
            raised.append(number)
            signal.raise_signal(number)

    threading.setprofile(seen)
    try:
        yield raised
    finally:
        threading.setprofile(None)  # type: ignore[arg-type]


def write(base: Database) -> None:
    step = statement("lock/take").filled(), {"holder": "host 1 x", "lease": 0, "takeover": -1}
    assert len(base.write(step, step)) == 2


def read(base: Database) -> None:
    base.one("look/lock")


def connect(base: Database) -> None:
    base.close()
    base.token()


def test_a_signal_is_heard_while_the_server_is_silent(neo4j_empty: Any) -> None:
    with CuttingProxy(neo4j_empty.uri) as proxy:
        base = Database(access(neo4j_empty, proxy.uri))
        read(base)
        proxy.black_hole()
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
        start = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            read(base)
        assert time.monotonic() - start < 2
        base.close()


CASES = [(write, signal.SIGINT, KeyboardInterrupt), (read, signal.SIGINT, KeyboardInterrupt),
         (connect, signal.SIGINT, KeyboardInterrupt), (write, signal.SIGTERM, Ended)]  # fmt: skip


@pytest.mark.parametrize("work, number, kind", CASES, ids=lambda case: getattr(case, "__name__", None))
def test_a_signal_at_any_call_of_the_driver(work: Callable[[Database], None], number: signal.Signals, kind: type[BaseException],
                                            neo4j_empty: Any) -> None:
    def handled(number: int, frame: FrameType | None) -> None:
        raise kind

    base, before = database(neo4j_empty), signal.signal(number, handled)
    try:
        for at in itertools.count(1):
            work(base)
            interrupted = False
            try:
                with struck(at, number) as raised:
                    work(base)
            except kind:
                interrupted = True
            assert interrupted == bool(raised)
            if not raised:
                break
        assert at > 100
    finally:
        signal.signal(number, before)
        base.close()
