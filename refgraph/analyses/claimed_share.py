"""``effect --claimed``: the referral share that a count found elsewhere amounts to."""

from __future__ import annotations

import polars as pl

from refgraph.analyses.claim_parsing import Claim, parse_claim
from refgraph.errors import UsageError
from refgraph.model.message import Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import Variant

COLUMNS = (
    Column("customers", Unit.COUNT),
    Column("referred_from", Unit.COUNT, "M1"),
    Column("referred_to", Unit.COUNT, "M1"),
    Column("share_from", Unit.SHARE, "M1"),
    Column("share_to", Unit.SHARE, "M1"),
    Column("share_low", Unit.SHARE, "M1"),
    Column("share_high", Unit.SHARE, "M1"),
)


def compute_claimed_share(text: str) -> Answer:
    """One row: the lowest and highest share claimed, and the ends of their Wilson intervals.

    share_low is the lower end for the lowest count, share_high the upper end for the highest.
    Raises UsageError ``bad-claim`` unless the text is a count of a total, see `parse_claim`.
    """
    try:
        claim = parse_claim(text)
    except ValueError as error:
        raise UsageError("bad-claim", text=text) from error
    row = (claim.n, claim.low, claim.high, *claim.share_range(), *claim.confidence_interval())
    frame = pl.DataFrame([row], schema=[c.name for c in COLUMNS], orient="row")
    return Answer(frame, _build_headline(claim), (message("note.claimed"),))


def _build_headline(claim: Claim) -> Message:
    share_from, share_to = claim.share_range()
    low, high = claim.confidence_interval()
    if claim.low == claim.high:
        return message(
            "headline.claimed-one",
            referred=claim.low,
            n=claim.n,
            share=share_from,
            low=low,
            high=high,
        )
    return message(
        "headline.claimed",
        least=claim.low,
        most=claim.high,
        n=claim.n,
        share_from=share_from,
        share_to=share_to,
        low=low,
        high=high,
    )


CLAIMED = Variant(
    option="claimed",
    metavar="COUNT/TOTAL",
    grain="claim",
    columns=COLUMNS,
    function=compute_claimed_share,
    needs_data=False,
)
"""Registered with the analysis `effect`."""
