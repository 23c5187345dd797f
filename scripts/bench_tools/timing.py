"""Tools run alternately in one run: graphs built untimed, equal checksums, medians."""

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

from bench_tools.checks import Checksums, are_checksums_equal, compute_checksums
from bench_tools.graphs import Array, Case
from bench_tools.isolated_run import run_isolated

OURS = "refgraph"
SLOW_SECONDS = 5.0
"""A peer whose first run takes longer, in seconds, is not run again; refgraph's first run may have
to compile.
"""


def keep_arrays(state: Any, answer: Any) -> tuple[Array, ...]:
    """An answer that is already a tuple of arrays by position."""
    return tuple(answer)


@dataclass(frozen=True)
class Tool:
    """How one library does an operation.

    build: its graph from a Case, untimed. run: the question, timed. arrays: the answer as arrays by
    position, untimed. most: the greatest n that it is run on. skipped_shapes: shapes that it is not
    run on.
    """

    name: str
    build: Callable[[Case], Any]
    run: Callable[[Any], Any]
    arrays: Callable[[Any, Any], tuple[Array, ...]] = keep_arrays
    how: str = ""
    most: int = 2**62
    skipped_shapes: tuple[str, ...] = ()
    prepare: Callable[[str], Any] | None = None


@dataclass(frozen=True)
class Operation:
    """A question that several tools answer.

    tolerance: relative, for sums of floats; whole numbers must be equal. most: the greatest n that
    is run. sizes: the only ones. alone: runs each tool in a process of its own, so that memory can
    be measured; it turns a case into the text that the process gets, and a tool may prepare itself
    there (`prepare`), untimed. lacking: what is missing on this machine, as a sentence.
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
        """The median of the rounds."""
        return statistics.median(self.times)


@dataclass
class SkippedRuns:
    """Tools that were not measured, and why; they are named and counted."""

    reasons: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, tool: str, reason: str) -> None:
        """Count one more row without this tool."""
        self.reasons[tool, reason] = self.reasons.get((tool, reason), 0) + 1


def find_version(name: str) -> str | None:
    """The version of a library; None if it is not installed."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def can_take_part(tool: Tool, case: Case, skipped: SkippedRuns) -> bool:
    """Whether a tool takes part; if not, the reason is recorded."""
    if find_version(tool.name) is None:
        skipped.add(tool.name, "not installed")
    elif case.n > tool.most:
        skipped.add(tool.name, f"not asked above {tool.most:,} parties: memory or minutes")
    elif case.shape in tool.skipped_shapes:
        skipped.add(
            f"{tool.name} ({tool.how})" if tool.how else tool.name,
            f"not asked on a {case.shape}: minutes",
        )
    else:
        return True
    return False


def measure(
    operation: Operation, case: Case, rounds: int, only: Sequence[str], skipped: SkippedRuns
) -> list[Row]:
    """Run all tools on one graph alternately. Raises SystemExit when two answers differ."""
    if operation.alone:
        return _measure_isolated(operation, case, rounds, only, skipped)
    tools = _select_tools(operation, case, only, skipped)
    built = [_time_call(lambda t=t: t.build(case)) for t in tools]
    first: Checksums | None = None
    times: list[list[float]] = []
    for tool, (_, state) in zip(tools, built, strict=True):
        seconds, answer = _time_call(lambda t=tool, s=state: t.run(s))
        found = compute_checksums(tool.arrays(state, answer))
        first = found if first is None else first
        _require_equal(operation, case, tool, found, first)
        times.append([seconds] if seconds > SLOW_SECONDS and tool.name != OURS else [])
    for turn in range(rounds):
        for k in _rotate(turn, len(tools)):
            if not times[k] or times[k][0] <= SLOW_SECONDS:
                times[k].append(_time_call(lambda k=k: tools[k].run(built[k][1]))[0])
    return [
        _make_row(operation, case, tool, seconds, build=graph[0])
        for tool, graph, seconds in zip(tools, built, times, strict=True)
    ]


def _make_row(
    operation: Operation,
    case: Case,
    tool: Tool,
    seconds: Sequence[float],
    build: float = 0.0,
    peak: float | None = None,
) -> Row:
    version = find_version(tool.name) or ""
    names = (operation.name, case.shape, case.n, tool.name, tool.how, version)
    return Row(*names, build, tuple(seconds), peak)


def _measure_isolated(
    operation: Operation, case: Case, rounds: int, only: Sequence[str], skipped: SkippedRuns
) -> list[Row]:
    """As `measure`, each run in a process of its own, with its peak memory."""
    tools = _select_tools(operation, case, only, skipped)
    times: list[list[float]] = [[] for _ in tools]
    peaks, first = [0.0] * len(tools), None
    assert operation.alone
    with operation.alone(case) as state:
        for turn in range(rounds):
            for k in _rotate(turn, len(tools)):
                seconds, found, peak = run_isolated(
                    operation.name, operation.tools.index(tools[k]), state
                )
                first = first or found
                _require_equal(operation, case, tools[k], found, first)
                times[k].append(seconds)
                peaks[k] = max(peaks[k], peak)
    return [
        _make_row(operation, case, tool, seconds, peak=peak)
        for tool, seconds, peak in zip(tools, times, peaks, strict=True)
    ]


def _select_tools(
    operation: Operation, case: Case, only: Sequence[str], skipped: SkippedRuns
) -> list[Tool]:
    tools = [t for t in operation.tools if not only or t.name in only]
    return [t for t in tools if can_take_part(t, case, skipped)]


def _require_equal(
    operation: Operation, case: Case, tool: Tool, found: Checksums, first: Checksums
) -> None:
    if not are_checksums_equal(first, found, operation.tolerance):
        raise SystemExit(
            f"{operation.name} on {case.shape} of {case.n}: "
            f"{tool.name} {tool.how} answers {found}, not {first}"
        )


def _rotate(turn: int, count: int) -> list[int]:
    """All tools, beginning with another one in each round."""
    return [(turn + k) % count for k in range(count)]


def _time_call(ask: Callable[[], Any]) -> tuple[float, Any]:
    """(seconds, answer); garbage collection is off meanwhile."""
    gc.disable()
    try:
        start = perf_counter()
        answer = ask()
        return perf_counter() - start, answer
    finally:
        gc.enable()


def print_progress(text: str) -> None:
    """Print a line of progress."""
    print(text, file=sys.stderr, flush=True)
