"""Results computed once per Dataset or Graph and stored on it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

import numpy as np

T = TypeVar("T")
P = ParamSpec("P")
R = TypeVar("R")


def cached_on_first_argument(
    function: Callable[Concatenate[T, P], R],
) -> Callable[Concatenate[T, P], R]:
    """Compute once per first argument and other arguments; the result lives as long as the first.

    The first argument is a frozen value such as a Graph or a Dataset, the others are hashable and
    passed by position. Arrays are returned read-only. Raises TypeError for keyword arguments.
    """
    cache_key = f"{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def compute_once(owner: T, /, *args: P.args, **kwargs: P.kwargs) -> R:
        if kwargs:
            raise TypeError(f"{cache_key} takes its arguments by position")
        results: dict[tuple[object, ...], R] = owner.__dict__.setdefault(cache_key, {})
        if args not in results:
            result = function(owner, *args, **kwargs)
            if isinstance(result, np.ndarray):
                result.flags.writeable = False
            results[args] = result
        return results[args]

    return compute_once
