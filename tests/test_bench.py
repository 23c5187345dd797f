"""scripts/bench answers before it measures: every tool at hand gives the same checksums on small graphs. No test is timed."""

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
from bench_tools.timing import Left, Operation, Row, Tool, measure  # noqa: E402

HERE = [o for o in catalog.OPERATIONS if not o.lacking]
TOGETHER = [o for o in HERE if not o.alone]
APART = [o for o in HERE if o.alone]


@pytest.mark.parametrize("operation", TOGETHER, ids=lambda o: o.name)
@pytest.mark.parametrize("n", [2, 60])
def test_every_tool_at_hand_gives_the_same_answer(operation: Operation, n: int) -> None:
    for shape in operation.shapes:
        left = Left()
        rows = measure(operation, graphs.make(shape, n), 1, (), left)
        assert rows[0].tool == timing.OURS
        assert len(rows) + sum(left.why.values()) == len(operation.tools)


def test_most_operations_have_a_peer_here() -> None:
    here = [o for o in TOGETHER if sum(timing.version(t.name) is not None for t in o.tools) > 1]
    assert len(here) > len(TOGETHER) / 2


@pytest.mark.parametrize("operation", APART, ids=lambda o: o.name)
def test_a_run_in_a_process_of_its_own(operation: Operation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}:{ROOT / 'scripts'}")
    rows = measure(operation, graphs.make("random", 40), 1, (), Left())
    assert rows[0].peak
    assert all(r.peak and r.peak > 10 for r in rows)


def test_a_wrong_answer_stops_the_run() -> None:
    right = Tool("refgraph", lambda case: case.parent, lambda parent: (parent,))
    wrong = replace(right, name="numpy", run=lambda parent: (parent[::-1],))
    with pytest.raises(SystemExit, match="numpy"):
        measure(Operation("x", (right, wrong)), graphs.make("chain", 5), 1, (), Left())


def test_whoever_takes_no_part_is_named_and_counted() -> None:
    right = Tool("refgraph", lambda case: case.parent, lambda parent: (parent,))
    others = replace(right, name="no-such-library"), replace(right, name="numpy", most=4), replace(right, name="scipy", spared=("chain",))
    left = Left()
    rows = measure(Operation("x", (right, *others)), graphs.make("chain", 5), 2, (), left)
    assert [r.tool for r in rows] == ["refgraph"]
    assert len(rows[0].times) == 2
    assert sorted(tool for tool, _ in left.why) == ["no-such-library", "numpy", "scipy"]
    page = tables.as_markdown(rows, left)
    assert "no-such-library: not installed (1 rows)" in page


def test_sums_tell_answers_apart() -> None:
    a = np.array([3, 1, 2], np.int32)
    assert checks.sums((a,)) == checks.sums((a.astype(np.int64),))
    assert checks.sums((a,)) != checks.sums((a[::-1],))
    assert checks.agree(checks.sums((a / 3,)), checks.sums((a / 3 * (1 + 1e-12),)), 1e-9)
    assert not checks.agree(checks.sums((a / 3,)), checks.sums((a / 3 * 1.001,)), 1e-9)
    assert not checks.agree(checks.sums((a,)), checks.sums((a[:2],)), 1.0)
    assert checks.smallest_member(np.array([7, 5, 7, 5, 6])).tolist() == [0, 1, 0, 1, 4]


@pytest.mark.parametrize("shape", graphs.SHAPES)
def test_shapes_are_what_they_are_called(shape: str) -> None:
    case = graphs.make(shape, 400)
    graph = nx.DiGraph(list(zip(*(end.tolist() for end in case.arcs), strict=True)))
    referred = {"random": (330, 390), "ordered": (330, 390), "sparse": (95, 155), "star": (399, 399), "chain": (399, 399), "tree": (399, 399)}
    if shape == "digraph":
        assert len(case.arcs[0]) == graph.number_of_edges() > 3000
    else:
        assert nx.is_forest(graph)
        assert referred[shape][0] <= len(case.child) <= referred[shape][1]
    assert all(np.array_equal(a, b) for a, b in zip(case.arcs, graphs.make(shape, 400).arcs, strict=True))


def row(tool: str, n: int, *times: float, operation: str = "depth and root, asked once") -> Row:
    return Row(operation, "random", n, tool, "", "1", 0.5, times, 100.0)


def test_tables_hold_ratios_growth_and_verdicts() -> None:
    rows = [row("refgraph", 1_000_000, 3.0, 1.0, 2.0), row("numpy", 1_000_000, 8.0, 7.0, 5.0), row("refgraph", 10_000_000, 20.0)]
    lines = list(csv.DictReader(io.StringIO(tables.as_csv(rows))))
    assert [(r["tool"], r["median_s"], r["ratio"], r["ratio_of_min"]) for r in lines][1] == ("numpy", "7.000000", "3.500", "5.000")
    page = tables.as_markdown(rows, Left())
    assert "| depth and root, asked once | random | 1,000,000 to 10,000,000 | 1.00 |" in page
    assert "| depth and root, asked once | random | 1,000,000 | numpy | >= 3 | 3.50 | yes |" in page
    slow = row("refgraph", 10_000_000, 9.0, operation="recommenders from frames")
    assert "| <= 5 s | 9.00 s, 100 MB | no |" in tables.as_markdown([slow], Left())


def test_targets_speak_of_operations_that_are_there() -> None:
    names = {o.name: {x for t in o.tools for x in (t.name, f"{t.name} {t.how}")} for o in catalog.OPERATIONS}
    assert all(set(t.peers) <= names[t.operation] for t in TARGETS)
    assert all(limit.operation in names for limit in LIMITS)


def test_the_command_line_writes_both_files(tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                            monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["bench", "--size", "96", "--shape", "random", "--operation", "asked once", "--tool", "refgraph", "numpy", "--rounds", "1"]
    monkeypatch.setattr(sys, "argv", [*words, "-o", str(tmp_path)])
    program.main()
    assert (tmp_path / "bench.md").read_text() == capsys.readouterr().out
    assert {r["operation"] for r in csv.DictReader((tmp_path / "bench.csv").open())} == {
        "depth and root, asked once", "Shapley credit, asked once"}  # fmt: skip
