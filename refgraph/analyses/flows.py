"""Which groups refer which, and where more than chance would give?"""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.analyses.columns import make_empty_frame, select_columns
from refgraph.analyses.flow_chance import CHANCE_COLUMNS, compare_with_chance
from refgraph.estimates.block_binomial import (
    EXACT_LIMIT,
)
from refgraph.graph.phrases import as_of_phrase, note_key_account_rule, value_basis_phrase
from refgraph.measures.conversion import (
    is_lost,
    list_outcome_notes,
    tally_conversion,
)
from refgraph.measures.groups import (
    ALL_OTHERS,
    MAX_GROUPS,
    GroupField,
    group_parties,
    is_field_recorded,
    merge_small_groups,
)
from refgraph.measures.members import Members
from refgraph.measures.referral_blocks import ReferralBlocks, build_blocks
from refgraph.measures.tallies import build_columns, compute_share_of_all, measure_value
from refgraph.model.graph import Graph, Longs
from refgraph.model.message import Label, Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.tally import Tallies, Tally
from refgraph.model.units import Unit
from refgraph.registry import DESCENDING, analysis

COLUMNS = (
    Column("referrer_group", Unit.LABEL),
    Column("referred_group", Unit.LABEL),
    Column("referrals", Unit.COUNT, key="flow_referrals"),
    Column("closed", Unit.COUNT, key="flow_closed"),
    Column("lost", Unit.COUNT, key="flow_lost", detail=True),
    Column("conversion", Unit.SHARE, "M1"),
    Column("conversion_low", Unit.SHARE, "M1", detail=True),
    Column("conversion_high", Unit.SHARE, "M1", detail=True),
    Column("value", Unit.VALUE, "M16", "credit", key="flow_value"),
    Column("share_of_value", Unit.SHARE, "M16", key="flow_share", detail=True),
    *CHANCE_COLUMNS,
)


