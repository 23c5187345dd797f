"""One raw table -> typed columns and the rows that break a rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from refgraph.intake.cast import Rules, cast, quick
from refgraph.intake.mapping import Mapped, map_headers
from refgraph.model.fields import Type
from refgraph.model.graph import ARC_COLUMNS, PARTY_COLUMNS
from refgraph.model.raw import REJECTS, RawTable
from refgraph.model.settings import Settings

_CODE = "\x00fault:"
_OF_GRAPH = {"customers": PARTY_COLUMNS, "referrals": ARC_COLUMNS, "orders": ("place",)}


@dataclass(frozen=True, eq=False)
class Typed:
    """frame: canonical columns found, ``file``, ``line``, then unknown columns as text; rejects as in model.raw;
    units: pairs of money or volume and a unit named for it; trimmed: ids that lost outer spaces."""

    frame: pl.DataFrame
    rejects: pl.DataFrame
    headers: Mapping[str, str]
    units: frozenset[tuple[str, str]]
    trimmed: int = 0


def typed(table: str, raw: RawTable, settings: Settings, rules: Rules) -> Typed:
    """Cast all known columns; a row with any fault goes to the rejects, once for each fault, without its raw text.

    Raises DataError when a mandatory column is missing or a unit is unknown.
    """
    mapped = map_headers(table, raw.file, raw.frame.columns, settings)
    values: list[pl.Expr] = []
    codes: list[pl.Expr] = []
    for column in mapped:
        value, code = quick(raw.frame[column.header], column, rules) or cast(pl.col(column.header), column, rules)
        if column.field.mandatory and column.field.type is not Type.ID:
            code = pl.coalesce(code, pl.when(value.is_null()).then(pl.lit("missing-value")))
        values.append(value.alias(column.field.name))
        codes.append(code.alias(_CODE + column.field.name))
    unknown = [pl.col(h).alias(name) for h, name in _attributes(raw.frame.columns, mapped, table).items()]
    place: list[pl.Expr | pl.Series] = [pl.lit(raw.file).alias("file"), raw.line.cast(pl.Int64).alias("line")]
    coded = {m: _CODE + m.field.name for m in mapped}
    both = raw.frame.select(*values, *place, *unknown, *codes)
    frame = both.drop(*coded.values())
    rejects = raw.rejects
    if any(both[name].null_count() < both.height for name in coded.values()):
        frame = frame.filter(both.select(pl.all_horizontal(pl.col(*coded.values()).is_null())).to_series())
        rejects = pl.concat([rejects, *(_rejects(raw, m, both[name]) for m, name in coded.items())])
    return Typed(frame, rejects, _headers(mapped), _units(mapped), _trimmed(raw, mapped, rules))


def reject(rows: pl.DataFrame, code: str, column: str, value: str = "") -> pl.DataFrame:
    """Rejects for whole rows of a typed frame, without their raw text. value: a column to cite, "" = none."""
    return rows.select(
        "file", "line", pl.lit(code).alias("code"), pl.lit(column).alias("column"),
        (pl.col(value).cast(pl.String) if value else pl.lit(None, pl.String)).alias("value"),
        pl.lit(None, pl.String).alias("raw"),
    ).cast(REJECTS)  # type: ignore[arg-type]


def _rejects(raw: RawTable, column: Mapped, code: pl.Series) -> pl.DataFrame:
    bad = code.is_not_null()
    return raw.frame.filter(bad).select(
        pl.lit(raw.file).alias("file"), raw.line.filter(bad).cast(pl.Int64).alias("line"),
        code.filter(bad).alias("code"), pl.lit(column.header).alias("column"),
        pl.col(column.header).str.slice(0, 200).alias("value"),
        pl.lit(None, pl.String).alias("raw"),
    )  # fmt: skip


def _attributes(headers: Sequence[str], mapped: tuple[Mapped, ...], table: str) -> dict[str, str]:
    """Unknown columns keep their header, with ``*`` after it where a canonical or another column has that name, here or
    in the Graph."""
    known = {m.header for m in mapped}
    taken = {m.field.name for m in mapped} | {"file", "line", "stub", *_OF_GRAPH.get(table, ())}
    names: dict[str, str] = {}
    for header in headers:
        if header in known:
            continue
        names[header] = header
        while names[header] in taken or (names[header] != header and names[header] in headers):
            names[header] += "*"
        taken.add(names[header])
    return names


def _headers(mapped: tuple[Mapped, ...]) -> dict[str, str]:
    return {f"{m.field.table}.{m.field.name}": m.header for m in mapped}


def _units(mapped: tuple[Mapped, ...]) -> frozenset[tuple[str, str]]:
    kinds = {Type.MONEY: "money", Type.QUANTITY: "volume"}
    return frozenset((kinds[m.field.type], m.symbol) for m in mapped if m.field.type in kinds and m.symbol)


def _trimmed(raw: RawTable, mapped: tuple[Mapped, ...], rules: Rules) -> int:
    """How many ids ``--trim`` changes in this table."""
    ids = [m.header for m in mapped if rules.trim and (m.field.type is Type.ID or m.field.name == "referred_by")]
    return sum(int((raw.frame[h] != raw.frame[h].str.strip_chars()).sum()) for h in ids)
