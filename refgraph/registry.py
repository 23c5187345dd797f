"""What analyses there are: name, columns, parameters. One decorator, read by commands, renderers, tests and pages."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal, get_type_hints

from refgraph.errors import RefgraphError, UsageError
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit

DESC = True
Way = Literal["below", "between"]
Order = tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Parameter:
    """One option of an analysis: its type hint and default, from the signature."""

    name: str
    hint: object
    default: object


@dataclass(frozen=True)
class Analysis:
    """A registered question.

    grain: what one row stands for (party, definition, tree, chain ...). order: columns the rows are sorted by.
    function: ``(graph, **parameters) -> Answer``. key: columns that tell one row from all others, if not the first ids or words.
    about: options that name parties, if nobody else matters for the answer than those below them, or on a way between two of
    them (``way``).
    """

    name: str
    grain: str
    columns: tuple[Column, ...]
    order: Order
    formulas: tuple[str, ...]
    function: Callable[..., Answer]
    key: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    way: Way = "below"

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns by which the same row is found again in another answer: ``key``, else the ids in front, else the words."""
        front = tuple(takewhile(lambda c: c.unit in (Unit.ID, Unit.LABEL, Unit.TEXT) or c.name == "rank", self.columns))
        found = [tuple(c.name for c in front if c.unit is unit) for unit in (Unit.ID, Unit.LABEL)]
        return self.key or found[0] or found[1] or (self.columns[0].name,)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The options, in the order of the signature."""
        hints = get_type_hints(self.function)
        found = inspect.signature(self.function).parameters.values()
        return tuple(
            Parameter(p.name, hints[p.name], p.default) for p in found if p.kind is inspect.Parameter.KEYWORD_ONLY
        )

    def asked(self, parameters: Mapping[str, object]) -> tuple[Column, ...]:
        """The columns of an answer to these parameters: without those whose option was not given."""
        return tuple(c for c in self.columns if not c.asked or parameters[c.asked])

    def settle(self, given: Mapping[str, object]) -> dict[str, object]:
        """All parameters with defaults filled in. Raises UsageError for a name that the analysis does not know."""
        known = {p.name: p.default for p in self.parameters}
        for name in given:
            if name not in known:
                raise UsageError("unknown-parameter", name=name, analysis=self.name, known=sorted(known))
        return known | dict(given)


_ANALYSES: dict[str, Analysis] = {}


def analysis(*, grain: str, columns: tuple[Column, ...], order: Order, formulas: tuple[str, ...] = (),
             key: tuple[str, ...] = (), about: tuple[str, ...] = (), way: Way = "below",
             ) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """Register a function ``(graph: Graph, *, options) -> Answer`` under its own name."""

    def register(function: Callable[..., Answer]) -> Callable[..., Answer]:
        name = function.__name__.rstrip("_").replace("_", "-")
        _ANALYSES[name] = Analysis(name, grain, columns, order, formulas, function, key, about, way)
        return function

    return register


def registered(name: str) -> Analysis:
    """The analysis that its module has registered (the module must be imported)."""
    return _ANALYSES[name]


def checked(what: Analysis, parameters: Mapping[str, object], answer: Answer) -> Answer:
    """The answer, if it has the declared columns in order; else an internal error."""
    if answer.frame.columns != [c.name for c in what.asked(parameters)]:
        raise RefgraphError("columns-differ", analysis=what.name, found=answer.frame.columns)
    return answer
