// Customers referred by these customers, each once, up to a limit.
// mode: read
// parameters: ids LIST<STRING>, limit INTEGER
// columns: id LIST<STRING>
// oldest: 5.0
MATCH (a:Customer)
WHERE a.id IN $ids
MATCH (a)-[:REFERRED]->(b:Customer)
WITH DISTINCT b.id AS id LIMIT $limit
RETURN collect(id) AS id
