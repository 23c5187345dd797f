"""Neo4j as an engine and a store. `factory` opens both; `engine` and `store` are read first.

Reading: `credentials`, `connection` and `sessions` reach the server, `load_record` and `freshness`
describe the load, `whole_graph` reads everything, `subgraph` a part, `answers` a stored answer.
Writing: `load_plan` says what, `load_setup` prepares, `lease` guards, `loading` and `removal` write
in `batches`, `bulk_import` uses the tool of the server. All log to ``refgraph.engines.neo4j``.
"""
