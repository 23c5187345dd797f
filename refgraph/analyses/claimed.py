"""The share that a count read somewhere stands for: "nearly thirty of 96" is a range, and so is its share."""

from __future__ import annotations

import polars as pl

from refgraph.errors import UsageError
from refgraph.estimates.claimed import claimed as parse
from refgraph.estimates.proportion import wilson
from refgraph.model.message import message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit

COLUMNS = (
    Column("customers", Unit.COUNT),
    Column("referred_from", Unit.COUNT, "M1"),
    Column("referred_to", Unit.COUNT, "M1"),
    Column("share_from", Unit.SHARE, "M1"),
    Column("share_to", Unit.SHARE, "M1"),
    Column("share_low", Unit.SHARE, "M1"),
    Column("share_high", Unit.SHARE, "M1"),
)


def claimed_share(text: str) -> Answer:
    """Shares of the least and the greatest count, and the Wilson range from the one's low to the other's high.

    Raises UsageError ``bad-claim`` when the text is no count of a total.
    """
    try:
        claim = parse(text)
    except ValueError as error:
        raise UsageError("bad-claim", text=text) from error
    low, high = wilson(claim.low, claim.n)[0], wilson(claim.high, claim.n)[1]
    row = (claim.n, claim.low, claim.high, claim.low / claim.n, claim.high / claim.n, low, high)
    frame = pl.DataFrame([row], schema=[c.name for c in COLUMNS], orient="row")
    one = message("headline.claimed-one", referred=claim.low, n=claim.n, share=claim.low / claim.n, low=low, high=high)
    span = message("headline.claimed", least=claim.low, most=claim.high, n=claim.n, share_from=claim.low / claim.n,
                   share_to=claim.high / claim.n, low=low, high=high)
    return Answer(frame, one if claim.low == claim.high else span, (message("note.claimed"),))
