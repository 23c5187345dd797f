"""Which parties refer each other more than others? Communities by the Louvain method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import polars as pl

from refgraph.analyses.columns import make_empty_frame, select_columns
from refgraph.graph.phrases import as_of_phrase, value_basis_phrase
from refgraph.measures.members import Members
from refgraph.measures.tallies import build_columns, measure_value
from refgraph.model.graph import Graph, Ints, Longs
from refgraph.model.message import Message, Names, message
from refgraph.model.parameter_values import Limits
from refgraph.model.result import Answer, Column
from refgraph.model.tally import Tallies, Tally
from refgraph.model.units import Unit
from refgraph.registry import DESCENDING, analysis

COLUMNS = (
    Column("largest", Unit.ID, key="community_largest", detail=True),
    Column("name", Unit.TEXT, key="community_name"),
    Column("parties", Unit.COUNT, key="community_parties"),
    Column("customers", Unit.COUNT, key="community_customers"),
    Column("value", Unit.VALUE, key="community_value"),
    Column("inside", Unit.COUNT, "M56"),
    Column("across", Unit.COUNT, "M56"),
    Column("modularity_part", Unit.RATIO, "M56", detail=True, closed="position"),
)
MAX_LINKS = 50_000
MAX_NAMES = 3
MAX_FORK_SHARE = 0.1
"""Up to this share of the referred with several referrers, a note calls the graph a forest."""
SEED = 56


@dataclass(frozen=True, eq=False)
class Links:
    """Undirected links between parties, each pair once.

    one, other int32[m]: indices of the parties, one < other. arc int64[m]: the first referral of
    the pair. member int64[k]: all that have a link.
    """

    one: Ints
    other: Ints
    arc: Longs
    member: Longs


@analysis(
    grain="community",
    columns=COLUMNS,
    formulas=("M56",),
    order=(("parties", DESCENDING), ("value", DESCENDING), ("largest", False)),
)
def communities(
    graph: Graph, *, resolution: Annotated[float, Limits(0, is_above=True)] = 1.0
) -> Answer:
    """Communities of the parties with a counted referral, named by their most valuable members.

    Referrals are taken as undirected links, including those removed to break a cycle. Louvain
    method with a fixed seed and order, up to 50,000 links. inside, across: links within the
    community, and to others. resolution: above 1 for more and smaller communities.
    """
    links = _build_links(graph)
    number, standing = len(links.one), as_of_phrase(graph)
    if number > MAX_LINKS:
        headline = message(
            "headline.communities-too-many", links=number, most=MAX_LINKS, standing=standing
        )
        return Answer(make_empty_frame(COLUMNS), headline)
    if not number:
        headline = message("headline.communities-none", standing=standing)
        return Answer(make_empty_frame(COLUMNS), headline)
    label = _find_communities(links, resolution)
    tallies = _compute_tallies(graph, links, label)
    frame = _build_rows(graph, links, label, tallies, resolution)
    return Answer(
        select_columns(frame, COLUMNS),
        _build_headline(graph, links, frame),
        tuple(_build_notes(graph, links)),
        Tallies(tallies, frame["label"].to_numpy()),
    )


def _build_links(graph: Graph) -> Links:
    pairs = (
        graph.arcs.with_row_index("arc")
        .filter("counted")
        .select(
            "arc",
            one=pl.min_horizontal("referrer", "referred"),
            other=pl.max_horizontal("referrer", "referred"),
        )
    )
    pairs = pairs.unique(["one", "other"], keep="first", maintain_order=True)
    pairs = pairs.sort("one", "other")
    one, other = pairs["one"].to_numpy(), pairs["other"].to_numpy()
    arc, both = pairs["arc"].to_numpy().astype(np.int64), np.concatenate([one, other])
    return Links(one, other, arc, np.unique(both).astype(np.int64))


def _find_communities(links: Links, resolution: float) -> Longs:
    """The community of each member, numbered from 0 in the order of their first members."""
    from networkx import Graph as UndirectedGraph
    from networkx.algorithms.community import louvain_communities

    network = UndirectedGraph()
    network.add_nodes_from(links.member.tolist())
    network.add_edges_from(zip(links.one.tolist(), links.other.tolist(), strict=True))
    parts = louvain_communities(network, resolution=resolution, seed=SEED)
    label = np.empty(len(links.member), np.int64)
    for number, part in enumerate(sorted(sorted(part) for part in parts)):
        label[np.searchsorted(links.member, part)] = number
    return label


def _compute_tallies(graph: Graph, links: Links, label: Longs) -> dict[str, Tally]:
    """The figures of each community; label: as from `_find_communities`."""
    size = int(label.max()) + 1
    members = Members("customers", label, size, links.member)
    one, other = (label[np.searchsorted(links.member, end)] for end in (links.one, links.other))
    is_inside = one == other
    inside = Members("referrals", np.where(is_inside, one, -1), size, links.arc)
    ends, arcs = np.concatenate([one, other]), np.concatenate([links.arc, links.arc])
    across = Members("referrals", np.where(np.tile(is_inside, 2), -1, ends), size, arcs)
    return {
        "parties": members.count(),
        "customers": members.count(graph.customers[links.member]),
        "value": members.add_up(measure_value(graph)),
        "inside": inside.count(),
        "across": across.count(),
    }


def _build_rows(
    graph: Graph, links: Links, label: Longs, tallies: dict[str, Tally], resolution: float
) -> pl.DataFrame:
    """One row per community, in order."""
    communities = _name_communities(graph, links, label)
    inside, across = tallies["inside"].numbers, tallies["across"].numbers
    links_total = len(links.one)
    expected = ((2 * inside + across) / (2.0 * links_total)) ** 2
    communities = communities.with_columns(
        **build_columns(tallies),
        modularity_part=pl.Series(inside / links_total - resolution * expected),
    )
    return communities.sort("parties", "value", "largest", descending=[True, True, False])


def _name_communities(graph: Graph, links: Links, label: Longs) -> pl.DataFrame:
    """The most valuable members of each community, in the order of their numbers."""
    members = graph.parties.select("id", name=graph.names, scaled=pl.Series(graph.value.scaled))[
        links.member
    ]
    members = members.with_columns(label=pl.Series(label)).sort("label", -pl.col("scaled"), "id")
    communities = members.group_by("label", maintain_order=True).agg(
        largest=pl.col("id").first(), names=pl.col("name").head(MAX_NAMES)
    )
    return communities.with_columns(name=pl.col("names").list.join("; "))


def _build_headline(graph: Graph, links: Links, frame: pl.DataFrame) -> Message:
    largest = frame.row(0, named=True)
    return message(
        "headline.communities",
        communities=frame.height,
        parties=len(links.member),
        links=len(links.one),
        modularity=float(frame.sort("largest")["modularity_part"].sum()),
        names=Names(tuple(largest["names"]), largest["parties"] - len(largest["names"])),
        size=largest["parties"],
        value=graph.value.amount(largest["value"]),
        basis=value_basis_phrase(graph),
        standing=as_of_phrase(graph),
    )


def _build_notes(graph: Graph, links: Links) -> list[Message]:
    notes = []
    referred = int((graph.in_degree > 0).sum())
    forks = int((graph.in_degree > 1).sum())
    if forks <= MAX_FORK_SHARE * referred:
        notes.append(message("note.communities-on-forest", referred=referred, forks=forks))
    unlinked = len(graph) - len(links.member)
    if unlinked:
        notes.append(message("note.communities-alone", parties=unlinked))
    return notes
