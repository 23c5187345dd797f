"""Phone numbers, e-mail addresses and codes as they are compared with one another."""

from __future__ import annotations

import polars as pl

_PHONE_MARKS = r"[\s\-–—.()/]"
_COUNTRY_CODE = r"^(?:\+|00)?86(1\d{10})$"
_INVISIBLE = r"[\p{Cf}\p{Cc}]"
_NAME_WITH_PHONE = r"^(.*?)[\s(（:：,，/]*(\+?\d[\d\s-]{5,}\d)[)）]?\s*$"


def make_phone_key(text: pl.Expr) -> pl.Expr:
    """A phone number without blanks, hyphens and brackets, and without +86 before a mobile one."""
    digits = text.str.normalize("NFKC").str.replace_all(_INVISIBLE, "")
    digits = digits.str.replace_all(_PHONE_MARKS, "").str.replace(_COUNTRY_CODE, "$1")
    return pl.when(digits.str.contains(r"^\+?\d{6,}$")).then(digits)


def make_email_key(text: pl.Expr) -> pl.Expr:
    """An e-mail address without case, width and outer blanks; null without an @."""
    address = text.str.normalize("NFKC").str.strip_chars().str.to_lowercase()
    return pl.when(address.str.contains("@", literal=True)).then(address)


def make_code_key(text: pl.Expr) -> pl.Expr:
    """A code without outer blanks, as written otherwise; null if it is empty."""
    code = text.str.strip_chars()
    return pl.when(code.str.len_bytes() > 0).then(code)


def make_column_key(column: str, text: pl.Expr) -> pl.Expr:
    """The form in which cells of a column of customers are compared."""
    makers = {"phone": make_phone_key, "email": make_email_key}
    return makers.get(column, make_code_key)(text)


def split_name_and_phone(text: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """``甲一（13800000001）`` as name and number; null if it is not both."""
    name = text.str.extract(_NAME_WITH_PHONE, 1).str.strip_chars()
    return pl.when(name.str.len_bytes() > 0).then(name), text.str.extract(_NAME_WITH_PHONE, 2)
