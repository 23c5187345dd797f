"""RAW TABLES -> DATASET: which column is what, casts, checks, rejects and findings.

The same rules hold for files, for a Neo4j graph that refgraph did not load, and for Python objects:
all of them pass raw tables of text to `build_dataset`.
"""

from refgraph.intake.build_dataset import build_dataset
from refgraph.intake.options import IntakeOptions

__all__ = ["IntakeOptions", "build_dataset"]
