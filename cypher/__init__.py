"""The Cypher statements of refgraph, one per file; installed as the package refgraph.cypher."""
