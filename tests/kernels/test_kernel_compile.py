"""When a kernel is compiled, what is said then, where the code is kept, and what happens when it cannot be."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
from kernel_graphs import arcs, flow

from refgraph.flow.doctor import KERNELS
from refgraph.kernels import cache, compile, credit, forest, loops, once, passes, reach
from refgraph.kernels.betweenness import betweenness
from refgraph.kernels.compile import COMPILE_ABOVE, LOAD_ABOVE, kernel, mode
from refgraph.kernels.core import core_numbers
from refgraph.kernels.decayed import decayed
from refgraph.kernels.distances import distances, previous
from refgraph.kernels.holes import holes
from refgraph.kernels.pagerank import pagerank
from refgraph.kernels.weak import components

PROGRAM = """
import sys
import numpy as np
from refgraph.kernels import compile, passes
compile.announce = print
n = int(sys.argv[1])
print(passes.sums_up(np.zeros(n, np.int32) - (np.arange(n) == 0), np.ones(n))[0], "numba" in sys.modules)
"""
LARGE = COMPILE_ABOVE + 1


def run(folder: Path | str, n: int = LARGE, **environment: str) -> list[str]:
    """What a fresh process says that keeps its code in `folder` and adds up a star of n."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("REFGRAPH", "NUMBA"))}
    env |= {"REFGRAPH_CACHE": str(folder), **environment}
    done = subprocess.run([sys.executable, "-c", PROGRAM, str(n)], env=env, capture_output=True, text=True, check=True)
    assert not done.stderr
    return done.stdout.split("\n")[:-1]


def test_small_is_plain_and_large_is_compiled_once_and_kept(tmp_path: Path) -> None:
    assert run(tmp_path, 1000) == ["1000.0 False"] and not list(tmp_path.iterdir())
    assert run(tmp_path) == ["compiling", f"{LARGE}.0 True"]
    assert [x.name for x in tmp_path.iterdir()] == [cache.stamp()]
    assert run(tmp_path) == [f"{LARGE}.0 True"]
    for file in tmp_path.rglob("*.nb?"):
        file.write_bytes(b"damaged")
    assert run(tmp_path) == ["cache-unwritable", f"{LARGE}.0 True"]
    assert run(tmp_path) == ["compiling", f"{LARGE}.0 True"]


def test_code_in_the_cache_is_used_sooner_than_the_compiler(tmp_path: Path) -> None:
    middle = (LOAD_ABOVE + COMPILE_ABOVE) // 2
    assert run(tmp_path, middle) == [f"{middle}.0 False"]
    run(tmp_path)
    assert run(tmp_path, middle) == [f"{middle}.0 True"]
    assert run(tmp_path, LOAD_ABOVE - 1) == [f"{LOAD_ABOVE - 1}.0 False"]


def test_the_environment_chooses(tmp_path: Path) -> None:
    assert run(tmp_path, REFGRAPH_KERNELS="plain") == [f"{LARGE}.0 False"]
    assert run(tmp_path, 10, REFGRAPH_KERNELS="compiled") == ["compiling", "10.0 True"]


def test_a_place_that_cannot_be_written_costs_a_line_and_no_answer(tmp_path: Path) -> None:
    nowhere = "/dev/null/cache"
    assert run(nowhere, TMPDIR=str(tmp_path)) == ["cache-unwritable", "compiling", f"{LARGE}.0 True"]
    assert run(nowhere, TMPDIR=str(tmp_path)) == ["cache-unwritable", f"{LARGE}.0 True"]
    (private,) = tmp_path.iterdir()
    assert stat.S_IMODE(private.stat().st_mode) == 0o700


def test_an_unknown_mode_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="sometimes"), mode("sometimes"):
        pass
    monkeypatch.setenv("REFGRAPH_KERNELS", "never")
    with pytest.raises(ValueError, match="auto, plain, compiled"):
        compile.current()
    with mode("plain"):
        assert compile.current() == "plain"


