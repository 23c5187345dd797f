"""One page about one party: who referred it, whom it referred, what it is worth, where it ranks, its tree, its findings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from refgraph.engines.base import Engine
from refgraph.flow import resolved, run
from refgraph.flow.figures import of_party
from refgraph.flow.origin import origin
from refgraph.graphs import pictured, profile
from refgraph.graphs.arrivals import by_unknown
from refgraph.graphs.lookup import position
from refgraph.graphs.periods import basis, standing
from refgraph.model.graph import Graph
from refgraph.model.message import Label, Message, Names, message
from refgraph.model.picture import Picture
from refgraph.model.result import Column, Report, Result, Section
from refgraph.model.scope import Scope
from refgraph.model.units import Unit

FACTS = (
    Column("customer", Unit.ID, key="party_id"), Column("name", Unit.TEXT), Column("role", Unit.LABEL),
    Column("stage", Unit.LABEL), Column("status", Unit.LABEL), Column("since", Unit.DATE), Column("left", Unit.DATE),
    Column("key", Unit.LABEL, key="is_key"), Column("source", Unit.TEXT), Column("sector", Unit.TEXT),
    Column("ownership", Unit.LABEL), Column("region", Unit.TEXT), Column("owner", Unit.TEXT), Column("file", Unit.TEXT),
    Column("line", Unit.COUNT),
)  # fmt: skip
RANKS = (
    Column("measure", Unit.LABEL), Column("number", Unit.COUNT), Column("amount", Unit.VALUE), Column("part", Unit.SHARE),
    Column("rank", Unit.COUNT, key="rank_of"), Column("of", Unit.COUNT), Column("among", Unit.LABEL),
)  # fmt: skip
_REFERRAL = (
    Column("date", Unit.DATE), Column("tie", Unit.TEXT), Column("kind", Unit.LABEL, key="referral_kind", detail=True),
    Column("use", Unit.LABEL), Column("share", Unit.SHARE, key="share_of_referral", detail=True),
    Column("reward", Unit.MONEY, detail=True), Column("file", Unit.TEXT, detail=True),
    Column("line", Unit.COUNT, detail=True),
)  # fmt: skip
ABOVE = (
    Column("up", Unit.DEPTH), Column("customer", Unit.ID, key="party_id"), Column("name", Unit.TEXT),
    Column("stage", Unit.LABEL), Column("value", Unit.VALUE, key="own_value"), Column("primary", Unit.LABEL), *_REFERRAL,
)  # fmt: skip
BELOW = (
    Column("customer", Unit.ID, key="party_id"), Column("name", Unit.TEXT), Column("stage", Unit.LABEL),
    Column("stands", Unit.LABEL, key="status"), Column("since", Unit.DATE), Column("value", Unit.VALUE, key="own_value"),
    Column("direct", Unit.COUNT), *_REFERRAL,
)  # fmt: skip
MEMBERS = (
    Column("generation", Unit.DEPTH), Column("customer", Unit.ID, key="party_id"), Column("name", Unit.TEXT),
    Column("referrer_name", Unit.TEXT, key="primary_name"), Column("stage", Unit.LABEL), Column("since", Unit.DATE),
    Column("value", Unit.VALUE, key="own_value"),
)  # fmt: skip
FINDINGS = (Column("code", Unit.LABEL), Column("others", Unit.TEXT), Column("file", Unit.TEXT), Column("line", Unit.COUNT),
            Column("detail", Unit.TEXT))  # fmt: skip
ROWS = 40
"""Rows of a list that a page shows; data formats hold all."""
DRAWN = 300
"""Parties of a tree that a picture shows by name; of a larger tree the part below the party is drawn."""
NAMED = 3
"""Referrers that a headline names."""


def customer(engine: Engine, who: str, scope: Scope = Scope(), draws: bool = True) -> Report:
    """The page about one party, named by its id or by a name that only it has.

    draws: with the picture of its tree, or of the part below it where the tree has more than `DRAWN` parties.
    Raises UsageError ``unknown-party`` with the nearest names, ``ambiguous-party`` with the ids.
    """
    graph = engine.graph(scope)
    party = position(graph, who)
    ranks = profile.ranks(graph, party)
    sections = tuple(_sections(engine, graph, party, scope, ranks))
    if draws:
        sections = tuple(replace(s, picture=_picture(graph, party)) if s.caption == "customer-tree" else s for s in sections)
    title = message("page.title", name=graph.names[party], day=graph.as_of)
    return Report(title, sections, graph.notes, of_party(graph, ranks))


def _picture(graph: Graph, party: int) -> Picture | None:
    whole = pictured.pictured(graph, int([party, *profile.line_up(graph, party)][-1]))
    if len(whole) <= DRAWN:
        return whole
    mine = pictured.pictured(graph, party)
    return mine if len(mine) > 1 else None


def _sections(engine: Engine, graph: Graph, party: int, scope: Scope, ranks: pl.DataFrame) -> Iterator[Section]:
    name = graph.names[party]

    def section(what: str, columns: tuple[Column, ...], frame: pl.DataFrame, said: Message, *notes: Message) -> Section:
        shown = tuple(resolved(c, graph) for c in columns)
        result = Result(what, {"id": graph.parties["id"][party]}, scope, frame.select(c.name for c in columns), shown,
                        "party", said, notes, origin(engine, graph))  # fmt: skip
        return Section(result, what, ROWS)

    yield section("customer-facts", FACTS, profile.facts(graph, party), _facts_said(graph, party, ranks))
    yield section("customer-ranks", RANKS, ranks, _ranks_said(graph, name, ranks), message("note.credit-is-allocation"))
    above, below = profile.above(graph, party), profile.below(graph, party)
    yield section("customer-above", ABOVE, above, _above_said(graph, party, above), *_apart(above))
    yield section("customer-below", BELOW, below, _below_said(graph, name, ranks), *_apart(below))
    members = profile.subtree(graph, party)
    if members.height > members.filter(pl.col("generation") == 1).height:
        said = message("headline.customer-members", name=name, members=members.height, standing=standing(graph),
                       generations=int(members["generation"].to_numpy().max()))  # fmt: skip
        yield section("customer-members", MEMBERS, members, said)
    yield from _tree(engine, graph, party, scope)
    findings = profile.found(graph, party)
    said = message("headline.customer-findings", findings=findings.height, name=name, standing=standing(graph))
    yield section("customer-findings", FINDINGS, findings, said)


def _facts_said(graph: Graph, party: int, ranks: pl.DataFrame) -> Message:
    row, own = graph.parties.row(party, named=True), ranks.row(0, named=True)
    since = message("phrase.since", day=row["since"]) if row["since"] else message("phrase.no-since")
    ranked = message("phrase.ranked", rank=own["rank"], of=own["of"]) if own["rank"] else message("phrase.not-ranked")
    return message("headline.customer-facts", name=graph.names[party], id=row["id"], stage=Label(row["stage"]), since=since,
                   value=graph.value.amount(own["amount"]), ranked=ranked, basis=basis(graph), standing=standing(graph))


def _ranks_said(graph: Graph, name: str, ranks: pl.DataFrame) -> Message:
    by = {row["measure"]: row for row in ranks.iter_rows(named=True)}
    if by["direct"]["rank"] is None:
        return message("headline.customer-no-recommender", name=name, n=by["direct"]["of"], standing=standing(graph))
    return message("headline.customer-ranks", name=name, rank=by["direct_value"]["rank"], of=by["direct_value"]["of"],
                   value=graph.value.amount(by["direct_value"]["amount"]), closed=by["closed"]["number"],
                   basis=basis(graph), standing=standing(graph))


def _above_said(graph: Graph, party: int, above: pl.DataFrame) -> Message:
    name, line = graph.names[party], profile.line_up(graph, party)
    own = above.filter((pl.col("up") == 1) & (pl.col("use") == ("flows" if len(line) else "cut")))["name"].to_list()
    referrers = Names(tuple(own[:NAMED]), max(len(own) - NAMED, 0))
    if len(line):
        return message("headline.customer-above", name=name, referrers=referrers, length=len(line),
                       root=graph.names[int(line[-1])], standing=standing(graph))
    if own:
        return message("headline.customer-cut", name=name, referrers=referrers, standing=standing(graph))
    unknown = bool(by_unknown(graph, ("customer", *graph.scope.count))[party])
    return message("headline.customer-unknown" if unknown else "headline.customer-root", name=name, standing=standing(graph))


def _below_said(graph: Graph, name: str, ranks: pl.DataFrame) -> Message:
    by = {row["measure"]: row for row in ranks.iter_rows(named=True)}
    return message("headline.customer-below", name=name, direct=by["direct"]["number"], closed=by["closed"]["number"],
                   value=graph.value.amount(by["direct_value"]["amount"]), basis=basis(graph), standing=standing(graph))


def _apart(referrals: pl.DataFrame) -> tuple[Message, ...]:
    apart = referrals.filter(pl.col("use") == "apart").height
    return (message("note.referrals-apart", referrals=apart),) if apart else ()


def _tree(engine: Engine, graph: Graph, party: int, scope: Scope) -> Iterator[Section]:
    """The row of ``trees`` for the tree that the party belongs to; nothing for a single."""
    line = profile.line_up(graph, party)
    root = graph.parties["id"][int(line[-1]) if len(line) else party]
    trees = run(engine, "trees", {}, scope)
    mine = trees.frame.with_row_index("place").filter(pl.col("root") == root)
    if not mine.height:
        return
    row = mine.row(0, named=True)
    said = message("headline.customer-tree" if len(line) else "headline.customer-tree-own", name=graph.names[party],
                   root=row["name"], parties=row["parties"], generations=row["generations"], place=row["place"] + 1,
                   value=graph.value.amount(row["value"]), trees=trees.frame.height, basis=basis(graph),
                   standing=standing(graph))  # fmt: skip
    yield Section(replace(trees, frame=mine.drop("place"), headline=said, notes=()), "customer-tree")
