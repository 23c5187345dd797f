"""How the data name the parties that a person names: as they are, or by their pseudonyms."""

from __future__ import annotations

from typing import Literal, get_origin

from refgraph.engines.base import Engine
from refgraph.model.parameter_values import split_hint
from refgraph.pipeline.pseudonymous import PseudonymousEngine
from refgraph.registry import Parameter


def find_party(engine: Engine, text: str) -> str:
    """The name or ID of a party as the data have it."""
    return engine.find_pseudonym(text) if isinstance(engine, PseudonymousEngine) else text


def name_parties(engine: Engine, parameter: Parameter, value: object) -> object:
    """The value of a parameter; texts in it that may name a party as the data name it."""
    if parameter.hint == tuple[str, ...] and isinstance(value, tuple):
        return tuple(find_party(engine, text) for text in value)
    if isinstance(value, str) and get_origin(split_hint(parameter.hint)[0]) is not Literal:
        return find_party(engine, value)
    return value
