"""What each party referred: all referrals made, those cut to break a cycle included."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.model.arrays import Ints, Longs
from refgraph.model.representation import Described


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class ReferralLists(Described):
    """The counted arcs, cut ones included, by referrer.

    A referral that is cut to break a cycle is a referral made; value, credit and reach flow along
    `Graph.adjacency` only. ptr int64[n+1]; referrer, referred int32[k]; arc int64[k]: rows of
    ``Graph.arcs``. The referrals of party p are ptr[p] .. ptr[p+1]-1, sorted by referred.
    """

    ptr: Longs
    referrer: Ints
    referred: Ints
    arc: Longs


def sort_by_referrer(arcs: pl.DataFrame, n: int) -> ReferralLists:
    """The counted arcs of n parties by referrer; arcs: sorted by referred, referrer."""
    rows = np.flatnonzero(arcs["counted"].to_numpy())
    referrer, referred = arcs["referrer"].to_numpy(), arcs["referred"].to_numpy()
    rows = rows[np.argsort(referrer[rows], kind="stable")]
    ptr = np.zeros(n + 1, np.int64)
    np.cumsum(np.bincount(referrer[rows], minlength=n), out=ptr[1:])
    return ReferralLists(ptr=ptr, referrer=referrer[rows], referred=referred[rows], arc=rows)
