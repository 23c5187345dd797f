"""Companies with a planted truth for tests: built once for each set of knobs, as a Dataset and as a Graph."""

from __future__ import annotations

from functools import cache
from typing import Any

from refgraph import generator
from refgraph.flow import generating
from refgraph.generator import Company, Plan, plain
from refgraph.graphs import build
from refgraph.model.dataset import Dataset
from refgraph.model.graph import Graph
from refgraph.model.scope import Scope


@cache
def company(**knobs: Any) -> Company:
    """Everything planted as by default, but for the knobs named."""
    return generator.build(Plan(**knobs))


@cache
def bare(**knobs: Any) -> Company:
    """Nothing planted but the knobs named."""
    return generator.build(plain(**knobs))


@cache
def dataset(made: Company) -> Dataset:
    """The company as intake reads it."""
    return generating.dataset(made)


@cache
def graph(made: Company, scope: Scope = Scope()) -> Graph:
    """Its graph, as of the last day."""
    return build(dataset(made), scope)


def truth(made: Company) -> dict[str, Any]:
    """What truth.json says."""
    return generator.truth(made, generator.ids(made))
