"""How far do prospects get, and do referred ones close more often?"""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.analyses.columns import build_frame
from refgraph.graph.phrases import as_of_phrase
from refgraph.measures.conversion import (
    are_stages_known,
    is_known,
    is_lost,
    is_recorded,
    list_outcome_notes,
    list_stage_notes,
    tally_conversion,
)
from refgraph.measures.conversion_comparison import (
    Comparison,
    build_difference_frame,
    compare_conversion,
    count_clusters,
    note_design_effect,
)
from refgraph.measures.members import select_members
from refgraph.measures.referral_status import is_referred
from refgraph.measures.referrer_mix import (
    came_through_key,
    came_through_old,
    is_old_known,
    note_referrer_mix,
)
from refgraph.measures.tallies import list_inputs, read_figures, stack_rows
from refgraph.model.graph import Bools, Graph
from refgraph.model.message import Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.tally import Tally
from refgraph.model.units import Unit
from refgraph.registry import analysis

OPEN_STAGES = ("prospect", "contacted", "negotiating")
STAGES = (*OPEN_STAGES, "closed", "lost")
NOT_COMPARED = ("everyone", "not-referred")
OPEN_OR_LOST_STATUSES = ["contacted", "negotiating", "lost"]
COLUMNS = (
    Column("group", Unit.LABEL, key="funnel_group"),
    Column("parties", Unit.COUNT, key="funnel_parties"),
    *(Column(stage, Unit.COUNT, key=f"funnel_{stage}") for stage in STAGES),
    Column("conversion", Unit.SHARE),
    Column("conversion_low", Unit.SHARE),
    Column("conversion_high", Unit.SHARE),
    Column("difference", Unit.POINTS, "M28", key="funnel_difference", inputs=True),
    Column("difference_low", Unit.POINTS, "M28", key="funnel_difference_low", inputs=True),
    Column("difference_high", Unit.POINTS, "M28", key="funnel_difference_high", inputs=True),
)


@analysis(grain="segment", columns=COLUMNS, order=(), formulas=("M28",))
def funnel(graph: Graph) -> Answer:
    """Parties of role customer, without void ones, by their stage on the as-of date.

    Groups: everyone = referred + not referred; of the referred, those that came through a key
    account and those through an old customer, which may overlap. closed: customers, existing and
    former. conversion: closed / (closed + lost), with Wilson's interval. difference: from those not
    referred, by M28: only where both sides have losses and are recorded before they close
    (``entered_at``, or ``[funnel] complete``), and with an interval for prospects of one referrer,
    who resemble each other. On an earlier day than the last in the data, what has no date is blank:
    stages, and with losses that have none also lost and conversion.
    """
    stage, groups = _classify_stages(graph), _select_groups(graph)
    comparisons = _compare_with_not_referred(graph, groups)
    differences = build_difference_frame(comparisons).fill_null(np.nan).to_dicts()
    is_decided = graph.customers | is_lost(graph)
    rows: list[dict[str, object]] = []
    for (name, mask), difference in zip(groups.items(), differences, strict=True):
        both = select_members("customers", is_decided & (mask | groups["not-referred"]))
        counts = _count_stages(graph, stage, mask)
        rows.append({"group": name, **counts, **list_inputs(both, difference)})
    frame = build_frame(read_figures(rows), COLUMNS)
    referred = comparisons[list(groups).index("was-referred")]
    headline, notes = _build_headline(graph, frame, referred), _build_notes(graph, referred)
    return Answer(frame, headline, tuple(notes), stack_rows(rows))


def _count_stages(graph: Graph, stage: pl.Series, mask: Bools) -> dict[str, Tally]:
    """The columns of a group of parties but the differences."""
    members = select_members("customers", mask & stage.is_not_null().to_numpy())
    unknown = _list_unknown(graph)
    counts = {
        name: members.count((stage == name).fill_null(False).to_numpy()).keep_known(
            name not in unknown
        )
        for name in STAGES
    }
    conversion = tally_conversion(graph, counts["closed"], counts["lost"])
    return {"parties": members.count(), **counts, **conversion}


