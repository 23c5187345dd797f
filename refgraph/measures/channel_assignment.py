"""The channel through which each party came, by one of several definitions."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import polars as pl

from refgraph.measures.channels import OWN_SALES, classify_channels
from refgraph.measures.groups import NOT_RECORDED, SensitiveField
from refgraph.measures.referral_status import is_referred, referred_by_unknown
from refgraph.measures.referrer_mix import classify_referrer_mix, is_referrer_mix_known
from refgraph.model.graph import Graph

ChannelField = Literal["family", "method", "tie", "source", "through", SensitiveField]


def assign_channels(graph: Graph, by: ChannelField) -> pl.Series:
    """By party, its channel.

    family, method: of the source column. source: the column as it is. tie: of the primary referral.
    through: the kind of its referrers. religion, politics: the column as it is.
    """
    if by == "through":
        return _assign_by_referrer(graph)
    if by == "tie":
        return _assign_by_tie(graph)
    if by in get_args(SensitiveField):
        return classify_channels(graph, graph.parties[by], "")
    return classify_channels(graph, graph.parties["source"], "" if by == "source" else by)


def _assign_by_referrer(graph: Graph) -> pl.Series:
    """Who referred each party.

    Customers first: a word of `classify_referrer_mix`, or ``customer-referral`` if that is unknown,
    or ``referrer-unknown``. Then staff, partner or authority, in this order of precedence. Then own
    sales, other sources or nothing recorded.
    """
    mix = pl.Series(["customer-referral"]).new_from_index(0, len(graph))
    if is_referrer_mix_known(graph):
        mix = classify_referrer_mix(graph, ("customer",))
    is_unknown = referred_by_unknown(graph, ("customer",))
    is_by_customer = is_referred(graph, ("customer",)) & ~is_unknown
    source = pl.col("source")
    is_kept = source.is_in([OWN_SALES, NOT_RECORDED])
    channel: pl.Expr = pl.when(is_kept).then(source).otherwise(pl.lit("other-sources"))
    for kind in ("authority", "partner", "staff"):
        channel = pl.when(_is_referred_by(graph, kind)).then(pl.lit(kind)).otherwise(channel)
    channel = pl.when("is_unknown").then(pl.lit("referrer-unknown")).otherwise(channel)
    channel = pl.when("is_by_customer").then("mix").otherwise(channel)
    parties = pl.DataFrame(
        {
            "source": classify_channels(graph, graph.parties["source"], "family"),
            "mix": mix,
            "is_unknown": is_unknown,
            "is_by_customer": is_by_customer,
        }
    )
    return parties.select(channel.alias("channel")).to_series()


def _is_referred_by(graph: Graph, kind: str) -> pl.Series:
    """Whether each party has a referral by this kind of referrer."""
    mask = np.zeros(len(graph), np.bool_)
    mask[graph.arcs.filter(pl.col("kind") == kind)["referred"].to_numpy()] = True
    return pl.Series(mask)


def _assign_by_tie(graph: Graph) -> pl.Series:
    """The tie of the primary referral, ``not-referred`` if there is none.

    A referral that is cut has no share, so it comes last.
    """
    share = pl.col("share").fill_null(0)
    arcs = graph.counted_arcs.sort("referred", -share, "at", "referrer", nulls_last=True)
    primary = arcs.unique("referred", keep="first", maintain_order=True)
    ties = classify_channels(graph, primary["tie"], "tie")
    words = pl.DataFrame({"place": primary["referred"], "tie": ties})
    by_party = graph.parties.select("place").join(
        words, on="place", how="left", maintain_order="left"
    )
    return by_party["tie"].fill_null("not-referred")
