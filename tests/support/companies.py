"""Generated companies with a planted truth, cached per set of knobs: a Dataset and a Graph each."""

from __future__ import annotations

from functools import cache
from typing import Any

from refgraph import generator
from refgraph.generator import Company, Plan, make_plain_plan
from refgraph.graph import build_graph
from refgraph.model.dataset import Dataset
from refgraph.model.graph import Graph
from refgraph.model.scope import Scope
from refgraph.pipeline import generate

PLAIN = Scope()


@cache
def company(**knobs: Any) -> Company:
    """A company with everything planted by default, except for the given knobs."""
    return generator.build_company(Plan(**knobs))


@cache
def build_bare(**knobs: Any) -> Company:
    """A company with nothing planted except for the given knobs."""
    return generator.build_company(make_plain_plan(**knobs))


@cache
def dataset(company: Company) -> Dataset:
    """The company as intake reads it."""
    return generate.company_to_dataset(company)


@cache
def graph(company: Company, scope: Scope = PLAIN) -> Graph:
    """The company's graph, as of its last day."""
    return build_graph(dataset(company), scope)


def truth(company: Company) -> dict[str, Any]:
    """The content of truth.json."""
    return generator.describe_truth(company, generator.build_ids(company))
