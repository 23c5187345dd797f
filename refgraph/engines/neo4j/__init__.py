"""Neo4j: how it is reached, what is kept in it, how it is filled and read. The driver is imported in this folder only."""
