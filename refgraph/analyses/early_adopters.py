"""Who buys a new product first, and do the referred follow their referrers?"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import polars as pl

from refgraph.analyses.columns import make_empty_frame, select_columns
from refgraph.errors import UsageError
from refgraph.estimates.following import Following, compare_order
from refgraph.graph.phrases import as_of_phrase
from refgraph.measures.member_lists import rank_parties
from refgraph.measures.members import Members
from refgraph.measures.own_cells import measure_cells
from refgraph.measures.tallies import build_columns
from refgraph.model.graph import Graph
from refgraph.model.message import Message, Names, message
from refgraph.model.parameter_values import describe_value, suggest_nearest
from refgraph.model.result import Answer, Column
from refgraph.model.tally import Tallies, Tally
from refgraph.model.units import Unit
from refgraph.registry import analysis

COLUMNS = (
    Column("rank", Unit.COUNT),
    Column("customer", Unit.ID, key="adopter_id", detail=True),
    Column("name", Unit.TEXT),
    Column("adopted", Unit.DATE, "M59", key="adopted_at"),
    Column("band", Unit.LABEL, "M59", key="adopter_band"),
    Column("follows", Unit.TEXT, key="adopter_follows"),
    Column("days_after", Unit.DAYS, key="adopter_days_after"),
)
BANDS = (
    ("innovator", 0.025),
    ("early-adopter", 0.16),
    ("early-majority", 0.5),
    ("late-majority", 0.84),
    ("laggard", 1.0),
)
"""Band and the share of adopters up to its end (Rogers 1962)."""
MIN_ADOPTERS, MIN_PAIRS, MAX_NAMES, MAX_KNOWN = 10, 5, 3, 10
ALPHA = 0.05


@analysis(
    grain="party",
    columns=COLUMNS,
    order=(("rank", False),),
    formulas=("M59",),
    needs_referrals=False,
)
def early_adopters(graph: Graph, *, product: str = "") -> Answer:
    """Customers by the date of their first order of a product; ties by id.

    band: by ⌈share · n⌉ of the adopters. follows: the referrer that adopted last before, and how
    many days before. product: as ``orders.product`` names it, or one of several in a cell. Raises
    UsageError ``unknown-product``. Unknown without a column of products.
    """
    standing = as_of_phrase(graph)
    if graph.orders is None or not graph.has("orders.product"):
        headline = message("headline.early-adopters-no-products", standing=standing)
        return Answer(make_empty_frame(COLUMNS), headline)
    adopters = _find_adopters(graph, product)
    pairs = _find_pairs(graph, adopters)
    tallies = _compute_tallies(graph, adopters, pairs)
    frame = _build_rows(graph, adopters, pairs, tallies)
    headline = _build_headline(graph, product, frame, _compare(graph, adopters, pairs))
    notes = (message("note.early-adopters-meaning"),)
    opened = Tallies(tallies, adopters["party"].to_numpy())
    return Answer(select_columns(frame, COLUMNS), headline, notes, opened)


def _find_adopters(graph: Graph, product: str) -> pl.DataFrame:
    """``party``, ``adopted`` and ``order``: first order of the product, its row in the graph; in
    order of date and id.
    """
    assert graph.orders is not None
    orders = graph.orders.with_row_index("order")
    parts = orders.select("order", "customer", "at", part=pl.col("product").str.split("; "))
    parts = parts.explode("part").drop_nulls().with_columns(pl.col("part").str.strip_chars())
    wanted = parts.filter(pl.col("part").str.to_lowercase() == product.strip().lower())
    if not wanted.height:
        known = parts["part"].value_counts(sort=True)["part"].head(MAX_KNOWN).to_list()
        near = suggest_nearest(product, known)
        value = describe_value(product)
        raise UsageError("unknown-product", value=value, known=sorted(known) or None, near=near)
    first = wanted.sort("at", "order", nulls_last=True).unique("customer", keep="first")
    ids = pl.col("customer", "order").cast(pl.Int64)
    first = first.select(ids, adopted="at").rename({"customer": "party"})
    return first.sort("adopted", "party")


def _find_pairs(graph: Graph, adopters: pl.DataFrame) -> pl.DataFrame:
    """Referrals between adopters: ``referrer``, ``referred``, dates ``before`` and ``after``, and
    ``order`` and ``order_after``, the orders of these dates.
    """
    arcs = graph.counted_arcs.select(pl.col("referrer", "referred").cast(pl.Int64))
    arcs = arcs.join(adopters.rename({"adopted": "before"}), left_on="referrer", right_on="party")
    later = adopters.rename({"adopted": "after", "order": "order_after"})
    arcs = arcs.join(later, left_on="referred", right_on="party")
    return arcs.sort("referred", "before", "referrer")


def _find_last_before(pairs: pl.DataFrame) -> pl.DataFrame:
    """Of the pairs, the referrer that adopted last before each referred party."""
    earlier = pairs.filter(pl.col("before") < pl.col("after"))
    return earlier.group_by("referred", maintain_order=True).last()


def _compute_tallies(graph: Graph, adopters: pl.DataFrame, pairs: pl.DataFrame) -> dict[str, Tally]:
    """By party: rank, date of its first order, and days since that of the referrer it follows."""
    assert graph.orders is not None
    day, is_dated = measure_cells(graph.orders["at"])
    party, order = adopters["party"].to_numpy(), adopters["order"].to_numpy()
    first = Members("orders", party, len(graph), order)
    adopted = first.find_extreme("least", day, is_dated[order])
    last = _find_last_before(pairs)
    both = [last[name].to_numpy() for name in ("order_after", "order")]
    steps = Members("orders", np.tile(last["referred"], 2), len(graph), np.concatenate(both))
    days = steps.add_up(day, weight=np.repeat([1.0, -1.0], last.height))
    follows = np.isin(np.arange(len(graph)), last["referred"])
    return {
        "rank": rank_parties(party, len(graph)),
        "adopted": replace(adopted, is_date=True),
        "days_after": days.keep_known(follows),
    }


def _build_rows(
    graph: Graph, adopters: pl.DataFrame, pairs: pl.DataFrame, tallies: dict[str, Tally]
) -> pl.DataFrame:
    n = adopters.height
    edges = [math.ceil(share * n - 1e-9) for _, share in BANDS]
    band = np.searchsorted(edges, np.arange(1, n + 1))
    words = pl.Series([BANDS[k][0] for k in band.tolist()], dtype=pl.String)
    last = _find_last_before(pairs).select("referred", "referrer")
    figures = pl.DataFrame(build_columns(tallies))[adopters["party"]]
    rows = adopters.select("party").with_columns(figures, band=words)
    rows = rows.join(last, left_on="party", right_on="referred", how="left", maintain_order="left")
    return rows.with_columns(
        customer=graph.parties["id"].gather(rows["party"]),
        name=graph.names.gather(rows["party"]),
        follows=graph.names.gather(rows["referrer"]),
    )


def _compare(graph: Graph, adopters: pl.DataFrame, pairs: pl.DataFrame) -> Following | None:
    """Referred after their referrers, against what random dates within joining years would give."""
    if adopters.height < MIN_ADOPTERS or pairs.height < MIN_PAIRS:
        return None
    place = np.full(len(graph), -1, np.int64)
    place[adopters["party"].to_numpy()] = np.arange(adopters.height)
    year = graph.parties["since"].gather(adopters["party"]).dt.year()
    group = year.cast(pl.Int64).fill_null(-1).to_numpy()
    day = adopters["adopted"].to_physical().cast(pl.Int64).to_numpy()
    ends = (place[pairs[end].to_numpy()] for end in ("referrer", "referred"))
    return compare_order(day, group, *ends)


def _build_headline(
    graph: Graph, product: str, frame: pl.DataFrame, following: Following | None
) -> Message:
    early = frame.filter(pl.col("band").is_in(["innovator", "early-adopter"]))
    finding = message("phrase.adopters-few", adopters=MIN_ADOPTERS, pairs=MIN_PAIRS)
    if following is not None:
        name = "phrase.adopters-follow" if following.p <= ALPHA else "phrase.adopters-unknown"
        finding = message(name, **following._asdict())
    return message(
        "headline.early-adopters",
        product=product,
        adopters=frame.height,
        early=early.height,
        names=Names.shorten(frame["name"], MAX_NAMES),
        finding=finding,
        standing=as_of_phrase(graph),
    )