@analysis(
    grain="flow",
    columns=COLUMNS,
    formulas=("M1", "M16", "M60"),
    order=(("referrals", DESCENDING), ("referrer_group", False), ("referred_group", False)),
)
def flows(graph: Graph, *, by: GroupField = "key") -> Answer:
    """Counted referrals from each group into each, and what chance would give.

    closed, lost: parties, each once per referring group, however many of the group referred it. A
    pair without referrals is listed if chance would give some. value: of the referred, by shares;
    adds up to the value of the referred. expected: mean number of referrals of the pair if each
    block (what one recommender referred into one group on one occasion, as in `chance`) is
    assigned at random to a customer present on its first day; low and high contain 95 % of such
    assignments. chance: probability of a number at least as far from it. against_chance:
    significantly more or less, Benjamini-Hochberg 5 % over all tests; ``same_test`` at the second
    of two pairs that complement each other.
    """
    if not is_field_recorded(graph, by):
        headline = message(
            "headline.flows-cannot-tell", field=Label(f"field-{by}"), standing=as_of_phrase(graph)
        )
        rule = (note_key_account_rule(graph),) if by == "key" else ()
        return Answer(make_empty_frame(COLUMNS), headline, rule)
    words = merge_small_groups(group_parties(graph, by))
    names = words.unique().sort()
    group = np.empty(0, np.int64)
    if names.len():
        numbers = range(names.len())
        group = words.replace_strict(names, numbers, return_dtype=pl.Int64).to_numpy()
    blocks = None if by == "recommender_tier" else build_blocks(graph, group, names.len())
    tallies = _count_pairs(graph, group, names.len())
    frame = pl.DataFrame(build_columns(tallies)).with_row_index("pair")
    frame = pl.concat([frame, compare_with_chance(blocks, frame.height)], how="horizontal")
    size = max(names.len(), 1)
    frame = frame.with_columns(
        pl.col(pl.Float64).fill_nan(None),
        referrer_group=names.gather(frame["pair"] // size),
        referred_group=names.gather(frame["pair"] % size),
    ).filter((pl.col("referrals") > 0) | (pl.col("expected") > 0))
    frame = frame.sort(
        "referrals", "referrer_group", "referred_group", descending=[True, False, False]
    )
    opened = Tallies(tallies, frame["pair"].to_numpy())
    frame = select_columns(frame, COLUMNS)
    notes = _build_notes(graph, frame, words, blocks)
    notes += [note_key_account_rule(graph)] if by == "key" else []
    return Answer(frame, _build_headline(graph, frame, by), tuple(notes), opened)


def _count_pairs(graph: Graph, group: Longs, groups: int) -> dict[str, Tally]:
    """Referrals, outcomes and value by shares of each pair of groups, origin by origin.

    group int64[n]: number of the group of each party.
    """
    referrals, active, pairs = graph.referral_lists, graph.adjacency, groups * groups
    pair = group[referrals.referrer] * groups + group[referrals.referred]
    made = Members("referrals", pair, pairs, referrals.arc)
    origin, party = np.divmod(_list_distinct_referred(graph, group, groups), max(len(graph), 1))
    led_to = Members("customers", origin * groups + group[party], pairs, party)
    closed = led_to.count(graph.customers[party])
    lost = led_to.count(is_lost(graph)[party]).keep_known(not graph.undated_lost)
    active_pair = group[graph.arc_source] * groups + group[active.out_dst]
    worth = Members("customers", active_pair, pairs, active.out_dst)
    value = worth.add_up(measure_value(graph), weight=active.out_share)
    return {
        "referrals": made.count(),
        "closed": closed,
        "lost": lost,
        **tally_conversion(graph, closed, lost),
        "value": value,
        "share_of_value": compute_share_of_all(value),
    }


def _list_distinct_referred(graph: Graph, group: Longs, groups: int) -> Longs:
    """Group of the referrer · n + referred party, each once: two referrers of a group, one deal."""
    referrals, n = graph.referral_lists, len(graph)
    is_pair = np.zeros(groups * n, np.bool_)
    is_pair[group[referrals.referrer] * n + referrals.referred] = True
    return np.flatnonzero(is_pair)


def _build_headline(graph: Graph, frame: pl.DataFrame, by: GroupField) -> Message:
    total = int(frame["referrals"].sum())
    if not total:
        return message("headline.recommenders-none", standing=as_of_phrase(graph))
    largest = frame.row(0, named=True)
    return message(
        "headline.flows",
        field=Label(f"field-{by}"),
        origin=Label(largest["referrer_group"]),
        target=Label(largest["referred_group"]),
        referrals=largest["referrals"],
        total=total,
        share=largest["referrals"] / total,
        value=graph.value.amount(largest["value"]),
        chance=_describe_chance(frame),
        basis=value_basis_phrase(graph),
        standing=as_of_phrase(graph),
    )


def _describe_chance(frame: pl.DataFrame) -> Message:
    """The pair that is most significantly above chance."""
    above = frame.filter(pl.col("against_chance") == "more")
    if above.height:
        strongest = above.sort("chance", "referrer_group", "referred_group").row(0, named=True)
        return message(
            "phrase.flows-more",
            origin=Label(strongest["referrer_group"]),
            target=Label(strongest["referred_group"]),
            ratio=strongest["ratio"],
            pairs=above.height,
        )
    if frame["expected"].is_null().all():
        return message("phrase.flows-cannot-compare")
    return message("phrase.flows-as-chance")


def _build_notes(
    graph: Graph, frame: pl.DataFrame, words: pl.Series, blocks: ReferralBlocks | None
) -> list[Message]:
    notes = _note_comparison(graph, frame, blocks) if blocks else [message("note.flows-tiers")]
    if (words == ALL_OTHERS).any():
        notes.append(message("note.flows-merged", groups=MAX_GROUPS - 1))
    return notes + list_outcome_notes(graph)


def _note_comparison(graph: Graph, frame: pl.DataFrame, blocks: ReferralBlocks) -> list[Message]:
    """How many pairs were compared with chance, and how."""
    notes = []
    is_test = pl.col("chance").is_not_null() & (pl.col("against_chance") != "same_test")
    compared = frame.filter(is_test).height
    if compared:
        marked = int(frame["against_chance"].is_in(["more", "less"]).sum())
        notes.append(message("note.flows-looks", looks=compared, marked=marked))
        if int(blocks.size.sum()) > EXACT_LIMIT:
            notes.append(message("note.flows-refined", exact=EXACT_LIMIT))
    if blocks.excluded:
        notes.append(message("note.flows-left-out", referrals=blocks.excluded))
    if graph.as_of is None and compared:
        notes.append(message("note.flows-undated"))
    return notes
