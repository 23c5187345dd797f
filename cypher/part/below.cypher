// Whom these customers referred, each once; no more than a number of them.
// mode: read
// needs: ids LIST<STRING>, most INTEGER
// gives: id LIST<STRING>
// oldest: 5.0
MATCH (a:Customer)
WHERE a.id IN $ids
MATCH (a)-[:REFERRED]->(b:Customer)
WITH DISTINCT b.id AS id LIMIT $most
RETURN collect(id) AS id
