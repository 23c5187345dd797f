"""Words with a server apart from the main thread, so that no signal can break into the driver.

An exception from a handler (Ctrl-C, SIGTERM) at a place of its own choosing leaves half a message in the driver, to which it
appends the next; then the server complains instead of the signal being heard, or both wait for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


def apart(work: Callable[[], T], aside: Callable[[], object], last: Callable[[], None]) -> T:
    """What the work gives or raises, done in a thread of its own.

    A signal ends the wait for it, not the work: that goes on to its end with nobody listening. Then what it works with is put
    ``aside`` at once, so that nobody else takes it up, and ``last`` is called when the work has ended.
    """
    outcome: Future[T] = Future()
    thread = Thread(target=_done, args=(work, last, outcome), daemon=True)
    try:
        thread.start()
        error = outcome.exception()
    except BaseException:
        aside()
        if not outcome.cancel():
            last()
        raise
    if error is not None:
        raise error
    return outcome.result()


def _done(work: Callable[[], T], last: Callable[[], None], outcome: Future[T]) -> None:
    try:
        try:
            found = work()
        except BaseException as error:
            outcome.set_exception(error)
        else:
            outcome.set_result(found)
    except InvalidStateError:  # nobody waits any more
        last()
