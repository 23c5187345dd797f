"""Answers that several steps of an analysis ask for: found once a graph, and kept with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

import numpy as np

from refgraph.model.graph import Graph

P = ParamSpec("P")
R = TypeVar("R")


def kept(function: Callable[Concatenate[Graph, P], R]) -> Callable[Concatenate[Graph, P], R]:
    """The function, asked once for each graph and other arguments (by position, hashable); arrays come read-only."""
    place = f"{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def once(graph: Graph, /, *args: P.args, **kwargs: P.kwargs) -> R:
        if kwargs:
            raise TypeError(f"{place} takes its arguments by position")
        answers: dict[tuple[object, ...], R] = graph.__dict__.setdefault(place, {})
        if args not in answers:
            found = answers[args] = function(graph, *args, **kwargs)
            if isinstance(found, np.ndarray):
                found.flags.writeable = False
        return answers[args]

    return once
