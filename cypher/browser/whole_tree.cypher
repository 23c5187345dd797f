// Who came through C001, over at most 20 steps, and how many steps is each away?
// mode: read
// parameters:
// columns: id STRING, name STRING, steps INTEGER
// oldest: 5.0
MATCH path = (:Customer {id: 'C001'})-[:REFERRED*1..20]->(b:Customer)
RETURN b.id AS id
, b.name AS name
, min(length(path)) AS steps
ORDER BY steps, id
