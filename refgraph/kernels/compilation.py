"""`@kernel`: a plain function on numpy arrays, run by Python on small input and compiled by numba
for large input.

A kernel takes one-dimensional contiguous arrays and numbers. Its annotations name their types, so
it is compiled once, for exactly these. It calls nothing but numpy, `math` and functions of its own
module marked `@subroutine`: the cache of numba notices a change in the file of a kernel, not in
other files. Both ways give the same bits as long as 32-bit integers leave their array as
`int(a[i])` before arithmetic: the compiler widens them to 64 bits, numpy would let them overflow.
numba is imported at the first compilation and nowhere else.
"""

from __future__ import annotations

import functools
import importlib
import os
import pkgutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, ParamSpec, TypeVar, get_type_hints

from refgraph.kernels.arrays import Bool, Bytes, Float64, Int32, Int64, to_writable
from refgraph.kernels.cache import find_kernel_folder
from refgraph.progress import remark

P = ParamSpec("P")
R = TypeVar("R")
F = TypeVar("F", bound=Callable[..., Any])

COMPILE_ABOVE = 400_000
"""Estimated steps of one call from which it is compiled: some 0.2 s of Python, half of what loading
numba takes.

Three thresholds and a count of all steps before took as long: recommenders of l96 1.2 s, of a
million customers 25 s, side by side on a busy machine.
"""

MODES = ("auto", "plain", "compiled")
MODE_VARIABLE = "REFGRAPH_KERNELS"
SCALARS = {Int32: "int32", Int64: "int64", Float64: "float64", Bool: "boolean", Bytes: "uint8"}
"""numba's name for the element type of each array type that a kernel may take."""

registered_kernels: list[Kernel[..., Any]] = []
registered_subroutines: list[Callable[..., Any]] = []
_lock = threading.Lock()


def kernel(*, steps: Callable[P, int]) -> Callable[[Callable[P, R]], Kernel[P, R]]:
    """Make a kernel of a plain function. `steps` takes the same arguments and estimates the turns
    of the inner loop.
    """

    def decorate(function: Callable[P, R]) -> Kernel[P, R]:
        result = Kernel(function, steps)
        registered_kernels.append(result)
        return result

    return decorate


def subroutine(function: F) -> F:
    """A function that kernels of the same module call. It stays a plain function and is compiled
    with its callers.
    """
    registered_subroutines.append(function)
    return function


class Kernel(Generic[P, R]):
    """A function on arrays that exists twice: `plain`, and compiled once a large call needs it."""

    def __init__(self, function: Callable[P, R], steps: Callable[P, int]) -> None:
        functools.update_wrapper(self, function)
        self.plain = function
        self.steps = steps
        self._compiled: Callable[..., R] | None = None

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run plain or compiled. Raises TypeError for arguments by name or of other types."""
        if kwargs:
            raise TypeError(f"{self.plain.__name__}: a kernel takes its arguments by position")
        if self._runs_plain(*args, **kwargs):
            return self.plain(*args, **kwargs)
        return self.compile()(*map(to_writable, args))

    def _runs_plain(self, *args: P.args, **kwargs: P.kwargs) -> bool:
        """Whether Python runs this call. Once compiled, a kernel serves small calls, too."""
        mode = get_mode()
        if mode != "auto":
            return mode == "plain"
        return self._compiled is None and self.steps(*args, **kwargs) < COMPILE_ABOVE

    @property
    def is_compiled(self) -> bool:
        """Whether the compiled form is ready in this process."""
        return self._compiled is not None

    def compile(self) -> Callable[..., R]:
        """The compiled function, made or loaded from the cache at the first call."""
        if self._compiled is None:
            with _lock:
                if self._compiled is None:
                    self._compiled = _compile_function(self.plain)
        return self._compiled


def get_mode() -> str:
    """How kernels run now: "auto", "plain" or "compiled" (`$REFGRAPH_KERNELS`). Raises ValueError
    for another word.
    """
    mode = os.environ.get(MODE_VARIABLE) or "auto"
    if mode not in MODES:
        raise ValueError(f"{MODE_VARIABLE} is {mode!r}, not one of {', '.join(MODES)}")
    return mode


@contextmanager
def force_mode(mode: str) -> Iterator[None]:
    """Within the block, run every kernel of this process in the given mode. For tests."""
    before = os.environ.get(MODE_VARIABLE)
    os.environ[MODE_VARIABLE] = mode
    try:
        get_mode()
        yield
    finally:
        del os.environ[MODE_VARIABLE]
        if before is not None:
            os.environ[MODE_VARIABLE] = before


def compile_all(*packages: str) -> int:
    """Compile all kernels of this package and of `packages` (dotted names) and count them."""
    for package in ("refgraph.kernels", *packages):
        for module in pkgutil.iter_modules(importlib.import_module(package).__path__):
            importlib.import_module(f"{package}.{module.name}")
    for each in registered_kernels:
        each.compile()
    return len(registered_kernels)


@functools.cache
def _prepare_numba() -> None:
    """Let numba keep its cache in our folder, unless the user chose one."""
    import numba

    settings: Any = numba.config
    if not settings.CACHE_DIR:
        folder, is_preferred = find_kernel_folder()
        settings.CACHE_DIR = str(folder)
        if not is_preferred:
            _remark_once("cache-unwritable")


def _compile_function(function: Callable[P, R]) -> Callable[P, R]:
    """Compile, or load from the cache, for the types of the annotations; a damaged or full cache
    only costs time.
    """
    from numba import njit
    from numba.core import errors, event

    _prepare_numba()
    for each in registered_subroutines:
        _allow_in_kernels(each)
    signature = _build_signature(function)
    compiled: Callable[P, R]
    with event.install_listener("numba:compile", _make_announcer()):
        try:
            compiled = njit(signature, nogil=True, cache=True)(function)
        except errors.NumbaError:
            raise
        except Exception:
            _remark_once("cache-unusable")
            compiled = njit(signature, nogil=True)(function)
    return compiled


@functools.cache
def _allow_in_kernels(function: Callable[..., Any]) -> None:
    """Let numba compile the plain function where a kernel calls it."""
    from numba.extending import register_jitable

    register_jitable(function)


def _build_signature(function: Callable[..., Any]) -> tuple[Any, ...]:
    """The numba types of the parameters, from their annotations."""
    from numba import types

    by_hint: dict[Any, Any] = {int: types.int64, float: types.float64, bool: types.boolean}
    by_hint[memoryview] = types.MemoryView(types.uint8, 1, "C", readonly=True)
    for hint, scalar in SCALARS.items():
        by_hint[hint] = types.Array(getattr(types, scalar), 1, "C")
    hints = get_type_hints(function)
    hints.pop("return", None)
    return tuple(by_hint[hint] for hint in hints.values())


def _make_announcer() -> Any:
    """A listener that remarks on the first compilation that the cache cannot spare us."""
    from numba.core.event import Listener

    class Announcer(Listener):
        def on_start(self, _: Any) -> None:
            _remark_once("compiling")

        def on_end(self, _: Any) -> None:
            pass

    return Announcer()


@functools.cache
def _remark_once(message: str) -> None:
    remark(message)
