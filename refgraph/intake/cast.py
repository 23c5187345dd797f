"""Text -> dates, numbers and words, by fixed rules; a cell that breaks one is a fault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import polars as pl

from refgraph.intake.cast_rules import NUMBER_TYPES, CastRules
from refgraph.intake.dates import decide_day_order, read_dates
from refgraph.intake.fault_codes import Remarks, make_clean_codes, make_fault_code, no_fault
from refgraph.intake.mapping import MappedColumn
from refgraph.intake.numbers import (
    MAX_NUMBER,
    decide_decimal,
    has_unclear_points,
    read_numbers,
    shift_exponent,
)
from refgraph.model.date_forms import is_pattern
from refgraph.model.field_types import FieldType
from refgraph.model.vocabulary import (
    PARTY_WORDS,
    STRICT_COLUMNS,
    UNKNOWN_WORD,
    VOCABULARIES,
    build_alias_map,
)

MAX_ID_BYTES = 1000
"""Bytes of the longest id."""

_LENIENT_SIGNS = "+ \t"
"""Characters that polars accepts within %Y-%m-%d."""


class Cast(NamedTuple):
    """Typed values of a column, the code of the fault of each cell or null, what was decided."""

    values: pl.Series
    codes: pl.Series
    remarks: Remarks = ()


def cast_column(
    text: pl.Series, mapped: MappedColumn, rules: CastRules, decision: str = ""
) -> Cast:
    """Cast a column of text to the type of its field.

    decision: of `decide_column` for all files of the table; empty = decide for this one.
    """
    field = mapped.field
    column = f"{field.table}.{field.name}"
    if field.type is FieldType.DATE:
        return Cast(*read_dates(text, rules.get_date_forms(column), decision))
    if field.type in NUMBER_TYPES:
        return Cast(*read_numbers(text, mapped, rules.get_decimal(column), decision))
    if field.type is FieldType.WORD:
        return _cast_words(text, column, mapped.spellings)
    cell = pl.col(text.name)
    if field.type is FieldType.ID:
        value, code = _cast_id(cell, field.mandatory, rules)
    else:
        is_trimmed = field.name == "referred_by" and rules.trim
        value, code = cell.str.strip_chars() if is_trimmed else cell, no_fault()
    cast = text.to_frame().with_columns(value.alias("value"), code.alias("code"))
    return Cast(cast["value"], cast["code"])


def decide_column(text: pl.Series, mapped: MappedColumn) -> str:
    """How the cells of a column of dates or numbers are written, as far as the column shows it."""
    if mapped.field.type is FieldType.DATE:
        return decide_day_order(text)
    return decide_decimal(text, mapped)


def try_fast_cast(text: pl.Series, mapped: MappedColumn, rules: CastRules) -> Cast | None:
    """What `cast_column` gives, in a tenth of the time; None unless every cell is plain or null.

    Plain are ISO dates, numbers that a program writes, and ids neither empty nor too long.
    """
    field = mapped.field
    column = f"{field.table}.{field.name}"
    if field.type is FieldType.DATE and not any(map(is_pattern, rules.get_date_forms(column))):
        values = _try_fast_dates(text)
    elif field.type is FieldType.ID and not rules.trim:
        values = _try_fast_ids(text, field.mandatory)
    elif field.type in NUMBER_TYPES and field.name != "share":
        values = _try_fast_numbers(text, mapped.power, rules.get_decimal(column))
    else:
        return None
    return None if values is None else Cast(values, make_clean_codes(text))


def _try_fast_dates(text: pl.Series) -> pl.Series | None:
    dates = text.str.to_date("%Y-%m-%d", strict=False)
    if dates.null_count() > text.null_count() or not (text.str.len_bytes() == 10).all():
        return None
    first_year = dates.dt.year().min()
    if isinstance(first_year, int) and first_year < 1:
        return None
    if any(text.str.contains(sign, literal=True).any() for sign in _LENIENT_SIGNS):
        return None
    return dates


def _try_fast_ids(text: pl.Series, mandatory: bool) -> pl.Series | None:
    if mandatory and text.null_count():
        return None
    size = text.str.len_bytes()
    is_plain = (size > 0) & (size <= MAX_ID_BYTES)
    return text if is_plain.all() else None


def _try_fast_numbers(text: pl.Series, power: int, decimal: str) -> pl.Series | None:
    numbers = text.cast(pl.Float64, strict=False)
    if numbers.null_count() > text.null_count() or not (numbers.abs() < MAX_NUMBER).all():
        return None
    if decimal != "point" and has_unclear_points(text, decimal):
        return None
    if not power:
        return numbers
    shifted = shift_exponent(pl.col("text").str.to_lowercase(), pl.lit(power))
    scaled = text.alias("text").to_frame().select(shifted.cast(pl.Float64, strict=False))
    values = scaled.to_series()
    is_usable = values.null_count() == text.null_count() and (values.abs() < MAX_NUMBER).all()
    return values if is_usable else None


def _cast_id(text: pl.Expr, mandatory: bool, rules: CastRules) -> tuple[pl.Expr, pl.Expr]:
    id = text.str.strip_chars() if rules.trim else text
    id = pl.when(id.str.len_chars() > 0).then(id)
    cases = [(id.str.len_bytes() > MAX_ID_BYTES, "id-too-long")]
    if mandatory:
        cases.append((id.is_null(), "missing-id"))
    return id, make_fault_code(*cases)


def normalize_word(text: pl.Expr) -> pl.Expr:
    """A word without case, outer spaces and full-width characters, as vocabularies compare it."""
    return text.str.normalize("NFKC").str.strip_chars().str.to_lowercase()


def _cast_words(text: pl.Series, column: str, spellings: Mapping[str, Sequence[str]]) -> Cast:
    """Each way to write a word is cast once; a column has few."""
    value, code = _cast_word(pl.col("text"), column, spellings)
    words = pl.DataFrame({"text": text.unique()}).with_columns(value=value, code=code)
    cells = text.alias("text").to_frame()
    cast = cells.join(words, on="text", how="left", nulls_equal=True, maintain_order="left")
    return Cast(cast["value"], cast["code"])


def _cast_word(
    text: pl.Expr, column: str, spellings: Mapping[str, Sequence[str]]
) -> tuple[pl.Expr, pl.Expr]:
    """The canonical word of a vocabulary; outside `STRICT_COLUMNS` other words stay as written.

    spellings: canonical word -> further spellings.
    """
    words = build_alias_map(VOCABULARIES[column], spellings)
    word = normalize_word(text)
    word = word.replace_strict(words, default=None, return_dtype=pl.String)
    is_filled = text.is_not_null() & (text.str.strip_chars().str.len_bytes() > 0)
    if column in STRICT_COLUMNS:
        is_unknown = is_filled & word.is_null()
        if column in PARTY_WORDS:
            word = pl.when(is_unknown).then(pl.lit(UNKNOWN_WORD)).otherwise(word)
        return word, make_fault_code((is_unknown, "unknown-word"))
    return pl.coalesce(word, pl.when(is_filled).then(text)), no_fault()
