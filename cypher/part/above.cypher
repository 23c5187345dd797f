// Who referred these customers, each once; no more than a number of them.
// mode: read
// needs: ids LIST<STRING>, most INTEGER
// gives: id LIST<STRING>
// oldest: 5.0
MATCH (b:Customer)
WHERE b.id IN $ids
MATCH (a:Customer)-[:REFERRED]->(b)
WITH DISTINCT a.id AS id LIMIT $most
RETURN collect(id) AS id
