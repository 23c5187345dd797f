"""Which referrals deserve a second look? Each case with its members, records and rule."""

from __future__ import annotations

import polars as pl

from refgraph.analyses.columns import select_columns
from refgraph.graph import integrity_rules
from refgraph.graph.integrity_input import build_integrity_input
from refgraph.graph.phrases import as_of_phrase
from refgraph.model.graph import Graph
from refgraph.model.message import Label, Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import analysis

COLUMNS = (
    Column("severity", Unit.LABEL),
    Column("code", Unit.LABEL, key="case_code"),
    Column("parties", Unit.COUNT, key="case_parties", closed="case"),
    Column("members", Unit.TEXT),
    Column("referrals", Unit.COUNT, key="case_referrals", closed="case"),
    Column("value", Unit.VALUE, key="case_value", closed="case"),
    Column("why", Unit.LABEL, key="case_why"),
    Column("detail", Unit.REASON),
    Column("rows", Unit.TEXT, key="case_rows", detail=True),
)
SEVERITY_BY_CODE = {
    "self-referral": "high",
    "alias-farm": "high",
    "referral-loop": "high",
    "burst": "medium",
    "double-claim": "medium",
    "referral-before-joined": "medium",
    "reciprocal-referral": "medium",
    "alias": "medium",
    "referral-after-order": "low",
    "inside-group": "low",
    "unknown-party": "low",
    "ambiguous-name": "low",
}
"""high = a reward may have been taken unduly, medium = a claim to settle, low = data to check."""
SEVERITY_RANKS = {"high": 0, "medium": 1, "low": 2}
FINDING_CODES = ["referral-loop", "referral-before-joined", "unknown-party", "ambiguous-name"]
"""Found by intake and by the search for cycles; all others by `integrity_rules`."""
CHECKED_COLUMNS = (
    "customers.email",
    "customers.phone",
    "customers.address",
    "customers.tax_id",
    "referrals.at",
)
MAX_NAMES = 12
"""Members and rows shown of a case."""


@analysis(grain="case", columns=COLUMNS, order=())
def integrity(graph: Graph) -> Answer:
    """Cases of self-referral, cycles, implausible dates, bursts, aliases, double claims and groups.

    Most severe first, then by code, value and members. value: of the parties referred in the case,
    each counted once; cases overlap and must not be added. members: names, the referrer or the
    party claimed first. rows: file and line. Nothing is dropped: ``--exclude CODE`` excludes the
    referrals of a code from any analysis.
    """
    cases = pl.concat(
        [_build_rule_cases(graph), _build_finding_cases(graph), _build_rejected_cases(graph)]
    )
    severity = pl.col("code").replace_strict(SEVERITY_BY_CODE)
    frame = cases.with_columns(severity=severity, why=pl.concat_str(pl.lit("why-"), "code"))
    rank = pl.col("severity").replace_strict(SEVERITY_RANKS, return_dtype=pl.Int64)
    frame = frame.sort(
        rank, "code", "value", "members", "rows", descending=[False, False, True, False, False]
    )
    frame = select_columns(frame, COLUMNS)
    return Answer(frame, _build_headline(graph, frame), tuple(_build_notes(graph, frame)))


def _build_rule_cases(graph: Graph) -> pl.DataFrame:
    """The cases found by the rules; members become names, referrals become rows of files."""
    rule_input = build_integrity_input(
        graph.parties, graph.arcs, graph.affiliations, graph.as_of, graph.value.scaled
    )
    cases = integrity_rules.find_cases(rule_input).with_row_index("case")
    case_arcs = _explode(cases.select("case", arc="arcs"), "arc")
    case_members = _explode(
        cases.select("case", member=pl.col("members").list.head(MAX_NAMES)), "member"
    )
    names = (
        case_members.with_columns(name=graph.names.gather(case_members["member"]))
        .group_by("case", maintain_order=True)
        .agg("name")
    )
    cases = (
        cases.join(_summarize_referrals(graph, case_arcs), on="case", how="left")
        .join(names, on="case", how="left")
        .sort("case")
    )
    parties = pl.col("members").list.len().cast(pl.Int64)
    return cases.select(
        "code",
        parties.alias("parties"),
        _add_remainder(pl.col("name").list.join("; "), parties).alias("members"),
        pl.col("referrals").fill_null(0),
        pl.col("value").fill_null(0.0),
        "detail",
        pl.col("rows").fill_null(""),
    )


