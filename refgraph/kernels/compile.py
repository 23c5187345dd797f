"""`@kernel`: one plain function on numpy arrays, run as Python while that is quick and compiled by numba above.

A kernel takes arrays of one dimension (contiguous) and numbers, calls nothing but numpy, `math` and other kernels
that its module imported by name. Both ways give the same bits, if 32-bit integers leave their array as `int(a[i])`
before anything is added to them: the compiler widens them to 64 bits, numpy would let them wrap round. numba is
imported at the first compilation and nowhere else.
"""

import functools
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

from refgraph import lean
from refgraph.kernels import cache
from refgraph.kernels.arrays import one_type
from refgraph.progress import remark

P = ParamSpec("P")
R = TypeVar("R")
Arguments = tuple[Any, ...]

COMPILE_ABOVE = 1_000_000
"""Estimated steps of one kernel, over all calls, from which it is compiled: about a second of Python and of the compiler."""

LOAD_ABOVE = 400_000
"""Estimated steps of all kernels together from which compiled code that the cache holds is used: the price of loading numba."""

TAKE_ABOVE = 10_000
"""Estimated steps of one kernel from which code in the cache is used once numba is there: some ten milliseconds."""

MODES = ("auto", "plain", "compiled")
registered: "list[Kernel[..., Any]]" = []
_forced: list[str] = []
_keep = [True]
_announced: set[str] = set()
_plain_steps = [0]
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
        self._steps = 0

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        if self._runs_plain(*args, **kwargs):
            return self.plain(*args, **kwargs)
        if kwargs:
            raise TypeError(f"{self.function.__name__}: a kernel takes its arguments by position")
        given = tuple(one_type(argument) for argument in args)
        result: R = self.compiled(given)(*given)
        return result

    def _runs_plain(self, *args: P.args, **kwargs: P.kwargs) -> bool:
        """Whether Python runs this call: as long as all that it has run so far took less than to compile, or to load, would.

        So the time lost is never more than the time of the better way. Once compiled, a kernel serves small calls, too.
        """
        how = current()
        if how != "auto" or self.signatures:
            return how == "plain"
        steps = int(self.steps(*args, **kwargs))
        mine, all_steps = self._steps + steps, _plain_steps[0] + steps
        if mine >= COMPILE_ABOVE:
            return False
        if (mine >= TAKE_ABOVE if _numba_is_here() else all_steps >= LOAD_ABOVE) and self._beginning() in _held():
            return False
        self._steps, _plain_steps[0] = mine, all_steps
        return True

    def _beginning(self) -> str:
        """What the name of its files in the cache begins with, up to the number of the line."""
        stem = os.path.splitext(os.path.basename(self.function.__code__.co_filename))[0]
        return f"{stem}.{self.function.__qualname__}"

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
            self.compiled(tuple(one_type(argument) for argument in self.examples()))

    def compiled(self, args: Arguments) -> Any:
        """The compiled function, ready for the types of `args`; a full or damaged cache only costs the time."""
        typeof: Any = _numba().typeof
        types = tuple(typeof(argument) for argument in args)
        with _lock:
            dispatcher = self._dispatcher()
            if types not in dispatcher.signatures:
                if self._beginning() not in _held():
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


def _numba() -> Any:
    """numba, which compiles no algebra here and needs none of scipy's."""
    lean.imported("numba", without="scipy.linalg")
    lean.imported("numba.np.arraymath", without="scipy.linalg")  # looked for at the first compilation
    return importlib.import_module("numba")


def _jit(function: FunctionType) -> Any:
    """A numba dispatcher that keeps its code in our folder; numba reads the folder only while it is made."""
    numba = _numba()
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
    _held.cache_clear()
    for each in registered:
        each.forget()


def _numba_is_here() -> bool:
    return any(each.signatures for each in registered)


@functools.cache
def _held() -> frozenset[str]:
    """Beginnings of the names of all files in the cache when first asked: the kernels it holds code of."""
    return frozenset(path.name.rpartition("-")[0] for path in cache.folder()[0].glob("*/*.nbi"))


def _say(message: str) -> None:
    if message not in _announced:
        _announced.add(message)
        announce(message)
