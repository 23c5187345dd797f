"""RAW TABLES -> DATASET: which column is what, casts, checks, rejects and findings.

The same rules hold for files, for a Neo4j graph that refgraph did not load and for Python objects: all of them hand
raw text tables to `admit`.
"""

from refgraph.intake.admit import Options, admit

__all__ = ["Options", "admit"]
