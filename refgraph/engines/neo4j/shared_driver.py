"""A driver that several threads share and the last one closes."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from neo4j import Driver

T = TypeVar("T")


class SharedDriver:
    """Threads use the driver through `run`; after `release` it is closed once nobody uses it."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._lock = Lock()
        self._users = 0
        self._is_released = False

    def run(self, work: Callable[[Driver], T]) -> T:
        """What the work returns."""
        with self._lock:
            self._users += 1
        try:
            return work(self._driver)
        finally:
            with self._lock:
                self._users -= 1
            self._close_if_unused()

    def release(self) -> None:
        """Close the driver now or, if it is in use, when the last user has finished."""
        self._is_released = True
        self._close_if_unused()

    def _close_if_unused(self) -> None:
        with self._lock:
            if self._users or not self._is_released:
                return
        self._driver.close()
