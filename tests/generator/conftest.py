"""The company whose planted laws are recovered."""

from __future__ import annotations

import pytest
from support import companies

from refgraph.generator import Company

SIZE = 200_000


@pytest.fixture(scope="session")
def company() -> Company:
    """Strong effects and no alias farms, so that all customers follow the laws."""
    return companies.company(
        size=SIZE,
        seed=11,
        farms=0.0,
        value_gap=0.4,
        size_confounding=0.8,
        retention=0.5,
        retention_after=1.5,
        homophily=0.4,
        growth=1.7,
        churn=0.08,
        heterogeneity=1.3,
        several=0.2,
    )
