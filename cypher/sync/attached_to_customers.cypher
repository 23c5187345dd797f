// Relationships of other types at some customers, by type.
// mode: read
// parameters: ids LIST<STRING>, types LIST<STRING>
// columns: type STRING, relationships INTEGER
// oldest: 5.0
UNWIND $ids AS id
MATCH (n:Customer {id: id})-[r]-()
WHERE NOT type(r) IN $types
RETURN type(r) AS type
, count(r) AS relationships
