"""Messages: sentences as an id and values, which `texts` turns into any language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from refgraph.model.representation import describe_object


@dataclass(frozen=True)
class Amount:
    """A number with its unit.

    unit: a symbol (``元``, ``t``, another currency or unit of the data), ``customers`` if every
    customer counts 1, or empty if the data do not name one. money: whether it is a currency.
    """

    number: float
    unit: str = ""
    money: bool = False


@dataclass(frozen=True)
class Names:
    """Names of parties in a sentence, and how many more there are; each language joins them."""

    names: tuple[str, ...]
    more: int = 0

    @classmethod
    def shorten(cls, names: Iterable[str], limit: int) -> Names:
        """The first ``limit`` names, and how many more there are."""
        all_names = tuple(names)
        return cls(all_names[:limit], max(len(all_names) - limit, 0))


@dataclass(frozen=True)
class Label:
    """A word of a closed vocabulary; ``texts`` (table ``label``) translates it."""

    word: str


@dataclass(frozen=True)
class Message:
    """A sentence of ``texts`` by its id, and the values that fill its placeholders.

    Values are int, float, str, date, `Amount`, `Names`, `Label`, another Message, lists and tuples
    of these, or None (written as "none").
    """

    id: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", MappingProxyType(dict(self.values)))

    def __str__(self) -> str:
        """The sentence, in the language of `refgraph.to_text`."""
        import refgraph  # the public names are lazy; the model itself imports no higher room

        return refgraph.to_text(self)

    def __repr__(self) -> str:
        values = (f"{name}={value!r}" for name, value in self.values.items())
        return describe_object(self, self.id, *values)


def message(id: str, /, **values: object) -> Message:
    """A `Message` with its values as keyword arguments."""
    return Message(id, values)
