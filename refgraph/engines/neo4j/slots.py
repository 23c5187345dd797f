"""The slots of Cypher statements that stand for columns of one type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from refgraph.model.dataset import PolarsType

_SLOT_OF_TYPE: dict[PolarsType, str] = {
    pl.Date: "date",
    pl.Float64: "float",
    pl.Int64: "integer",
    pl.Boolean: "boolean",
}
_SLOTS = ("text", "date", "float", "integer", "boolean", "list")


def find_slot(type: PolarsType) -> str:
    """The slot for columns of a type."""
    if isinstance(type, pl.List):
        return "list"
    return _SLOT_OF_TYPE.get(type, "text")


def group_by_slot(types: Mapping[str, PolarsType]) -> dict[str, list[str]]:
    """Slot -> columns, for every slot a reading statement may have."""
    columns: dict[str, list[str]] = {slot: [] for slot in _SLOTS}
    for name, type in types.items():
        columns[find_slot(type)].append(name)
    return columns


def list_in_slot_order(first: Iterable[str], columns: Mapping[str, list[str]]) -> list[str]:
    """The columns in the order in which a statement returns them: ``first``, then by slot."""
    names = list(first)
    for group in columns.values():
        names.extend(group)
    return names
