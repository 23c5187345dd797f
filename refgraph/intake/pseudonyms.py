"""Dataset -> the same Dataset without anything that names a person or a company.

IDs become keyed pseudonyms (HMAC-SHA-256): the same key gives the same pseudonyms, and without the
key nobody can compute them. Names, contacts and free text are dropped, and so is every column that
refgraph does not know. This is done once, after intake, so nothing behind it can show a name.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from refgraph.errors import RefgraphError
from refgraph.intake.cast import normalize_word
from refgraph.intake.currency_words import CURRENCY_BY_SPELLING
from refgraph.intake.harmless_words import list_harmless_words
from refgraph.model.dataset import CustomerRows, Dataset, get_schema
from refgraph.model.field_types import Field, FieldType
from refgraph.model.fields import FIELDS_BY_TABLE, UNITS
from refgraph.model.vocabulary import UNKNOWN_WORD, VOCABULARIES

PSEUDONYM_DIGITS = 16
"""Hexadecimal digits of a pseudonym: 64 bits, enough that ten million IDs are all different."""
PARTY, ORDER, GROUP = "P", "D", "G"
"""First letter of a pseudonym, by what it stands for; no spreadsheet takes it for a number."""
HIDDEN = "***"
"""Stands for a word that too few rows share, or that is also a name."""
MIN_ROWS = 5
"""Rows that must share a word of a category for it to be shown."""
GROUP_FIELDS = frozenset({"customers.group", "affiliations.group"})
CATEGORY_FIELDS = frozenset(
    {
        *("customers.sector", "customers.region", "customers.source", "customers.level"),
        *("customers.currency", "customers.religion", "customers.politics"),
        *("referrals.tie", "orders.currency"),
    }
)
"""Columns of text whose words are kept where `MIN_ROWS` rows share them or they are harmless.

See `harmless_words`; other text is dropped.
"""
_KNOWN_UNITS = frozenset((*CURRENCY_BY_SPELLING.values(), *(unit for _, unit in UNITS.values())))
_MAP = ("text", "pseudonym")
_CURRENCY_CODE = re.compile("[A-Z]{3}")
Frames = dict[str, pl.DataFrame]


class Pseudonyms:
    """What a key turns names into. key: at least 32 bytes, kept out of every message."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._known: dict[str, pl.DataFrame] = {}

    def make(self, kind: str, text: str) -> str:
        """The pseudonym of a text. kind: `PARTY`, `ORDER` or `GROUP`."""
        digest = hmac.digest(self._key, f"{kind}\0{text}".encode(), "sha256")
        return kind + digest.hex()[:PSEUDONYM_DIGITS]

    def replace(self, kind: str, values: pl.Series) -> pl.Series:
        """The pseudonym of every value; null stays. Each different value is hashed once.

        Raises RefgraphError ``pseudonyms-alike`` if two values get the same one.
        """
        texts = values.drop_nulls().unique().alias("text").to_frame()
        known = self._known.get(kind, pl.DataFrame(schema=dict.fromkeys(_MAP, pl.String)))
        texts = texts.join(known, on="text", how="anti")
        if texts.height:
            made = [self.make(kind, text) for text in texts["text"]]
            known = pl.concat([known, texts.with_columns(pseudonym=pl.Series(made))])
            if known["pseudonym"].n_unique() < known.height:
                raise RefgraphError("pseudonyms-alike")
            self._known[kind] = known
        rows = values.alias("text").to_frame()
        return rows.join(known, on="text", how="left", maintain_order="left")["pseudonym"]


def pseudonymize(data: Dataset, pseudonyms: Pseudonyms) -> Dataset:
    """The Dataset with pseudonyms for IDs, groups and orders, without names, contacts, free text.

    Rejected rows keep file, line, code and column, findings their members as pseudonyms.
    """
    frames = {t: frame for t in FIELDS_BY_TABLE if (frame := getattr(data, t)) is not None}
    names = _collect_names(frames)
    harmless = list_harmless_words(data.settings)
    hidden = {t: _hide_table(t, f, pseudonyms, names, harmless) for t, f in frames.items()}
    unknown = pl.lit(None, pl.String)
    changes: dict[str, Any] = {**hidden, "contacts": None}
    return replace(
        data,
        **changes,
        units={what: unit for what, unit in data.units.items() if _is_plain_unit(unit, names)},
        recorded=frozenset(c for c in data.recorded if not _is_dropped(c)),
        findings=_hide_findings(data.findings, pseudonyms),
        rejects=data.rejects.with_columns(value=unknown, raw=unknown),
        customer_rows=_keep_rows(data, hidden),
        decided_matches=None,
    )


