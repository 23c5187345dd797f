"""``match``: which customers the texts of a source may mean, for a person to confirm."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from refgraph.engines.base import Engine
from refgraph.errors import DataError, FileError
from refgraph.intake.firm_proposals import propose_firms
from refgraph.intake.key_columns import list_key_columns, match_key_column
from refgraph.intake.match_proposals import Proposals, propose_customers
from refgraph.intake.match_rules import make_pairs
from refgraph.intake.party_lookup import LOOKS_LIKE_A_CODE
from refgraph.model.dataset import Dataset
from refgraph.model.matches import CELL, SAME_FIRM
from refgraph.model.message import message
from refgraph.model.result import Column, Result
from refgraph.model.scope import Scope
from refgraph.model.units import Unit
from refgraph.sources import match_files
from refgraph.sources.source_files import split_file

MATCH_RESULT_COLUMNS = (
    Column("kind", Unit.LABEL, key="match_kind"),
    Column("written", Unit.TEXT, key="match_written"),
    Column("candidate", Unit.TEXT, key="match_candidate"),
    Column("name", Unit.TEXT, key="match_name"),
    Column("rule", Unit.LABEL, key="match_rule"),
    Column("evidence", Unit.TEXT, key="match_evidence"),
    Column("count", Unit.COUNT, key="match_count"),
    Column("confirm", Unit.TEXT, key="match_confirm"),
)
_SCHEMA = {column.name: column.dtype for column in MATCH_RESULT_COLUMNS}
NO_CANDIDATE, TOO_MANY, DECIDED = "no-candidate", "too-many", "decided-before"
"""In place of a rule: no customer fits, or too many do, or a person has decided already."""
_ENDS = ("referrer", "referred")


def propose_matches(engine: Engine) -> Result:
    """One row per proposal: a text or a customer, and the customer that it may be.

    A referrer or a customer of orders for which nothing is proposed has a row without a candidate.
    Rows are sorted by how many cells they concern; names of one customer follow, then what a
    person has decided already. What was declined is not proposed again.
    """
    data = engine.dataset()
    customers = data.customers.filter(~pl.col("stub"))
    texts = _collect_unknown_texts(data)
    decided = _list_decided(data, customers)
    cells = _drop_declined(_propose_for_texts(texts, customers), decided)
    firms = _drop_declined(_propose_for_customers(data, customers), decided)
    frame = pl.concat(_select_columns(part) for part in (cells, firms, decided))
    proposed = cells.drop_nulls("candidate")["written"].n_unique()
    headline = message(
        "headline.match", texts=texts.height, proposed=proposed, firms=firms["written"].n_unique()
    )
    return Result(
        analysis="match",
        parameters={},
        scope=Scope(),
        frame=frame,
        columns=MATCH_RESULT_COLUMNS,
        grain="proposal",
        headline=headline,
        notes=(message("match-how"),) if frame.height else (),
    )


def find_proposed_texts(data: Dataset) -> pl.DataFrame:
    """``written`` and ``count``: texts for which at least one customer fits, most cells first."""
    customers = data.customers.filter(~pl.col("stub"))
    rows = _propose_for_texts(_collect_unknown_texts(data), customers)
    rows = _drop_declined(rows, _list_decided(data, customers))
    rows = rows.filter(pl.col("rule") != NO_CANDIDATE).select("written", "count").unique()
    return rows.sort("count", "written", descending=[True, False])


def _select_columns(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(*_SCHEMA).cast(_SCHEMA)  # type: ignore[arg-type]


def _list_decided(data: Dataset, customers: pl.DataFrame) -> pl.DataFrame:
    """Rows that a person has decided, with `_SCHEMA`."""
    if data.decided_matches is None:
        return pl.DataFrame(schema=_SCHEMA)
    names = customers.select(candidate="id", name="name")
    decided = data.decided_matches.join(names, on="candidate", how="left", maintain_order="left")
    nothing = {"evidence": pl.lit(None, pl.String), "count": pl.lit(None, pl.Int64)}
    return decided.with_columns(rule=pl.lit(DECIDED), **nothing).select(*_SCHEMA)


def _drop_declined(rows: pl.DataFrame, decided: pl.DataFrame) -> pl.DataFrame:
    """Without pairs that a person declined, and texts for which nothing else is proposed."""
    declined = decided.filter(pl.col("confirm") == "no")
    rows = rows.join(declined, on=["kind", "written", "candidate"], how="anti")
    is_left = pl.col("candidate").is_not_null()
    return rows.filter(is_left | ~pl.col("written").is_in(declined["written"].implode()))


def _collect_unknown_texts(data: Dataset) -> pl.DataFrame:
    """``written``, ``count``, ``refers``: what stands in place of a customer and is none.

    refers: whether it stands elsewhere than as a referred party, which may be a new lead.
    """
    unknown = data.customers.filter("stub")["id"].implode()
    parts = [pl.DataFrame(schema={"written": pl.String, "refers": pl.Boolean})]
    for end in _ENDS:
        named = data.referrals.filter(pl.col(end).is_in(unknown))
        parts.append(named.select(written=end, refers=pl.lit(end == "referrer")))
    rejects = data.rejects.filter(pl.col("code") == "unknown-id").drop_nulls("value")
    parts.append(rejects.select(written="value", refers=pl.lit(True)))
    cells = pl.concat(parts).group_by("written")
    texts = cells.agg(count=pl.len().cast(pl.Int64), refers=pl.col("refers").any())
    return texts.filter(pl.col("written").str.strip_chars() != "").sort("written")


def _propose_for_texts(texts: pl.DataFrame, customers: pl.DataFrame) -> pl.DataFrame:
    """Rows of kind ``cell``."""
    names = customers.select("name", number=pl.int_range(pl.len(), dtype=pl.UInt32))
    is_code = texts["written"].str.contains(LOOKS_LIKE_A_CODE)
    found = propose_customers(texts["written"].set(is_code, None), names.drop_nulls("name"))
    pairs = pl.concat([_match_codes(texts, customers), found.pairs])
    pairs = pairs.unique(["wanted", "offered"], keep="first", maintain_order=True)
    rows = _describe_pairs(Proposals(pairs, found.vague), customers)
    numbered = texts.with_row_index("wanted").filter(
        "refers" | pl.col("wanted").is_in(pairs["wanted"].implode())
    )
    is_vague = pl.col("wanted").is_in(found.vague.implode())
    nothing = pl.when(is_vague).then(pl.lit(TOO_MANY)).otherwise(pl.lit(NO_CANDIDATE))
    both = numbered.join(rows, on="wanted", how="left", maintain_order="left")
    both = both.with_columns(
        kind=pl.lit(CELL), rule=pl.coalesce("rule", nothing), confirm=pl.lit(None)
    )
    is_open = pl.col("candidate").is_null()
    return both.sort(
        is_open, "count", "written", descending=[False, True, False], maintain_order=True
    )


def count_decisions(path: str) -> int:
    """How many rows of a file of matches hold a yes or no; 0 for any other file."""
    try:
        decided, _ = match_files.count_decisions(split_file(Path(path), path)[0])
    except (DataError, FileError):
        return 0
    return decided


def _match_codes(texts: pl.DataFrame, customers: pl.DataFrame) -> pl.DataFrame:
    """Pairs of texts and the only customer with such a code, phone number or e-mail address."""
    wanted = texts["written"]
    numbers = pl.DataFrame({"written": wanted}).with_row_index("wanted")
    parts = [make_pairs(_no_pairs(), "by-column", "wanted", "row", "written", "column")]
    for column in (*list_key_columns(customers), "contact"):
        rows = match_key_column(wanted, customers, column).join(numbers, on="written")
        rows = rows.with_columns(column=pl.lit(column))
        parts.append(make_pairs(rows, "by-column", "wanted", "row", "written", "column"))
    return pl.concat(parts).sort("wanted", "right", "offered")


def _no_pairs() -> pl.DataFrame:
    texts = dict.fromkeys(("written", "column"), pl.String)
    return pl.DataFrame(schema={"wanted": pl.UInt32, "row": pl.UInt32, **texts})


def _propose_for_customers(data: Dataset, customers: pl.DataFrame) -> pl.DataFrame:
    """Rows of kind ``same-firm``; they count the referrals and orders of the customer."""
    proposals = propose_firms(customers)
    rows = _describe_pairs(proposals, customers)
    parts = [data.referrals.select(id=end) for end in _ENDS]
    if data.orders is not None:
        parts.append(data.orders.select(id="customer"))
    counts = pl.concat(parts).group_by("id").agg(count=pl.len().cast(pl.Int64))
    written = customers["id"].gather(rows["wanted"]).alias("written")
    rows = rows.with_columns(written).join(counts, left_on="written", right_on="id", how="left")
    rows = rows.with_columns(
        pl.col("count").fill_null(0), kind=pl.lit(SAME_FIRM), confirm=pl.lit(None)
    )
    return rows.sort("count", "written", descending=[True, False], maintain_order=True)


def _describe_pairs(proposals: Proposals, customers: pl.DataFrame) -> pl.DataFrame:
    """``wanted``, ``candidate``, ``name``, ``rule`` and ``evidence`` of pairs."""
    pairs = proposals.pairs
    return pairs.select(
        "wanted",
        "rule",
        candidate=customers["id"].gather(pairs["offered"]),
        name=customers["name"].gather(pairs["offered"]),
        evidence=pl.col("left") + " ~ " + pl.col("right"),
    )
