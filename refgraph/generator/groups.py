"""Groups of companies: customers bound to a parent company by a relation of the value chain, or to an association."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.generator import words
from refgraph.generator.attributes import Codes, pick
from refgraph.generator.dealing import Bools
from refgraph.generator.names import groups as called
from refgraph.generator.names import of
from refgraph.generator.origins import Longs
from refgraph.generator.plan import Plan
from refgraph.generator.streams import stream

SMALLEST, LARGEST = 2, 6


@dataclass(frozen=True, eq=False)
class Groups:
    """By affiliation: member (a customer), group (0, 1 ...) and relation (a place in `words.RELATIONS`)."""

    member: Longs
    group: Longs
    relation: Codes


def groups(plan: Plan, organic: Bools) -> Groups:
    """``groups`` of the organic existing customers in groups of 2 to 6, nobody in two; a lone one left over is in none."""
    rng = stream(plan.seed, "groups")
    those = np.flatnonzero(organic)
    wanted = round(plan.groups * those.size)
    sizes = rng.integers(SMALLEST, LARGEST + 1, wanted)
    ends = np.cumsum(sizes)
    group = np.repeat(np.arange(len(sizes)), sizes)[: ends[ends <= wanted].max(initial=0)]
    member = rng.permutation(those)[: len(group)]
    return Groups(member, group, pick(rng, words.RELATIONS, len(group)))


def affiliations(plan: Plan, found: Groups, names: pl.Series) -> pl.DataFrame:
    """affiliations.csv: customer, group, relation, in order of group."""
    known = called(plan.seed, int(found.group.max(initial=-1)) + 1)
    return pl.DataFrame({"customer": names.gather(found.member), "group": known.gather(found.group),
                         "relation": of(tuple(words.RELATIONS), found.relation)})  # fmt: skip
