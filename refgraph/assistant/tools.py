"""The tools that an assistant sees: one per analysis, its parameters as JSON Schema."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args, get_origin, get_type_hints

from refgraph import analyses
from refgraph.model.message import Label, message
from refgraph.model.parameter_values import LARGEST_COUNT, Limits, split_hint
from refgraph.model.scope import Scope
from refgraph.registry import Analysis, Parameter
from refgraph.texts import format_message, get_option_meaning, look_up
from refgraph.texts.python_names import spell_for_python

SCOPE_FIELDS = ("value", "as_of", "since", "until")
"""The parts of the scope that one question may set; the others are fixed at the start."""
ROWS_PARAMETER = "top"
DEFAULT_ROWS, MAX_ROWS = 20, 200
_JSON_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", date: "string"}
Schema = dict[str, Any]


@dataclass(frozen=True)
class Tool:
    """name: of the analysis. schema: JSON Schema of the arguments, an object."""

    name: str
    description: str
    schema: Schema


def describe_tools(lang: str, rows: int = DEFAULT_ROWS) -> tuple[Tool, ...]:
    """All tools, in the order of the help. rows: how many an answer has unless it is asked."""
    return tuple(describe_tool(analyses.load(name), lang, rows) for name in analyses.NAMES)


def describe_tool(analysis: Analysis, lang: str, rows: int = DEFAULT_ROWS) -> Tool:
    """The tool of an analysis: what it answers, and its options, the scope and the rows."""
    own = {p.name: _describe_parameter(analysis, p, lang) for p in analysis.options}
    properties = {**own, **dict(_describe_scope(lang))}
    top = describe_type(int, Limits(1, MAX_ROWS))
    text = look_up("assistant", "top", lang)
    properties[ROWS_PARAMETER] = {**top, "description": text, "default": rows}
    question = look_up("command", analysis.name, lang)
    values = {"question": question, "grain": Label(analysis.grain)}
    return Tool(
        name=analysis.name,
        description=format_message(message("assistant.tool", **values), lang),
        schema={"type": "object", "properties": properties, "additionalProperties": False},
    )


def describe_type(hint: object, limits: Limits | None = None) -> Schema:
    """A type hint of a parameter as JSON Schema."""
    kind, own_limits = split_hint(hint)
    limits = limits or own_limits
    if get_origin(kind) is Literal:
        return {"type": "string", "enum": list(get_args(kind))}
    if get_origin(kind) is tuple:
        return {"type": "array", "items": describe_type(get_args(kind)[0])}
    schema: Schema = {"type": _JSON_TYPES[kind]}
    if kind is date:
        schema["format"] = "date"
    if kind in (int, float):
        schema.update(_describe_limits(limits))
    return schema


def _describe_limits(limits: Limits) -> Iterator[tuple[str, float]]:
    if limits.low > -LARGEST_COUNT:
        yield "exclusiveMinimum" if limits.is_above else "minimum", limits.low
    if limits.high < LARGEST_COUNT:
        yield "maximum", limits.high


def _describe_parameter(analysis: Analysis, parameter: Parameter, lang: str) -> Schema:
    meaning = spell_for_python(get_option_meaning(analysis.name, parameter.name, lang))
    schema = {**describe_type(parameter.hint), "description": meaning}
    if parameter.default not in (None, "", ()):
        schema["default"] = parameter.default
    return schema


def _describe_scope(lang: str) -> Iterator[tuple[str, Schema]]:
    hints = get_type_hints(Scope)
    for name in SCOPE_FIELDS:
        yield name, {**describe_type(hints[name]), "description": look_up("assistant", name, lang)}