def _list_unknown(graph: Graph) -> list[str]:
    """The stages whose numbers are unknown on the as-of date."""
    unknown = [] if are_stages_known(graph) else list(OPEN_STAGES)
    return [*unknown, "lost"] if graph.undated_lost else unknown


def _classify_stages(graph: Graph) -> pl.Series:
    """By party: one of `STAGES`; null for those that are neither customers nor prospects."""
    is_closed = pl.col("stage").is_in(["existing", "former"])
    is_prospect = pl.col("stage") == "prospect"
    has_status = pl.col("status").is_in(OPEN_OR_LOST_STATUSES)
    prospect_stage = pl.when(has_status).then("status").otherwise(pl.lit("prospect"))
    stage = pl.when(is_closed).then(pl.lit("closed")).when(is_prospect).then(prospect_stage)
    return graph.parties.select(stage.alias("stage")).to_series()


def _select_groups(graph: Graph) -> dict[str, Bools]:
    """Rows of the answer, and which parties belong to them."""
    kinds = ("customer", *graph.scope.count)
    referred = is_referred(graph, kinds)
    groups = {
        "everyone": np.ones(len(graph), np.bool_),
        "not-referred": ~referred,
        "was-referred": referred,
    }
    if graph.is_key_account_known:
        groups["through-key"] = referred & came_through_key(graph, kinds)
    if is_old_known(graph):
        groups["through-old"] = referred & came_through_old(graph, kinds)
    return groups


def _compare_with_not_referred(graph: Graph, groups: dict[str, Bools]) -> list[Comparison | None]:
    """Conversion of each group against that of those not referred; None where none is known."""
    if not is_known(graph):
        return [None] * len(groups)
    is_party = graph.parties["stage"].is_in(["existing", "former", "prospect"]).to_numpy()
    clusters = {name: count_clusters(graph, mask & is_party) for name, mask in groups.items()}
    reference = clusters["not-referred"]
    return [
        None if name in NOT_COMPARED else compare_conversion(graph, clusters[name], reference)
        for name in groups
    ]


def _build_headline(graph: Graph, frame: pl.DataFrame, comparison: Comparison | None) -> Message:
    everyone, not_referred, referred = frame.head(3).iter_rows(named=True)
    parties, standing = everyone["parties"], as_of_phrase(graph)
    if not is_recorded(graph):
        return message("headline.funnel-cannot-tell", parties=parties, standing=standing)
    if not is_known(graph):
        return message(
            "headline.funnel-undated",
            parties=parties,
            closed=everyone["closed"],
            lost=graph.undated_lost,
            standing=standing,
        )
    decided = referred["closed"] + referred["lost"]
    decided_2 = not_referred["closed"] + not_referred["lost"]
    if comparison is None or not (parties and decided and decided_2):
        closed, lost = everyone["closed"], everyone["lost"]
        return message(
            "headline.funnel-none", parties=parties, closed=closed, lost=lost, standing=standing
        )
    return message(
        "headline.funnel",
        closed=referred["closed"],
        decided=decided,
        share=referred["conversion"],
        low=referred["conversion_low"],
        high=referred["conversion_high"],
        closed_2=not_referred["closed"],
        decided_2=decided_2,
        share_2=not_referred["conversion"],
        low_2=not_referred["conversion_low"],
        high_2=not_referred["conversion_high"],
        apart=_describe_difference(comparison),
        standing=standing,
    )


def _describe_difference(comparison: Comparison) -> Message:
    """The difference in conversion, or why there is none."""
    if comparison.difference is None:
        return message(f"phrase.not-compared-{comparison.reason}")
    difference, low, high = comparison.difference
    is_clear = low > 0 or high < 0
    return message(
        "phrase.funnel-clear" if is_clear else "phrase.funnel-unclear",
        difference=difference,
        difference_low=low,
        difference_high=high,
    )


def _build_notes(graph: Graph, comparison: Comparison | None) -> list[Message]:
    notes = list_outcome_notes(graph) + list_stage_notes(graph)
    if not is_recorded(graph):
        return notes
    if is_known(graph):
        notes.append(message("note.funnel-now"))
    if comparison is not None and comparison.difference is not None:
        notes += note_design_effect(comparison.first)
    return [*notes, *note_referrer_mix(graph)]
