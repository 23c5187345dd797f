"""Groups of companies: customers tied to a parent company or an association by some relation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.generator import words
from refgraph.generator.attributes import Codes, draw_weighted
from refgraph.generator.names import build_group_names, gather_words
from refgraph.generator.origins import Longs
from refgraph.generator.plan import Plan
from refgraph.generator.referrer_sampling import Bools
from refgraph.generator.streams import make_stream

MIN_GROUP_SIZE, MAX_GROUP_SIZE = 2, 6


@dataclass(frozen=True, eq=False)
class Groups:
    """By affiliation: member (a customer), group (0, 1 ...), relation (index of the word)."""

    member: Longs
    group: Longs
    relation: Codes

    def count(self) -> int:
        """The number of groups."""
        return int(self.group.max(initial=-1)) + 1


def draw_groups(plan: Plan, organic: Bools) -> Groups:
    """A share ``groups`` of the organic existing customers in groups of 2 to 6, each in one group.

    Groups are drawn until the share is reached; a group that would exceed it is left out.
    """
    rng = make_stream(plan.seed, "groups")
    customers = np.flatnonzero(organic)
    wanted = round(plan.groups * customers.size)
    sizes = rng.integers(MIN_GROUP_SIZE, MAX_GROUP_SIZE + 1, wanted)
    ends = np.cumsum(sizes)
    members = int(ends[ends <= wanted].max(initial=0))
    group = np.repeat(np.arange(len(sizes)), sizes)[:members]
    member = rng.permutation(customers)[:members]
    return Groups(member, group, draw_weighted(rng, words.RELATIONS, members))


def build_affiliations(plan: Plan, groups: Groups, ids: pl.Series) -> pl.DataFrame:
    """affiliations.csv: customer, group, relation, in order of group."""
    group_names = build_group_names(plan.seed, groups.count())
    return pl.DataFrame(
        {
            "customer": ids.gather(groups.member),
            "group": group_names.gather(groups.group),
            "relation": gather_words(words.RELATIONS, groups.relation),
        }
    )
