"""Text -> dates, numbers, words, by our own rules; a cell that breaks a rule is a fault with a code, never a guess."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from refgraph.intake.mapping import Mapped
from refgraph.model.fields import Type
from refgraph.model.vocabulary import STRICT, WORDS, translation

ID_LIMIT = 1000
_LOOSE = r"[,，\s¥￥$€£]"
_YEAR_FIRST = r"^\s*(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ][\d:.,+Z-]*)?\s*$"
_YEAR_LAST = r"^\s*\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}"


@dataclass(frozen=True)
class Rules:
    """How text may be read: one strptime format for dates, 1,234.50 and 3.5万 as numbers, ids without outer spaces."""

    date_format: str | None = None
    loose_numbers: bool = False
    trim: bool = False


def cast(text: pl.Expr, mapped: Mapped, rules: Rules) -> tuple[pl.Expr, pl.Expr]:
    """(value, code): the typed column and, where a cell is at fault, the code of the fault, else null."""
    field = mapped.field
    if field.type is Type.DATE:
        return _date(text, rules)
    if field.type in (Type.MONEY, Type.QUANTITY, Type.NUMBER):
        return _number(text, mapped, rules)
    if field.type is Type.WORD:
        return _word(text, f"{field.table}.{field.name}")
    if field.type is Type.ID:
        return _id(text, field.mandatory, rules)
    return text, pl.lit(None, pl.String)


def _code(*cases: tuple[pl.Expr, str]) -> pl.Expr:
    code = pl.lit(None, pl.String)
    for condition, name in reversed(cases):
        code = pl.when(condition).then(pl.lit(name)).otherwise(code)
    return code


def _id(text: pl.Expr, mandatory: bool, rules: Rules) -> tuple[pl.Expr, pl.Expr]:
    value = text.str.strip_chars() if rules.trim else text
    value = pl.when(value.str.len_chars() > 0).then(value)
    cases = [(value.str.len_bytes() > ID_LIMIT, "id-too-long")]
    if mandatory:
        cases.append((value.is_null(), "missing-id"))
    return value, _code(*cases)


def _date(text: pl.Expr, rules: Rules) -> tuple[pl.Expr, pl.Expr]:
    if rules.date_format:
        value = text.str.strip_chars().str.to_date(rules.date_format, strict=False)
        return value, _code((value.is_null() & _filled(text), "bad-date"))
    compact = text.str.replace(r"^\s*(\d{4})(\d{2})(\d{2})\s*$", "$1-$2-$3")
    parts = compact.str.replace(_YEAR_FIRST, "$1-$2-$3")
    value = parts.str.to_date("%Y-%m-%d", strict=False)
    wrong = value.is_null() & _filled(text)
    return value, _code((wrong & text.str.contains(_YEAR_LAST), "ambiguous-date"), (wrong, "bad-date"))


def _filled(text: pl.Expr) -> pl.Expr:
    return text.is_not_null() & (text.str.strip_chars().str.len_bytes() > 0)


def _number(text: pl.Expr, mapped: Mapped, rules: Rules) -> tuple[pl.Expr, pl.Expr]:
    clean, power = text.str.strip_chars(), mapped.power
    if rules.loose_numbers:
        clean = clean.str.replace_all(_LOOSE, "").str.replace("万$", "e4").str.replace("亿$", "e8")
        clean = clean.str.replace(r"^\((.*)\)$", "-$1")
    value = (clean + f"e{power}" if power else clean).cast(pl.Float64, strict=False)
    if power:  # a number written with an exponent of its own
        value = pl.coalesce(value, clean.cast(pl.Float64, strict=False) * 10.0**power)
    good = value.is_finite()
    cases = [(_filled(text) & ~good.fill_null(False), "bad-number")]
    if mapped.field.name == "share":
        cases.append(((value <= 0) | (value > 1), "bad-share"))
    return pl.when(good).then(value), _code(*cases)


def _word(text: pl.Expr, column: str) -> tuple[pl.Expr, pl.Expr]:
    words = translation(WORDS[column])
    clean = text.str.strip_chars().str.to_lowercase()
    value = clean.replace_strict(words, default=None, return_dtype=pl.String)
    if column not in STRICT:
        return pl.coalesce(value, pl.when(_filled(text)).then(text)), pl.lit(None, pl.String)
    return value, _code((_filled(text) & value.is_null(), "unknown-word"))
