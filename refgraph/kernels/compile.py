"""`@kernel`: one plain function on numpy arrays, run as Python while that is quick and compiled by numba above.

A kernel takes arrays of one dimension (contiguous) and numbers, calls nothing but numpy, `math` and other kernels
that its module imported by name. Both ways give the same bits, if 32-bit integers leave their array as `int(a[i])`
before anything is added to them: the compiler widens them to 64 bits, numpy would let them wrap round. numba is
imported at the first compilation and nowhere else.
"""

import importlib
import os
import pkgutil
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import update_wrapper
from types import FunctionType
from typing import Any, Generic, ParamSpec, TypeVar

import numpy as np

from refgraph.kernels import cache
from refgraph.progress import remark

P = ParamSpec("P")
R = TypeVar("R")
Arguments = tuple[Any, ...]

COMPILE_ABOVE = 1_000_000
"""Estimated steps from which a kernel is compiled: about half a second of Python, the price of loading numba."""

MODES = ("auto", "plain", "compiled")
registered: "list[Kernel[..., Any]]" = []
_forced: list[str] = []
_keep = [True]
_announced: set[str] = set()
_lock = threading.RLock()


announce: Callable[[str], None] = remark
"""Called once with "compiling" before the first cold compilation, once with "cache-unwritable" when compiled code
cannot be kept in the folder meant for it. Whoever listens to `progress` hears it; the command line does."""


def kernel(
    *, steps: Callable[P, int], warm: Callable[[], Arguments] | None = None
) -> "Callable[[Callable[P, R]], Kernel[P, R]]":
    """Make a kernel of a plain function.

    `steps` takes the kernel's own arguments and estimates how many inner loop turns it will make. `warm` gives tiny
    arguments of the types the kernel is used with; `warm()` of this module compiles for them ahead of time.
    """

    def decorate(function: Callable[P, R]) -> Kernel[P, R]:
        made = Kernel(function, steps, warm)
        registered.append(made)
        return made

    return decorate


def current() -> str:
    """How kernels run now: "auto", "plain" or "compiled" (`REFGRAPH_KERNELS`, or the innermost `mode`)."""
    chosen = _forced[-1] if _forced else os.environ.get("REFGRAPH_KERNELS") or "auto"
    if chosen not in MODES:
        raise ValueError(f"REFGRAPH_KERNELS is {chosen!r}, not one of {', '.join(MODES)}")
    return chosen


@contextmanager
def mode(chosen: str) -> Iterator[None]:
    """Within the block, run every kernel as told: "auto", "plain" or "compiled". For tests."""
    _forced.append(chosen)
    try:
        current()
        yield
    finally:
        _forced.pop()


def warm(*packages: str) -> int:
    """Compile every kernel of this package and of `packages` (dotted names) that says for which types; how many there are."""
    for package in ("refgraph.kernels", *packages):
        for module in pkgutil.iter_modules(importlib.import_module(package).__path__):
            importlib.import_module(f"{package}.{module.name}")
    ready = [each for each in registered if each.examples is not None]
    for each in ready:
        each.prepare()
    return len(ready)


