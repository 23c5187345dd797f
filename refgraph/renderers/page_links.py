"""Names in tables as links: each party has one row on a page to which its other names lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from refgraph.model.result import Result
from refgraph.model.units import Unit

HOME_COLUMN = "customer"
"""The id column of answers with one row per party."""


def find_home_rows(results: Sequence[Result]) -> dict[str, tuple[int, int]]:
    """Party id -> section and row that are about it, the first of each."""
    homes: dict[str, tuple[int, int]] = {}
    for section, result in enumerate(results):
        if HOME_COLUMN not in result.frame.columns:
            continue
        for row, party in enumerate(result.frame[HOME_COLUMN].to_list()):
            if party is not None:
                homes.setdefault(str(party), (section, row))
    return homes


def link_names(
    result: Result, section: int, homes: Mapping[str, tuple[int, int]]
) -> dict[int, list[str]]:
    """Column -> target of each cell: the anchor of its party, empty where there is none."""
    links = {}
    for place, name in find_name_columns(result).items():
        targets = []
        for row, party in enumerate(result.frame[name].to_list()):
            home = homes.get(str(party))
            is_elsewhere = home is not None and home != (section, row)
            targets.append(make_anchor(*home) if home and is_elsewhere else "")
        links[place] = targets
    return links


def find_name_columns(result: Result) -> dict[int, str]:
    """Place of each column of names -> column of the ids beside it.

    ``name`` goes with the first id of a row, ``first_name`` with ``first``.
    """
    ids = [column.name for column in result.columns if column.unit is Unit.ID]
    found = {}
    for place, column in enumerate(result.columns):
        if column.unit is not Unit.TEXT:
            continue
        other = ids[0] if column.name == "name" and ids else column.name.removesuffix("_name")
        if other != column.name and other in result.frame.columns:
            found[place] = other
    return found


def make_anchor(section: int, row: int) -> str:
    """The end of the id of a row; the page puts its language before it."""
    return f"{section + 1}-row-{row + 1}"


def list_anchors(homes: Mapping[str, tuple[int, int]], section: int) -> dict[int, str]:
    """Row -> its anchor, for the rows of a section to which names lead."""
    return {row: make_anchor(place, row) for place, row in homes.values() if place == section}
