"""Referrals that deserve a second look, by rules that a person can read: one row a case, with all its referrals.

Nothing is dropped for being listed here; ``--exclude CODE`` leaves the referrals of a code out of any analysis.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import polars as pl

from refgraph.graphs import aliases, bursts

CASES: dict[str, pl.DataType] = {
    "code": pl.String(), "members": pl.List(pl.Int32), "arcs": pl.List(pl.UInt32), "detail": pl.List(pl.String),
}  # fmt: skip
"""Positions of the parties, the one that acts first; rows of the arcs; the fields and figures that the rule looked at."""
FARM = 3
"""Thin accounts with one contact that one party referred: from so many on they are an alias farm."""
THIN = 0.1
"""An account is thin when it is worth at most this share of the median customer that is worth anything."""


@dataclass(frozen=True)
class Scene:
    """What the rules look at. people by position, with ``worth`` (any unit; 0 = nothing); arcs with their row ``arc``.

    groups: ``place``, ``group`` of all who belong to a group of companies. as_of: the day of the question.
    """

    people: pl.DataFrame
    arcs: pl.DataFrame
    groups: pl.DataFrame
    as_of: date | None

    @cached_property
    def contacts(self) -> pl.DataFrame:
        """place and the contacts of each party as they are compared."""
        return aliases.contacts(self.people)

    @cached_property
    def clusters(self) -> pl.Series:
        """int32[n], by position: the label of each party's cluster of shared contacts."""
        return pl.Series("label", aliases.clusters(self.contacts))


def cases(scene: Scene, codes: Iterable[str] | None = None) -> pl.DataFrame:
    """All cases of the codes asked for (default: all), columns `CASES`, sorted by code and members."""
    asked = [code for code in RULES if codes is None or code in codes]
    found = [RULES[code](scene).with_columns(code=pl.lit(code)).select(*CASES) for code in asked]
    return pl.concat([pl.DataFrame(schema=CASES), *found], how="vertical_relaxed").sort("code", "members")


def scene(people: pl.DataFrame, arcs: pl.DataFrame, affiliations: pl.DataFrame | None, as_of: date | None,
          worth: np.ndarray | None = None) -> Scene:
    """The scene of parties and placed arcs; only counted arcs are looked at. worth: default, number of orders."""
    value = pl.Series("worth", worth) if worth is not None else people["orders"].cast(pl.Float64).alias("worth")
    own = people.select("place", "group").drop_nulls()
    told = [own]
    if affiliations is not None:
        bound = affiliations.filter(pl.col("relation").ne_missing("association"))
        told.append(bound.join(people.select("id", "place"), left_on="customer", right_on="id").select("place", "group"))
    counted = arcs.with_row_index("arc").filter("counted")
    return Scene(people.with_columns(value), counted, pl.concat(told).unique(), as_of)


def without(arcs: pl.DataFrame, people: pl.DataFrame, affiliations: pl.DataFrame | None, as_of: date | None,
            worth: np.ndarray, exclude: tuple[str, ...]) -> pl.DataFrame:
    """The placed arcs with those of the cases of excluded codes neither valid nor counted."""
    codes = set(exclude) & set(RULES)
    if not codes:
        return arcs
    gone = cases(scene(people, arcs, affiliations, as_of, worth), codes)["arcs"].explode(empty_as_null=False, keep_nulls=False)
    kept = ~pl.int_range(pl.len(), dtype=pl.UInt32).is_in(gone.unique().implode())
    return arcs.with_columns(pl.col("valid", "counted") & kept)


def _single(arcs: pl.DataFrame, detail: pl.Expr) -> pl.DataFrame:
    """One case a referral."""
    return arcs.select(pl.concat_list("referrer", "referred").alias("members"), pl.concat_list("arc").alias("arcs"),
                       pl.concat_list(detail.cast(pl.String)).alias("detail"))


def _since(scene: Scene, end: str) -> pl.Series:
    return scene.people["since"].gather(scene.arcs[end])


def _after_order(scene: Scene) -> pl.DataFrame:
    arcs = scene.arcs.with_columns(day=_since(scene, "referred")).filter(pl.col("at") > pl.col("day"))
    return _single(arcs, pl.concat_str("at", pl.lit(" > "), "day"))


def _bursts(scene: Scene) -> pl.DataFrame:
    found = bursts.weeks(scene.arcs, scene.as_of)
    inside = scene.arcs.with_columns(week=pl.col("at").dt.truncate("1w")).join(found, on=["referrer", "week"])
    each = inside.sort("arc").group_by("referrer", "week", maintain_order=True).agg(
        pl.col("referred"), pl.col("arc"), pl.col("count").first(), pl.col("usual").first(), pl.col("z").first())
    return each.select(
        pl.concat_list(pl.concat_list("referrer"), "referred").alias("members"), pl.col("arc").alias("arcs"),
        pl.concat_list(pl.concat_str("week", pl.lit(": "), "count", pl.lit(" / "), pl.col("usual"), pl.lit(", z "),
                                     pl.col("z").round(1))).alias("detail"))


