"""Tools in turns, in one run: graph building beside the timed region, the same checksum from every tool, medians."""

from __future__ import annotations

import gc
import statistics
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from importlib import metadata
from time import perf_counter
from typing import Any

from bench_tools.alone import ask
from bench_tools.checks import Sums, agree, sums
from bench_tools.graphs import Array, Case

OURS = "refgraph"
SLOW = 5.0
"""A peer whose first run takes longer, in seconds, is not run again; refgraph's first run may have to compile."""


def as_they_are(state: Any, answer: Any) -> tuple[Array, ...]:
    """An answer that is a tuple of arrays by position already."""
    return tuple(answer)


@dataclass(frozen=True)
class Tool:
    """How one library does an operation.

    build: its graph from a Case, outside the timed region. run: the question, timed. arrays: the answer as arrays by
    position, outside again. most: the greatest n it is asked for; not: shapes that it is not asked for, and why.
    """

    name: str
    build: Callable[[Case], Any]
    run: Callable[[Any], Any]
    arrays: Callable[[Any, Any], tuple[Array, ...]] = as_they_are
    how: str = ""
    most: int = 2**62
    spared: tuple[str, ...] = ()
    ready: Callable[[str], Any] | None = None


@dataclass(frozen=True)
class Operation:
    """A question that several tools answer.

    tolerance: relative, for sums of floats; whole numbers must be the same. most: the greatest n it is asked for. sizes:
    the only ones. alone: each run in a process of its own, which is handed the text that this makes of a case, so that
    memory can be told; a tool may make itself `ready` there, untimed. lacking: what this machine does not have for it,
    as a sentence.
    """

    name: str
    tools: tuple[Tool, ...]
    shapes: tuple[str, ...] = ("random",)
    tolerance: float = 1e-9
    most: int = 2**62
    sizes: tuple[int, ...] = ()
    alone: Callable[[Case], AbstractContextManager[str]] | None = None
    lacking: Callable[[], str | None] | None = None


@dataclass(frozen=True)
class Row:
    """One tool on one graph; seconds."""

    operation: str
    shape: str
    n: int
    tool: str
    how: str
    version: str
    build: float
    times: tuple[float, ...]
    peak: float | None = None

    @property
    def median(self) -> float:
        """Over the rounds."""
        return statistics.median(self.times)


@dataclass
class Left:
    """Who was not measured, and why: named and counted, never hidden."""

    why: dict[tuple[str, str], int] = field(default_factory=dict)

    def out(self, tool: str, reason: str) -> None:
        """One more row without this tool."""
        self.why[tool, reason] = self.why.get((tool, reason), 0) + 1


def version(name: str) -> str | None:
    """The version of an installed library; None where it is not installed."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def present(tool: Tool, case: Case, left: Left) -> bool:
    """Whether a tool takes part; if not, that is counted."""
    if version(tool.name) is None:
        left.out(tool.name, "not installed")
    elif case.n > tool.most:
        left.out(tool.name, f"not asked above {tool.most:,} parties: memory or minutes")
    elif case.shape in tool.spared:
        left.out(f"{tool.name} ({tool.how})" if tool.how else tool.name, f"not asked on a {case.shape}: minutes")
    else:
        return True
    return False


def measure(operation: Operation, case: Case, rounds: int, only: Sequence[str], left: Left) -> list[Row]:
    """All tools on one graph, in turns. Raises SystemExit when two answers differ."""
    if operation.alone:
        return _apart(operation, case, rounds, only, left)
    tools = _taking_part(operation, case, only, left)
    built = [_timed(lambda t=t: t.build(case)) for t in tools]
    first: Sums | None = None
    times: list[list[float]] = []
    for tool, (_, state) in zip(tools, built, strict=True):
        seconds, answer = _timed(lambda t=tool, s=state: t.run(s))
        found = sums(tool.arrays(state, answer))
        first = found if first is None else first
        _same(operation, case, tool, found, first)
        times.append([seconds] if seconds > SLOW and tool.name != OURS else [])
    for turn in range(rounds):
        for k in _from(turn, len(tools)):
            if not times[k] or times[k][0] <= SLOW:
                times[k].append(_timed(lambda k=k: tools[k].run(built[k][1]))[0])
    return [
        Row(operation.name, case.shape, case.n, t.name, t.how, version(t.name) or "", b[0], tuple(s))
        for t, b, s in zip(tools, built, times, strict=True)
    ]


def _apart(operation: Operation, case: Case, rounds: int, only: Sequence[str], left: Left) -> list[Row]:
    """The same with each run in a process of its own, and the most memory that any of them held."""
    tools = _taking_part(operation, case, only, left)
    times: list[list[float]] = [[] for _ in tools]
    peaks, first = [0.0] * len(tools), None
    assert operation.alone
    with operation.alone(case) as state:
        for turn in range(rounds):
            for k in _from(turn, len(tools)):
                seconds, found, peak = ask(operation.name, operation.tools.index(tools[k]), state)
                first = first or found
                _same(operation, case, tools[k], found, first)
                times[k].append(seconds)
                peaks[k] = max(peaks[k], peak)
    return [
        Row(operation.name, case.shape, case.n, t.name, t.how, version(t.name) or "", 0.0, tuple(s), p)
        for t, s, p in zip(tools, times, peaks, strict=True)
    ]


def _taking_part(operation: Operation, case: Case, only: Sequence[str], left: Left) -> list[Tool]:
    tools = [t for t in operation.tools if not only or t.name in only]
    return [t for t in tools if present(t, case, left)]


def _same(operation: Operation, case: Case, tool: Tool, found: Sums, first: Sums) -> None:
    if not agree(first, found, operation.tolerance):
        raise SystemExit(f"{operation.name} on {case.shape} of {case.n}: {tool.name} {tool.how} answers {found}, not {first}")


def _from(turn: int, count: int) -> list[int]:
    """All tools, each turn beginning with another."""
    return [(turn + k) % count for k in range(count)]


def _timed(ask: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds and answer; Python collects no garbage meanwhile."""
    gc.disable()
    try:
        start = perf_counter()
        answer = ask()
        return perf_counter() - start, answer
    finally:
        gc.enable()


def say(text: str) -> None:
    """A line for whoever waits."""
    print(text, file=sys.stderr, flush=True)
