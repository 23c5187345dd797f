"""Checks of a generated company against its truth, by code that knows nothing of the generator."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from refgraph.generator import Company
from refgraph.measures.referral_status import DEFINITIONS, has_unknown_source, is_referred
from refgraph.model.dataset import Dataset
from refgraph.model.graph import Graph
from support import companies

SIGMAS = 5.0
"""Standard errors by which an estimate may differ from what was planted."""
STAGES = {"existing": "existing", "former": "former", "prospect": "prospects"}
OTHER_ROLES = ("staff", "partner", "authority")


def load(company: Company) -> tuple[dict[str, Any], Dataset, Graph]:
    """The truth, the Dataset and the graph of a company."""
    return companies.truth(company), companies.dataset(company), companies.graph(company)


def assert_counts_hold(company: Company) -> None:
    """Every count of truth.json, recounted from the Dataset and its graph."""
    truth, data, graph = load(company)
    counts = truth["counts"]
    stages = dict(graph.parties.filter(~pl.col("stub"))["stage"].value_counts().iter_rows())
    assert len(graph) == counts["parties"] + counts["stranger"]
    assert counts["parties"] == company.plan.size == data.ledger["read"][0]
    assert {stage: stages.get(stage, 0) for stage in STAGES} == {
        stage: counts[name] for stage, name in STAGES.items()
    }
    assert stages.get("other", 0) == sum(counts[f"{role}_parties"] for role in OTHER_ROLES)
    assert data.referrals.height + company.plan.self_referrals == counts["referral_rows"]
    assert str(graph.as_of) == truth["as_of"]


def assert_shares_hold(company: Company) -> None:
    """Referred and unknown existing customers, by each definition of referred."""
    truth, _, graph = load(company)
    counts = truth["counts"]
    referred = [
        int((is_referred(graph, kinds) & graph.existing).sum()) for kinds in DEFINITIONS.values()
    ]
    assert referred[0] == counts["referred"]
    assert referred[1] == referred[0] + counts["staff"]
    assert referred[2] == referred[1] + counts["partners"]
    assert counts["referred"] == round(company.plan.referral_share * counts["existing"])
    assert int((has_unknown_source(graph) & graph.existing).sum()) == counts["unknown"]


def assert_faults_hold(company: Company) -> None:
    """Rejected rows and findings are the planted ones, no more, no less, and by member."""
    truth, data, graph = load(company)
    expected = truth["expected"]
    assert dict(data.rejects["code"].value_counts().iter_rows()) == expected["rejected"]
    assert dict(graph.findings["code"].value_counts().iter_rows()) == expected["findings"]
    assert sorted(data.rejects["value"]) == sorted(truth["self_referrals"])
    members = graph.findings.select("code", "members")
    cycles = members.filter(pl.col("code") == "referral-loop")["members"].to_list()
    assert sorted(cycles) == sorted(sorted(cycle) for cycle in truth["loops"])
    strangers = members.filter(pl.col("code") == "unknown-party")["members"].explode().to_list()
    assert sorted(strangers) == sorted(truth["strangers"])
    assert sorted(graph.parties.filter("stub")["id"]) == sorted(truth["strangers"])
    assert not data.warnings
    assert data.ledger["duplicates"].sum() == 0


def assert_near(estimate: float, planted: float, error: float) -> None:
    """Within `SIGMAS` standard errors, which must be small enough to show anything."""
    assert 0 < error < max(0.2 * abs(planted), 0.05), "the sample is too small to tell"
    assert abs(estimate - planted) <= SIGMAS * error, (estimate, planted, error)


def assert_share_near(hits: np.ndarray, planted: float) -> None:
    variance = max(planted * (1 - planted), 1e-9) / hits.size
    assert_near(float(hits.mean()), planted, float(np.sqrt(variance)))
