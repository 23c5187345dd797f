"""What asking added: the customers who were asked against those drawn not to be asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from refgraph.analyses.columns import build_frame
from refgraph.errors import DataError, FileError
from refgraph.estimates.mean_difference import MeanDifference, compare_means
from refgraph.graph.phrases import as_of_phrase
from refgraph.model.graph import Graph
from refgraph.model.message import Message, message
from refgraph.model.refusals import describe_refusal
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit

RESULT_COLUMNS = (
    Column("arm", Unit.LABEL, key="result_arm"),
    Column("customers", Unit.COUNT, key="result_customers"),
    Column("referrals", Unit.COUNT, key="result_referrals"),
    Column("per_hundred", Unit.SCORE, "M57", key="result_per_hundred"),
    Column("per_hundred_low", Unit.SCORE, "M57", key="result_low"),
    Column("per_hundred_high", Unit.SCORE, "M57", key="result_high"),
    Column("detectable", Unit.SCORE, "M57", key="result_detectable"),
)
NEEDED = ("customer", "group", "planned")
ARMS = ("ask", "hold")
MIN_ARM = 2


@dataclass(frozen=True, eq=False)
class AskPlan:
    """A plan as it was written: ids, whether each was to be asked, and the day of the plan."""

    customers: pl.Series
    is_asked: pl.Series
    day: date


def read_ask_result(graph: Graph, path: str) -> Answer:
    """Referrals per 100 customers since the plan: asked, not asked, and the difference.

    Everybody counts in the group drawn for them, whether they were asked in the end or not. path:
    the file that ``ask --holdout`` wrote as CSV. Raises FileError, DataError ``ask-plan-columns``,
    ``ask-plan-words``.
    """
    plan = read_plan(path)
    known = plan.customers.is_in(graph.parties["id"].implode())
    counts = _count_since(graph, plan).filter(known)
    is_asked = plan.is_asked.filter(known)
    arms = [counts.filter(mask).to_numpy().astype(np.float64) for mask in (is_asked, ~is_asked)]
    difference = compare_means(*arms) if min(map(len, arms)) >= MIN_ARM else None
    rows = [_describe_arm(word, arm) for word, arm in zip(ARMS, arms, strict=True)]
    if difference is not None:
        rows.append(_describe_difference(difference))
    notes = [message("note.ask-result-meaning")]
    missing = int((~known).sum())
    if missing:
        notes.append(message("note.ask-result-missing", customers=missing))
    headline = _build_headline(graph, plan, arms, difference)
    return Answer(build_frame(rows, RESULT_COLUMNS), headline, tuple(notes))


def read_plan(path: str) -> AskPlan:
    """A plan from CSV; columns other than customer, group and planned do not matter."""
    try:
        frame = pl.read_csv(Path(path), infer_schema=False)
    except OSError as error:
        raise FileError("cannot-read", path=path, why=describe_refusal(error)) from error
    except pl.exceptions.PolarsError as error:
        raise DataError("ask-plan-columns", file=path, missing=list(NEEDED)) from error
    missing = [name for name in NEEDED if name not in frame.columns]
    if missing:
        raise DataError("ask-plan-columns", file=path, missing=missing)
    group = frame["group"].str.strip_chars()
    days = frame["planned"].str.strip_chars().str.to_date(strict=False).unique().to_list()
    day = days[0] if len(days) == 1 else None
    if not frame.height or not group.is_in(ARMS).all() or day is None:
        raise DataError("ask-plan-words", file=path)
    return AskPlan(frame["customer"], group == ARMS[0], day)


def _count_since(graph: Graph, plan: AskPlan) -> pl.Series:
    """Counted referrals of each customer of the plan, dated after it."""
    later = graph.counted_arcs.filter(pl.col("at") > plan.day)
    ids = graph.parties["id"].gather(later["referrer"])
    made = pl.DataFrame({"customer": ids}).group_by("customer").agg(referrals=pl.len())
    asked = plan.customers.to_frame("customer")
    counted = asked.join(made, on="customer", how="left", maintain_order="left")
    return counted["referrals"].fill_null(0)


def _describe_arm(word: str, counts: np.ndarray) -> tuple[object, ...]:
    mean = 100 * float(counts.mean()) if len(counts) else None
    return (word, len(counts), int(counts.sum()), mean, None, None, None)


def _describe_difference(difference: MeanDifference) -> tuple[object, ...]:
    numbers = (difference.value, difference.low, difference.high, difference.detectable)
    return ("ask-difference", None, None, *(100 * number for number in numbers))


def _build_headline(
    graph: Graph, plan: AskPlan, arms: list[np.ndarray], difference: MeanDifference | None
) -> Message:
    standing = as_of_phrase(graph)
    if graph.as_of is None or graph.as_of <= plan.day:
        return message("headline.ask-result-early", day=plan.day, standing=standing)
    if difference is None:
        asked, held = map(len, arms)
        return message("headline.ask-result-few", asked=asked, held=held, standing=standing)
    facts = {
        "asked": 100 * float(arms[0].mean()),
        "held": 100 * float(arms[1].mean()),
        "low": 100 * difference.low,
        "high": 100 * difference.high,
        "detectable": 100 * difference.detectable,
    }
    is_clear = difference.low > 0 or difference.high < 0
    name = "headline.ask-result" if is_clear else "headline.ask-result-unknown"
    difference_shown = 100 * difference.value
    return message(name, **facts, difference=difference_shown, day=plan.day, standing=standing)
