"""A column of text -> numbers: signs, separators of thousands, magnitudes and units in a cell.

Whether a comma or a point separates the decimals is declared, or proven by the column itself.
"""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from refgraph.intake.currency_words import CURRENCY_PATTERN
from refgraph.intake.fault_codes import Remarks, find_filled, make_clean_codes, make_fault_code
from refgraph.intake.mapping import MappedColumn
from refgraph.model.field_types import FieldType
from refgraph.model.fields import UNITS
from refgraph.model.vocabulary import EMPTY_WORDS

MAX_NUMBER = 1e60
"""No amount is as large; sums of fourth powers of smaller ones stay finite."""

_PLAIN = r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?$"
_UNCLEAR_POINT = r"^[+-]?[1-9]\d{0,2}\.\d{3}$"
_UNCLEAR_COMMA = r"^[+-]?[1-9]\d{0,2},\d{3}$"
_POINT_FORMS = (
    r"^[+-]?\d{1,3}(?:,\d{3})+\.\d*$",
    r"^[+-]?\d{1,3}(?:,\d{3}){2,}$",
    r"^[+-]?\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d*)?$",
)
"""1,234.50 and 1,234,567 and 12,34,567: here a point separates the decimals."""
_COMMA_FORMS = (
    r"^[+-]?\d{1,3}(?:\.\d{3})+,\d*$",
    r"^[+-]?\d{1,3}(?:\.\d{3}){2,}$",
    r"^[+-]?(?:\d+,(?:\d{1,2}|\d{4,})|\d{4,},\d+|0\d*,\d+)$",
)
"""1.234,50 and 1.234.567 and 0,5: here a comma does."""
_GROUPS_BY_COMMA = r"^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?$"
_GROUPS_BY_POINT = r"^[+-]?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d*)?$"
_GROUPS_BY_SPACE = r"^[+-]?\d{1,3}(?:[ '’]\d{3})+(?:[.,]\d+)?$"
_SAMPLE = 1000
"""Cells that are looked at before all are."""
MAGNITUDES = {"万亿": 12, "亿": 8, "千万": 7, "百万": 6, "十万": 5, "万": 4, "千": 3}
_QUANTITY_UNITS = {name: power for name, (power, symbol) in UNITS.items() if symbol == "t"}
_UNITS_BY_TYPE = {FieldType.QUANTITY: _QUANTITY_UNITS, FieldType.NUMBER: {"%": -2}}


class NumberReading(NamedTuple):
    """The numbers of a column, the code of the fault of each cell or null, and what was decided."""

    values: pl.Series
    codes: pl.Series
    remarks: Remarks


def has_unclear_points(text: pl.Series, decimal: str) -> bool:
    """Whether plain numbers need more than a cast: every one with a point looks like 1.000.

    It may then be 1 or 1,000. decimal: as for `read_numbers`; with a declared comma, any point.
    """
    has_point = text.str.contains(".", literal=True)
    if decimal == "comma" or not has_point.any():
        return bool(has_point.any())
    start = text.head(_SAMPLE).filter(has_point.head(_SAMPLE))
    if not start.str.contains(_UNCLEAR_POINT).all():
        return False
    return bool(text.filter(has_point).str.contains(_UNCLEAR_POINT).all())


def decide_decimal(text: pl.Series, mapped: MappedColumn) -> str:
    """What a column shows about its commas and points.

    ``point`` or ``comma``: it proves which one stands before decimals, and no cell contradicts.
    ``thousands``: there are only commas, and they may all separate thousands. ``unclear``: neither.
    """
    cells = text.filter(find_filled(text)).alias("text")
    return _decide(_split_cells(cells.value_counts(name="count"), mapped))


def read_numbers(
    text: pl.Series, mapped: MappedColumn, decimal: str, decision: str = ""
) -> NumberReading:
    """Read a column of numbers; ``share`` must lie above 0 and not above 1.

    mapped: for the type of the field and the unit of its header. decimal: the declared sign before
    decimals, ``comma`` or ``point``, empty = not declared. decision: what `decide_decimal` found
    for a column of several files; empty = decide here.
    """
    is_there = find_filled(text)
    cells = text.filter(is_there).alias("text")
    frame = _split_cells(cells.value_counts(name="count"), mapped)
    decided = decimal or decision or _decide(frame)
    frame = frame.with_columns(number=_write_number(decided))
    shifted = shift_exponent(pl.col("number"), pl.col("power"))
    frame = frame.with_columns(value=shifted.cast(pl.Float64, strict=False))
    frame = frame.with_columns(code=_explain_fault(mapped.field.name == "share"))
    is_usable = pl.col("code").is_null() | pl.col("code").eq("bad-share")
    frame = frame.with_columns(value=pl.when(is_usable).then("value"))
    merged = cells.to_frame().join(frame, on="text", how="left", maintain_order="left")
    places = is_there.arg_true()
    values = pl.repeat(None, len(text), dtype=pl.Float64, eager=True)
    return NumberReading(
        values.scatter(places, merged["value"]),
        make_clean_codes(text).scatter(places, merged["code"]),
        _list_remarks(frame, decimal, decided),
    )