def _summarize_referrals(graph: Graph, case_arcs: pl.DataFrame) -> pl.DataFrame:
    """By case: number of referrals, value of those referred (each once), and file and line.

    case_arcs: ``case``, ``arc``; one row per referral of a case.
    """
    referred = graph.arcs["referred"].gather(case_arcs["arc"])
    records = case_arcs.with_columns(
        referred=referred,
        value=pl.Series(graph.value.numbers[referred.to_numpy()], dtype=pl.Float64),
    )
    is_first = pl.struct("case", "referred").is_first_distinct()
    summaries = (
        records.with_columns(is_first=is_first)
        .group_by("case")
        .agg(
            referrals=pl.len().cast(pl.Int64),
            value=pl.col("value").filter("is_first").sum(),
        )
    )
    rows = _add_remainder(pl.col("location"), pl.col("referrals"))
    summaries = summaries.join(_locate_first_referrals(graph, case_arcs), on="case")
    return summaries.select("case", "referrals", "value", rows.alias("rows"))


def _locate_first_referrals(graph: Graph, case_arcs: pl.DataFrame) -> pl.DataFrame:
    """By case: ``location``, file and line of its first `MAX_NAMES` referrals.

    Only these are formatted: the cases of a dense network hold millions.
    """
    listed = case_arcs.group_by("case").agg(pl.col("arc").head(MAX_NAMES))
    listed = _explode(listed, "arc")
    places = graph.arcs.select("file", "line")[listed["arc"]].select(location=_format_location())
    listed = listed.with_columns(places)
    return listed.group_by("case").agg(pl.col("location").str.join("; "))


def _explode(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """One row per element; rows with an empty list disappear."""
    return frame.explode(column, empty_as_null=False, keep_nulls=False)


def _format_location() -> pl.Expr:
    """File and line of a record."""
    return pl.concat_str("file", pl.lit(":"), pl.col("line").cast(pl.String))


def _add_remainder(joined: pl.Expr, total: pl.Expr) -> pl.Expr:
    """The first `MAX_NAMES` texts, joined, and how many more there are."""
    more = total - MAX_NAMES
    return pl.when(more > 0).then(pl.concat_str(joined, pl.lit("; +"), more)).otherwise(joined)


def _build_finding_cases(graph: Graph) -> pl.DataFrame:
    """Findings about referrals from intake and from the search for cycles; members are ids."""
    findings = graph.findings.filter(pl.col("code").is_in(FINDING_CODES)).with_row_index("case")
    members = _explode(findings.select("case", "code", id="members"), "id")
    parties = graph.parties.select(
        "id", party_name=graph.names, worth=pl.Series(graph.value.numbers)
    )
    members = members.join(parties, on="id", how="left", maintain_order="left")
    is_early = pl.col("code").first() == "referral-before-joined"
    referred_worth, total_worth = pl.col("worth").last(), pl.col("worth").sum()
    summaries = members.group_by("case", maintain_order=True).agg(
        name=pl.coalesce("party_name", "id"),
        value=pl.when(is_early).then(referred_worth).otherwise(total_worth),
    )
    cases = findings.join(summaries, on="case", how="left").sort("case")
    size = pl.col("members").list.len().cast(pl.Int64)
    names = pl.col("name").list.head(MAX_NAMES).list.join("; ")
    is_cycle = pl.col("code") == "referral-loop"
    return cases.select(
        "code",
        size.alias("parties"),
        _add_remainder(names, size).alias("members"),
        pl.when(is_cycle).then(size).otherwise(1).cast(pl.Int64).alias("referrals"),
        pl.col("value").fill_null(0.0),
        pl.when(pl.col("detail").is_not_null()).then(pl.concat_list("detail")),
        _format_location().fill_null("").alias("rows"),
    )


def _build_rejected_cases(graph: Graph) -> pl.DataFrame:
    """Referrals that name the same party twice, which intake rejected."""
    self_referrals = graph.rejects.filter(pl.col("code") == "self-referral")
    return self_referrals.select(
        "code",
        pl.lit(1, pl.Int64).alias("parties"),
        pl.col("value").fill_null("").alias("members"),
        pl.lit(1, pl.Int64).alias("referrals"),
        pl.lit(0.0).alias("value"),
        pl.lit(None, pl.List(pl.String)).alias("detail"),
        _format_location().alias("rows"),
    )


def _build_headline(graph: Graph, frame: pl.DataFrame) -> Message:
    referrals = int(graph.arcs["counted"].sum())
    if not frame.height:
        return message("headline.integrity-none", referrals=referrals, standing=as_of_phrase(graph))
    counts = dict(frame["severity"].value_counts().iter_rows())
    codes = frame["code"].value_counts().sort("count", "code", descending=[True, False])
    most_common, number = codes.row(0)
    return message(
        "headline.integrity",
        cases=frame.height,
        referrals=referrals,
        high=counts.get("high", 0),
        medium=counts.get("medium", 0),
        low=counts.get("low", 0),
        code=Label(most_common),
        most=number,
        standing=as_of_phrase(graph),
    )


def _build_notes(graph: Graph, frame: pl.DataFrame) -> list[Message]:
    notes = []
    if frame.height:
        notes.append(message("note.integrity-kept"))
    missing = [column for column in CHECKED_COLUMNS if not graph.has(column)]
    if missing:
        notes.append(message("note.integrity-cannot-tell", columns=missing))
    return notes
