"""Which parties refer each other more than others? Communities by the Louvain method, on the referrals as undirected links."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.errors import UsageError
from refgraph.graphs.periods import basis, standing
from refgraph.model.graph import Graph, Ints, Longs
from refgraph.model.message import Message, Names, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import DESC, analysis

COLUMNS = (
    Column("largest", Unit.ID, key="community_largest", detail=True),
    Column("name", Unit.TEXT, key="community_name"),
    Column("parties", Unit.COUNT, key="community_parties"),
    Column("customers", Unit.COUNT, key="community_customers"),
    Column("value", Unit.VALUE, key="community_value"),
    Column("inside", Unit.COUNT, "M56"),
    Column("across", Unit.COUNT, "M56"),
    Column("modularity_part", Unit.RATIO, "M56", detail=True),
)
MOST, SEED, NAMED = 50_000, 56, 3
FEW = 0.1
"""Up to this share of the referred with two referrers or more, the network counts as a forest, and a note says so."""


@dataclass(frozen=True, eq=False)
class Links:
    """Undirected links, each pair once: one, other int32[m], positions, one < other; member: who has a link, by id."""

    one: Ints
    other: Ints
    member: Longs


@analysis(grain="community", columns=COLUMNS, formulas=("M56",),
          order=(("parties", DESC), ("value", DESC), ("largest", False)))  # fmt: skip
def communities(graph: Graph, *, resolution: float = 1.0) -> Answer:
    """Communities of the parties that take part in a counted referral (cut ones kept), by size, named by their most valuable.

    Louvain with a fixed seed and order, up to 50,000 links. inside, across = links within, and to others. resolution: above 1
    for more and smaller communities. Raises UsageError for a resolution of 0 or less.
    """
    if resolution <= 0.0:
        raise UsageError("not-above-zero", option="resolution", value=resolution)
    links = _links(graph)
    if len(links.one) > MOST:
        many = message("headline.communities-too-many", links=len(links.one), most=MOST, standing=standing(graph))
        return Answer(_empty(), many)
    if not len(links.one):
        return Answer(_empty(), message("headline.communities-none", standing=standing(graph)))
    frame = _rows(graph, links, _louvain(links, resolution), resolution)
    return Answer(frame.select(c.name for c in COLUMNS), _headline(graph, links, frame), tuple(_notes(graph, links)))


def _empty() -> pl.DataFrame:
    kinds = {Unit.ID: pl.String, Unit.TEXT: pl.String, Unit.COUNT: pl.Int64}
    return pl.DataFrame(schema={c.name: kinds.get(c.unit, pl.Float64) for c in COLUMNS})


def _links(graph: Graph) -> Links:
    arcs = graph.arcs.filter("counted").select(
        one=pl.min_horizontal("referrer", "referred"), other=pl.max_horizontal("referrer", "referred"))
    arcs = arcs.unique().sort("one", "other")
    one, other = arcs["one"].to_numpy(), arcs["other"].to_numpy()
    return Links(one, other, np.unique(np.concatenate([one, other])).astype(np.int64))


def _louvain(links: Links, resolution: float) -> Longs:
    """The community of each member, numbered from 0 by its first member."""
    from networkx import Graph as Undirected
    from networkx.algorithms.community import louvain_communities

    found = Undirected()
    found.add_nodes_from(links.member.tolist())
    found.add_edges_from(zip(links.one.tolist(), links.other.tolist(), strict=True))
    parts = sorted(sorted(part) for part in louvain_communities(found, resolution=resolution, seed=SEED))
    label = np.empty(len(links.member), np.int64)
    for number, part in enumerate(parts):
        label[np.searchsorted(links.member, part)] = number
    return label


def _rows(graph: Graph, links: Links, label: Longs, resolution: float) -> pl.DataFrame:
    """One row a community, in order."""
    count = int(label.max()) + 1
    one, other = (label[np.searchsorted(links.member, end)] for end in (links.one, links.other))
    inside = np.bincount(one[one == other], minlength=count)
    ends = np.bincount(np.concatenate([one, other]), minlength=count)
    total = len(links.one)
    people = graph.parties.select("id", name=graph.names, value=pl.Series(graph.value.whole),
                                  customer=pl.Series(graph.customers))[links.member]
    people = people.with_columns(label=pl.Series(label)).sort("label", -pl.col("value"), "id")
    each = people.group_by("label", maintain_order=True).agg(
        largest=pl.col("id").first(), names=pl.col("name").head(NAMED), parties=pl.len().cast(pl.Int64),
        customers=pl.col("customer").sum().cast(pl.Int64), value=pl.col("value").sum() / graph.value.scale)
    return each.with_columns(
        name=pl.col("names").list.join("; "), inside=pl.Series(inside), across=pl.Series(ends - 2 * inside),
        modularity_part=pl.Series(inside / total - resolution * (ends / (2.0 * total)) ** 2),
    ).sort("parties", "value", "largest", descending=[True, True, False])


def _headline(graph: Graph, links: Links, frame: pl.DataFrame) -> Message:
    best = frame.row(0, named=True)
    return message(
        "headline.communities", communities=frame.height, parties=len(links.member), links=len(links.one),
        modularity=float(frame.sort("largest")["modularity_part"].sum()),
        names=Names(tuple(best["names"]), best["parties"] - len(best["names"])), size=best["parties"],
        value=graph.value.amount(best["value"]), basis=basis(graph), standing=standing(graph),
    )  # fmt: skip


def _notes(graph: Graph, links: Links) -> list[Message]:
    referrers = np.diff(graph.flow.in_ptr)
    referred, forks = int((referrers > 0).sum()), int((referrers > 1).sum())
    notes = []
    if forks <= FEW * referred:
        notes.append(message("note.communities-on-forest", referred=referred, forks=forks))
    alone = len(graph) - len(links.member)
    if alone:
        notes.append(message("note.communities-alone", parties=alone))
    return notes
