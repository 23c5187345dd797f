"""One function per analysis: ``refgraph.ask.recommenders(data, by="closed")`` returns a Result.

Signatures and docstrings come from the registry and the texts, so that completion and ``help()``
show what the command line takes. Editors and type checkers read ``ask.pyi``, which ``scripts/docs``
writes.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from functools import cache
from typing import Annotated, Any, get_args, get_origin

from refgraph import analyses, api
from refgraph.model.dataset import Dataset
from refgraph.model.parameter_values import split_hint
from refgraph.model.result import Result
from refgraph.model.scope import Scope
from refgraph.registry import Analysis, Parameter
from refgraph.texts import get_column_meaning, get_option_meaning, look_up
from refgraph.texts.python_names import spell_for_python

__all__ = [name.replace("-", "_") for name in analyses.NAMES]

COMMON_LINES = (
    "data: what refgraph.read returns.",
    "scope: which part of the data, such as Scope(as_of='2024-12-31', value='profit').",
)
RAISES = (
    "Raises UsageError for an unknown word, party or value, DataError if the data lack what the "
    "question needs."
)


def __getattr__(name: str) -> Callable[..., Result]:
    if name not in __all__:
        raise AttributeError(f"module 'refgraph.ask' has no attribute {name!r}")
    return make_function(name)


def __dir__() -> list[str]:
    return list(__all__)


@cache
def make_function(name: str) -> Callable[..., Result]:
    """The function of an analysis, by its name with underscores. Raises UsageError."""
    analysis = analyses.load(name.replace("_", "-"))

    def ask(data: Dataset | None = None, scope: Scope = Scope(), **parameters: object) -> Result:
        return api.run(analysis.name, data, scope, **parameters)

    signature = build_signature(analysis)
    ask.__name__ = ask.__qualname__ = name
    ask.__doc__ = "\n".join(describe_analysis(analysis))
    ask.__annotations__ = {p.name: p.annotation for p in signature.parameters.values()}
    ask.__annotations__["return"] = Result
    vars(ask)["__signature__"] = signature
    return ask


def build_signature(analysis: Analysis) -> inspect.Signature:
    """``(data, scope=Scope(), *, by='direct_value', ...) -> Result``."""
    kind = inspect.Parameter
    needed = {"annotation": Dataset}
    optional = {"annotation": Dataset | None, "default": None}
    common = (
        kind("data", kind.POSITIONAL_OR_KEYWORD, **needed if analysis.needs_data else optional),
        kind("scope", kind.POSITIONAL_OR_KEYWORD, annotation=Scope, default=Scope()),
    )
    own = (
        kind(p.name, kind.KEYWORD_ONLY, annotation=find_hint(p), default=p.default)
        for p in analysis.options
    )
    return inspect.Signature([*common, *own], return_annotation=Result)


def find_hint(parameter: Parameter) -> Any:
    """The type that a caller may pass: without limits, and one name in place of a list."""
    if parameter.hint == tuple[str, ...]:
        return str | Sequence[str]
    kind, _ = split_hint(parameter.hint)
    has_none = (
        type(None) in get_args(parameter.hint) and get_origin(parameter.hint) is not Annotated
    )
    return kind | None if has_none else kind


def describe_analysis(analysis: Analysis) -> list[str]:
    """The lines of the docstring: question, parameters with their values, columns, errors."""
    question = look_up("command", analysis.name, "en")
    lines = [f"{question[0].upper()}{question[1:]}.", "", *COMMON_LINES]
    options = [f"{p.name}: {describe_parameter(analysis.name, p)}." for p in analysis.options]
    columns = [f"    {c.name}: {get_column_meaning(c.text, 'en')}" for c in analysis.columns]
    return [*lines, *options, RAISES, "", "Columns:", *columns]


def describe_parameter(analysis: str, parameter: Parameter) -> str:
    """What a parameter means and which values it takes."""
    meaning = get_option_meaning(analysis, parameter.name, "en")
    kind, limits = split_hint(parameter.hint)
    range_text = str(limits) if kind in (int, float) else ""
    is_variant = parameter in (v.parameter for v in analyses.load(analysis).variants)
    alone = "takes no other option beside it" if is_variant else ""
    parts = [spell_for_python(meaning), range_text, describe_choices(kind), alone]
    return "; ".join(part for part in parts if part)


def describe_choices(kind: object) -> str:
    """``one of 'a', 'b'`` for words, else empty."""
    words = [word for word in get_args(kind) if isinstance(word, str)]
    return f"one of {', '.join(map(repr, words))}" if words else ""
