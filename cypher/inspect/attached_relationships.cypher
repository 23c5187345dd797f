// Relationships at nodes of a label that are not of these types or do not lead to a node of these labels, by type.
// mode: read
// parameters: types LIST<STRING>, labels LIST<STRING>
// columns: type STRING, relationships INTEGER
// oldest: 5.0
MATCH (n:`<label>`)-[r]-(other)
WHERE NOT (type(r) IN $types AND any(label IN labels(other) WHERE label IN $labels))
RETURN type(r) AS type
, count(r) AS relationships
ORDER BY type
