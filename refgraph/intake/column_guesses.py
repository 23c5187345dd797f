"""Columns that no known header names: which field each could be, by its header and its cells.

Every guess is one that a person confirms; nothing is read by a guess alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import polars as pl

from refgraph.intake.channel_words import list_channel_words
from refgraph.intake.column_shapes import ColumnShape
from refgraph.intake.header_hints import has_hint
from refgraph.intake.header_matches import find_unit, match_headers
from refgraph.intake.party_lists import find_list_kind
from refgraph.model.fields import UNITS, find_field
from refgraph.model.settings import Settings
from refgraph.model.vocabulary import ROLES, STATUSES, build_alias_map

MOST = 0.6
"""Share of cells that makes a column one of dates, words or customers."""
_YES_OR_NO = {"是", "否", "yes", "no", "true", "false"}


class ColumnGuess(NamedTuple):
    """A field that a column could be. reason: key of the text that says why."""

    column: str
    header: str
    reason: str


class Keys(NamedTuple):
    """How other tables may name the customers. contacts: phones, e-mails and further codes."""

    ids: pl.Series
    names: pl.Series
    contacts: pl.Series

    @property
    def all(self) -> pl.Series:
        """Ids and names, each once."""
        return pl.concat([self.ids, self.names]).drop_nulls().unique()


class _Table(NamedTuple):
    """free: columns without a field; guesses take them away. matched: field -> header."""

    free: dict[str, ColumnShape]
    shapes: Mapping[str, ColumnShape]
    matched: dict[str, str]

    def is_missing(self, *fields: str) -> bool:
        return not any(field in self.matched for field in fields)

    def find(self, hint: str, fits: Callable[[ColumnShape], bool]) -> str:
        """The first free column that fits, one whose header has the hint before others."""
        fitting = [header for header, shape in self.free.items() if fits(shape)]
        hinted = [header for header in fitting if has_hint(hint, header)]
        return next(iter(hinted or fitting), "")

    def find_hinted(self, hint: str, fits: Callable[[ColumnShape], bool]) -> str:
        """The first free column that fits and whose header has the hint."""
        found = self.find(hint, fits)
        return found if has_hint(hint, found) else ""


def guess_keys(
    shapes: Mapping[str, ColumnShape], settings: Settings, wanted: pl.Series
) -> list[ColumnGuess]:
    """The columns with the id and the name of customers, where no header says so.

    wanted: cells of other tables that may name customers.
    """
    table = _make_table("customers", shapes, settings)
    guesses = []
    if table.is_missing("id"):
        header = _find_id(table, wanted)
        if header:
            is_named = shapes[header].match_keys(wanted) > 0
            guesses.append(_take(table, "customers.id", header, "named" if is_named else "unique"))
    if table.is_missing("name"):
        header = table.find_hinted("name", _is_name)
        if header:
            guesses.append(_take(table, "customers.name", header, "header"))
    return guesses


def guess_columns(
    name: str, shapes: Mapping[str, ColumnShape], settings: Settings, keys: Keys
) -> list[ColumnGuess]:
    """Guesses for the other fields of a table, at most one for a field and for a column.

    settings: name the columns that are known, guesses for ids and names among them.
    """
    table = _make_table(name, shapes, settings, keys)
    makers = {"customers": _guess_customers, "referrals": _guess_referrals, "orders": _guess_orders}
    if name not in makers:
        return []
    guesses = []
    for field, header, reason in makers[name](table, keys, settings):
        if header and table.is_missing(field) and find_field(name, field):
            guesses.append(_take(table, f"{name}.{field}", header, reason))
    return guesses


def _make_table(
    name: str, shapes: Mapping[str, ColumnShape], settings: Settings, keys: Keys | None = None
) -> _Table:
    matched = {f: m.header for f, m in match_headers(name, list(shapes), settings).items()}
    free = {
        header: shape
        for header, shape in shapes.items()
        if header not in matched.values()
        and shape.filled.len()
        and not (keys and name == "customers" and find_list_kind(shape, keys.ids))
    }
    return _Table(free, shapes, matched)


def _take(table: _Table, column: str, header: str, reason: str) -> ColumnGuess:
    table.free.pop(header, None)
    table.matched[column.partition(".")[2]] = header
    return ColumnGuess(column, header, reason)


def _find_id(table: _Table, wanted: pl.Series) -> str:
    """A column in which every row differs: one that other tables name, or that looks like an id.

    Also one that is known as the name, a phone number or the like, if there is no other.
    """
    unique = [header for header, shape in table.free.items() if shape.is_unique]
    if not unique:
        keys = (table.matched.get(field, "") for field in ("name", "tax_id", "phone", "email"))
        return next((header for header in keys if header and table.shapes[header].is_unique), "")

    def rate(header: str) -> float:
        shape = table.shapes[header]
        return has_hint("id", header) + shape.codes + 2 * shape.match_keys(wanted)

    return max(unique, key=rate)


def _is_name(shape: ColumnShape) -> bool:
    """Whether most cells are no numbers, no dates and no codes."""
    return max(shape.numbers, shape.dates, shape.codes) < 1 - MOST


def _is_code(shape: ColumnShape, keys: Keys) -> bool:
    """Whether each row has a code of its own, no number and no date, and none names a customer."""
    is_code = shape.is_unique and shape.codes == 1 and max(shape.numbers, shape.dates) < 1 - MOST
    return is_code and not any(map(shape.match_keys, keys))


def _is_date(shape: ColumnShape) -> bool:
    return shape.dates >= MOST


def _guess_customers(
    table: _Table, keys: Keys, settings: Settings
) -> Iterator[tuple[str, str, str]]:
    ids = table.shapes[table.matched["id"]].cells if "id" in table.matched else None

    def names_another(shape: ColumnShape) -> bool:
        is_other = has_hint("no_party", shape.header)
        return not is_other and shape.match_keys(keys.all, ids) >= MOST

    yield "referred_by", table.find("referrer", names_another), "parties"
    yield "status", _find_words(table, "status", build_alias_map(STATUSES)), "words"
    yield "role", _find_roles(table), "words"
    channels = list_channel_words(settings)
    yield "source", table.find("source", lambda s: s.count_words(channels) >= MOST), "words"
    yield "joined", table.find_hinted("joined", _is_date), "dates"
    yield from _guess_values(table)


def _guess_referrals(
    table: _Table, keys: Keys, settings: Settings
) -> Iterator[tuple[str, str, str]]:
    def names_party(shape: ColumnShape) -> bool:
        return shape.match_keys(pl.concat([keys.all, keys.contacts])) >= MOST

    def refers(shape: ColumnShape) -> bool:
        return names_party(shape) and not has_hint("referred", shape.header)

    if not keys.ids.len():
        yield from _guess_edges(table)
        return
    yield "referrer", table.find("referrer", refers), "parties"
    yield "referred", table.find("referred", names_party), "parties"
    yield "at", table.find("at", _is_date), "dates"


def _guess_edges(table: _Table) -> Iterator[tuple[str, str, str]]:
    """The first two columns of a table alone, if parties stand in both."""
    headers = [header for header, shape in table.free.items() if shape.dates < MOST][:2]
    if len(headers) == 2:
        first, second = headers
        if table.shapes[second].match_keys(table.shapes[first].distinct) > 0:
            yield "referrer", first, "edges"
            yield "referred", second, "edges"


def _guess_orders(table: _Table, keys: Keys, settings: Settings) -> Iterator[tuple[str, str, str]]:
    for names in keys:
        yield "customer", table.find("id", lambda s, n=names: s.match_keys(n) >= MOST), "parties"  # type: ignore[misc]
    yield "at", table.find("at", _is_date), "dates"
    yield "order_id", table.find_hinted("order_id", lambda s: s.is_unique), "unique"
    yield "order_id", table.find("order_id", lambda s: _is_code(s, keys)), "unique"
    yield from _guess_values(table)


def _guess_values(table: _Table) -> Iterator[tuple[str, str, str]]:
    """Amounts and quantities: by the unit in the header, else by its words."""

    def has_unit(symbols: tuple[str, ...], hint: str) -> Callable[[ColumnShape], bool]:
        def fits(shape: ColumnShape) -> bool:
            unit = UNITS.get(find_unit(shape.header).lower(), (0, ""))[1]
            is_profit = has_hint("profit", shape.header)
            is_value = not has_hint("no_value", shape.header) and is_profit == (hint == "profit")
            return unit in symbols and is_value and shape.numbers >= MOST

        return fits

    money = ("元", "USD", "EUR", "GBP")
    yield "profit", table.find_hinted("profit", has_unit((*money, ""), "profit")), "numbers"
    yield "revenue", table.find("revenue", has_unit(money, "revenue")), "unit"
    yield "revenue", table.find_hinted("revenue", has_unit(("",), "revenue")), "numbers"
    yield "volume", table.find("id", has_unit(("t",), "volume")), "unit"


def _find_words(table: _Table, hint: str, words: Mapping[str, str]) -> str:
    """A column of words; one of yes and no only if its header has the hint."""
    found = table.find(hint, lambda shape: shape.count_words(words) >= MOST)
    if not found or has_hint(hint, found):
        return found
    return "" if table.shapes[found].count_words(_YES_OR_NO) else found


def _find_roles(table: _Table) -> str:
    """A column with at least two of the words for roles."""
    words = build_alias_map(ROLES)

    def fits(shape: ColumnShape) -> bool:
        return shape.distinct.len() > 1 and shape.count_words(words) >= MOST

    return next((header for header, shape in table.free.items() if fits(shape)), "")
