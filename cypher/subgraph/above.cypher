// Referrers of these customers, each once, up to a limit.
// mode: read
// parameters: ids LIST<STRING>, limit INTEGER
// columns: id LIST<STRING>
// oldest: 5.0
MATCH (b:Customer)
WHERE b.id IN $ids
MATCH (a:Customer)-[:REFERRED]->(b)
WITH DISTINCT a.id AS id LIMIT $limit
RETURN collect(id) AS id
