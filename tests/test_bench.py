"""All tools that scripts/bench compares give the same checksums on small graphs; none is timed."""

from __future__ import annotations

import csv
import io
import sys
from dataclasses import replace
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from bench_tools import __main__ as program  # noqa: E402
from bench_tools import catalog, checks, graphs, tables, timing  # noqa: E402
from bench_tools.targets import LIMITS, TARGETS  # noqa: E402
from bench_tools.timing import Operation, Row, SkippedRuns, Tool, measure  # noqa: E402

HERE = [o for o in catalog.OPERATIONS if not o.lacking]
TOGETHER = [o for o in HERE if not o.alone]
SAMPLE = "Shapley credit, after layout"
ISOLATED = [o for o in HERE if o.alone]


@pytest.mark.parametrize("operation", TOGETHER, ids=lambda o: o.name)
@pytest.mark.parametrize("n", [2, 60])
def test_installed_tools_give_the_same_answer(operation: Operation, n: int) -> None:
    for shape in operation.shapes:
        skipped_runs = SkippedRuns()
        rows = measure(operation, graphs.make_case(shape, n), 1, (), skipped_runs)
        assert rows[0].tool == timing.OURS
        assert len(rows) + sum(skipped_runs.reasons.values()) == len(operation.tools)


def test_most_operations_have_an_installed_peer() -> None:
    here = [
        o for o in TOGETHER if sum(timing.find_version(t.name) is not None for t in o.tools) > 1
    ]
    assert len(here) > len(TOGETHER) / 2


@pytest.mark.parametrize("operation", ISOLATED, ids=lambda o: o.name)
def test_isolated_run_measures_memory(
    operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}:{ROOT / 'scripts'}")
    rows = measure(operation, graphs.make_case("random", 40), 1, (), SkippedRuns())
    assert rows[0].peak
    assert all(r.peak and r.peak > 10 for r in rows)


def test_wrong_answer_stops_the_run() -> None:
    right = Tool("refgraph", lambda case: case.parent, lambda parent: (parent,))
    wrong = replace(right, name="numpy", run=lambda parent: (parent[::-1],))
    with pytest.raises(SystemExit, match="numpy"):
        measure(Operation("x", (right, wrong)), graphs.make_case("chain", 5), 1, (), SkippedRuns())


def test_skipped_tools_are_named_and_counted() -> None:
    right = Tool("refgraph", lambda case: case.parent, lambda parent: (parent,))
    others = (
        replace(right, name="no-such-library"),
        replace(right, name="numpy", most=4),
        replace(right, name="scipy", skipped_shapes=("chain",)),
    )
    skipped_runs = SkippedRuns()
    rows = measure(
        Operation("x", (right, *others)), graphs.make_case("chain", 5), 2, (), skipped_runs
    )
    assert [r.tool for r in rows] == ["refgraph"]
    assert len(rows[0].times) == 2
    assert sorted(tool for tool, _ in skipped_runs.reasons) == ["no-such-library", "numpy", "scipy"]
    page = tables.to_markdown(rows, skipped_runs)
    assert "no-such-library: not installed (1 rows)" in page


def test_checksums_differ_for_different_answers() -> None:
    a = np.array([3, 1, 2], np.int32)
    assert checks.compute_checksums((a,)) == checks.compute_checksums((a.astype(np.int64),))
    assert checks.compute_checksums((a,)) != checks.compute_checksums((a[::-1],))
    assert checks.are_checksums_equal(
        checks.compute_checksums((a / 3,)), checks.compute_checksums((a / 3 * (1 + 1e-12),)), 1e-9
    )
    assert not checks.are_checksums_equal(
        checks.compute_checksums((a / 3,)), checks.compute_checksums((a / 3 * 1.001,)), 1e-9
    )
    assert not checks.are_checksums_equal(
        checks.compute_checksums((a,)), checks.compute_checksums((a[:2],)), 1.0
    )
    assert checks.label_by_smallest(np.array([7, 5, 7, 5, 6])).tolist() == [0, 1, 0, 1, 4]


@pytest.mark.parametrize("shape", graphs.SHAPES)
def test_make_case_gives_the_named_shape(shape: str) -> None:
    case = graphs.make_case(shape, 400)
    graph = nx.DiGraph(list(zip(*(end.tolist() for end in case.arcs), strict=True)))
    referred = {
        "random": (330, 390),
        "ordered": (330, 390),
        "sparse": (95, 155),
        "star": (399, 399),
        "chain": (399, 399),
        "tree": (399, 399),
    }
    if shape in graphs.NETWORKS:
        least = {"digraph": 3000, "coauthors": 800}[shape]
        assert len(case.arcs[0]) == graph.number_of_edges() > least
    else:
        assert nx.is_forest(graph)
        assert referred[shape][0] <= len(case.child) <= referred[shape][1]
    assert all(
        np.array_equal(a, b)
        for a, b in zip(case.arcs, graphs.make_case(shape, 400).arcs, strict=True)
    )


def make_row(tool: str, n: int, *times: float, operation: str = SAMPLE) -> Row:
    return Row(operation, "random", n, tool, "", "1", 0.5, times, 100.0)


def test_tables_have_ratios_growth_and_verdicts() -> None:
    rows = [
        make_row("refgraph", 1_000_000, 3.0, 1.0, 2.0),
        make_row("numpy", 1_000_000, 8.0, 7.0, 5.0),
        make_row("refgraph", 10_000_000, 20.0),
    ]
    lines = list(csv.DictReader(io.StringIO(tables.to_csv(rows))))
    assert [(r["tool"], r["median_s"], r["ratio"], r["ratio_of_min"]) for r in lines][1] == (
        "numpy",
        "7.000000",
        "3.500",
        "5.000",
    )
    page = tables.to_markdown(rows, SkippedRuns())
    assert f"| {SAMPLE} | random | 1,000,000 to 10,000,000 | 1.00 |" in page
    assert f"| {SAMPLE} | random | 1,000,000 | numpy | >= 5 | 3.50 | no |" in page
    slow = make_row("refgraph", 10_000_000, 9.0, operation="recommenders from frames")
    assert "| <= 5 s | 9.00 s, 100 MB | no |" in tables.to_markdown([slow], SkippedRuns())


def test_targets_name_existing_operations() -> None:
    names = {
        o.name: {x for t in o.tools for x in (t.name, f"{t.name} {t.how}")}
        for o in catalog.OPERATIONS
    }
    assert all(set(t.peers) <= names[t.operation] for t in TARGETS)
    assert all(limit.operation in names for limit in LIMITS)


def test_bench_command_writes_both_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = [
        "bench",
        "--size",
        "96",
        "--shape",
        "random",
        "--operation",
        "Shapley",
        "--tool",
        "refgraph",
        "numpy",
        "--rounds",
        "1",
    ]
    monkeypatch.setattr(sys, "argv", [*words, "-o", str(tmp_path)])
    program.main()
    assert (tmp_path / "bench.md").read_text() == capsys.readouterr().out
    assert {r["operation"] for r in csv.DictReader((tmp_path / "bench.csv").open())} == {
        SAMPLE,
    }
