"""What keeps a party out of the figures that ask for it: not referred, no key account ..."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from refgraph.graph.key_accounts import measure_accounts
from refgraph.measures.referral_status import DEFINITIONS, is_referred
from refgraph.model.graph import Bools, Graph


class Lack(NamedTuple):
    """A quality that a party lacks: who has it, bool by party, and the words for lacking it."""

    has_it: Bools
    words: str


def list_lacks(graph: Graph, party: int) -> list[Lack]:
    """What figures may ask for and the party has not, the most telling first.

    words: a label and its figures, as in cells of unit ``reason``.
    """
    return [lack for lack in _list_qualities(graph, party) if not lack.has_it[party]]


def _list_qualities(graph: Graph, party: int) -> Iterator[Lack]:
    facts = graph.parties.row(party, named=True)
    source, stage = facts["source"], facts["stage"]
    for kinds in DEFINITIONS.values():
        referred = is_referred(graph, kinds)
        yield Lack(referred, f"out-not-referred {source}" if source else "out-no-source")
    if graph.is_key_account_known:
        is_key = graph.parties["key"].fill_null(False).to_numpy()
        yield Lack(is_key, f"out-not-key {_compare_measure(graph, party)}".strip())
    yield Lack(graph.existing, f"out-{stage}")
    yield Lack(graph.customers, f"out-{stage}")
    yield Lack(np.asarray(graph.out_degree > 0), "out-no-referrals")
    yield Lack(np.asarray(graph.in_degree > 0), "out-no-referrer")


def _compare_measure(graph: Graph, party: int) -> str:
    """What a party reaches of what makes a key account: ``84 t ≤ 100 t``; empty if it is a list."""
    rule = graph.settings.key_account
    if rule is None or rule.listed:
        return ""
    measure = measure_accounts(graph.has, graph.parties, graph.orders, graph.as_of, rule)
    number = None if measure is None else measure[party]
    unit = graph.units.get(rule.measure, graph.units.get("money", ""))
    return "" if number is None else f"{number:,.4g} {unit} ≤ {rule.over:,g} {unit}"
