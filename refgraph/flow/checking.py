"""``check``: what was read, what is wrong with it, what it was taken for, and what it cannot answer. A Report of tables."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from refgraph.engines.base import Engine
from refgraph.flow.reports import ledger
from refgraph.model.dataset import Dataset, schema
from refgraph.model.message import Message, message
from refgraph.model.result import Column, Report, Result, Section
from refgraph.model.scope import Scope
from refgraph.model.units import Unit

EXAMPLES = 3
LEDGER = (Column("file", Unit.TEXT), Column("table", Unit.LABEL), Column("read", Unit.COUNT), Column("used", Unit.COUNT),
          Column("set_aside", Unit.COUNT), Column("deduplicated", Unit.COUNT))  # fmt: skip
FAULTS = (Column("code", Unit.LABEL), Column("rows", Unit.COUNT), Column("examples", Unit.TEXT))
MAPPING = (Column("field", Unit.TEXT), Column("header", Unit.TEXT))
QUESTIONS = (Column("question", Unit.LABEL), Column("missing", Unit.TEXT))
NEEDS = {
    "question-bounds": ("customers.source",),
    "question-dates": ("customers.joined", "orders.at", "referrals.at"),
    "question-old": ("customers.joined", "orders.at"),
    "question-key": ("customers.volume", "customers.revenue", "customers.profit", "orders.volume", "orders.revenue",
                     "orders.profit"),
    "question-conversion": ("customers.status",),
    "question-rewards": ("referrals.reward",),
    "question-time-to-close": ("referrals.at",),
    "question-leaving": ("customers.left",),
}  # fmt: skip
"""A question -> columns of which at least one must be recorded."""


def check(engine: Engine) -> Report:
    """Ledger, rows set aside and findings grouped by code, the mapping used, and unanswerable questions."""
    data, found = engine.dataset(), engine.graph(Scope()).findings
    sections = [
        _section("ledger", LEDGER, data.ledger, message("check.ledger", **ledger(engine))),
        _section("rejects", FAULTS, _rejects(data), message("check.rejects", rows=int(data.ledger["set_aside"].sum()))),
        _section("findings", FAULTS, _findings(found), message("check.findings", findings=found.height)),
        _section("mapping", MAPPING, _mapping(data), message("check.mapping", columns=len(data.mapping))),
        _section("questions", QUESTIONS, _questions(data), message("check.questions")),
    ]
    return Report(message("check.title"), tuple(s for s in sections if s.result.frame.height), tuple(_notes(data)))


def _section(name: str, columns: tuple[Column, ...], frame: pl.DataFrame, headline: Message) -> Section:
    result = Result(f"check-{name}", {}, Scope(), frame.select(c.name for c in columns), columns, name, headline)
    return Section(result, f"check-{name}")


def _grouped(rows: pl.DataFrame, example: pl.Expr) -> pl.DataFrame:
    each = rows.select("code", example.alias("example"), pl.struct("file", "line").alias("place"))
    return each.group_by("code").agg(
        pl.col("place").n_unique().cast(pl.Int64).alias("rows"), pl.col("example").head(EXAMPLES).str.join("; ").alias("examples")
    ).sort("rows", "code", descending=[True, False])  # fmt: skip


def _rejects(data: Dataset) -> pl.DataFrame:
    where = pl.concat_str(
        "file", pl.lit(":"), "line", pl.lit(" "), pl.coalesce("value", "raw", pl.lit("")).str.slice(0, 60))
    return _grouped(data.rejects, where)


def _findings(findings: pl.DataFrame) -> pl.DataFrame:
    members = pl.col("members").list.head(5).list.join(" → ")
    found = findings.with_row_index("line_of").with_columns(line=pl.coalesce("line", -pl.col("line_of").cast(pl.Int64)))
    return _grouped(found, members)


def _mapping(data: Dataset) -> pl.DataFrame:
    return pl.DataFrame({"field": list(data.mapping), "header": list(data.mapping.values())},
                        schema={"field": pl.String, "header": pl.String})


def _questions(data: Dataset) -> pl.DataFrame:
    missing = [(q, " / ".join(of)) for q, of in NEEDS.items() if not any(data.has(c) for c in of)]
    return pl.DataFrame(missing, schema={"question": pl.String, "missing": pl.String}, orient="row")


def _notes(data: Dataset) -> Iterator[Message]:
    for code, number in data.warnings:
        yield message(f"warning.{code}", rows=number)
    for file in data.ignored:
        yield message("report.ignored", file=file)
    unknown = [c for c in data.customers.columns if c not in schema("customers")]
    if unknown:
        yield message("check.attributes", columns=unknown)

