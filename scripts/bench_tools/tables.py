"""Rows as CSV and Markdown: medians, ratios to refgraph, growth, targets, versions, and who was left out."""

from __future__ import annotations

import csv
import io
import math
import os
import platform
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from bench_tools.targets import LIMITS, TARGETS, Limit
from bench_tools.timing import OURS, Left, Row

COLUMNS = ("operation", "shape", "n", "tool", "how", "version", "build_s", "median_s", "min_s", "rounds", "ratio",
           "ratio_of_min", "peak_mb")  # fmt: skip

HEAD = ("operation", "graph", "parties", "tool", "ratio", "of the least", "median", "least", "rounds", "build", "peak")


def ratios(rows: Sequence[Row], time: Callable[[Row], float] = lambda row: row.median) -> dict[Row, float | None]:
    """The time of each row over that of refgraph's row on the same graph: medians, unless told otherwise."""
    ours = {(r.operation, r.shape, r.n): time(r) for r in reversed(rows) if r.tool == OURS}
    return {r: time(r) / ours[key] if (key := (r.operation, r.shape, r.n)) in ours else None for r in rows}


def least(row: Row) -> float:
    """The quickest round: what a busy machine disturbs least."""
    return min(row.times)


def as_csv(rows: Sequence[Row]) -> str:
    """One line a tool and graph; ``ratio`` is its time over refgraph's."""
    out, ratio, ratio_of_min = io.StringIO(), ratios(rows), ratios(rows, least)
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for r in rows:
        times = f"{r.build:.6f}", f"{r.median:.6f}", f"{min(r.times):.6f}", len(r.times)
        quotients = _number(ratio[r], 3), _number(ratio_of_min[r], 3)
        writer.writerow((r.operation, r.shape, r.n, r.tool, r.how, r.version, *times, *quotients, _number(r.peak, 0)))
    return out.getvalue()


def as_markdown(rows: Sequence[Row], left: Left, others: Iterable[str] = ()) -> str:
    """The page: one table, then growth, targets and who was left out."""
    parts = [f"Measured {date.today().isoformat()} with scripts/bench, {machine()}. Ratios are times over refgraph's."]
    quickest = ratios(rows, least)
    parts.append(_table(HEAD, (
        (r.operation, r.shape, f"{r.n:,}", f"{r.tool} {r.how}".strip(), _number(q, 2), _number(quickest[r], 2), _time(r.median),
         _time(least(r)), str(len(r.times)), _time(r.build), f"{r.peak:,.0f} MB" if r.peak else "")
        for r, q in ratios(rows).items())))
    if growth := [line for line in slopes(rows)]:
        parts.append("Growth: slope of log time over log n, refgraph.\n\n" + _table(("operation", "graph", "sizes", "slope"), growth))
    if verdicts := [line for line in judged(rows)]:
        parts.append(_table(("target", "graph", "parties", "against", "wanted", "found", "met"), verdicts))
    if left.why:
        parts.append("Left out: " + "; ".join(f"{tool}: {why} ({n} rows)" for (tool, why), n in sorted(left.why.items())) + ".")
    versions = sorted({(r.tool, r.version) for r in rows})
    parts.append("Versions: " + ", ".join(f"{tool} {version}" for tool, version in versions) + ".")
    return "\n\n".join([*parts, *others]) + "\n"


def slopes(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """For each operation and shape of two sizes or more: the slope between neighbours."""
    found: dict[tuple[str, str], list[Row]] = {}
    for r in rows:
        if r.tool == OURS and r.n >= 10_000:
            found.setdefault((r.operation, r.shape), []).append(r)
    lines = []
    for (operation, shape), of in found.items():
        of = sorted(of, key=lambda r: r.n)
        for a, b in zip(of, of[1:], strict=False):
            if a.n < b.n:
                slope = math.log(b.median / a.median) / math.log(b.n / a.n)
                lines.append((operation, shape, f"{a.n:,} to {b.n:,}", f"{slope:.2f}"))
    return lines


def judged(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """Every target that these rows say something about: the quickest of the peers it names against refgraph."""
    lines, ratio = [], ratios(rows)
    for target in TARGETS:
        groups: dict[tuple[str, int], list[Row]] = {}
        for r in rows:
            named = {r.tool, f"{r.tool} {r.how}"} & set(target.peers)
            if r.operation == target.operation and named and r.shape in target.shapes and r.n >= target.least:
                groups.setdefault((r.shape, r.n), []).append(r)
        for (shape, n), of in groups.items():
            best = min(of, key=lambda r: r.median)
            quotient = ratio[best]
            if quotient is not None:
                lines.append((target.operation, shape, f"{n:,}", f"{best.tool} {best.how}".strip(), f">= {target.factor:g}",
                              _number(quotient, 2), "yes" if quotient >= target.factor else "no"))
    return lines + [line for limit in LIMITS for line in _within(limit, rows)]


def _within(limit: Limit, rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """Whether refgraph's first way keeps a limit: by the least time, which a busy machine disturbs least."""
    lines = []
    for r in rows:
        if (r.operation, r.n, r.tool) == (limit.operation, limit.n, OURS):
            kept = least(r) <= limit.seconds and (r.peak or 0.0) <= (limit.megabytes or math.inf)
            wanted = [f"<= {limit.seconds:g} s"] if math.isfinite(limit.seconds) else []
            wanted += [f"<= {limit.megabytes:,.0f} MB"] if limit.megabytes else []
            found = _time(least(r)) + (f", {r.peak:,.0f} MB" if r.peak else "")
            lines.append((r.operation, r.shape, f"{r.n:,}", "", ", ".join(wanted), found, "yes" if kept else "no"))
    return lines


def machine() -> str:
    """Processors and system; no name of a machine."""
    return f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"


def _table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    return "\n".join("| " + " | ".join(line) + " |" for line in (head, ["---"] * len(head), *lines))


def _number(x: float | None, digits: int) -> str:
    return "" if x is None else f"{x:.{digits}f}"


def _time(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1e3:.3g} ms"