class Kernel(Generic[P, R]):
    """A function on arrays that exists twice: `plain`, and compiled."""

    def __init__(
        self, function: Callable[P, R], steps: Callable[P, int], examples: Callable[[], Arguments] | None
    ) -> None:
        assert isinstance(function, FunctionType)
        update_wrapper(self, function)
        self.function = function
        self.steps = steps
        self.examples = examples
        self._plain: Callable[..., R] | None = None
        self._compiled: Any = None

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        if self._runs_plain(*args, **kwargs):
            return self.plain(*args, **kwargs)
        if kwargs:
            raise TypeError(f"{self.function.__name__}: a kernel takes its arguments by position")
        given = tuple(_one_type(argument) for argument in args)
        result: R = self.compiled(given)(*given)
        return result

    def _runs_plain(self, *args: P.args, **kwargs: P.kwargs) -> bool:
        """Whether Python runs this call; once compiled for a large call, a kernel serves the small ones, too."""
        how = current()
        return how == "plain" or (
            how == "auto" and not self.signatures and self.steps(*args, **kwargs) < COMPILE_ABOVE
        )

    @property
    def plain(self) -> Callable[P, R]:
        """The Python function; the kernels that it calls are plain, too."""
        if self._plain is None:
            self._plain = _rebuilt(self.function, lambda other: other.plain)
        return self._plain

    @property
    def signatures(self) -> list[Any]:
        """The argument types it has been compiled for in this process; one is as it should be."""
        return list(self._compiled.signatures) if self._compiled is not None else []

    def prepare(self) -> None:
        """Compile for the types of its examples, or load that from the cache."""
        if self.examples is not None:
            self.compiled(tuple(_one_type(argument) for argument in self.examples()))

    def compiled(self, args: Arguments) -> Any:
        """The compiled function, ready for the types of `args`; a full or damaged cache only costs the time."""
        import numba

        typeof: Any = numba.typeof
        types = tuple(typeof(argument) for argument in args)
        with _lock:
            dispatcher = self._dispatcher()
            if types not in dispatcher.signatures:
                if not _kept(dispatcher):
                    _say("compiling")
                try:
                    dispatcher.compile(types)
                except Exception:  # a fault of the kernel itself is raised again below
                    _keep_nothing()
                    dispatcher = self._dispatcher()
                    dispatcher.compile(types)
        return dispatcher

    def forget(self) -> None:
        """Drop the compiled function; the next call that needs it compiles again."""
        self._compiled = None

    def _dispatcher(self) -> Any:
        if self._compiled is None:
            function = _rebuilt(self.function, lambda other: other._dispatcher())
            self._compiled = _jit(function)
        return self._compiled


def _rebuilt(function: FunctionType, choose: "Callable[[Kernel[..., Any]], Any]") -> FunctionType:
    """The same function with every kernel among its globals replaced by what `choose` makes of it."""
    names = function.__globals__
    called = {n: choose(names[n]) for n in function.__code__.co_names if isinstance(names.get(n), Kernel)}
    made = FunctionType(function.__code__, {**names, **called}, function.__name__, function.__defaults__)
    made.__qualname__ = function.__qualname__
    return made


def _jit(function: FunctionType) -> Any:
    """A numba dispatcher that keeps its code in our folder; numba reads the folder only while it is made."""
    import numba

    if not _keep[0]:
        return numba.njit(nogil=True)(function)
    folder, preferred = cache.folder()
    if not preferred:
        _say("cache-unwritable")
    settings: Any = numba.config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(folder)
    try:
        return numba.njit(nogil=True, cache=True)(function)
    finally:
        settings.CACHE_DIR = before


def _keep_nothing() -> None:
    """From here on, compile in memory only: the cache could not be read or written. The next run starts it anew."""
    _say("cache-unwritable")
    shutil.rmtree(cache.folder()[0], ignore_errors=True)
    _keep[0] = False
    for each in registered:
        each.forget()


def _kept(dispatcher: Any) -> bool:
    """Whether the cache holds code of this kernel."""
    function = dispatcher.py_func
    stem = os.path.splitext(os.path.basename(function.__code__.co_filename))[0]
    beginning = f"{stem}.{function.__qualname__}-"
    try:
        return any(name.startswith(beginning) for name in os.listdir(dispatcher.stats.cache_path))
    except (OSError, TypeError):
        return False


def _say(message: str) -> None:
    if message not in _announced:
        _announced.add(message)
        announce(message)


def _one_type(argument: Any) -> Any:
    """The argument as the type a kernel is compiled for: Python numbers, and arrays whether read-only or not.

    A read-only array would be another type to numba and compiled for anew, so it is passed as a view that does not
    say so. A kernel that wrote to its input would be caught when run plain.
    """
    if isinstance(argument, np.generic):
        return argument.item()
    if isinstance(argument, np.ndarray):
        if not argument.flags.c_contiguous:
            raise ValueError("a kernel takes contiguous arrays")
        if not argument.flags.writeable:
            return np.asarray(_Writable(argument))
    return argument


class _Writable:
    """The memory of an array, handed on without its read-only mark."""

    def __init__(self, array: np.ndarray[Any, Any]) -> None:
        self.array = array
        self.__array_interface__ = {**array.__array_interface__, "data": (array.ctypes.data, False)}
