"""What a user declares about the text of cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from refgraph.errors import UsageError
from refgraph.model.date_forms import FORM_WORDS, add_zone, is_known_form, is_known_zone
from refgraph.model.field_types import FieldType
from refgraph.model.fields import FIELDS_BY_TABLE, find_field
from refgraph.model.parameter_values import convert_fields
from refgraph.model.representation import describe_object
from refgraph.model.settings import Settings

DECIMAL_SIGNS = ("point", "comma")
NUMBER_TYPES = (FieldType.MONEY, FieldType.QUANTITY, FieldType.NUMBER)


@dataclass(frozen=True)
class CastRules:
    """How cells may be written.

    date_format: how dates are written, by default year first: dmy, mdy, ymd, excel, excel1904,
    unix (in UTC), unix@ZONE, month, or a pattern of strptime; ``TABLE.COLUMN=FORM`` holds for one
    column.
    loose_numbers: the same as decimal="point". trim: whether ids lose outer spaces.
    currency: the currency of all amounts, empty = none declared.
    decimal: whether "point" or "comma" stands before decimals; ``TABLE.COLUMN=WORD`` holds for one
    column.
    rates: currency -> what one unit of it is worth in `currency`.
    Raises UsageError ``bad-date-format`` for a form without a year, ``bad-decimal``.
    """

    date_format: tuple[str, ...] | None = None
    loose_numbers: bool = False
    trim: bool = False
    currency: str = ""
    decimal: tuple[str, ...] | None = None
    rates: Mapping[str, float] | None = None

    def __post_init__(self) -> None:
        convert_fields(self)
        for _, form in _split(self.date_format):
            if not is_known_form(form):
                raise UsageError("bad-date-format", value=form, known=list(FORM_WORDS))
        for _, word in _split(self.decimal):
            if word not in DECIMAL_SIGNS:
                raise UsageError("bad-decimal", value=word)

    def __repr__(self) -> str:
        """The fields that differ from the defaults."""
        changed = ((f.name, getattr(self, f.name), f.default) for f in fields(self))
        return describe_object(
            self, *(f"{name}={value!r}" for name, value, default in changed if value != default)
        )

    def get_date_forms(self, column: str) -> tuple[str, ...]:
        """The forms declared for a column ``table.column``, else those for all columns."""
        return _select(self.date_format, column)

    def get_decimal(self, column: str) -> str:
        """``point`` or ``comma`` if it is declared for a column, else empty."""
        words = _select(self.decimal, column) or ("point",) * self.loose_numbers
        return words[-1] if words else ""

    def complete(self, settings: Settings) -> CastRules:
        """These rules, with what only the settings declare.

        Raises UsageError ``unknown-column`` for a declaration that names no date or number,
        ``unknown-zone``.
        """
        read = settings.read
        if not is_known_zone(read.zone):
            raise UsageError("unknown-zone", zone=read.zone)
        dates = _add(self.date_format, settings.date_format, read.date_format)
        decimal = _add(self.decimal, settings.decimal, read.decimal)
        _check_columns(dates, (FieldType.DATE,))
        _check_columns(decimal, NUMBER_TYPES)
        return replace(
            self,
            date_format=_add_zones(dates, read.zone),
            decimal=decimal,
            loose_numbers=self.loose_numbers or read.loose_numbers,
            trim=self.trim or read.trim,
        )


def _split(declarations: Sequence[str] | None) -> Iterator[tuple[str, str]]:
    """Column, empty for all, and what is declared for it."""
    for text in declarations or ():
        target, sign, form = text.partition("=")
        is_column = bool(sign) and target.partition(".")[0] in FIELDS_BY_TABLE
        yield (target, form) if is_column else ("", text)


def _add_zones(declarations: Sequence[str] | None, zone: str) -> tuple[str, ...] | None:
    """The declarations, with the time zone behind each form that counts moments and has none."""
    if declarations is None:
        return None
    pairs = (text.rpartition("=") for text in declarations)
    return tuple(target + sign + add_zone(form, zone) for target, sign, form in pairs)


def _select(declarations: Sequence[str] | None, column: str) -> tuple[str, ...]:
    pairs = list(_split(declarations))
    own = tuple(form for target, form in pairs if target == column)
    return own or tuple(form for target, form in pairs if not target)


def _add(
    declarations: Sequence[str] | None,
    by_column: Mapping[str, Sequence[str]],
    general: Sequence[str],
) -> tuple[str, ...]:
    """The declarations, and those of the settings for columns that they do not name.

    general: declarations of the settings for all columns.
    """
    named = {target for target, _ in _split(declarations)}
    added = [
        f"{column}={form}"
        for column, forms in by_column.items()
        if column not in named
        for form in forms
    ]
    return (*(declarations or ()), *(() if "" in named else general), *added)


def _check_columns(declarations: Sequence[str], types: Sequence[FieldType]) -> None:
    for target, _ in _split(declarations):
        table, _, name = target.partition(".")
        field = find_field(table, name) if target else None
        if target and (field is None or field.type not in types):
            known = [field.name for field in FIELDS_BY_TABLE[table] if field.type in types]
            raise UsageError("unknown-column", name=target, known=known)
