"""What to read from a graph that refgraph did not load: names in it, or Cypher statements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_LISTS = ("label", "relationship", "reversed_relationship", "property")


@dataclass(frozen=True)
class ExternalGraphNames:
    """Table ``[neo4j]``; empty = not given.

    label: of customers. relationship: types that lead from the referrer to the referred customer,
    or the other way if ``reversed``. reversed_relationship: types that lead the other way.
    orders_label: of orders that are nodes. orders_relationship: the type between customers and such
    nodes; without ``orders_label``, of relationships that are orders themselves. property: further
    properties to read, which are no known columns. customers to events: statements that return the
    rows of a table.
    """

    label: tuple[str, ...] = ()
    relationship: tuple[str, ...] = ()
    reversed: bool = False
    reversed_relationship: tuple[str, ...] = ()
    orders_label: str = ""
    orders_relationship: str = ""
    property: tuple[str, ...] = ()
    customers: str = ""
    referrals: str = ""
    orders: str = ""
    affiliations: str = ""
    contacts: str = ""
    events: str = ""

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> ExternalGraphNames:
        """From a table as a file gives it, or as it was stored. Raises TypeError for others."""
        lists = {name: _list_names(table[name]) for name in _LISTS if name in table}
        return cls(**{**table, **lists})


def _list_names(value: str | list[str]) -> tuple[str, ...]:
    names = [value] if isinstance(value, str) else value
    return tuple(name for name in names if name)
