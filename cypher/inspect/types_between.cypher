// Types of the first relationships between nodes of a label, and how many of those there are.
// mode: read
// parameters: relationships INTEGER
// columns: type STRING, relationships INTEGER
// oldest: 5.0
MATCH (:`<label>`)-[n]->(:`<label>`)
WITH type(n) AS type LIMIT $relationships
RETURN type AS type
, count(type) AS relationships
ORDER BY type