def _is_plain_unit(unit: str, names: pl.Series) -> bool:
    """Whether a unit is one that refgraph knows, or looks like a currency and is no name."""
    is_code = _CURRENCY_CODE.fullmatch(unit) is not None
    return unit in _KNOWN_UNITS or (is_code and unit.casefold() not in names)


def _is_dropped(column: str) -> bool:
    """Whether a column of a Dataset is left empty."""
    table, _, name = column.partition(".")
    field = next((f for f in FIELDS_BY_TABLE[table] if f.name == name), None)
    return table == "contacts" or field is None or _is_free_text(field)


def _is_free_text(field: Field) -> bool:
    column = f"{field.table}.{field.name}"
    is_kept = column in GROUP_FIELDS or column in CATEGORY_FIELDS
    return field.type is FieldType.TEXT and not is_kept and field.name != "referred_by"


def _collect_names(frames: Frames) -> pl.Series:
    """Every text that is an ID, a name, a contact, a group or free text, in lower case.

    The IDs of all parties are those of the customers; numbers of orders name nobody.
    """
    columns: list[pl.Series] = [pl.Series(dtype=pl.String)]
    for table, frame in frames.items():
        fields = {f.name: f for f in FIELDS_BY_TABLE[table]}
        for name, dtype in frame.schema.items():
            field = fields.get(name)
            is_name = field is None or _is_free_text(field)
            is_name |= f"{table}.{name}" in {*GROUP_FIELDS, "customers.id"}
            if dtype == pl.String and is_name and name != "file":
                columns.append(frame[name].unique().str.strip_chars().rename(""))
    return pl.concat(columns).str.to_lowercase().unique().drop_nulls()


def _hide_table(
    table: str,
    frame: pl.DataFrame,
    pseudonyms: Pseudonyms,
    names: pl.Series,
    harmless: Mapping[str, frozenset[str]],
) -> pl.DataFrame:
    """The canonical columns of a table, each hidden as its field demands."""
    fields = {f.name: f for f in FIELDS_BY_TABLE[table]}
    columns = []
    for name in get_schema(table):
        values, field = frame[name], fields.get(name)
        if field is not None and values.dtype == pl.String:
            values = _hide_column(field, values, pseudonyms, names, harmless)
        columns.append(values.alias(name))
    return pl.DataFrame(columns)


def _hide_column(
    field: Field,
    values: pl.Series,
    pseudonyms: Pseudonyms,
    names: pl.Series,
    harmless: Mapping[str, frozenset[str]],
) -> pl.Series:
    column = f"{field.table}.{field.name}"
    if field.type is FieldType.ID:
        return pseudonyms.replace(ORDER if field.name == "order_id" else PARTY, values)
    if column in GROUP_FIELDS:
        return pseudonyms.replace(GROUP, values)
    if column in VOCABULARIES:
        known = [*VOCABULARIES[column], UNKNOWN_WORD]
        return values.set(~values.is_in(known).fill_null(True), None)
    if column in CATEGORY_FIELDS or field.type is FieldType.WORD:
        return _hide_rare_words(values, names, harmless.get(column, ()))
    return pl.Series(values.name, [None], dtype=pl.String).new_from_index(0, values.len())


def _hide_rare_words(values: pl.Series, names: pl.Series, known: Iterable[str]) -> pl.Series:
    """`HIDDEN` for words that fewer than `MIN_ROWS` rows share, or that are a name."""
    words = values.drop_nulls().alias("word").value_counts(name="rows")
    word = normalize_word(pl.col("word"))
    plain = pl.col("word").str.strip_chars().str.to_lowercase()
    is_common = (pl.col("rows") >= MIN_ROWS) & ~plain.is_in(names.implode())
    shown = words.filter(word.is_in(list(known)) | is_common)["word"]
    return values.set(~values.is_in(shown.implode()).fill_null(True), HIDDEN)


def _hide_findings(findings: pl.DataFrame, pseudonyms: Pseudonyms) -> pl.DataFrame:
    """Findings with pseudonyms as members and without details."""
    rows = findings.with_row_index("row")
    members = rows.select("row", "members").explode("members")
    named = members.with_columns(members=pseudonyms.replace(PARTY, members["members"]))
    lists = named.group_by("row", maintain_order=True).agg("members")
    hidden = rows.drop("members").join(lists, on="row", how="left", maintain_order="left")
    detail = pl.lit(None, pl.String)
    return hidden.with_columns(detail=detail).select(findings.columns).cast(findings.schema)


def _keep_rows(data: Dataset, frames: Mapping[str, pl.DataFrame]) -> CustomerRows | None:
    """The rows behind the IDs are the same as before."""
    rows = data.customer_rows
    if rows is None or not rows.is_valid_for(data):
        return None
    return replace(
        rows,
        customers=frames["customers"],
        referrals=frames["referrals"],
        orders=frames.get("orders"),
    )
