// Relationships of other types at some orders, by type.
// mode: read
// parameters: numbers LIST<INTEGER>, types LIST<STRING>
// columns: type STRING, relationships INTEGER
// oldest: 5.0
UNWIND $numbers AS number
MATCH (n:Order {refgraph_row: number})-[r]-()
WHERE NOT type(r) IN $types
RETURN type(r) AS type
, count(r) AS relationships
