"""Cypher statements of refgraph, one a file; ships as the package refgraph.cypher."""
