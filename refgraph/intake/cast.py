"""Text -> dates, numbers, words, by our own rules; a cell that breaks a rule is a fault with a code, never a guess."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from refgraph.intake.mapping import Mapped
from refgraph.model.fields import Type
from refgraph.model.vocabulary import STRICT, WORDS, translation

ID_LIMIT = 1000
_CURRENCY = r"[¥￥$€£]"
_MAGNITUDE = r"[万亿]\)?$"
_GROUPS = r"^\D*\d{1,3}(?:[,，\s]\d{3})+(?:[^\d,，\s][^,，\s]*)?$"
_YEAR_FIRST = r"^\s*(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ][\d:.,+Z-]*)?\s*$"
_ISO = r"^\d{4}-\d{1,2}-\d{1,2}$"
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
    if field.name == "referred_by" and rules.trim:
        text = text.str.strip_chars()
    return text, pl.lit(None, pl.String)


def quick(text: pl.Series, mapped: Mapped, rules: Rules) -> tuple[pl.Expr, pl.Expr] | None:
    """What `cast` gives for a column in which every cell is plain or null, at a tenth of the time; else None.

    Plain are ISO days, numbers without a unit to apply, and ids neither empty nor too long.
    """
    of, nothing = mapped.field.type, pl.lit(None, pl.String)
    if of is Type.DATE:
        return _quick_date(text, rules)
    if of is Type.ID and not rules.trim and not (mapped.field.mandatory and text.null_count()):
        size = text.str.len_bytes()
        return (pl.lit(text), nothing) if ((size > 0) & (size <= ID_LIMIT)).all() else None
    if of not in (Type.MONEY, Type.QUANTITY, Type.NUMBER) or mapped.power or rules.loose_numbers or mapped.field.name == "share":
        return None
    value = text.cast(pl.Float64, strict=False)
    if value.null_count() > text.null_count() or not value.is_finite().all():
        return None
    return pl.lit(value), nothing


def _quick_date(text: pl.Series, rules: Rules) -> tuple[pl.Expr, pl.Expr] | None:
    if rules.date_format:
        return None
    days = text.str.to_date("%Y-%m-%d", strict=False)
    if days.null_count() > text.null_count() or not (text.str.len_bytes() == 10).all():
        return None
    least = days.dt.year().min()
    if (isinstance(least, int) and least < 1) or any(text.str.contains(sign, literal=True).any() for sign in "+ \t"):
        return None
    return pl.lit(days), pl.lit(None, pl.String)


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
        value = _in_calendar(text.str.strip_chars().str.to_date(rules.date_format, strict=False))
        return value, _code((value.is_null() & _filled(text), "bad-date"))
    quick = text.str.to_date("%Y-%m-%d", strict=False)
    loose = pl.any_horizontal(text.str.contains(sign, literal=True) for sign in "+ \t")
    plain = quick.is_not_null() & (text.str.len_bytes() == 10) & loose.not_()
    other = pl.when(plain.fill_null(False).not_()).then(text)  # the patterns below cost a hundred times as much
    compact = other.str.replace(r"^\s*(\d{4})(\d{2})(\d{2})\s*$", "$1-$2-$3")
    parts = compact.str.replace(_YEAR_FIRST, "$1-$2-$3")
    value = pl.when(parts.str.contains(_ISO)).then(parts).str.to_date("%Y-%m-%d", strict=False)
    value = _in_calendar(pl.when(plain).then(quick).otherwise(value))
    wrong = value.is_null() & _filled(text)
    return value, _code((wrong & other.str.contains(_YEAR_LAST), "ambiguous-date"), (wrong, "bad-date"))


def _in_calendar(value: pl.Expr) -> pl.Expr:
    """Dates of the years 1 to 9999, which every calendar library can hold."""
    return pl.when(value.dt.year().is_between(1, 9999)).then(value)


def _filled(text: pl.Expr) -> pl.Expr:
    return text.is_not_null() & (text.str.strip_chars().str.len_bytes() > 0)


def _number(text: pl.Expr, mapped: Mapped, rules: Rules) -> tuple[pl.Expr, pl.Expr]:
    clean = text.str.strip_chars()
    number = _times(clean, mapped.power) if mapped.power else clean
    if rules.loose_numbers:
        plain = _loose(clean)
        number = _times(plain, mapped.power) if mapped.power else plain
        if mapped.power > 0:  # 2亿 in a column of 万元 says itself how large it is
            number = pl.when(clean.str.contains(_MAGNITUDE)).then(plain).otherwise(number)
    value = number.cast(pl.Float64, strict=False)
    good = value.is_finite()
    cases = [(_filled(text) & ~good.fill_null(False), "bad-number")]
    if mapped.field.name == "share":
        cases.append(((value <= 0) | (value > 1), "bad-share"))
    return pl.when(good).then(value), _code(*cases)


def _loose(clean: pl.Expr) -> pl.Expr:
    """1,234.50, ¥3.5万 and (12) as plain numbers; a comma or space that parts no group of three stays, a fault."""
    clean = clean.str.replace(r"^\((.*)\)$", "-$1").str.replace_all(_CURRENCY, "").str.strip_chars()
    clean = clean.str.replace(r"\s*万$", "e4").str.replace(r"\s*亿$", "e8")
    return pl.when(clean.str.contains(_GROUPS)).then(clean.str.replace_all(r"[,，\s]", "")).otherwise(clean)


def _times(number: pl.Expr, power: int) -> pl.Expr:
    """The text of a number times a power of ten, with its exponent moved: exact, unlike a product of floats."""
    parts = number.str.to_lowercase().str.splitn("e", 2)
    written = parts.struct.field("field_1")
    exponent = pl.when(written.is_null()).then(pl.lit(0, pl.Int64)).otherwise(written.cast(pl.Int64, strict=False))
    return pl.concat_str(parts.struct.field("field_0"), pl.lit("e"), (exponent + power).cast(pl.String))


def _word(text: pl.Expr, column: str) -> tuple[pl.Expr, pl.Expr]:
    words = translation(WORDS[column])
    clean = text.str.strip_chars().str.to_lowercase()
    value = clean.replace_strict(words, default=None, return_dtype=pl.String)
    if column not in STRICT:
        return pl.coalesce(value, pl.when(_filled(text)).then(text)), pl.lit(None, pl.String)
    return value, _code((_filled(text) & value.is_null(), "unknown-word"))
