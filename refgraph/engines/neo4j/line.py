"""A driver that is shared, and closed when nobody uses it any more."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from neo4j import Driver

T = TypeVar("T")


class Line:
    """What is done with the driver in several threads goes through ``use``; after ``leave`` nobody new may take it up."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._lock = Lock()
        self._users = 0
        self._left = False

    def use(self, work: Callable[[Driver], T]) -> T:
        """What the work gives."""
        with self._lock:
            self._users += 1
        try:
            return work(self._driver)
        finally:
            with self._lock:
                self._users -= 1
            self._close()

    def leave(self) -> None:
        """Close it, now or when the last who uses it has ended."""
        self._left = True
        self._close()

    def _close(self) -> None:
        with self._lock:
            if self._users or not self._left:
                return
        self._driver.close()
