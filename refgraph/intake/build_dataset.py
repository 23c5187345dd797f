"""RAW TABLES -> DATASET: cast, check, add stubs; the ledger accounts for every row."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import polars as pl

from refgraph.errors import DataError
from refgraph.intake import cast_tables
from refgraph.intake.cast_rules import CastRules
from refgraph.intake.cast_tables import TypedTables
from refgraph.intake.channel_words import list_channel_words
from refgraph.intake.currencies import parse_currency
from refgraph.intake.findings import collect_findings
from refgraph.intake.ledger import build_ledger, list_rows_read
from refgraph.intake.mapping import check_columns
from refgraph.intake.merged_cells import fill_merged_cells
from refgraph.intake.options import IntakeOptions
from refgraph.intake.order_lines import fill_lines
from refgraph.intake.party_resolution import REFERRAL_ROWS, ROW_COLUMN
from refgraph.intake.presets import add_presets
from refgraph.intake.rejects import concatenate_rejects, fill_raw_text
from refgraph.intake.remark_totals import sum_remarks
from refgraph.intake.sensitive import WarningCounts, drop_sensitive_columns
from refgraph.intake.stages import Stages, run_stages
from refgraph.intake.stubs import add_stubs
from refgraph.intake.suspicious_dates import count_suspicious_dates
from refgraph.intake.total_rows import skip_total_rows
from refgraph.model.dataset import CustomerRows, Dataset
from refgraph.model.fields import COLUMN_OF_PARTY
from refgraph.model.raw import USUAL_LAYOUT, FileLayout, RawTable
from refgraph.model.settings import Settings
from refgraph.progress import log_step

LOGGER = logging.getLogger(__name__)

RawTables = Mapping[str, Sequence[RawTable]]


def build_dataset(
    raws: RawTables,
    settings: Settings,
    options: IntakeOptions = IntakeOptions(),
    ignored: tuple[str, ...] = (),
) -> Dataset:
    """Map, cast and check raw tables.

    raws: table name -> its files, under `PATCH` the files that fill in cells of customers, under
    `MATCHES` those in which a person confirmed what unknown names mean.
    ignored: names of data files that were not read.
    Returns a Dataset with rows read = used + rejected + duplicates + skipped for every file.
    Raises DataError with all faults of all files together (missing columns, unknown units, no
    customers), and UsageError for a ``--column`` that names no field.
    """
    check_columns(settings.columns)
    (raws, settings, options), dropped = add_presets(raws, settings, options), WarningCounts()
    if not options.sensitive:
        settings, raws, dropped = drop_sensitive_columns(raws, settings)
    raws, rules = _fill_cells(raws, options, settings), _complete_rules(options, settings)
    with log_step(LOGGER, "map and cast columns"):
        tables = cast_tables.cast_all_tables(raws, settings, rules)
    with log_step(LOGGER, "check rows"):
        stages = run_stages(tables, options, *_list_words(tables, settings))
    headers = cast_tables.collect_headers(tables)
    recorded = _find_recorded_columns(headers, stages, options.no_referrals)
    with log_step(LOGGER, "resolve parties"):
        content = _finish_tables(stages, recorded, is_edge_list=not tables["customers"])
    rows, counts = content.rows, [*dropped, *_count_oddities(content)]
    ledger, rejects = _account_for_rows(raws, tables, stages)
    LOGGER.debug("ledger %s, %d findings", ledger.rows(), content.findings.height)
    return Dataset(
        customers=rows.customers,
        referrals=rows.referrals,
        orders=rows.orders,
        **content.others,
        recorded=recorded,
        units=cast_tables.merge_units(tables),
        settings=settings,
        ledger=ledger,
        findings=content.findings,
        rejects=rejects,
        mapping=headers,
        warnings=sum_remarks(raws, tables, stages, counts, rows.customers.height),
        ignored=ignored,
        layouts=_collect_layouts(raws),
        customer_rows=rows,
        decided_matches=stages.decided,
    )


def _fill_cells(raws: RawTables, options: IntakeOptions, settings: Settings) -> RawTables:
    """The tables without rows of totals, with empty cells filled from other cells."""
    filled = fill_merged_cells(skip_total_rows(raws), options.fill_down, settings)
    return fill_lines(filled, settings)


def _complete_rules(options: IntakeOptions, settings: Settings) -> CastRules:
    """The rules with what the settings declare of currencies, by the names that units use."""
    rules = options.rules
    rates = rules.rates or settings.rates
    return replace(
        rules,
        currency=parse_currency(rules.currency or settings.currency),
        rates={parse_currency(name): rate for name, rate in rates.items()},
    )


def _list_words(tables: TypedTables, settings: Settings) -> tuple[frozenset[str], frozenset[str]]:
    """Words that stand for no party, and words for channels.

    In a bare edge list, 0 is a party like any other.
    """
    words = settings.nobody_words
    nobody = words if tables["customers"] else words - {"0"}
    return nobody, frozenset(list_channel_words(settings))


def _check_stated_absence(stages: Stages, states_no_referrals: bool) -> None:
    """Raises DataError ``referrals-stated-absent`` for referrals that the user says are absent."""
    rows = stages.partitions["referrals"].accepted.height
    if states_no_referrals and rows:
        raise DataError("referrals-stated-absent", rows=rows)


def _find_recorded_columns(
    headers: Mapping[str, str], stages: Stages, states_no_referrals: bool
) -> frozenset[str]:
    """Columns that the data have, as ``table.column``; ``referred_by`` counts as referrals.

    An understood column without any entry is recorded too: its zero is a real zero.
    Raises DataError as `_check_stated_absence`.
    """
    _check_stated_absence(stages, states_no_referrals)
    recorded = set(headers) - {"customers.referred_by"} | stages.filled_columns
    is_understood = "customers.referred_by" in headers or states_no_referrals
    if is_understood or stages.partitions["referrals"].accepted.height:
        recorded |= {"referrals.referrer", "referrals.referred"}
    return frozenset(recorded)


class _Content(NamedTuple):
    """rows: customers, referrals and orders, and the parties that their ids mean.

    others: the other tables that the data have.
    """

    rows: CustomerRows
    others: dict[str, Any]
    findings: pl.DataFrame


def _finish_tables(stages: Stages, recorded: frozenset[str], is_edge_list: bool) -> _Content:
    """Add stubs, collect findings and detach the `ROW_COLUMN` of every table."""
    partitions = stages.partitions
    stubbed = add_stubs(
        partitions["customers"].accepted, partitions["referrals"].accepted, is_edge_list
    )
    customers, referrals = stubbed.customers, stubbed.referrals
    referrer, referred = (referrals[column] for column in REFERRAL_ROWS)
    orders = stages.find_accepted("orders")
    customer = None if orders is None else orders[ROW_COLUMN["customer"]]
    found = collect_findings(customers, referrals, referrer, orders, recorded)
    rows = CustomerRows(
        customers=customers,
        referrals=referrals.drop(REFERRAL_ROWS),
        orders=None if orders is None else orders.drop(ROW_COLUMN["customer"]),
        referrer=referrer,
        referred=referred,
        customer=customer,
    )
    others = {
        table: partitions[table].accepted.drop(ROW_COLUMN[column])
        for table, column in COLUMN_OF_PARTY.items()
        if table != "orders" and table in partitions
    }
    findings = pl.concat([stubbed.findings, stages.findings, found])
    return _Content(rows, others, findings)


def _count_oddities(content: _Content) -> list[tuple[str, int]]:
    """Remarks on equal orders and on dates that may stand for an unknown day."""
    equal = content.findings.filter(pl.col("code") == "equal-orders").height
    rows = content.rows
    frames = {"customers": rows.customers, "referrals": rows.referrals, "orders": rows.orders}
    return [("equal-order", equal), *count_suspicious_dates(frames | content.others)]


def _account_for_rows(
    raws: RawTables, tables: TypedTables, stages: Stages
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The ledger and the rejects, these with the text of their row."""
    cell_rejects = concatenate_rejects(
        {name: [table.rejects for table in group] for name, group in tables.items()}
    )
    row_rejects = concatenate_rejects(
        {name: [partition.rejected] for name, partition in stages.partitions.items()}
    )
    rows_read = list_rows_read(raws, stages.listed_referrals, stages.split_rows)
    ledger = build_ledger(rows_read, stages.partitions, cell_rejects, row_rejects)
    rejects = pl.concat([cell_rejects, row_rejects]).drop("table")
    return ledger, fill_raw_text(rejects, raws)


def _collect_layouts(raws: RawTables) -> tuple[tuple[str, FileLayout], ...]:
    """Files that are not laid out as usual, each once."""
    found = {
        raw.file: raw.layout
        for group in raws.values()
        for raw in group
        if raw.layout != USUAL_LAYOUT
    }
    return tuple(found.items())
