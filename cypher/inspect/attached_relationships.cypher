// Relationships at nodes of a label that are not of these types or do not lead to a node of these labels, by type; one between two
// such nodes counts at its start.
// mode: read
// parameters: types LIST<STRING>, labels LIST<STRING>
// columns: type STRING, relationships INTEGER
// oldest: 5.0
MATCH (n:`<label>`)-[r]-(other)
WITH n, r, any(label IN labels(other) WHERE label IN $labels) AS leads_to_own
WHERE NOT (type(r) IN $types AND leads_to_own) AND (startNode(r) = n OR NOT leads_to_own)
RETURN type(r) AS type
, count(DISTINCT r) AS relationships
ORDER BY type