def _split_cells(written: pl.DataFrame, mapped: MappedColumn) -> pl.DataFrame:
    """Distinct texts as ``body``, a number with its separators, and ``power`` of ten of its unit.

    ``is_plain``: a number as programs write it. ``is_empty``: a word for none.
    """
    trimmed = pl.col("text").str.strip_chars().str.to_lowercase()
    is_plain = trimmed.str.contains(_PLAIN)
    odd = pl.when(~is_plain).then(trimmed.str.normalize("NFKC").str.strip_chars())
    frame = written.with_columns(is_plain=is_plain, is_empty=odd.is_in(EMPTY_WORDS), body=odd)
    frame = frame.with_columns(body=_strip_currency(_unify_sign(_strip_currency(pl.col("body")))))
    units = _UNITS_BY_TYPE.get(mapped.field.type, {})
    if units:
        frame = _split_ending(frame, "unit", units)
    frame = _split_ending(frame, "magnitude", MAGNITUDES)
    body = pl.col("body")
    is_grouped = body.str.contains(_GROUPS_BY_SPACE)
    body = pl.when(is_grouped).then(body.str.replace_all("[ '’]", "")).otherwise(body)
    return frame.with_columns(
        body=pl.when("is_plain").then(trimmed).otherwise(body),
        power=_add_powers("unit" in frame.columns, mapped.power),
    )


def _split_ending(frame: pl.DataFrame, name: str, words: dict[str, int]) -> pl.DataFrame:
    """The body without one of these words behind its digits, and its power of ten or null."""
    pattern = "|".join(sorted(words, key=len, reverse=True))
    word = pl.col("body").str.extract(rf"[\d.万亿千]\s*({pattern})$")
    power = word.replace_strict(words, default=None, return_dtype=pl.Int64)
    rest = pl.when(power.is_not_null()).then(pl.col("body").str.replace(rf"\s*(?:{pattern})$", ""))
    return frame.with_columns(power.alias(name), body=pl.coalesce(rest, "body"))


def _add_powers(has_units: bool, of_header: int) -> pl.Expr:
    """The power of ten of a cell: its own unit and magnitude, else those of the header.

    2亿 in a column of 万元 names its own magnitude; 3万 in a column of kg does not name its unit.
    """
    own = pl.col("magnitude").fill_null(0)
    unit = pl.col("unit") if has_units else pl.lit(None, pl.Int64)
    of_magnitude = pl.when((own > 0) & (of_header > 0)).then(0).otherwise(of_header)
    return own + pl.coalesce(unit, of_magnitude)


def _strip_currency(text: pl.Expr) -> pl.Expr:
    """Amounts without the sign, name or code of their currency before or after them."""
    text = text.str.replace(rf"^([+-]?\(?)\s*(?:{CURRENCY_PATTERN})\s*([-+(.\d])", "$1$2")
    return text.str.replace(rf"([万亿千\d.)-])\s*(?:{CURRENCY_PATTERN})(\)?)$", "$1$2")


def _unify_sign(text: pl.Expr) -> pl.Expr:
    """A minus in front: for brackets, a minus behind, and signs of typography."""
    text = text.str.replace(r"^[−–﹣]", "-").str.replace(r"^(\d[^-]*)-$", "-$1")
    return text.str.replace(r"^\(\s*([^()-]*?)\s*\)(.*)$", "-$1$2").str.replace(r"^([+-])\s+", "$1")


def _contains_any(body: pl.Expr, patterns: tuple[str, ...]) -> pl.Expr:
    return pl.any_horizontal(body.str.contains(pattern) for pattern in patterns)


