"""Which header is which field, and in which unit: headers as written -> canonical columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from refgraph.errors import DataError, RefgraphError, UsageError, together
from refgraph.model.fields import TABLES, UNITS, Field, Type, known
from refgraph.model.settings import Settings

_UNIT = re.compile(r"[(（\[【]\s*([^()（）\[\]【】]*?)\s*[)）\]】]\s*$")
_SYMBOLS = {Type.MONEY: ("元", "USD", "EUR", "GBP"), Type.QUANTITY: ("t",), Type.NUMBER: ("",)}


@dataclass(frozen=True)
class Mapped:
    """A field, the header it was found under, and the power of ten and symbol of its unit."""

    field: Field
    header: str
    power: int = 0
    symbol: str = ""


def plain(header: str) -> str:
    """A header without case, spaces, underscores, hyphens and bracketed unit."""
    return re.sub(r"[\s_\-　]", "", _UNIT.sub("", header)).lower()


def tell(headers: Sequence[str], settings: Settings = Settings()) -> str | None:
    """The table that a file with these headers holds, None if it cannot be told; ``--column`` is heeded.

    A table fits when all its mandatory fields are there; among several the one with most known headers, and a file
    with referrer and referred holds referrals.
    """
    found = {table: _find(table, headers, settings) for table in TABLES}
    fits = {table: len(names) for table, names in found.items() if not _missing(table, names)}
    if "referrals" in fits:
        return "referrals"
    return max(fits, key=lambda t: fits[t]) if fits else None


def kinds(headers: Sequence[str], table: str, settings: Settings = Settings()) -> dict[str, Type]:
    """Header -> the type that its field is read as; ``referred_by`` names parties and counts as an ID."""
    fields = [(known(table, name), header) for name, header in _find(table, headers, settings).items()]
    return {h: Type.ID if f.name == "referred_by" else f.type for f, h in fields if f is not None}


def map_headers(table: str, file: str, headers: Sequence[str], settings: Settings) -> tuple[Mapped, ...]:
    """The known fields among the headers of one file, in the order of the table.

    Raises DataError with all faults together: ``missing-column`` naming the headers seen, ``unknown-unit``.
    """
    found = _find(table, headers, settings)
    faults: list[RefgraphError] = [
        DataError("missing-column", file=file, table=table, column=name, seen=list(headers)) for name in _missing(table, found)]
    mapped = []
    for name, header in found.items():
        field = known(table, name)
        assert field is not None
        try:
            mapped.append(_with_unit(field, header, file, settings))
        except DataError as fault:
            faults.append(fault)
    if faults:
        raise together(faults)
    return tuple(sorted(mapped, key=lambda m: TABLES[table].index(m.field)))


def check_columns(columns: Mapping[str, str]) -> None:
    """Raises UsageError for a ``table.canonical`` that is no field."""
    for target in columns:
        table, _, name = target.partition(".")
        if table not in TABLES or known(table, name) is None:
            raise UsageError("unknown-column", name=target, known=[f.name for f in TABLES.get(table, ())] or list(TABLES))


def absent(table: str, file: str, headers: Sequence[str], settings: Settings) -> list[RefgraphError]:
    """Faults ``missing-column`` for the headers that ``--column`` names for a table and that are not among these."""
    given = [header for target, header in settings.columns.items() if target.startswith(f"{table}.")]
    return [DataError("missing-column", file=file, table=table, column=header, seen=list(headers))
            for header in given if header not in headers]  # fmt: skip


def _find(table: str, headers: Sequence[str], settings: Settings) -> dict[str, str]:
    """Canonical name -> header: given columns first, then canonical names, then aliases in their order."""
    found: dict[str, str] = {}
    free = list(headers)
    for target, header in settings.columns.items():
        if target.startswith(f"{table}.") and header in free:
            found[target.partition(".")[2]] = header
            free.remove(header)
    by_plain: dict[str, str] = {}
    for header in free:
        by_plain.setdefault(plain(header), header)
    for take_alias in (False, True):
        for field in TABLES[table]:
            for alias in field.aliases if take_alias else (field.name,):
                header = by_plain.get(plain(alias), "")
                if field.name not in found and header:
                    found[field.name] = header
                    del by_plain[plain(alias)]
    return found


def _missing(table: str, found: Mapping[str, str]) -> list[str]:
    return [f.name for f in TABLES[table] if f.mandatory and f.name not in found]


def _with_unit(field: Field, header: str, file: str, settings: Settings) -> Mapped:
    if field.type not in (Type.MONEY, Type.QUANTITY, Type.NUMBER):
        return Mapped(field, header)
    kind = {Type.MONEY: "money", Type.QUANTITY: "volume"}.get(field.type, "")
    bracket = _UNIT.search(header)
    written = (bracket.group(1) if bracket else "") or settings.units.get(
        f"{field.table}.{field.name}", settings.units.get(kind, ""))
    fitting = [unit for unit, (_, symbol) in UNITS.items() if symbol in _SYMBOLS[field.type]]
    if written and written.lower() not in fitting:
        raise DataError("unknown-unit", file=file, header=header, unit=written, known=fitting)
    power, symbol = UNITS.get(written.lower(), (0, ""))
    return Mapped(field, header, power, symbol)
