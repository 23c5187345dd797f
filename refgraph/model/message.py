"""A sentence before it is spoken: an id and its values, so that it exists in every language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True)
class Amount:
    """A number with the unit it is counted in.

    ``unit`` is a symbol: ``元``, ``t``, another currency or unit as the data names it, ``customers`` when every
    customer counts 1, or empty when the data does not say.
    """

    number: float
    unit: str = ""
    money: bool = False


@dataclass(frozen=True)
class Names:
    """Names of parties in a sentence; the languages differ in how they join them."""

    names: tuple[str, ...]
    more: int = 0


@dataclass(frozen=True)
class Label:
    """A word of a closed vocabulary, spoken through ``texts`` (table ``label``)."""

    word: str


@dataclass(frozen=True)
class Message:
    """``id`` names a sentence of ``texts/``; ``values`` fill its places.

    Values are int, float, str, date, `Amount`, `Names`, `Label`, another Message, lists and tuples of these, or None (spoken
    as "none").
    """

    id: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", MappingProxyType(dict(self.values)))


def message(id: str, /, **values: object) -> Message:
    """Shorthand for `Message`."""
    return Message(id, values)
