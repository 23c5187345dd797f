"""Integrity rules on parties that share a contact: aliases and alias farms."""

from __future__ import annotations

import polars as pl

from refgraph.graph.integrity_input import IntegrityInput
from refgraph.graph.shared_contacts import CONTACT_FIELDS

MIN_FARM_SIZE = 3
"""Thin accounts with one contact and one referrer: from this many on they are an alias farm."""
THIN_SHARE = 0.1
"""A thin account is worth at most this share of the median customer that is worth anything."""


def find_aliases(scene: IntegrityInput) -> pl.DataFrame:
    """Clusters of two or more parties, with the referrals among them and the shared fields."""
    clusters = pl.DataFrame({"label": scene.clusters, "place": scene.people["place"]})
    clusters = clusters.group_by("label").agg(pl.col("place").sort())
    clusters = clusters.filter(pl.col("place").list.len() > 1)
    arcs = _select_arcs_within_clusters(scene).sort("arc").group_by("label").agg("arc")
    shared_fields = _list_shared_fields(scene.contacts.with_columns(label=scene.clusters))
    cases = clusters.join(arcs, on="label", how="left").sort("label")
    cases = cases.join(shared_fields, on="label", how="left", maintain_order="left")
    return cases.select(
        pl.col("place").alias("members"), pl.col("arc").fill_null([]).alias("arcs"), "detail"
    )


def _select_arcs_within_clusters(scene: IntegrityInput) -> pl.DataFrame:
    """Arcs with both ends in one cluster of contacts, and the cluster's ``label``."""
    label = scene.clusters
    label_of_referred = label.gather(scene.arcs["referred"])
    arcs = scene.arcs.with_columns(label=label.gather(scene.arcs["referrer"]))
    return arcs.filter(arcs["label"] == label_of_referred)


def _list_shared_fields(contacts: pl.DataFrame) -> pl.DataFrame:
    """``label``, ``detail``: the fields that members of each cluster share, sorted."""
    shared = []
    for field in CONTACT_FIELDS:
        is_shared = pl.col(field).is_not_null() & pl.col(field).is_duplicated()
        shared.append(contacts.filter(is_shared).select("label", detail=pl.lit(field)))
    fields = pl.concat(shared).unique().sort("label", "detail")
    return fields.group_by("label").agg("detail")


def find_alias_farms(scene: IntegrityInput) -> pl.DataFrame:
    """Stars of at least three thin accounts that share a contact, referred by one party.

    The accounts share it with one another or with the referrer.
    """
    is_thin = _mark_thin_accounts(scene)
    referred = scene.arcs["referred"]
    arcs = scene.arcs.with_columns(label=scene.clusters.gather(referred))
    arcs = arcs.filter(is_thin.gather(referred)).sort("arc")
    stars = arcs.group_by("referrer", "label", maintain_order=True).agg("referred", "arc")
    size = pl.col("referred").list.len()
    members = pl.concat_list(pl.concat_list("referrer"), "referred")
    return stars.filter(size >= MIN_FARM_SIZE).select(
        members.alias("members"),
        pl.col("arc").alias("arcs"),
        pl.concat_list(size.cast(pl.String)).alias("detail"),
    )


def _mark_thin_accounts(scene: IntegrityInput) -> pl.Series:
    """By party: worth little or nothing, and has referred nobody."""
    worth = scene.people["worth"]
    median = worth.filter(worth > 0).median()
    limit = THIN_SHARE * float(median) if isinstance(median, (int, float)) else 0.0
    referrers = scene.arcs["referrer"].unique().implode()
    is_thin = (pl.col("worth") <= limit) & ~pl.col("place").is_in(referrers)
    return scene.people.select(is_thin.alias("is_thin")).to_series()
