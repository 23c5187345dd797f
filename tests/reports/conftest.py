"""Companies that the tests of reports share."""

from __future__ import annotations

from pathlib import Path

import pytest

from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine

CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"


@pytest.fixture(scope="session")
def case() -> OfflineEngine:
    """The classic case."""
    engine = pipeline.open_source(CASE)
    assert isinstance(engine, OfflineEngine)
    return engine
