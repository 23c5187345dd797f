"""The command line of scripts/bench."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from bench_tools import catalog, graphs, tables
from bench_tools.timing import Operation, Row, SkippedRuns, measure, print_progress

SIZES = {"96": 96, "10k": 10_000, "100k": 100_000, "1M": 1_000_000, "10M": 10_000_000}


def parse_arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    """The options of the call."""
    names = [o.name for o in catalog.OPERATIONS]
    parser = argparse.ArgumentParser(
        "scripts/bench",
        description="refgraph against its peers, tools in turns within one run",
        epilog="operations: " + "; ".join(names),
    )
    _add_selection(parser)
    parser.add_argument(
        "--rounds", type=int, default=3, metavar="N", help="timed runs a tool (default 3)"
    )
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FOLDER", help="write bench.csv and bench.md there"
    )
    return parser.parse_args(words)


def _add_selection(parser: argparse.ArgumentParser) -> None:
    """The options that choose what is measured."""
    parser.add_argument(
        "--size",
        nargs="+",
        choices=SIZES,
        default=["96", "10k", "1M"],
        help="parties (default 96 10k 1M)",
    )
    parser.add_argument(
        "--operation",
        nargs="+",
        metavar="WORD",
        default=[],
        help="only those whose name holds a WORD",
    )
    parser.add_argument(
        "--tool",
        nargs="+",
        metavar="NAME",
        default=[],
        help="only these tools, such as refgraph scipy",
    )
    parser.add_argument(
        "--shape",
        nargs="+",
        choices=graphs.SHAPES,
        default=["random", "tree", "digraph", "coauthors"],
        help="graphs (default random tree digraph coauthors)",
    )


def select_operations(options: argparse.Namespace) -> list[Operation]:
    """The operations whose names contain one of the words."""
    words = [w.lower() for w in options.operation]
    return [o for o in catalog.OPERATIONS if not words or any(w in o.name.lower() for w in words)]


def run_operations(options: argparse.Namespace) -> tuple[list[Row], SkippedRuns]:
    """Run all selected operations and measure their tools.

    Results are written after each operation, so that an interruption loses nothing.
    """
    rows: list[Row] = []
    skipped = SkippedRuns()
    for operation in select_operations(options):
        lacking = operation.lacking and operation.lacking()
        if lacking:
            skipped.add(operation.name, lacking.rstrip("."))
            continue
        for shape in (s for s in operation.shapes if s in options.shape):
            for size in operation.sizes or [SIZES[s] for s in options.size]:
                if size > operation.most:
                    skipped.add(operation.name, f"not asked above {operation.most:,} parties")
                    continue
                print_progress(f"{operation.name}: {shape}, {size:,} parties")
                rows += measure(
                    operation, graphs.make_case(shape, size), options.rounds, options.tool, skipped
                )
                write_results(options.output, rows, skipped)
    return rows, skipped


def write_results(folder: Path | None, rows: list[Row], skipped: SkippedRuns) -> None:
    """Write bench.csv and bench.md if a folder is given."""
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "bench.csv").write_text(tables.to_csv(rows), encoding="utf-8")
        (folder / "bench.md").write_text(tables.to_markdown(rows, skipped), encoding="utf-8")


def main() -> None:
    """Measure and write."""
    options = parse_arguments()
    rows, skipped = run_operations(options)
    sys.stdout.write(tables.to_markdown(rows, skipped))


if __name__ == "__main__":
    main()
