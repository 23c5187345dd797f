"""Through which channels do customers come, and which of them convert and pay better than our own sales?"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import polars as pl

from refgraph.analyses.effect import can_split, through
from refgraph.estimates.fisher import fisher
from refgraph.estimates.multiple import bh
from refgraph.estimates.proportion import newcombe, wilson_array
from refgraph.graphs.arrivals import arrived, by_unknown
from refgraph.graphs.channels import OWN, UNTOLD, margins, reach, told, words
from refgraph.graphs.groups import BLANK, Sensitive
from refgraph.graphs.periods import basis, standing
from refgraph.model.graph import Graph
from refgraph.model.message import Label, Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import DESC, analysis

By = Literal["family", "method", "tie", "source", "through", Sensitive]
AMONG = ("tie", *get_args(Sensitive))
"""What is compared with all the others, for there are no own sales among them."""
NONE = (BLANK, UNTOLD, "not-referred", "other-sources")
"""What is no channel: nothing to compare."""
COLUMNS = (
    Column("channel", Unit.LABEL, "M11"),
    Column("customers", Unit.COUNT, "M11"),
    Column("share", Unit.SHARE, "M11", key="channel_share"),
    Column("share_low", Unit.SHARE, "M11", detail=True),
    Column("share_high", Unit.SHARE, "M11", detail=True),
    Column("value", Unit.VALUE, key="channel_value"),
    Column("share_of_value", Unit.SHARE, key="channel_value_share"),
    Column("margin", Unit.SHARE, key="channel_margin"),
    Column("years_mean", Unit.RATIO),
    Column("closed", Unit.COUNT, key="channel_closed", detail=True),
    Column("lost", Unit.COUNT, key="channel_lost", detail=True),
    Column("conversion", Unit.SHARE),
    Column("difference", Unit.SHARE, key="conversion_difference"),
    Column("difference_low", Unit.SHARE, key="conversion_difference_low", detail=True),
    Column("difference_high", Unit.SHARE, key="conversion_difference_high", detail=True),
    Column("beyond_luck", Unit.LABEL, key="channel_beyond_luck"),
)


@analysis(grain="channel", columns=COLUMNS, order=(("customers", DESC), ("channel", False)), formulas=("M11",))
def channels(graph: Graph, *, by: By = "family") -> Answer:
    """Existing customers by the channel of their source column (by tie: by the tie of their primary referral; through: by the
    kind of their referrers, key account, old customer, both, neither or unknown, staff, partner, authority; religion, politics:
    by what stands there, read with ``--sensitive`` only).

    share = customers of the channel / existing customers, with Wilson's interval; the channels are disjoint and add up.
    conversion = closed / (closed + lost) over all parties of role customer that came through it, former ones included; its
    difference from own sales (by tie, religion, politics: from all the others) with Newcombe's interval, where these have
    losses on record: a list of customers alone has none, and 100 % then says nothing. margin = profit / revenue of its
    existing customers. beyond_luck: Fisher's exact test, Benjamini–Hochberg 5 % over the channels compared; a channel with
    fewer than 5 decided is not compared.
    """
    people = _people(graph, by)
    frame = people.group_by("channel").agg(
        pl.col("existing").sum().cast(pl.Int64).alias("customers"), pl.col("whole", "profit", "revenue").sum(),
        pl.col("years").mean().alias("years_mean"), pl.col("closed", "lost").sum().cast(pl.Int64),
    ).filter(pl.col("customers") + pl.col("lost") + pl.col("closed") > 0).sort("customers", "channel", descending=[True, False])
    total, n = float(frame["whole"].sum()), int(frame["customers"].sum())
    low, high = wilson_array(frame["customers"].to_numpy(), np.full(frame.height, n))
    decided = pl.col("closed") + pl.col("lost")
    frame = frame.with_columns(
        value=pl.col("whole") / graph.value.scale, share=pl.col("customers") / n if n else pl.lit(None, pl.Float64),
        share_low=pl.Series(low).fill_nan(None), share_high=pl.Series(high).fill_nan(None),
        share_of_value=pl.col("whole") / total if total > 0 else pl.lit(None, pl.Float64),
        margin=pl.when(pl.col("revenue") > 0).then(pl.col("profit") / pl.col("revenue")),
        conversion=pl.when((decided > 0) & graph.has("customers.status")).then(pl.col("closed") / decided),
    )  # fmt: skip
    frame = _compared(frame, by, graph.has("customers.status"), words(graph, "family")).select(c.name for c in COLUMNS)
    return Answer(frame, _headline(graph, by, frame), tuple(_notes(graph, by, frame)))


DECIDED = 5
"""Fewer closed and lost than this carry no comparison."""


def _people(graph: Graph, by: By) -> pl.DataFrame:
    """By position, parties of role customer that are not void: channel, existing, closed, lost, value, years."""
    years = (pl.lit(graph.as_of, pl.Date) - graph.parties["since"]).dt.total_days() / 365.25
    existing = pl.Series(graph.existing)
    frame = graph.parties.select("role", "stage", "status").with_columns(
        channel=_channel(graph, by), existing=existing, closed=pl.Series(graph.customers),
        lost=(pl.col("stage") == "prospect") & (pl.col("status") == "lost").fill_null(False),
        whole=pl.Series(np.where(graph.existing, graph.value.whole, 0.0)), **_amounts(graph),
    ).with_columns(years=pl.when("existing").then(years))  # fmt: skip
    return frame.filter((pl.col("role") == "customer") & (pl.col("stage") != "void"))


def _amounts(graph: Graph) -> dict[str, pl.Series]:
    """Profit and revenue of the existing customers, null where they cannot be told."""
    told = margins(graph)
    if told is None:
        return {name: pl.Series([None], dtype=pl.Float64).new_from_index(0, len(graph)) for name in ("profit", "revenue")}
    return {name: pl.Series(np.where(graph.existing, each, 0.0)) for name, each in zip(("profit", "revenue"), told, strict=True)}


def _channel(graph: Graph, by: By) -> pl.Series:
    if by == "through":
        return _by_referrer(graph)
    if by == "tie":
        return _by_tie(graph)
    if by in get_args(Sensitive):
        return told(graph, graph.parties[by], "")
    return told(graph, graph.parties["source"], "" if by == "source" else by)


def _by_referrer(graph: Graph) -> pl.Series:
    """Who brought each party: a customer (`through`; ``customer-referral`` where key and old cannot be told), else staff,
    partner or authority, else own sales, other sources or nothing on record."""
    source = told(graph, graph.parties["source"], "family")
    known = through(graph, ("customer",)) if can_split(graph) else pl.Series(["customer-referral"]).new_from_index(0, len(graph))
    frame = pl.DataFrame({"source": source, "through": known})
    told_by = pl.when(pl.col("source") == OWN).then(pl.lit(OWN)).when(pl.col("source") == BLANK).then(
        pl.lit(BLANK)).otherwise(pl.lit("other-sources"))
    for kind in ("authority", "partner", "staff"):
        hit = np.zeros(len(graph), np.bool_)
        hit[graph.arcs.filter(pl.col("kind") == kind)["referred"].to_numpy()] = True
        told_by = pl.when(pl.Series(hit)).then(pl.lit(kind)).otherwise(told_by)
    unknown = by_unknown(graph, ("customer",))
    named = arrived(graph, ("customer",)) & ~unknown
    return frame.select(pl.when(pl.Series(named)).then("through").when(pl.Series(unknown)).then(
        pl.lit("referrer-unknown")).otherwise(told_by).alias("channel")).to_series()


def _by_tie(graph: Graph) -> pl.Series:
    """The tie of the primary referral, ``not-referred`` where there is none."""
    referred = np.flatnonzero(graph.forest.parent >= 0)
    arcs = graph.arcs.filter("counted").select("referrer", "referred", "tie")
    chosen = pl.DataFrame({"referred": referred.astype(np.int32), "referrer": graph.forest.parent[referred]})
    ties = chosen.join(arcs, on=["referrer", "referred"], how="left", maintain_order="left")["tie"]
    found = pl.DataFrame({"place": referred.astype(np.int32), "tie": told(graph, ties, "tie")})
    here = graph.parties.select("place").join(found, on="place", how="left", maintain_order="left")["tie"]
    return here.fill_null("not-referred")


def _compared(frame: pl.DataFrame, by: By, recorded: bool, family: dict[str, str]) -> pl.DataFrame:
    """Conversion against own sales, by tie against all the other referred."""
    closed, lost = frame["closed"].to_numpy(), frame["lost"].to_numpy()
    decided = closed + lost
    names = frame["channel"].to_list()
    own = np.array([name == OWN or by == "source" and family.get(name.lower()) == OWN for name in names], bool)
    none = frame["channel"].is_in(NONE).to_numpy()
    rows: list[tuple[float | None, ...]] = []
    p = np.full(frame.height, np.nan)
    for k in range(frame.height):
        others = own if by not in AMONG else ~none & (np.arange(frame.height) != k)
        c, d = int(closed[others].sum()), int(decided[others].sum())
        if not recorded or own[k] or none[k] or min(int(decided[k]), d) < DECIDED or c == d:
            rows.append((None, None, None))
            continue
        rows.append(tuple(newcombe(int(closed[k]), int(decided[k]), c, d)))
        p[k] = fisher(int(closed[k]), int(decided[k]), c, d)
    schema = dict.fromkeys(("difference", "difference_low", "difference_high"), pl.Float64)
    marks = [None if np.isnan(x) else "yes" if m else "no" for x, m in zip(p, bh(p), strict=True)]
    return pl.concat([frame, pl.DataFrame(rows, schema=schema, orient="row")], how="horizontal").with_columns(
        beyond_luck=pl.Series(marks, dtype=pl.String))


def _headline(graph: Graph, by: By, frame: pl.DataFrame) -> Message:
    named = frame.filter(~pl.col("channel").is_in(NONE) & (pl.col("customers") > 0))
    if not named.height:
        return message("headline.channels-none", by=Label(f"by-{by}"), standing=standing(graph))
    best = named.row(0, named=True)
    return message("headline.channels", channels=named.height, customers=int(frame["customers"].sum()),
                   named=int(named["customers"].sum()), by=Label(f"by-{by}"),
                   channel=Label(best["channel"]), most=best["customers"], share=best["share"], low=best["share_low"],
                   high=best["share_high"], value=graph.value.amount(best["value"]), basis=basis(graph),
                   standing=standing(graph))  # fmt: skip


def _notes(graph: Graph, by: By, frame: pl.DataFrame) -> list[Message]:
    notes = []
    column = "referrals.tie" if by == "tie" else f"customers.{by if by in AMONG else 'source'}"
    if not graph.has(column):
        notes.append(message("note.sensitive" if by in get_args(Sensitive) else "note.channels-cannot-tell", column=column))
    looks = frame["difference"].drop_nulls().len()
    if looks:
        notes.append(message("note.channel-looks", looks=looks, against=Label(OWN if by not in AMONG else "the-others")))
    elif _lossless(frame, by):
        notes.append(message("note.channels-no-loss", against=Label(OWN if by not in AMONG else "the-others")))
    elif graph.has("customers.status"):
        notes.append(message("note.channels-not-compared", decided=DECIDED))
    if not graph.has("customers.status"):
        notes.append(message("note.conversion-not-recorded"))
    untold = int(frame.filter(pl.col("channel") == UNTOLD)["customers"].sum())
    if untold:
        notes.append(message("note.channel-not-told", customers=untold, by=Label(f"by-{by}")))
    if by == "through":
        notes.append(_key_or_old(graph, frame))
    customers = int(graph.existing.sum())
    if by == "family" and customers:
        notes.append(message("note.law-of-250", each=reach(graph), customers=customers, reach=reach(graph) * customers,
                             referred=int(arrived(graph, ("customer",)).sum())))
    return notes


def _lossless(frame: pl.DataFrame, by: By) -> bool:
    """Whether those to compare with have closed and none lost."""
    own = frame.filter(pl.col("channel") == OWN) if by not in AMONG else frame.filter(~pl.col("channel").is_in(NONE))
    return int(own["closed"].sum()) >= DECIDED and not own["lost"].sum()


def _key_or_old(graph: Graph, frame: pl.DataFrame) -> Message:
    """Conversion of those who came through a key account beside those who came through an old customer only."""
    if not can_split(graph) or not graph.has("customers.status"):
        return message("note.split-cannot-tell")
    sides = [frame.filter(pl.col("channel").is_in(names)) for names in (("key_only", "both"), ("old_only",))]
    (a, b), (c, d) = ((int(s["closed"].sum()), int((s["closed"] + s["lost"]).sum())) for s in sides)
    if min(b, d) < DECIDED:
        return message("note.key-old-few", key=b, old=d, decided=DECIDED)
    gap, low, high = newcombe(a, b, c, d)
    return message("note.key-or-old", key=a, key_decided=b, old=c, old_decided=d, gap=gap, low=low, high=high)
