"""Currencies of amounts: by the sign in a cell, by a column of currencies, by the unit of a header.

Amounts in several currencies are never added. A declared currency is read, and others are
converted by declared rates or rejected. Without a declaration the file is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from refgraph.errors import DataError
from refgraph.intake.cast_rules import CastRules
from refgraph.intake.conversions import Conversion, find_conversion
from refgraph.intake.currency_words import CURRENCY_BY_SPELLING, SHARED_SIGNS
from refgraph.intake.mapping import MappedColumn
from refgraph.model.field_types import FieldType
from refgraph.model.raw import RawTable
from refgraph.model.vocabulary import UNKNOWN_WORDS

_NUMBER_PART = r"[\d\s.,+\-()万亿千百]+|e[+\-]?\d+"


def normalize_currency(text: pl.Expr) -> pl.Expr:
    """The currency that a cell of a column of currencies names; null for an empty cell."""
    plain = text.str.normalize("NFKC").str.strip_chars()
    word = plain.str.to_lowercase().replace_strict(
        CURRENCY_BY_SPELLING, default=None, return_dtype=pl.String
    )
    is_named = ~plain.str.to_lowercase().is_in(UNKNOWN_WORDS)
    return pl.when(is_named).then(pl.coalesce(word, plain.str.to_uppercase()))


def parse_currency(text: str) -> str:
    """The currency that an option or a setting names.

    >>> parse_currency("rmb"), parse_currency("sek")
    ('元', 'SEK')
    """
    return str(pl.select(normalize_currency(pl.lit(text))).item() or "")


def find_currencies(amounts: pl.Series, named: pl.Series | None) -> pl.Series:
    """The currency of each amount: its own sign or code, else the one that its row names.

    amounts: cells as written. named: cells of a column of currencies, None without one. Null for
    an empty amount, and where neither names a currency.
    """
    text = amounts.cast(pl.String).alias("amount")
    row = pl.lit(None, pl.String) if named is None else _normalize_each(named)
    cells = text.to_frame().with_columns(row=row, is_odd=_find_odd_cells(text))
    plain_currency = pl.when(pl.col("amount").is_not_null()).then("row")
    if not cells["is_odd"].any():
        return cells.select(plain_currency.alias("c")).to_series()
    odd = cells.filter("is_odd").select(pl.col("amount"), pl.col("row"))
    found = pl.repeat(None, cells.height, dtype=pl.String, eager=True).scatter(
        cells["is_odd"].arg_true(), _find_signs(odd)
    )
    return cells.select(
        pl.when("is_odd").then(found).otherwise(plain_currency).alias("c")
    ).to_series()


def _normalize_each(named: pl.Series) -> pl.Series:
    """`normalize_currency` of a whole column, worked out once for each way to write it."""
    text = named.cast(pl.String).alias("text")
    words = text.unique().to_frame().with_columns(row=normalize_currency(pl.col("text")))
    return text.replace_strict(words["text"], words["row"], return_dtype=pl.String).alias("row")


def _find_odd_cells(cells: pl.Series) -> pl.Series:
    """Which cells are not plain numbers: they may hold a sign, or be blank."""
    return cells.cast(pl.Float64, strict=False).is_null() & cells.is_not_null()


def _find_signs(cells: pl.DataFrame) -> pl.Series:
    """The currency of cells with ``amount`` and ``row``, the currency that their row names."""
    plain = pl.col("amount").str.normalize("NFKC").str.to_lowercase()
    sign = plain.str.replace_all(_NUMBER_PART, "")
    own = sign.replace_strict(CURRENCY_BY_SPELLING, default=None, return_dtype=pl.String)
    for shared, currencies in SHARED_SIGNS.items():
        own = pl.when((sign == shared) & pl.col("row").is_in(currencies)).then("row").otherwise(own)
    is_filled = pl.col("amount").str.strip_chars().str.len_chars() > 0
    return cells.select(pl.when(is_filled).then(pl.coalesce(own, "row"))).to_series()


def choose_currency(currencies: pl.Series, unit: str, declared: str, file: str, header: str) -> str:
    """The one currency of a column.

    currencies: as `find_currencies`. unit: that of the header. declared: that of the settings;
    empty = none. Raises DataError ``mixed-currencies`` for several and none declared.
    """
    counts = dict(
        currencies.drop_nulls()
        .value_counts()
        .sort("count", "c", descending=[True, False])
        .iter_rows()
    )
    if declared:
        return declared if counts else unit
    if len(counts) > 1:
        listed = [f"{currency} ({rows:,})" for currency, rows in counts.items()]
        raise DataError(
            "mixed-currencies",
            file=file,
            column=header,
            currencies=listed,
            first=next(iter(counts)),
            other=list(counts)[1],
        )
    return next(iter(counts), unit)


def apply_currencies(
    raw: RawTable, mapped: Sequence[MappedColumn], rules: CastRules
) -> tuple[tuple[MappedColumn, ...], dict[str, Conversion]]:
    """The columns with the one currency of each as its symbol, and what to convert.

    Returns also field -> what to do with its cells in other currencies. Raises DataError
    ``mixed-currencies``.
    """
    named = next((raw.frame[m.header] for m in mapped if m.field.name == "currency"), None)
    columns, conversions = [], {}
    for column in mapped:
        if column.field.type is FieldType.MONEY:
            cells = raw.frame[column.header]
            is_other = bool(rules.currency) and bool(column.symbol)
            is_other &= rules.currency != column.symbol
            if named is not None or is_other or _find_odd_cells(cells).any():
                currencies = find_currencies(cells, named)
                if column.symbol:
                    currencies = currencies.fill_null(column.symbol)
                symbol = choose_currency(
                    currencies, column.symbol, rules.currency, raw.file, column.header
                )
                column = replace(column, symbol=symbol)
                conversion = find_conversion(currencies, symbol, rules.rates or {})
                if conversion is not None:
                    conversions[column.field.name] = conversion
        columns.append(column)
    return tuple(columns), conversions
