"""Rows as CSV and Markdown: medians, ratios to refgraph, growth, targets, skipped tools."""

from __future__ import annotations

import csv
import io
import math
import os
import platform
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import pairwise

from bench_tools.targets import LIMITS, TARGETS, Limit, Target
from bench_tools.timing import OURS, Row, SkippedRuns

COLUMNS = (
    "operation",
    "shape",
    "n",
    "tool",
    "how",
    "version",
    "build_s",
    "median_s",
    "min_s",
    "rounds",
    "ratio",
    "ratio_of_min",
    "peak_mb",
)

TABLE_HEAD = (
    "operation",
    "graph",
    "parties",
    "tool",
    "ratio",
    "of the least",
    "median",
    "least",
    "rounds",
    "build",
    "peak",
)


VERDICT_HEAD = ("target", "graph", "parties", "against", "wanted", "found", "met")


def compute_ratios(
    rows: Sequence[Row], time: Callable[[Row], float] = lambda row: row.median
) -> dict[Row, float | None]:
    """The time of each row divided by that of refgraph on the same graph; medians by default."""
    ours = {(r.operation, r.shape, r.n): time(r) for r in reversed(rows) if r.tool == OURS}
    return {
        r: time(r) / ours[key] if (key := (r.operation, r.shape, r.n)) in ours else None
        for r in rows
    }


def get_minimum(row: Row) -> float:
    """The quickest round, which other load on the machine disturbs least."""
    return min(row.times)


def to_csv(rows: Sequence[Row]) -> str:
    """One line per tool and graph; ``ratio`` is its time divided by refgraph's."""
    out, ratio, ratio_of_min = (
        io.StringIO(),
        compute_ratios(rows),
        compute_ratios(rows, get_minimum),
    )
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for r in rows:
        times = f"{r.build:.6f}", f"{r.median:.6f}", f"{min(r.times):.6f}", len(r.times)
        quotients = _format_number(ratio[r], 3), _format_number(ratio_of_min[r], 3)
        writer.writerow(
            (
                r.operation,
                r.shape,
                r.n,
                r.tool,
                r.how,
                r.version,
                *times,
                *quotients,
                _format_number(r.peak, 0),
            )
        )
    return out.getvalue()


def to_markdown(rows: Sequence[Row], skipped: SkippedRuns, others: Iterable[str] = ()) -> str:
    """The page: one table, then growth, targets and skipped tools."""
    parts = [
        f"Measured {date.today().isoformat()} with scripts/bench, {describe_machine()}. "
        "Ratios are times over refgraph's."
    ]
    quickest = compute_ratios(rows, get_minimum)
    lines = [_format_row(r, ratio, quickest[r]) for r, ratio in compute_ratios(rows).items()]
    parts.append(_format_table(TABLE_HEAD, lines))
    growth = compute_slopes(rows)
    if growth:
        table = _format_table(("operation", "graph", "sizes", "slope"), growth)
        parts.append(f"Growth: slope of log time over log n, refgraph.\n\n{table}")
    verdicts = judge_targets(rows)
    if verdicts:
        parts.append(_format_table(VERDICT_HEAD, verdicts))
    if skipped.reasons:
        reasons = sorted(skipped.reasons.items())
        text = "; ".join(f"{tool}: {why} ({n} rows)" for (tool, why), n in reasons)
        parts.append(f"Left out: {text}.")
    versions = sorted({(r.tool, r.version) for r in rows})
    parts.append("Versions: " + ", ".join(f"{tool} {version}" for tool, version in versions) + ".")
    return "\n\n".join([*parts, *others]) + "\n"


def _format_row(row: Row, ratio: float | None, quickest: float | None) -> tuple[str, ...]:
    """The line of `TABLE_HEAD`. quickest: the ratio of the quickest rounds."""
    times = (_format_time(row.median), _format_time(get_minimum(row)))
    peak = f"{row.peak:,.0f} MB" if row.peak else ""
    return (
        *(row.operation, row.shape, f"{row.n:,}", f"{row.tool} {row.how}".strip()),
        *(_format_number(ratio, 2), _format_number(quickest, 2)),
        *times,
        *(str(len(row.times)), _format_time(row.build), peak),
    )


def compute_slopes(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """The slope between neighboring sizes, for each operation and shape with several sizes."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row.tool == OURS and row.n >= 10_000:
            groups.setdefault((row.operation, row.shape), []).append(row)
    lines = []
    for (operation, shape), group in groups.items():
        for a, b in pairwise(sorted(group, key=lambda row: row.n)):
            if a.n < b.n:
                slope = math.log(b.median / a.median) / math.log(b.n / a.n)
                lines.append((operation, shape, f"{a.n:,} to {b.n:,}", f"{slope:.2f}"))
    return lines


def judge_targets(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """Every target that the rows cover: the quickest of its peers against refgraph."""
    lines, ratios = [], compute_ratios(rows)
    for target in TARGETS:
        for (shape, n), peers in _group_peers(target, rows).items():
            best = min(peers, key=lambda row: row.median)
            ratio = ratios[best]
            if ratio is None:
                continue
            against = f"{best.tool} {best.how}".strip()
            wanted, found = f">= {target.factor:g}", _format_number(ratio, 2)
            is_met = "yes" if ratio >= target.factor else "no"
            lines.append((target.operation, shape, f"{n:,}", against, wanted, found, is_met))
    return lines + [line for limit in LIMITS for line in _judge_limit(limit, rows)]


def _group_peers(target: Target, rows: Sequence[Row]) -> dict[tuple[str, int], list[Row]]:
    """The rows of the peers of a target, by shape and size."""
    groups: dict[tuple[str, int], list[Row]] = {}
    for row in rows:
        is_peer = row.tool in target.peers or f"{row.tool} {row.how}" in target.peers
        is_covered = row.shape in target.shapes and row.n >= target.least
        if row.operation == target.operation and is_peer and is_covered:
            groups.setdefault((row.shape, row.n), []).append(row)
    return groups


def _judge_limit(limit: Limit, rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """Whether refgraph keeps a limit, by its quickest round."""
    wanted = [f"<= {limit.seconds:g} s"] if math.isfinite(limit.seconds) else []
    wanted += [f"<= {limit.megabytes:,.0f} MB"] if limit.megabytes else []
    lines = []
    for row in rows:
        if (row.operation, row.n, row.tool) != (limit.operation, limit.n, OURS):
            continue
        seconds, peak = get_minimum(row), row.peak or 0.0
        is_met = seconds <= limit.seconds and peak <= (limit.megabytes or math.inf)
        found = _format_time(seconds) + (f", {peak:,.0f} MB" if peak else "")
        verdict = "yes" if is_met else "no"
        lines.append(
            (row.operation, row.shape, f"{row.n:,}", "", ", ".join(wanted), found, verdict)
        )
    return lines


def describe_machine() -> str:
    """Processors and system; no name of a machine."""
    system = f"{platform.system()} {platform.machine()}"
    return f"{os.cpu_count()} cores, {system}, Python {platform.python_version()}"


def _format_table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    return "\n".join("| " + " | ".join(line) + " |" for line in (head, ["---"] * len(head), *lines))


def _format_number(x: float | None, digits: int) -> str:
    return "" if x is None else f"{x:.{digits}f}"


def _format_time(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1e3:.3g} ms"
