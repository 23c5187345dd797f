"""A preset: how the export of a known system is read where refgraph.toml says nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Choice:
    """Headers that are joined to one cell, with a text between them; usually one header."""

    headers: tuple[str, ...]
    join: str = ""

    @classmethod
    def from_value(cls, value: str | Mapping[str, Any]) -> Choice:
        """As a preset writes it."""
        if isinstance(value, str):
            return cls((value,))
        return cls(tuple(value["all"]), str(value.get("join", "")))


@dataclass(frozen=True, kw_only=True)
class PresetSection:
    """How a preset reads one table; see ``data/preset.toml``.

    needs: of each group of headers one must be there. columns: field -> choices, the first that is
    there counts. newest: header of the key of rows that several files repeat; the last file counts.
    staff: header of the employee who referred where no other referrer is named.
    """

    table: str
    needs: tuple[tuple[str, ...], ...]
    columns: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    ask: tuple[str, ...] = ()
    fold: tuple[str, ...] = ()
    filled: Mapping[str, str] = field(default_factory=dict)
    where: str = ""
    keep: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    newest: str = ""
    staff: str = ""

    @classmethod
    def from_table(cls, name: str, table: Mapping[str, Any]) -> PresetSection:
        """From a table without faults."""
        rest = dict(table)
        needs = tuple((n,) if isinstance(n, str) else tuple(n) for n in rest.pop("need"))
        words: dict[str, Any] = {key: tuple(rest.pop(key, ())) for key in ("ask", "fold", "unused")}
        words |= {key: str(rest.pop(key, "")) for key in ("where", "newest", "staff")}
        filled = dict(rest.pop("filled", {}))
        keep = {header: tuple(cells) for header, cells in rest.pop("keep", {}).items()}
        columns = {
            key: tuple(map(Choice.from_value, value if isinstance(value, list) else [value]))
            for key, value in rest.items()
        }
        return cls(
            table=name,
            needs=needs,
            columns=columns,
            filled=filled,
            keep=keep,
            **words,
        )


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A system and how its exports are read.

    evidence: R vendor documentation, C public code, T a third party, m memory. unquote: sign before
    cells that is taken away. zone: time zone in which Unix times are days. status, order_status:
    word of the vocabulary -> words of the system.
    """

    name: str
    version: int
    evidence: str
    sections: Sequence[PresetSection]
    unquote: str = ""
    zone: str = ""
    date_format: Mapping[str, list[str]] = field(default_factory=dict)
    status: Mapping[str, list[str]] = field(default_factory=dict)
    order_status: Mapping[str, list[str]] = field(default_factory=dict)
