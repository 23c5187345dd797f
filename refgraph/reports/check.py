"""``check``: rows read, what is wrong with them, the mapping used, what cannot be answered."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from refgraph.engines.base import Engine
from refgraph.graph.unmatched import UNMATCHED_NOTES
from refgraph.model.dataset import Dataset, get_schema
from refgraph.model.message import Label, Message, message
from refgraph.model.raw import FileLayout
from refgraph.model.remarks import describe_remark
from refgraph.model.result import Column, Report, Result, Section
from refgraph.model.scope import Scope
from refgraph.model.units import Unit
from refgraph.pipeline.cell_proposals import propose_declarations
from refgraph.pipeline.referral_check import collect_empty_notes
from refgraph.pipeline.unknown_words import describe_unknown_words
from refgraph.reports.report import count_ledger_rows

MAX_EXAMPLES = 3
"""Examples of one code in a table."""
MAX_EXAMPLE_LENGTH = 60
PLACED_FINDINGS = ("equal-orders",)
"""Findings whose examples begin with file and line: their ids alone do not identify the row."""
MAX_EXAMPLE_MEMBERS = 5
SIGN_NAMES = {",": "comma", "\t": "tab", ";": "semicolon", "|": "bar"}
LEDGER_COUNTS = ("read", "used", "rejected", "duplicates", "skipped")
LEDGER_COLUMNS = (
    Column("file", Unit.TEXT),
    Column("table", Unit.LABEL),
    *(Column(count, Unit.COUNT) for count in LEDGER_COUNTS),
    Column("cells", Unit.COUNT, key="rejected_cells"),
)
FAULT_COLUMNS = (
    Column("code", Unit.LABEL),
    Column("rows", Unit.COUNT),
    Column("examples", Unit.TEXT),
)
MAPPING_COLUMNS = (Column("field", Unit.TEXT), Column("header", Unit.TEXT))
QUESTION_COLUMNS = (Column("question", Unit.LABEL), Column("missing", Unit.TEXT))
VALUE_COLUMNS = (
    "customers.volume",
    "customers.revenue",
    "customers.profit",
    "orders.volume",
    "orders.revenue",
    "orders.profit",
)
REQUIRED_COLUMNS = {
    "question-referrals": ("customers.referred_by", "referrals.referrer", "customers.source"),
    "question-bounds": ("customers.source",),
    "question-dates": ("customers.joined", "orders.at", "referrals.at"),
    "question-old": ("customers.joined", "orders.at"),
    "question-key": VALUE_COLUMNS,
    "question-conversion": ("customers.status",),
    "question-rewards": ("referrals.reward",),
    "question-time-to-close": ("referrals.at",),
    "question-leaving": ("customers.left",),
}
"""Question -> columns; it can be answered if at least one of them is recorded."""


def check(engine: Engine) -> Report:
    """Ledger, rejected rows and findings by code, the mapping used, unanswerable questions."""
    data, graph = engine.dataset(), engine.graph(Scope())
    tables = (
        _build_ledger_section(engine, data),
        _build_rejects_section(data),
        _build_findings_section(graph.findings),
        _build_mapping_section(data),
        _build_questions_section(data),
    )
    sections = tuple(section for section in tables if section.result.frame.height)
    unmatched = (note for note in graph.notes if note.id in UNMATCHED_NOTES)
    notes = (*_collect_notes(data), *unmatched, *collect_empty_notes(engine, graph))
    return Report(message("check.title"), sections, notes)


def _build_ledger_section(engine: Engine, data: Dataset) -> Section:
    headline = message("check.ledger", **count_ledger_rows(engine))
    return _build_section("ledger", LEDGER_COLUMNS, data.ledger, headline)


def _build_rejects_section(data: Dataset) -> Section:
    value = pl.coalesce("value", "raw", pl.lit("")).str.slice(0, MAX_EXAMPLE_LENGTH)
    example = pl.concat_str("file", pl.lit(":"), "line", pl.lit(" "), value)
    rows, cells = int(data.ledger["rejected"].sum()), int(data.ledger["cells"].sum())
    headline = message("check.rejects", rows=rows, cells=cells)
    return _build_section("rejects", FAULT_COLUMNS, _group_by_code(data.rejects, example), headline)


def _build_findings_section(findings: pl.DataFrame) -> Section:
    """A finding without a line counts as a row of its own."""
    own_line = -pl.int_range(pl.len(), dtype=pl.Int64)
    rows = findings.with_columns(line=pl.coalesce("line", own_line))
    example = pl.col("members").list.head(MAX_EXAMPLE_MEMBERS).list.join(" → ")
    place = pl.concat_str("file", pl.lit(":"), "line", pl.lit(" "))
    is_placed = pl.col("code").is_in(PLACED_FINDINGS)
    example = pl.concat_str(pl.when(is_placed).then(place).otherwise(pl.lit("")), example)
    headline = message("check.findings", findings=findings.height)
    return _build_section("findings", FAULT_COLUMNS, _group_by_code(rows, example), headline)


def _build_mapping_section(data: Dataset) -> Section:
    frame = pl.DataFrame(
        list(data.mapping.items()),
        schema={"field": pl.String, "header": pl.String},
        orient="row",
    )
    headline = message("check.mapping", columns=len(data.mapping))
    return _build_section("mapping", MAPPING_COLUMNS, frame, headline)


def _build_questions_section(data: Dataset) -> Section:
    missing = [
        (question, " / ".join(columns))
        for question, columns in REQUIRED_COLUMNS.items()
        if not any(map(data.has, columns))
    ]
    schema = {"question": pl.String, "missing": pl.String}
    frame = pl.DataFrame(missing, schema=schema, orient="row")
    return _build_section("questions", QUESTION_COLUMNS, frame, message("check.questions"))


def _build_section(
    name: str, columns: tuple[Column, ...], frame: pl.DataFrame, headline: Message
) -> Section:
    result = Result(
        analysis=f"check-{name}",
        parameters={},
        scope=Scope(),
        frame=frame.select(c.name for c in columns),
        columns=columns,
        grain=name,
        headline=headline,
    )
    return Section(result, f"check-{name}")


def _group_by_code(rows: pl.DataFrame, example: pl.Expr) -> pl.DataFrame:
    """One row per code: distinct lines of files and the first examples, the most frequent first."""
    source = pl.struct("file", "line")
    rows = rows.select("code", example.alias("example"), source.alias("source"))
    codes = rows.group_by("code").agg(
        rows=pl.col("source").n_unique().cast(pl.Int64),
        examples=pl.col("example").head(MAX_EXAMPLES).str.join("; "),
    )
    return codes.sort("rows", "code", descending=[True, False])


def _describe_layout(file: str, layout: FileLayout) -> Iterator[Message]:
    """What was found out about a file."""
    if layout.header_line:
        yield message("check.header-line", file=file, line=layout.header_line)
    if layout.encoding:
        yield message("check.encoding", file=file, encoding=layout.encoding)
    if layout.delimiter:
        name = SIGN_NAMES.get(layout.delimiter)
        sign = Label(f"sign-{name}") if name else layout.delimiter
        yield message("check.delimiter", file=file, sign=sign)
    if layout.preset:
        yield message("check.preset", file=file, preset=layout.preset)


def _collect_notes(data: Dataset) -> Iterator[Message]:
    for code, number in data.warnings:
        yield describe_remark(code, number)
    yield from describe_unknown_words(data)
    yield from propose_declarations(data)
    for file in data.ignored:
        yield message("report.ignored", file=file)
    for file, layout in data.layouts:
        yield from _describe_layout(file, layout)
    unknown = [c for c in data.customers.columns if c not in get_schema("customers")]
    if unknown:
        yield message("check.attributes", columns=unknown)
