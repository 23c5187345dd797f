"""The command line of scripts/bench."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from bench_tools import catalog, graphs, tables
from bench_tools.timing import Left, Operation, Row, measure, say

SIZES = {"96": 96, "10k": 10_000, "100k": 100_000, "1M": 1_000_000, "10M": 10_000_000}


def arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    """What is asked for."""
    names = [o.name for o in catalog.OPERATIONS]
    parser = argparse.ArgumentParser("scripts/bench", description="refgraph against its peers, tools in turns within one run",
                                     epilog="operations: " + "; ".join(names))  # fmt: skip
    parser.add_argument("--size", nargs="+", choices=SIZES, default=["96", "10k", "1M"], help="parties (default 96 10k 1M)")
    parser.add_argument("--operation", nargs="+", metavar="WORD", default=[], help="only those whose name holds a WORD")
    parser.add_argument("--tool", nargs="+", metavar="NAME", default=[], help="only these tools, such as refgraph scipy")
    parser.add_argument("--shape", nargs="+", choices=graphs.SHAPES, default=["random", "tree", "digraph"],
                        help="graphs (default random tree digraph)")  # fmt: skip
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="timed runs a tool (default 3)")
    parser.add_argument("-o", "--output", type=Path, metavar="FOLDER", help="write bench.csv and bench.md there")
    return parser.parse_args(words)


def chosen(given: argparse.Namespace) -> list[Operation]:
    """The operations whose names hold one of the words."""
    words = [w.lower() for w in given.operation]
    return [o for o in catalog.OPERATIONS if not words or any(w in o.name.lower() for w in words)]


def run(given: argparse.Namespace) -> tuple[list[Row], Left]:
    """Measure everything asked for; what is known is written after each operation, so nothing is lost half-way."""
    rows: list[Row] = []
    left = Left()
    for operation in chosen(given):
        lacking = operation.lacking and operation.lacking()
        if lacking:
            left.out(operation.name, lacking.rstrip("."))
            continue
        for shape in (s for s in operation.shapes if s in given.shape):
            for size in operation.sizes or [SIZES[s] for s in given.size]:
                if size > operation.most:
                    left.out(operation.name, f"not asked above {operation.most:,} parties")
                    continue
                say(f"{operation.name}: {shape}, {size:,} parties")
                rows += measure(operation, graphs.make(shape, size), given.rounds, given.tool, left)
                write(given.output, rows, left)
    return rows, left


def write(folder: Path | None, rows: list[Row], left: Left) -> None:
    """bench.csv and bench.md, if a folder is given."""
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "bench.csv").write_text(tables.as_csv(rows), encoding="utf-8")
        (folder / "bench.md").write_text(tables.as_markdown(rows, left), encoding="utf-8")


def main() -> None:
    """Measure and write."""
    given = arguments()
    rows, left = run(given)
    sys.stdout.write(tables.as_markdown(rows, left))


if __name__ == "__main__":
    main()
