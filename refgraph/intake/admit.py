"""The door: raw tables in, Dataset out, every row accounted for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from refgraph.errors import DataError, RefgraphError, together
from refgraph.intake import discreet, duplicates, findings, patches, references
from refgraph.intake.cast import Rules
from refgraph.intake.mapping import absent, check_columns
from refgraph.intake.patches import PATCH
from refgraph.intake.references import ROW
from refgraph.intake.sifted import Sifted, unsifted
from refgraph.intake.typed import Typed, typed
from refgraph.kernels.encoder import Lookup
from refgraph.model.dataset import LEDGER, Dataset, Rows, empty, schema
from refgraph.model.fields import TABLES
from refgraph.model.raw import RawTable, no_rejects
from refgraph.model.settings import Settings

RAW_LIMIT = 2000


@dataclass(frozen=True)
class Options:
    """How strict intake is. strict: set aside what names an unknown party. duplicates: reject | first.

    sensitive: read columns of religion and politics, too.
    """

    rules: Rules = field(default_factory=Rules)
    strict: bool = False
    duplicates: str = "reject"
    sensitive: bool = False


def admit(raws: Mapping[str, Sequence[RawTable]], settings: Settings, options: Options = Options(),
          ignored: tuple[str, ...] = ()) -> Dataset:
    """Map, cast and check raw tables.

    raws: table name -> its files, and under ``patch`` answers for empty cells of customers.
    Returns a Dataset whose ledger satisfies read = used + set aside + deduplicated.
    Raises DataError with all faults of all files together (missing columns, unknown units, no customers), UsageError
    for ``--column`` that names no field.
    """
    check_columns(settings.columns)
    discretion: list[tuple[str, int]] = []
    if not options.sensitive:
        settings, raws, discretion = discreet.left_out(raws, settings)
    tables = _all_typed(raws, settings, options.rules)
    people, referrals = _joined("customers", tables), _joined("referrals", tables)
    broken = _marked({name: [t.rejects for t in group] for name, group in tables.items()})
    lookup = Lookup(people["id"])
    clients = duplicates.customers(people.drop("referred_by"), options.duplicates, lookup)
    if clients.kept.height < people.height:
        lookup = Lookup(clients.kept["id"])
    listed = references.from_column(
        people.join(clients.aside, on=["file", "line"], how="anti") if clients.aside.height else people)
    referrals = pl.concat([referrals, listed], how="diagonal") if listed.height else referrals
    patch = patches.applied(clients.kept, referrals, tables[PATCH], options.duplicates, lookup) if tables[PATCH] else None
    if patch:
        listed, referrals = (pl.concat([told, patch.listed], how="diagonal") for told in (listed, referrals))
        clients = clients._replace(kept=patch.customers)
    reads = _reads(raws) + [(file, "referrals", n) for file, n in _by_file(listed).items()]
    referrals, warnings, doubtful = references.resolved(referrals, clients.kept, lookup)
    sifted = {"customers": [clients], PATCH: [patch.sifted] if patch else [],
              "referrals": [references.checked(referrals, clients.kept.height, options.strict)],
              "orders": _dependents("orders", tables, lookup),
              "affiliations": _dependents("affiliations", tables, lookup)}  # fmt: skip
    del people, lookup, listed
    orders, affiliations = (sifted[name][-1].kept if sifted[name] else None for name in ("orders", "affiliations"))
    unfit = _marked({name: [s.aside for s in steps] for name, steps in sifted.items()})
    customers, referrals, unknown = references.with_stubs(clients.kept, sifted["referrals"][-1].kept)
    recorded = _recorded(tables, referrals) | (patch.columns if patch else frozenset())
    found = findings.of(customers, referrals, referrals[ROW["referrer"]], orders, recorded)
    referrals, orders, affiliations, rows = _parted(referrals, orders, affiliations)
    return Dataset(
        customers, referrals, orders, affiliations, recorded,
        _units(tables), settings, _ledger(reads, sifted, broken, unfit), pl.concat([unknown, doubtful, found]),
        _with_raw(pl.concat([broken, unfit]).drop("table"), raws), _headers(tables),
        _warnings(raws, warnings + discretion + _trimmed(tables)), ignored, Rows(customers, referrals, orders, *rows),
    )  # fmt: skip


def _parted(referrals: pl.DataFrame, orders: pl.DataFrame | None, affiliations: pl.DataFrame | None) -> tuple[
    pl.DataFrame, pl.DataFrame | None, pl.DataFrame | None, tuple[pl.Series, pl.Series, pl.Series | None]
]:
    """The tables without their `ROW`, and these: of referrers, of the referred, of the customers of orders."""
    rows = referrals[ROW["referrer"]], referrals[ROW["referred"]], None if orders is None else orders[ROW["customer"]]
    orders, affiliations = (None if table is None else table.drop(ROW["customer"]) for table in (orders, affiliations))
    return referrals.drop(ROW["referrer"], ROW["referred"]), orders, affiliations, rows


def _all_typed(raws: Mapping[str, Sequence[RawTable]], settings: Settings, rules: Rules) -> dict[str, list[Typed]]:
    tables: dict[str, list[Typed]] = {name: [] for name in (*TABLES, PATCH)}
    faults: list[RefgraphError] = []
    for target in settings.columns:
        if not raws.get(target.partition(".")[0]):
            faults.append(DataError("column-without-table", name=target, table=target.partition(".")[0]))
    for name, group in raws.items():
        if group:
            faults += absent(name, group[0].file, [h for raw in group for h in raw.frame.columns], settings)
        for raw in group:
            try:
                tables[name].append(patches.typed(raw, settings, rules) if name == PATCH else typed(name, raw, settings, rules))
            except DataError as fault:
                faults.append(fault)
    if faults:
        raise together(faults)
    if not tables["customers"]:
        raise DataError("no-customers")
    return tables


def _joined(table: str, tables: Mapping[str, list[Typed]]) -> pl.DataFrame:
    """All files of a table under one another, canonical columns first, in order of file and line."""
    frames = [t.frame for t in tables[table]]
    columns = dict(schema(table))
    if table == "customers":
        columns["referred_by"] = pl.String
    whole = pl.concat([pl.DataFrame(schema=columns), *frames], how="diagonal") if frames else empty(table)
    extra = sorted(c for c in whole.columns if c not in columns)
    return whole.select(*columns, *extra).rechunk()


def _dependents(table: str, tables: Mapping[str, list[Typed]], lookup: Lookup) -> list[Sifted]:
    """The steps that orders and affiliations go through; none where the data has no such table."""
    if not tables[table]:
        return []
    whole = _joined(table, tables)
    single = duplicates.orders(whole) if table == "orders" else unsifted(whole)
    return [single, references.of_known(single.kept, lookup)]


def _marked(rejects: Mapping[str, list[pl.DataFrame]]) -> pl.DataFrame:
    """Rejects of all tables under one another, with the table each is of."""
    return pl.concat([r.with_columns(table=pl.lit(name)) for name, of in rejects.items() for r in (no_rejects(), *of)])


def _recorded(tables: Mapping[str, list[Typed]], referrals: pl.DataFrame) -> frozenset[str]:
    found = {name for table in TABLES for t in tables[table] for name in t.headers}
    if referrals.height:
        found |= {"referrals.referrer", "referrals.referred"}
    return frozenset(found - {"customers.referred_by"})


def _reads(raws: Mapping[str, Sequence[RawTable]]) -> list[tuple[str, str, int]]:
    return [(raw.file, name, raw.read) for name in (*TABLES, PATCH) for raw in raws.get(name, ())]


def _by_file(frame: pl.DataFrame) -> dict[str, int]:
    return dict(frame.group_by("file").len().sort("file").iter_rows())


def _ledger(reads: list[tuple[str, str, int]], sifted: Mapping[str, list[Sifted]], broken: pl.DataFrame,
            unfit: pl.DataFrame) -> pl.DataFrame:
    """broken: rejects, one for each fault of a row; unfit: one for each row, of which one line may tell several.

    Every number is counted for itself. Raises RefgraphError ``ledger-differs`` unless they tie: never an answer.
    """
    used = {name: _by_file(steps[-1].kept) for name, steps in sifted.items() if steps}
    told = {name: _by_file(pl.concat([s.repeated.select("file") for s in steps])) for name, steps in sifted.items() if steps}
    each = pl.concat([broken.unique(["table", "file", "line"]), unfit]).group_by("table", "file").len()
    set_aside = {(t, f): n for t, f, n in each.iter_rows()}
    rows = []
    for file, table, read in reads:
        counts = (used[table].get(file, 0), set_aside.get((table, file), 0), told[table].get(file, 0))
        rows.append((file, table, read, *counts))
    ledger = pl.DataFrame(rows, schema=LEDGER, orient="row")
    apart = ledger.filter(pl.col("read") != pl.sum_horizontal("used", "set_aside", "deduplicated"))
    for row in apart.iter_rows(named=True):
        raise RefgraphError("ledger-differs", **row)
    return ledger


def _with_raw(rejects: pl.DataFrame, raws: Mapping[str, Sequence[RawTable]]) -> pl.DataFrame:
    """Rejects in order, with the cells of their row as raw text where the reader gave none."""
    told = [pl.DataFrame(schema={"file": pl.String, "line": pl.Int64, "cells": pl.String})]
    for raw in (raw for group in raws.values() for raw in group):
        lines = rejects.filter(pl.col("file") == raw.file, pl.col("raw").is_null())["line"]
        if lines.len():
            at = raw.line.is_in(lines.implode())
            cells = pl.concat_str(pl.all().fill_null(""), separator=",").str.slice(0, RAW_LIMIT)
            told.append(raw.frame.filter(at).select(
                pl.lit(raw.file).alias("file"), raw.line.filter(at).cast(pl.Int64).alias("line"), cells.alias("cells")))
    whole = rejects.join(pl.concat(told).unique(["file", "line"]), on=["file", "line"], how="left")
    whole = whole.with_columns(raw=pl.coalesce("raw", "cells")).drop("cells")
    return whole.sort("file", "line", "column", "code", "value")


def _units(tables: Mapping[str, list[Typed]]) -> dict[str, str]:
    """The unit of money and of volume. Raises DataError ``mixed-units`` where two are named: they cannot be added."""
    named = sorted({pair for group in tables.values() for t in group for pair in t.units})
    units = dict(named)
    if len(units) < len(named):
        raise DataError("mixed-units", units=[symbol for _, symbol in named])
    return units


def _trimmed(tables: Mapping[str, list[Typed]]) -> list[tuple[str, int]]:
    number = sum(t.trimmed for group in tables.values() for t in group)
    return [("trimmed", number)] if number else []


def _headers(tables: Mapping[str, list[Typed]]) -> dict[str, str]:
    return {name: header for table in TABLES for t in tables[table] for name, header in t.headers.items()}


def _warnings(raws: Mapping[str, Sequence[RawTable]], more: list[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    total: dict[str, int] = {}
    for code, number in [w for group in raws.values() for raw in group for w in raw.warnings] + more:
        total[code] = total.get(code, 0) + number
    return tuple(sorted(total.items()))
