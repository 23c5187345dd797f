"""Parties that referrals connect: what happens to one of them may depend on the others."""

from __future__ import annotations

from refgraph.graph.memo import cached_on_first_argument
from refgraph.kernels.weak_components import label_weak_components
from refgraph.model.graph import Graph, Ints


@cached_on_first_argument
def label_components(graph: Graph) -> Ints:
    """int32[n]: the first member of the weak component of each party, along counted arcs."""
    referrals = graph.referral_lists
    return label_weak_components(len(graph), referrals.referrer, referrals.referred)