def _decide(frame: pl.DataFrame) -> str:
    """As `decide_decimal`, for cells that are split."""
    body, plain = pl.col("body"), pl.col("is_plain")
    is_decimal = plain & body.str.contains(".", literal=True) & ~body.str.contains("e")
    by_point = (is_decimal & ~body.str.contains(_UNCLEAR_POINT)) | _contains_any(body, _POINT_FORMS)
    by_comma = _contains_any(body, _COMMA_FORMS)
    point, comma = frame.select(point=by_point.any(), comma=by_comma.any()).row(0)
    if point != comma:
        return "point" if point else "comma"
    signs = [body.str.contains(sign, literal=True).any() for sign in (",", ".")]
    has_comma, has_point = frame.select(pl.concat_list(signs)).item()
    return "thousands" if has_comma and not has_point else "unclear"


def _write_number(decided: str) -> pl.Expr:
    """The body as a plain number; null if it is none, or has two meanings."""
    body, is_plain = pl.col("body"), pl.col("is_plain")
    without_commas = body.str.replace_all(",", "")
    with_point = body.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    by_point = pl.when(body.str.contains(_GROUPS_BY_COMMA)).then(without_commas)
    by_comma = pl.when(body.str.contains(_GROUPS_BY_POINT)).then(with_point)
    lakh = pl.when(body.str.contains(_POINT_FORMS[2])).then(without_commas)
    plain = pl.when(body.str.contains(_PLAIN)).then(body)
    if decided == "point":
        return pl.coalesce(plain, by_point, lakh)
    is_decimal = is_plain & body.str.contains(".", literal=True) & ~body.str.contains("e")
    if decided == "comma":
        return pl.coalesce(by_comma, pl.when(~is_decimal).then(plain))
    has_one_meaning = ~body.str.contains(_UNCLEAR_POINT)
    other = pl.when(_contains_any(body, _COMMA_FORMS)).then(with_point)
    known = pl.when(_contains_any(body, _POINT_FORMS)).then(without_commas)
    ways = [pl.when(has_one_meaning).then(plain), known, other]
    if decided == "thousands":
        ways.append(by_point)
    return pl.coalesce(ways)


def _explain_fault(is_share: bool) -> pl.Expr:
    """The code of a cell that is no number, null for others."""
    value, body = pl.col("value"), pl.col("body")
    is_wrong = ~value.is_finite().fill_null(False) & ~pl.col("is_empty").fill_null(False)
    is_unclear = body.str.contains(_UNCLEAR_POINT) | body.str.contains(_UNCLEAR_COMMA)
    cases = [
        (is_wrong & is_unclear & pl.col("number").is_null(), "ambiguous-number"),
        (is_wrong, "bad-number"),
        (value.abs() >= MAX_NUMBER, "number-too-large"),
    ]
    if is_share:
        cases.append(((value <= 0) | (value > 1), "bad-share"))
    return make_fault_code(*cases)


def shift_exponent(number: pl.Expr, power: pl.Expr) -> pl.Expr:
    """The text of a number times 10 ** power: exact, unlike a product of floats.

    >>> pl.select(shift_exponent(pl.lit("1.1e2"), pl.lit(4))).item()
    '1.1e6'
    """
    parts = number.str.splitn("e", 2)
    mantissa, written = parts.struct.field("field_0"), parts.struct.field("field_1")
    exponent = written.cast(pl.Int64, strict=False)
    exponent = pl.when(written.is_null()).then(pl.lit(0, pl.Int64)).otherwise(exponent)
    shifted = pl.concat_str(mantissa, pl.lit("e"), (exponent + power).cast(pl.String))
    return pl.when(power == 0).then(number).otherwise(shifted)


def _list_remarks(frame: pl.DataFrame, declared: str, decided: str) -> Remarks:
    """What was decided about how many cells."""
    is_read = frame["value"].is_not_null() & frame["code"].is_null()
    has_comma = frame["body"].str.contains(",", literal=True).fill_null(False)
    has_sign = has_comma | frame["body"].str.contains(".", literal=True).fill_null(False)
    counts = {
        "empty-word": frame["is_empty"].fill_null(False),
        "written-number": is_read & ~frame["is_plain"],
    }
    if decided == "comma" and not declared:
        counts["decimal-comma"] = is_read & has_sign
    elif decided == "thousands":
        counts["thousands-comma"] = is_read & frame["body"].str.contains(_UNCLEAR_COMMA)
    sums = ((code, int(frame["count"].filter(mask).sum())) for code, mask in counts.items())
    return tuple((code, count) for code, count in sums if count)
