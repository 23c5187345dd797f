"""When a kernel is compiled, what the user is told, where the code is stored, and what happens when
it cannot be.
"""

from __future__ import annotations

import ast
import inspect
import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import FunctionType
from typing import Any

import numpy as np
import pytest

from refgraph.kernels import cache, compilation, passes
from refgraph.kernels.arrays import Float64
from refgraph.kernels.compilation import COMPILE_ABOVE, force_mode, kernel, subroutine
from refgraph.pipeline.doctor import KERNEL_PACKAGES

PROGRAM = """
import sys
import numpy as np
from refgraph import progress
from refgraph.kernels import passes
n = int(sys.argv[1])
star = np.zeros(n, np.int32)
star[0] = -1
with progress.listen(print):
    print(passes.sum_up(star, np.ones(n))[0], "numba" in sys.modules)
"""
LARGE = COMPILE_ABOVE + 1


def run_program(folder: Path | str, n: int = LARGE, **environment: str) -> list[str]:
    """What a fresh process with its cache in `folder` prints when it sums up a star of n nodes."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("REFGRAPH", "NUMBA"))}
    env |= {"REFGRAPH_CACHE": str(folder), **environment}
    process = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(n)], env=env, capture_output=True, text=True, check=True
    )
    assert not process.stderr
    return process.stdout.splitlines()


def test_kernel_small_call_runs_plain_and_large_call_compiles_once(tmp_path: Path) -> None:
    assert run_program(tmp_path, 1000) == ["1000.0 False"]
    assert not list(tmp_path.iterdir())
    assert run_program(tmp_path) == ["compiling", f"{LARGE}.0 True"]
    assert [x.name for x in tmp_path.iterdir()] == [cache.FOLDER_NAME]
    assert run_program(tmp_path) == [f"{LARGE}.0 True"]
    for file in tmp_path.rglob("*.nb?"):
        file.write_bytes(b"damaged")
    assert run_program(tmp_path) == ["cache-unusable", "compiling", f"{LARGE}.0 True"]
    assert {file.read_bytes() for file in tmp_path.rglob("*.nb?")} == {b"damaged"}


def test_kernel_mode_in_environment_is_followed(tmp_path: Path) -> None:
    assert run_program(tmp_path, REFGRAPH_KERNELS="plain") == [f"{LARGE}.0 False"]
    compiled = run_program(tmp_path, 10, REFGRAPH_KERNELS="compiled")
    assert compiled == ["compiling", "10.0 True"]


def test_kernel_cache_of_the_user_is_left_alone(tmp_path: Path) -> None:
    run_program(tmp_path / "ours", NUMBA_CACHE_DIR=str(tmp_path / "theirs"))
    assert [x.name for x in tmp_path.iterdir()] == ["theirs"]


def test_kernel_cache_unwritable_falls_back_to_private_folder(tmp_path: Path) -> None:
    nowhere = "/dev/null/cache"
    first = run_program(nowhere, TMPDIR=str(tmp_path))
    assert first == ["cache-unwritable", "compiling", f"{LARGE}.0 True"]
    second = run_program(nowhere, TMPDIR=str(tmp_path))
    assert second == ["cache-unwritable", f"{LARGE}.0 True"]
    (private,) = tmp_path.iterdir()
    assert stat.S_IMODE(private.stat().st_mode) == 0o700


def test_get_mode_unknown_word_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="sometimes"), force_mode("sometimes"):
        pass
    monkeypatch.setenv("REFGRAPH_KERNELS", "never")
    with pytest.raises(ValueError, match="auto, plain, compiled"):
        compilation.get_mode()
    with force_mode("plain"):
        assert compilation.get_mode() == "plain"
    assert os.environ["REFGRAPH_KERNELS"] == "never"


def find_folder(monkeypatch: pytest.MonkeyPatch, **environment: str) -> Path:
    for name in ("REFGRAPH_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return cache.find_kernel_folder.__wrapped__()[0]


def test_find_kernel_folder_follows_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    chosen = {"XDG_CACHE_HOME": str(tmp_path / "x")}
    monkeypatch.setattr(sys, "platform", "linux")
    default = home / ".cache/refgraph/kernels"
    assert find_folder(monkeypatch, HOME=str(home)) == default
    assert find_folder(monkeypatch, HOME=str(home), XDG_CACHE_HOME="relative") == default
    assert find_folder(monkeypatch, HOME=str(home), **chosen) == tmp_path / "x/refgraph/kernels"
    own = str(tmp_path / "r")
    assert find_folder(monkeypatch, HOME=str(home), REFGRAPH_CACHE=own) == tmp_path / "r/kernels"
    monkeypatch.setattr(sys, "platform", "darwin")
    mac = home / "Library/Caches/refgraph/kernels"
    assert find_folder(monkeypatch, HOME=str(home)) == mac


def test_find_kernel_folder_writable_by_others_is_never_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    shared = tmp_path / f"refgraph-{os.getuid()}"
    shared.mkdir()
    shared.chmod(0o777)
    assert shared not in find_folder(monkeypatch, REFGRAPH_CACHE="/dev/null/x").parents
    shared.rmdir()
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    shared.symlink_to(tmp_path / "elsewhere")
    assert shared not in find_folder(monkeypatch, REFGRAPH_CACHE="/dev/null/x").parents
    monkeypatch.setattr(os, "getuid", lambda: 54321)
    foreign = tmp_path / "refgraph-54321"
    foreign.mkdir(mode=0o700)
    assert foreign not in find_folder(monkeypatch, REFGRAPH_CACHE="/dev/null/x").parents


@subroutine
def _add_one(a: Float64, k: int) -> None:
    a[k] += 1


@kernel(steps=lambda a, b, times: len(a) * times)
def _add_times(a: Float64, b: Float64, times: int) -> None:
    for k in range(len(a)):
        b[k] += a[k] * times
        _add_one(b, k)


def make_read_only(array: np.ndarray) -> np.ndarray:
    copy = array.copy()
    copy.flags.writeable = False
    return copy


def test_kernel_with_subroutine_gives_the_same_plain_and_compiled() -> None:
    for mode in ("plain", "compiled"):
        b = np.zeros(3)
        with force_mode(mode):
            _add_times(np.ones(3), b, 2)
        assert b.tolist() == [3.0] * 3


def test_kernel_one_compilation_serves_all_arguments_of_its_types() -> None:
    a, b = np.ones(3), np.zeros(3)
    with force_mode("compiled"):
        _add_times(a, b, 1)
        _add_times(make_read_only(a), b, np.int32(2))
        _add_times(a[:2], b[1:], np.int64(3))
    assert b.tolist() == [5.0, 9.0, 9.0]
    assert len(_add_times.compile().signatures) == 1


def test_kernel_wrong_arguments_are_refused() -> None:
    with pytest.raises(TypeError, match="position"):
        _add_times(np.ones(2), b=np.ones(2), times=1)
    with force_mode("compiled"):
        for wrong in (np.zeros(6)[::2], np.zeros(3, np.int64), np.zeros((3, 1))):
            with pytest.raises(TypeError, match="No matching definition"):
                _add_times(wrong, np.zeros(3), 1)
    with force_mode("plain"), pytest.raises(ValueError, match="read-only"):
        _add_times(np.zeros(3), make_read_only(np.zeros(3)), 1)


def test_kernel_once_compiled_serves_small_calls() -> None:
    assert _add_times.compile() is _add_times.compile()
    assert _add_times.is_compiled
    a, b = np.ones(3).tolist(), np.zeros(3).tolist()
    with force_mode("auto"), pytest.raises(TypeError):
        _add_times(a, b, 1)  # lists would do for the plain form


def test_compile_all_finds_every_kernel() -> None:
    root = Path(cache.__file__).parent.parent
    homes = {
        ".".join(file.parent.relative_to(root.parent).parts)
        for file in root.rglob("*.py")
        if "\n@kernel(" in file.read_text(encoding="utf-8")
    }
    assert homes == {"refgraph.kernels", *KERNEL_PACKAGES}
    assert compilation.compile_all(*KERNEL_PACKAGES) > 20
    assert all(x.is_compiled for x in compilation.registered_kernels)
    assert passes._add_up in compilation.registered_kernels


def find_assigned_names(function: Callable[..., Any]) -> set[str]:
    """Names that the module of a function assigns at its top level."""
    module = inspect.getmodule(function)
    assert module
    names: set[str] = set()
    for statement in ast.parse(inspect.getsource(module)).body:
        if isinstance(statement, ast.Assign):
            for node in ast.walk(statement):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    names.add(node.id)
    return names


def test_kernels_use_only_their_own_module() -> None:
    """The cache follows a change in the file of a kernel; one in another file it would miss."""
    compilation.compile_all(*KERNEL_PACKAGES)
    parts = list(compilation.registered_subroutines)
    functions = [x.plain for x in compilation.registered_kernels] + parts
    for function in functions:
        assert isinstance(function, FunctionType)
        own_constants = find_assigned_names(function)
        for name in function.__code__.co_names:
            value = function.__globals__.get(name)
            if isinstance(value, FunctionType):
                assert value in parts and value.__module__ == function.__module__, name
            elif value is not None and value is not np:
                assert name in own_constants, f"{function.__qualname__} uses {name}"


def test_signature_of_a_kernel_is_that_of_its_arguments() -> None:
    """As numba itself names the types of values with these annotations."""
    numba = pytest.importorskip("numba")

    def plain(text: memoryview, size: int, share: float, is_last: bool, value: Float64) -> int:
        return size

    values = (memoryview(b"x"), 1, 0.5, True, np.zeros(1))
    found = compilation._build_signature(plain)
    assert found == tuple(numba.typeof(value) for value in values)