def _double(scene: Scene) -> pl.DataFrame:
    many = scene.arcs.filter(pl.len().over("referred") > 1).sort("referred", "referrer")
    share = pl.col("share").fill_null(1.0 / pl.len().over("referred"))
    each = many.with_columns(share.round(3)).group_by("referred", maintain_order=True).agg("referrer", "arc", "share")
    return each.select(pl.concat_list(pl.concat_list("referred"), "referrer").alias("members"), pl.col("arc").alias("arcs"),
                       pl.concat_list(pl.col("share").cast(pl.List(pl.String)).list.join(" / ")).alias("detail"))


def _reciprocal(scene: Scene) -> pl.DataFrame:
    """a referred b and b referred a, both customers; partners may."""
    arcs = scene.arcs.filter(pl.col("kind") == "customer")
    back = arcs.select(referrer="referred", referred="referrer", back="arc")
    both = arcs.join(back, on=["referrer", "referred"]).filter(pl.col("referrer") < pl.col("referred"))
    both = both.sort("referrer", "referred")
    return both.select(pl.concat_list("referrer", "referred").alias("members"), pl.concat_list("arc", "back").alias("arcs"),
                       pl.lit(None, pl.List(pl.String)).alias("detail"))


def _inside_group(scene: Scene) -> pl.DataFrame:
    of = scene.arcs.join(scene.groups, left_on="referrer", right_on="place").join(
        scene.groups, left_on=["referred", "group"], right_on=["place", "group"]).sort("arc", "group").unique("arc", keep="first")
    return _single(of.sort("arc"), pl.col("group"))


def _clustered(scene: Scene) -> pl.DataFrame:
    """Arcs both of whose ends are in one cluster of contacts, with the label of the cluster."""
    label = scene.clusters
    ends = scene.arcs.with_columns(label=label.gather(scene.arcs["referrer"]), there=label.gather(scene.arcs["referred"]))
    return ends.filter(pl.col("label") == pl.col("there"))


def _alias(scene: Scene) -> pl.DataFrame:
    """Clusters of two or more, with the referrals among their members."""
    label = scene.clusters
    each = pl.DataFrame({"label": label, "place": scene.people["place"]}).group_by("label").agg(pl.col("place").sort())
    inside = _clustered(scene).sort("arc").group_by("label").agg("arc")
    many = each.filter(pl.col("place").list.len() > 1).join(inside, on="label", how="left").sort("label")
    shared = _shared(scene.contacts.with_columns(label=label))
    return many.join(shared, on="label", how="left", maintain_order="left").select(
        pl.col("place").alias("members"), pl.col("arc").fill_null([]).alias("arcs"), "detail")


def _shared(contacts: pl.DataFrame) -> pl.DataFrame:
    """Which fields the members of each cluster share: phone, tax_id; contacts with the ``label`` of each party."""
    each = [contacts.filter(pl.col(f).is_not_null() & pl.col(f).is_duplicated()).select("label", field=pl.lit(f))
            for f in aliases.FIELDS]
    return pl.concat(each).unique().sort("label", "field").group_by("label").agg(pl.col("field").alias("detail"))


def _farm(scene: Scene) -> pl.DataFrame:
    """Star-like sets: at least three thin accounts, referred by one party with whom, or with each other, they share a contact."""
    label = scene.clusters
    worth = scene.people["worth"]
    typical = worth.filter(worth > 0).median()
    floor = THIN * float(typical) if isinstance(typical, (int, float)) else 0.0
    referrers = scene.arcs["referrer"].unique()
    thin = scene.people.select(t=(pl.col("worth") <= floor) & ~pl.col("place").is_in(referrers.implode()))["t"]
    arcs = scene.arcs.with_columns(label=label.gather(scene.arcs["referred"]), thin=thin.gather(scene.arcs["referred"]))
    each = arcs.filter("thin").sort("arc").group_by("referrer", "label", maintain_order=True).agg("referred", "arc")
    farms = each.filter(pl.col("referred").list.len() >= FARM)
    return farms.select(pl.concat_list(pl.concat_list("referrer"), "referred").alias("members"), pl.col("arc").alias("arcs"),
                        pl.concat_list(pl.col("referred").list.len().cast(pl.String)).alias("detail"))


RULES: dict[str, Callable[[Scene], pl.DataFrame]] = {
    "alias-farm": _farm, "reciprocal-referral": _reciprocal, "referral-after-order": _after_order, "burst": _bursts,
    "alias": _alias, "double-claim": _double, "inside-group": _inside_group,
}  # fmt: skip
"""Code of a case -> its rule."""