def place(monkeypatch: pytest.MonkeyPatch, **environment: str) -> Path:
    for name in ("REFGRAPH_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return cache.folder.__wrapped__()[0]


def test_where_the_code_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, stamp = str(tmp_path / "home"), cache.stamp()
    monkeypatch.setattr(sys, "platform", "linux")
    assert place(monkeypatch, HOME=home) == tmp_path / "home/.cache/refgraph" / stamp
    assert place(monkeypatch, HOME=home, XDG_CACHE_HOME="relative") == tmp_path / "home/.cache/refgraph" / stamp
    assert place(monkeypatch, HOME=home, XDG_CACHE_HOME=str(tmp_path / "x")) == tmp_path / "x/refgraph" / stamp
    assert place(monkeypatch, HOME=home, REFGRAPH_CACHE=str(tmp_path / "r")) == tmp_path / "r" / stamp
    monkeypatch.setattr(sys, "platform", "darwin")
    assert place(monkeypatch, HOME=home) == tmp_path / "home/Library/Caches/refgraph" / stamp


def test_a_folder_that_others_could_write_to_is_never_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    shared = tmp_path / f"refgraph-{os.getuid()}"
    shared.mkdir()
    shared.chmod(0o777)
    assert shared not in place(monkeypatch, REFGRAPH_CACHE="/dev/null/x").parents
    shared.rmdir()
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    shared.symlink_to(tmp_path / "elsewhere")
    assert place(monkeypatch, REFGRAPH_CACHE="/dev/null/x").name != cache.stamp()
    monkeypatch.setattr(os, "getuid", lambda: 54321)
    (tmp_path / "refgraph-54321").mkdir(mode=0o700)
    assert place(monkeypatch, REFGRAPH_CACHE="/dev/null/x").name != cache.stamp()


def test_a_change_in_any_file_gives_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in Path(cache.__file__).parent.glob("*.py"):
        shutil.copy(file, tmp_path)
    monkeypatch.setattr(cache, "__file__", str(tmp_path / "cache.py"))
    assert cache.stamp.__wrapped__() == cache.stamp()
    (tmp_path / "passes.py").write_text("# changed")
    assert cache.stamp.__wrapped__() != cache.stamp()


@kernel(steps=lambda a: len(a))
def _inner(a: np.ndarray) -> None:
    for k in range(len(a)):
        a[k] += 1


@kernel(steps=lambda a: len(a))
def _outer(a: np.ndarray) -> None:
    _inner(a)


def test_a_kernel_calls_the_plain_or_the_compiled_form_of_another() -> None:
    a = np.zeros(3)
    with mode("plain"):
        _outer(a)
    assert a.tolist() == [1.0] * 3 and not _outer.signatures and not _inner.signatures
    with mode("compiled"):
        _outer(a)
        assert a.tolist() == [2.0] * 3
        with pytest.raises(ValueError, match="contiguous"):
            _outer(np.zeros(6)[::2])
        with pytest.raises(TypeError, match="position"):
            _outer(a=a)
    assert len(_outer.signatures) == 1
    frozen = np.zeros(3)
    frozen.flags.writeable = False
    with mode("plain"), pytest.raises(ValueError, match="read-only"):
        _outer(frozen)


@kernel(steps=lambda a, b, times: len(a) * times)
def _add_times(a: np.ndarray, b: np.ndarray, times: int) -> None:
    for k in range(len(a)):
        b[k] += a[k] * times


def test_one_compilation_serves_all_callers_and_leaves_numba_as_it_was() -> None:
    import numba

    before, a, b = numba.config.CACHE_DIR, np.ones(3), np.zeros(3)
    frozen = a.copy()
    frozen.flags.writeable = False
    with mode("compiled"):
        _add_times(a, b, 1)
        _add_times(frozen, b, np.int32(2))
        _add_times(a[:2], b[1:], np.int64(3))
    assert b.tolist() == [3.0, 6.0, 6.0] and len(_add_times.signatures) == 1
    assert not frozen.flags.writeable and numba.config.CACHE_DIR == before


def test_warm_finds_every_kernel_and_none_calls_one_of_a_file_whose_change_it_would_miss() -> None:
    """The cache follows the own file of a kernel and all of refgraph.kernels."""
    root = Path(cache.__file__).parent.parent
    homes = {".".join(f.parent.relative_to(root.parent).parts) for f in root.rglob("*.py") if "\n@kernel(" in f.read_text()}
    assert homes == {"refgraph.kernels", *KERNELS}
    assert compile.warm(*KERNELS) > 20
    ready = [k.function.__module__ for k in compile.registered if k.signatures]
    assert all(any(module.startswith(home) for module in ready) for home in homes)
    for each in compile.registered:
        names = each.function.__globals__
        called = [names[x] for x in each.function.__code__.co_names if isinstance(names.get(x), compile.Kernel)]
        allowed = (each.function.__module__, "refgraph.kernels")
        assert all(x.function.__module__.startswith(allowed) for x in called), each.function.__qualname__


def test_warm_compiles_for_the_types_in_use() -> None:
    """Whoever adds a kernel gives examples; the types that the public functions pass are those of the examples."""
    assert compile.warm() > 20
    ours = [k for k in compile.registered if k.function.__module__.startswith("refgraph.kernels.")]
    assert [k.function.__name__ for k in ours if k.examples is None] == []
    ready = {k.function.__name__: set(k.signatures) for k in ours}
    parent = np.array([-1, 0, 1, 0], np.int32)
    ladder = arcs(4, [(0, 1), (0, 2), (1, 3), (2, 3)])
    with mode("compiled"):
        laid, ways, w = forest.layout(parent), flow(ladder), np.ones(4)
        once.shapley_once(parent, w)
        passes.descent(laid.parent)
        passes.roots(laid.parent)
        for ask in (passes.sums_up, passes.sums_down, lambda p, x: passes.decayed(p, x, 1), lambda p, x: passes.heights(p)):
            ask(laid.parent, w)
        credit.decay(laid.parent, laid.depth, w, 1)
        credit.mixture(*ways, w, 1)
        reach.distinct(ways.in_ptr, ways.out_ptr, ways.out_dst, w)
        reach.of_set(ways.out_ptr, ways.out_dst, np.array([1]))
        credit.direct(ways.in_ptr, ways.in_src, ways.in_share, w)
        decayed(ways.in_ptr, ways.out_ptr, ways.out_dst, w, 1)
        for look in (components, core_numbers, betweenness, holes, pagerank, lambda *g: pagerank(*g, w)):
            look(*ladder)
        previous(*ladder, distances(*ladder, np.zeros(1, np.int32)))
        loops.cuts(2, np.array([0, 1], np.int32), np.array([1, 0], np.int32), np.arange(2))
    assert {k.function.__name__: set(k.signatures) for k in ours} == ready


def test_many_small_calls_are_compiled_at_last() -> None:
    @kernel(steps=lambda a: COMPILE_ABOVE // 4)
    def busy(a: np.ndarray) -> None:
        a[0] += 1

    a = np.zeros(1)
    for calls in range(1, 6):
        busy(a)
        assert (a[0], bool(busy.signatures)) == (calls, calls >= 4)
    compile.registered.remove(busy)
